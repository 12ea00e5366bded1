"""Posteriors of shequ and ABC-SMC by pyABC on problems whose posteriors are known.

Usage: pyabc_agreement.py FOLDER, where `cargo test --test experiment known_posteriors` left what shequ found. Prints
what is known, what both find and after how many runs, and fails where pyABC is further from what is known than shequ
may be. `docs/calibration.md` holds the table.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyabc

logging.getLogger("ABC").setLevel(logging.ERROR)
RNG = np.random.default_rng(1)


def noise(sd):
    return RNG.normal(0, sd)


def standard_normal():
    return pyabc.RV("norm", 0, 1)


def moments(name):
    def of(values, weights):
        mean = np.sum(weights * values[name])
        return {f"mean of {name}": mean, f"sd of {name}": np.sqrt(np.sum(weights * (values[name] - mean) ** 2))}

    return of


# Name, prior, simulator, what is seen, tolerance at which it ends, what is asked of the posterior.
PROBLEMS = [
    (
        "gaussian",
        pyabc.Distribution(a=standard_normal(), b=standard_normal()),
        lambda p: {"x": p["a"] + p["b"] + noise(0.5), "y": p["a"] - p["b"] + noise(0.5)},
        {"x": 1.0, "y": 0.0},
        0.05,
        lambda values, weights: moments("a")(values, weights) | moments("b")(values, weights),
    ),
    (
        "binomial",
        pyabc.Distribution(p=pyabc.RV("uniform", 0, 1)),
        lambda p: {"x": RNG.binomial(20, p["p"]) / 20},
        {"x": 0.7},
        0.05,
        moments("p"),
    ),
    (
        "mixture",
        pyabc.Distribution(a=standard_normal()),
        lambda p: {"x": p["a"] ** 2 + noise(0.2)},
        {"x": 1.0},
        0.02,
        lambda values, weights: {"above 0": np.sum(weights[values["a"].to_numpy() > 0])},
    ),
]


def found_by_pyabc(prior, simulator, seen, tolerance):
    """The particles, their weights and the runs of ABC-SMC with its adaptive distance and 200 particles."""
    distance = pyabc.AdaptivePNormDistance(p=2)
    sampler = pyabc.sampler.SingleCoreSampler()
    abc = pyabc.ABCSMC(simulator, prior, distance, population_size=200, sampler=sampler)
    with tempfile.TemporaryDirectory() as folder:
        abc.new("sqlite:///" + os.path.join(folder, "run.db"), seen)
        history = abc.run(minimum_epsilon=tolerance, max_total_nr_simulations=30_000)
        values, weights = history.get_distribution()
        return values, np.asarray(weights), history.total_nr_simulations


def main(folder):
    np.random.seed(1)
    for name, prior, simulator, seen, tolerance, asked in PROBLEMS:
        ours = pd.read_csv(folder / f"{name}.csv")
        values, weights, runs = found_by_pyabc(prior, simulator, seen, tolerance)
        theirs = asked(values, weights)
        assert set(ours["figure"]) == set(theirs), f"{name}: {set(ours['figure'])} and {set(theirs)}"
        for row in ours.itertuples():
            value = theirs[row.figure]
            print(
                f"{name}, {row.figure}: known {row.known:.3f}; shequ {row.found:.3f} after {row.runs} runs, "
                f"pyABC {value:.3f} after {runs}",
                flush=True,
            )
            assert abs(value - row.known) <= row.allowed, f"{name}, {row.figure}: pyABC is off by more than {row.allowed}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
