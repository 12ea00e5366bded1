"""ABC-SMC by pyABC on the problems with known posteriors of `crates/experiment/src/calibrate/waves.rs`.

    python tests/python/beside_pyabc.py

Prints, for each problem, what is known, what ABC-SMC finds, and how many runs it took. `docs/calibration.md` holds
it beside ours. Run by hand: it needs pyabc, which nothing else here does.
"""

import logging
import os
import tempfile

import numpy as np
import pyabc

logging.getLogger("ABC").setLevel(logging.ERROR)


def find(name, prior, model, seen, known, of, smallest):
    """Runs ABC-SMC with its adaptive distance and 200 particles, until the tolerance is `smallest`."""
    distance = pyabc.AdaptivePNormDistance(p=2)
    sampler = pyabc.sampler.SingleCoreSampler()
    abc = pyabc.ABCSMC(model, prior, distance, population_size=200, sampler=sampler)
    with tempfile.TemporaryDirectory() as folder:
        abc.new("sqlite:///" + os.path.join(folder, "run.db"), seen)
        history = abc.run(minimum_epsilon=smallest, max_total_nr_simulations=30_000)
        values, weights = history.get_distribution()
        found = of(values.to_numpy(), np.asarray(weights))
        print(f"{name}: known {known}, found {np.round(found, 3)}, {history.total_nr_simulations} runs", flush=True)


def moments(column):
    def of(values, weights):
        mean = np.sum(weights * values[:, column])
        return mean, np.sqrt(np.sum(weights * (values[:, column] - mean) ** 2))

    return of


def main():
    rng = np.random.default_rng(1)
    np.random.seed(1)
    noise = lambda sd: rng.normal(0, sd)
    find(
        "Gaussian",
        pyabc.Distribution(a=pyabc.RV("norm", 0, 1), b=pyabc.RV("norm", 0, 1)),
        lambda p: {"x": p["a"] + p["b"] + noise(0.5), "y": p["a"] - p["b"] + noise(0.5)},
        {"x": 1.0, "y": 0.0},
        (0.444, 0.333),
        moments(0),
        0.05,
    )
    find(
        "binomial",
        pyabc.Distribution(p=pyabc.RV("uniform", 0, 1)),
        lambda p: {"x": rng.binomial(20, p["p"]) / 20},
        {"x": 0.7},
        (0.682, 0.097),
        moments(0),
        0.05,
    )
    find(
        "mixture",
        pyabc.Distribution(a=pyabc.RV("norm", 0, 1)),
        lambda p: {"x": p["a"] ** 2 + noise(0.2)},
        {"x": 1.0},
        "half above 0",
        lambda values, weights: np.sum(weights[values[:, 0] > 0]),
        0.02,
    )


if __name__ == "__main__":
    main()
