"""Runs the Python of docs/python.md as it stands there, and the tutorial notebook in a kernel of its own.

Usage: pages.py. The blocks of the page share one namespace, as on the page, with SCENARIOS naming the folder of the
scenarios; the notebook names it by the environment.
"""

import importlib.util
import os
import re
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

root = Path(__file__).resolve().parents[3]
page = (root / "docs" / "python.md").read_text("utf-8")
blocks = re.findall(r"```python\n(.*?)```", page, re.S)
assert len(blocks) == 13, f"{len(blocks)} blocks of Python"
if importlib.util.find_spec("sbi") is None:
    blocks = [block for block in blocks if "sbi" not in block]
    print("skipped: the block on sbi, which is not here")
notebook = nbformat.read(root / "docs" / "tutorial" / "in-a-notebook.ipynb", 4)

os.environ["SHEQU_SCENARIOS"] = scenarios = (root / "scenarios").as_posix()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    names = {"SCENARIOS": scenarios, "__name__": "python"}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"docs/python.md, block {number}", "exec"), names)
    assert names["problem"].key == "monhts" and names["values"].shape == (3, 2, 2)
    assert len(names["experiments"]) == 8 and (names["outcomes"]["participation"] > 0).all()
    assert names["results"].report_html.startswith("<!DOCTYPE html>"), names["results"].report_html[:15]

    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [set(output.data) for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    assert {"image/svg+xml"} <= set.union(*shown) and sum("text/html" in kinds for kinds in shown) >= 3, shown
    os.chdir(root)
print(f"{len(blocks)} blocks of docs/python.md ran, and {len(notebook.cells)} cells of the notebook")
