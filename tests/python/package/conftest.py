"""What the tests of the Python package share: the program, the scenarios, a small city."""

import os
import subprocess
from pathlib import Path

import pytest
import shequ

ROOT = Path(__file__).resolve().parents[3]

# A city that is simulated in milliseconds, as the pages on other tools have it.
SMALL = {"population.communities": 1, "population.adults": 200, "months": 12, "replicates": 2}


@pytest.fixture
def scenarios():
    return ROOT / "scenarios"


@pytest.fixture
def small(scenarios):
    return shequ.Scenario.from_file(scenarios / "baseline.toml", set=SMALL)


@pytest.fixture
def command(tmp_path):
    """Runs the command line, and returns the results folder that it names, or what it says where it fails."""
    program = Path(os.environ["SHEQU"]).resolve()

    def run(*words, fails=False):
        words = [str(program), *map(str, words), "--lang", "en"]
        out = [] if fails else ["--out", str(tmp_path / "command")]
        done = subprocess.run(words + out, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else Path(tmp_path / done.stdout.strip().splitlines()[-1])

    return run


@pytest.fixture(autouse=True)
def english():
    shequ.set_language("en")
