"""Subsets Noto Sans CJK SC to the glyphs in use. See subset-font.sh."""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

NAME = "Shequ Sans"
SPEAKS_OF = ["src/metric", "src/report", "scenarios", "assets/extra-characters.txt"]


def characters():
    used = {chr(c) for c in range(0x20, 0x7F)} | set("–—‘’“”…·×±−°²≤≥→↑↓■、。《》\uff0c\uff1a\uff1b\uff1f\uff01\uff08\uff09\uff05")
    for place in map(pathlib.Path, SPEAKS_OF):
        for file in [place] if place.is_file() else sorted(place.rglob("*")):
            if file.suffix in {".rs", ".toml", ".txt"}:
                used |= {c for c in file.read_text("utf-8") if "\u3000" <= c <= "\uffef"}
    return used


def main(source):
    font = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    options = subset.Options(layout_features=["kern"], hinting=False, desubroutinize=True)
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters()))
    subsetter.subset(font)
    # The licence keeps the original's name for the original.
    for record in font["name"].names:
        if record.nameID in {1, 4, 6}:
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    font["CFF "].cff.fontNames = ["ShequSans"]
    font.recalcTimestamp = False
    font.save("assets/shequ-sans.otf")
    font.flavor = "woff2"
    font.save("assets/shequ-sans.woff2")


main(sys.argv[1])
