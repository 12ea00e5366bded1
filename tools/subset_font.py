"""Subsets Noto Sans CJK SC to the glyphs in use. See subset-font.sh."""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

NAME = "Shequ Sans"
# What pictures say; what a report says, which may be anything that the program has words for.
PICTURES = [
    "crates/model/src/metric",
    "crates/report/src",
    "crates/model/src/theory",
    "crates/model/src/trust",
    "crates/model/src/institution/cost.rs",
    "crates/model/src/city/mode.rs",
    "crates/model/src/city/survey_items.rs",
    "crates/model/src/base/units.rs",
    "crates/report/assets/extra-characters.txt",
]
# What institutions spend money on, which pictures of costs say; the rest of their files has many more characters.
LABELS = "crates/model/src/institution"
# What parameters mean, which pictures of briefs say: the third column of the generated list.
MEANINGS = "docs/parameters.md"
PAGES = ["src", "crates", "crates/report/assets/extra-characters.txt", "crates/report/assets/extra-characters-page.txt"]


def characters(places):
    used = {chr(c) for c in range(0x20, 0x7F)} | set("–—‘’“”…·×±−°²≤≥→↑↓■、。《》\uff0c\uff1a\uff1b\uff1f\uff01\uff08\uff09\uff05")
    for place in map(pathlib.Path, places):
        for file in [place] if place.is_file() else sorted([*place.rglob("*.rs"), *place.rglob("*.js"), *place.rglob("*.html"), *place.rglob("*.toml")]):
            used |= set(file.read_text("utf-8"))
    for file in sorted(pathlib.Path(LABELS).rglob("*.rs")):
        used |= {c for line in file.read_text("utf-8").splitlines() if "label: text(" in line for c in line}
    rows = [line.split("|") for line in pathlib.Path(MEANINGS).read_text("utf-8").splitlines() if line.startswith("| `")]
    used |= {c for row in rows if len(row) > 3 for c in row[3]}
    for scenario in pathlib.Path("scenarios").rglob("*.toml"):
        lines = scenario.read_text("utf-8").splitlines()
        used |= {c for line in lines if line.startswith("name") for c in line}
    return {c for c in used if c.isprintable()}


def subset_of(source, places):
    font = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    options = subset.Options(layout_features=["kern"], hinting=False, desubroutinize=True)
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters(places)))
    subsetter.subset(font)
    # The licence keeps the original's name for the original.
    for record in font["name"].names:
        if record.nameID in {1, 4, 6}:
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    font["CFF "].cff.fontNames = ["ShequSans"]
    font.recalcTimestamp = False
    return font


def main(source):
    font = subset_of(source, PICTURES)
    font.save("crates/report/assets/shequ-sans.otf")
    font.flavor = "woff2"
    font.save("crates/report/assets/shequ-sans.woff2")
    font = subset_of(source, PAGES)
    font.flavor = "woff2"
    font.save("crates/report/assets/shequ-sans-page.woff2")
    # What a test reads, since it cannot read the font.
    known = sorted(c for c in characters(PAGES) if ord(c) > 0x2E80)
    pathlib.Path("crates/report/assets/shequ-sans-page.txt").write_text("".join(known) + "\n", "utf-8")


main(sys.argv[1])
