"""Runs the shards of a sweep as docs/cluster.md says for GNU parallel, Snakemake, Dask, HyperQueue and a Kubernetes job.

Usage: clusters.py SHEQU, the path of the program. Each way runs in a folder of its own with the program on the path;
merged, its tables must have the bytes of one process. A way whose tool is not here is named and left out.
"""

import glob
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TINY = 'name = "Tiny"\nmonths = 4\npopulation.communities = 1\npopulation.adults = 60\n'
SWEPT = """
kind = "sweep"
name = "Swept"
scenario = "tiny.toml"
outcomes = ["participation"]
replicates = 4
window = "whole"
[design]
method = "lhs"
points = 8
[vary]
"residents.word_of_mouth" = { low = 0.01, high = 0.1 }
"""

root = Path(__file__).resolve().parents[2]
page = (root / "docs" / "cluster.md").read_text("utf-8")
os.environ["PATH"] = os.pathsep.join([str(Path(sys.argv[1]).resolve().parent), str(Path(sys.executable).parent),
                                      os.environ["PATH"]])


def block(kind, beginning):
    """The one block of the page that begins so."""
    found = [text for text in re.findall(rf"```{kind}\n(.*?)```", page, re.S) if text.startswith(beginning)]
    assert len(found) == 1, f"{len(found)} blocks begin with {beginning}"
    return found[0]


def run(command, **more):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **more)


def parallel():
    run(["bash", "-c", block("sh", "seq 8 | parallel")])


def snakemake():
    Path("Snakefile").write_text(block("python", "# Snakefile"))
    run(["snakemake", "--cores", "2", "--quiet", "all"])


def dask():
    Path("with_dask.py").write_text(block("python", "# with_dask.py"))
    run([sys.executable, "with_dask.py"])


def hyperqueue():
    Path("with_hyperqueue.py").write_text(block("python", "# with_hyperqueue.py"))
    run([sys.executable, "with_hyperqueue.py"])


def kubernetes():
    command = json.loads(block("yaml", "command:").removeprefix("command:"))
    command = [word.replace("/results", "results") for word in command]
    for index in range(8):
        run(command, env={**os.environ, "JOB_COMPLETION_INDEX": str(index)})


def tables(folder):
    found = {}
    for path in Path(folder).rglob("*"):
        if path.is_file() and path.name not in ("manifest.json", "report.html"):
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def results():
    """The only results folder."""
    folder, = glob.glob("results/*")
    return folder


def in_a_folder_of_its_own(act):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("tiny.toml").write_text(TINY)
        Path("swept.toml").write_text(SWEPT)
        act()
        found = tables(results())
        os.chdir(root)
        return found


def merged(shards):
    def act():
        shards()
        run(["shequ", "merge", results(), "--out", "results", "--quiet"])
    return act


expected = in_a_folder_of_its_own(lambda: run(["shequ", "sweep", "swept.toml", "--quiet"]))
ways = [
    (parallel, shutil.which("parallel")),
    (snakemake, shutil.which("snakemake")),
    (dask, importlib.util.find_spec("distributed")),
    (hyperqueue, importlib.util.find_spec("hyperqueue")),
    (kubernetes, True),
]
for way, is_here in ways:
    if not is_here:
        print(f"skipped: there is no {way.__name__} here")
        continue
    found = in_a_folder_of_its_own(merged(way))
    differ = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
    assert not differ, f"{way.__name__}: other bytes than one process: {differ}"
    print(f"{way.__name__}: the bytes of one process")
