"""Indices of shequ and of SALib from the same samples.

Usage: salib_agreement.py FOLDER, where `cargo test --test experiment sensitivity` left its tables. Each folder in it
holds runs.csv (parameters and the output y, in the order of the design) and indices.csv. Estimators that are
the same must agree to rounding; others within the bootstrap interval.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from SALib.analyze import morris, pawn, sobol

warnings.simplefilter("ignore")
ROUNDING = 1e-6
compared = 0


def problem(runs, low, high):
    names = [name for name in runs.columns if name != "y"]
    return {"num_vars": len(names), "names": names, "bounds": [[low, high]] * len(names)}


def expect(ours, value, allowed, what):
    global compared
    compared += 1
    assert abs(ours - value) <= allowed, f"{what}: {ours}, SALib has {value}, allowed is {allowed}"


def check(case, space, runs, indices):
    x, y = runs[space["names"]].to_numpy(), runs["y"].to_numpy()

    def ours(index, method=None, other=None):
        rows = indices[(indices["index"] == index) & indices["parameter"].notna()]
        rows = rows[rows["other"].isna() if other is None else rows["other"] == other]
        rows = rows if method is None else rows[rows["method"] == method]
        return rows.set_index("parameter")

    def each(index, values, method=None, allowed=None):
        for number, name in enumerate(space["names"]):
            row = ours(index, method).loc[name]
            margin = ROUNDING if allowed is None else allowed(row["half_width"], number)
            expect(row["value"], values[number], margin, f"{case} {index} {method} of {name}")

    def intervals(index, half_widths, method=None):
        # Two bootstraps of 1000 resamples each: half widths differ by a few per cent.
        for number, name in enumerate(space["names"]):
            own = ours(index, method).loc[name]["half_width"]
            expect(own, half_widths[number], 0.15 * own + ROUNDING, f"{case} interval of {index} of {name}")

    if case.endswith("sobol"):
        theirs = sobol.analyze(space, y, num_resamples=1000, seed=1)
        each("S1", theirs["S1"], "saltelli-2010", lambda own, _: own + ROUNDING)
        intervals("S1", theirs["S1_conf"], "saltelli-2010")
        # Another estimator has an error of its own, and so has SALib's.
        each("S1", theirs["S1"], "azzini-2021", lambda own, i: own + theirs["S1_conf"][i] + ROUNDING)
        each("ST", theirs["ST"])
        intervals("ST", theirs["ST_conf"])
        for j, first in enumerate(space["names"]):
            for k in range(j + 1, space["num_vars"]):
                row = ours("S2", None, space["names"][k]).loc[first]
                expect(row["value"], theirs["S2"][j, k], row["half_width"] + ROUNDING, f"{case} S2 {j} {k}")
    elif case.endswith("morris"):
        theirs = morris.analyze(space, x, y, num_levels=4, num_resamples=1000, seed=1)
        each("mu", theirs["mu"])
        each("mu_star", theirs["mu_star"])
        intervals("mu_star", theirs["mu_star_conf"])
        each("sigma", theirs["sigma"])
    else:
        theirs = pawn.analyze(space, x, y, S=3, seed=1)
        # SALib leaves the largest value out of the last slice: one point in a hundred.
        for number, name in enumerate(space["names"]):
            expect(ours("pawn").loc[name]["value"], theirs["median"][number], 0.011, f"{case} PAWN of {name}")


def main():
    folders = sorted(Path(sys.argv[1]).iterdir())
    for folder in folders:
        runs, indices = pd.read_csv(folder / "runs.csv"), pd.read_csv(folder / "indices.csv")
        low, high = (-np.pi, np.pi) if folder.name.startswith("ishigami") else (0, 1)
        check(folder.name, problem(runs, low, high), runs, indices)
    assert len(folders) == 9, folders
    print(f"{compared} indices and intervals agree with SALib")


main()
