"""What EMA Workbench costs beside a native sweep, and a run in process beside its simulation.

Usage: ema.py SHEQU [EXPERIMENTS], the path of the program. Prints times, of the clock and of processors, as others may
use the machine too; nothing is asserted of them. docs/python.md has what came out once.
"""

import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import shequ
from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator, ema_logging, perform_experiments

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(sys.argv[1]).resolve()
EXPERIMENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
SMALL = {"population.communities": 1, "population.adults": 200, "months": 12, "replicates": 2}
RANGES = {"residents.word_of_mouth": (0.01, 0.1), "residents.habit_gain": (0.02, 0.3)}


def processor_time():
    """Seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def took(what):
    """Seconds of the clock and of processors, and what came out."""
    began, used = time.perf_counter(), processor_time()
    result = what()
    return time.perf_counter() - began, processor_time() - used, result


def native(folder):
    values = ", ".join(f'"{key}" = {value}' for key, value in SMALL.items() if key != "replicates")
    vary = "\n".join(f'"{key}" = {{ low = {low}, high = {high} }}' for key, (low, high) in RANGES.items())
    (folder / "sweep.toml").write_text(
        f"""
kind = "sweep"
name = "Native"
scenario = "{(ROOT / "scenarios" / "baseline.toml").as_posix()}"
set = {{ {values} }}
replicates = 2
outcomes = ["participation", "trust.committee"]
[design]
method = "lhs"
points = {EXPERIMENTS}
[vary]
{vary}
""",
        "utf-8",
    )
    words = [PROGRAM, "sweep", folder / "sweep.toml", "--out", folder / "out", "--quiet", "--no-report"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def by_workbench(city):
    def model_of(**keys):
        [means] = city.run_design([keys], ["participation", "trust.committee"], replicates=2).mean(axis=1)
        return {"participation": means[0], "trust": means[1]}

    model = Model("shequ", function=model_of)
    model.uncertainties = [RealParameter(key, *ends) for key, ends in RANGES.items()]
    model.outcomes = [ScalarOutcome("participation"), ScalarOutcome("trust")]
    with SequentialEvaluator(model) as evaluator:
        return perform_experiments(model, scenarios=EXPERIMENTS, evaluator=evaluator)


def main():
    ema_logging.get_rootlogger().setLevel(logging.ERROR)
    base = shequ.Scenario.from_file(ROOT / "scenarios" / "baseline.toml", set=SMALL)
    with tempfile.TemporaryDirectory() as folder:
        sweep, of_sweep, _ = took(lambda: native(Path(folder)))
    city = shequ.Prepared(base)
    workbench, of_workbench, (experiments, outcomes) = took(lambda: by_workbench(city))
    assert len(experiments) == EXPERIMENTS and (outcomes["participation"] > 0).all()
    print(f"{EXPERIMENTS} experiments of two replicates")
    print(f"  by the clock: sweep {sweep:.2f} s, EMA Workbench {workbench:.2f} s, {workbench / sweep:.2f} times")
    print(f"  of processors: {of_sweep:.2f} s and {of_workbench:.2f} s, {of_workbench / of_sweep:.2f} times")

    # A run of a city that is kept, and the difference that a month makes to it.
    least = {}
    for months in (1, 13):
        city = shequ.Prepared(base.set(replicates=1, months=months))
        city.run(threads=1)
        least[months] = min(took(lambda: city.run(threads=1))[0] for _ in range(200))
    month = (least[13] - least[1]) / 12
    beside = least[1] - month
    print(f"a run of one month {1e3 * least[1]:.2f} ms, of which the month {1e3 * month:.2f} ms: {1e3 * beside:.2f} ms beside it")


main()
