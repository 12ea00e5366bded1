"""Runs the Python and the SQL of docs/residents.md as they stand there.

Usage: residents.py SHEQU, the path of the program. SQL runs in DuckDB within the results folder of a small run; Python
shares one namespace, with RESULTS naming that folder and SCENARIOS that of the scenarios. Blocks that import the
package `shequ`, and those after them, run where it is installed. Needs duckdb, pandas and pyarrow.
"""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas as pd

root = Path(__file__).resolve().parents[2]
program = Path(sys.argv[1]).resolve()
page = (root / "docs" / "residents.md").read_text("utf-8")
queries, blocks = (re.findall(rf"```{kind}\n(.*?)```", page, re.S) for kind in ("sql", "python"))
assert (len(queries), len(blocks)) == (2, 3), f"{len(queries)} queries, {len(blocks)} blocks of Python"

SETTINGS = {
    "population.communities": 3, "population.adults": 120, "months": 12, "replicates": 2,
    "report.residents": 200, "report.residents_every": 6, "report.communities_every": 6,
    "report.distributions_every": 12, "report.ties": "true",
}


def run(folder):
    command = [program, "run", root / "scenarios" / "baseline.toml", "--out", folder, "--quiet", "--no-report"]
    for key, value in SETTINGS.items():
        command += ["--set", f"{key}={value}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    [results] = Path(folder).iterdir()
    return results


with tempfile.TemporaryDirectory() as folder:
    results = run(folder)
    os.chdir(results)
    joined = duckdb.sql(queries[0]).df()
    # Everybody is followed, so that every resident of both months and replicates finds their community.
    assert joined["residents"].sum() == len(pd.read_parquet("residents.parquet")) > 1000
    near = duckdb.sql(queries[1]).df()
    assert near["share_of_acquaintances"].between(0, 1).all(), near

    # The means of all residents are the metrics of that month, computed by another program.
    columns = {"trust_committee": "trust.committee", "satisfaction": "satisfaction", "took_part": "participation"}
    monthly = pd.read_csv("monthly.csv").set_index(["replicate", "month"])
    means = pd.read_parquet("residents.parquet").groupby(["replicate", "month"])[list(columns)].mean()
    for column, metric in columns.items():
        assert (means[column] - monthly.loc[means.index, metric]).abs().max() < 1e-9, column
    # So are quantiles.
    told = pd.read_csv("distributions.csv")
    told = told[told["metric"] == "trust.committee"].set_index(["replicate", "month"])
    trust = pd.read_parquet("residents.parquet").groupby(["replicate", "month"])["trust_committee"]
    for column, p in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        assert (trust.quantile(p).loc[told.index] - told[column]).abs().max() < 1e-9, column

    # No name of a column needs quotes.
    reserved = {word for (word,) in duckdb.sql(
        "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    ).fetchall()}
    for table in ("residents", "ties"):
        names = duckdb.sql(f"FROM '{table}.parquet'").columns
        assert not reserved & set(names) and all(re.fullmatch("[a-z_]+", name) for name in names), names

    names = {"SCENARIOS": (root / "scenarios").as_posix(), "RESULTS": results, "__name__": "residents"}
    has_package = importlib.util.find_spec("shequ") is not None
    ran = blocks if has_package else blocks[:1]
    for number, block in enumerate(ran, 1):
        exec(compile(block, f"docs/residents.md, block {number} of Python", "exec"), names)
    assert len(names["stayed"]) > 100
    if has_package:
        assert len(names["residents"]) == 2 * 2 * 2 * 150 and (names["ties"]["resident"] < names["ties"]["other_resident"]).all()
        assert names["effect"].mean() > 0, names["effect"]
    os.chdir(root)
print(f"{len(queries)} queries and {len(ran)} of {len(blocks)} blocks of docs/residents.md ran")
