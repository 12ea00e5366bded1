#!/usr/bin/env python3
"""Opens the briefs of results folders by other people's programs: the Word file by Python's own reader of XML and, where
it is to be had, by LibreOffice; the page by Chromium. Each must be one page.

    check.py [--chromium PROGRAM] [--soffice PROGRAM] [--pictures FOLDER] FOLDER...

A program that is not named is not used, and that is said.
"""

import argparse
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

PARTS = {
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "word/document.xml",
    "word/styles.xml",
    "word/settings.xml",
    "word/_rels/document.xml.rels",
}
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"


def check_parts(path: Path) -> None:
    """Every part is well-formed, every relationship leads somewhere, every picture has words and an id of its own."""
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None, path
        names = set(file.namelist())
        assert PARTS <= names, PARTS - names
        trees = {name: ElementTree.fromstring(file.read(name)) for name in PARTS}
    targets = {one.get("Id"): one.get("Target") for one in trees["word/_rels/document.xml.rels"]}
    assert all(f"word/{target}" in names for target in targets.values()), targets
    document = trees["word/document.xml"]
    pictures = list(document.iter(f"{DRAWING}wordprocessingDrawing}}docPr"))
    assert pictures and all(picture.get("descr") for picture in pictures), "pictures have words"
    ids = [one.get("id") for one in document.iter() if one.tag.endswith(("}docPr", "}cNvPr"))]
    assert len(ids) == len(set(ids)), ids


def pages(pdf: Path) -> int:
    """The number of pages, by poppler."""
    said = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    return int(said.split("Pages:")[1].split()[0])


def draw(pdf: Path, pictures: str | None, name: str) -> None:
    """The page as a picture: it holds ink."""
    with tempfile.TemporaryDirectory() as own:
        target = Path(pictures or own) / name
        subprocess.run(["pdftoppm", "-r", "80", "-png", pdf, target], check=True)
        assert any(target.parent.glob(f"{name}*.png")), name


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ["chromium", "soffice", "pictures"]:
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("folders", nargs="+", type=Path)
    asked = parser.parse_args()
    for name in ["chromium", "soffice"]:
        if not getattr(asked, name):
            print(f"skipped: there is no {name}")
    for folder in asked.folders:
        check_parts(folder / "brief.docx")
        with tempfile.TemporaryDirectory() as place:
            printed, written = Path(place) / "page.pdf", Path(place) / "brief.pdf"
            if asked.chromium:
                flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
                page = (folder / "brief.html").resolve().as_uri()
                command = [asked.chromium, *flags, f"--print-to-pdf={printed}", page]
                subprocess.run(command, check=True, capture_output=True)
                assert pages(printed) == 1, f"{folder}: brief.html has {pages(printed)} pages"
                draw(printed, asked.pictures, f"{folder.name}-page")
            if asked.soffice:
                command = [asked.soffice, "--headless", "--convert-to", "pdf", "--outdir", place]
                environment = os.environ | {"HOME": place}
                subprocess.run([*command, folder / "brief.docx"], check=True, capture_output=True, env=environment)
                assert pages(written) == 1, f"{folder}: brief.docx has {pages(written)} pages"
                draw(written, asked.pictures, f"{folder.name}-word")
        print(f"{folder.name}: one page")


if __name__ == "__main__":
    main()
