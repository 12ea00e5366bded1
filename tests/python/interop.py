"""Runs the Python of docs/interop.md as it stands there.

Usage: interop.py SHEQU, the path of the program. The blocks share one namespace, as on the page, and run in a
temporary folder, with the program on the path and SCENARIOS naming the folder of the scenarios.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

root = Path(__file__).resolve().parents[2]
program = Path(sys.argv[1]).resolve()
page = (root / "docs" / "interop.md").read_text("utf-8")
blocks = re.findall(r"```python\n(.*?)```", page, re.S)
assert len(blocks) == 3, f"{len(blocks)} blocks of Python"

os.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    names = {"SCENARIOS": (root / "scenarios").as_posix(), "__name__": "interop"}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"docs/interop.md, block {number}", "exec"), names)

    assert len(names["runs"]) == 8 * 8 * 2, "eight blocks of eight rows, two replicates each"
    assert names["indices"]["ST"].shape == (3,) and (names["indices"]["ST"] >= 0).all()
    assert len(names["experiments"]) == 8 and (names["outcomes"]["participation"] > 0).all()
    os.chdir(root)
print(f"{len(blocks)} blocks of docs/interop.md ran")
