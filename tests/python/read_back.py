"""Reads the tables of a results folder as its users do: CSV and Parquet must say the same.

    python3 tests/python/read_back.py DIR

Needs pandas, pyarrow and duckdb. Exit code 1 and a line for each table that differs.
"""

import json
import pathlib
import sys

import duckdb
import pandas
import pyarrow.parquet


def duck(path):
    reader = f"read_csv('{path}', header = true)" if path.suffix == ".csv" else f"read_parquet('{path}')"
    return duckdb.sql(f"select * from {reader}").df()


def number(cell):
    return float(cell) if cell else float("nan")


def faults(csv, parquet):
    """What is wrong with one table, as sentences."""
    # As text first: not every version of pandas reads numbers to the last bit.
    from_csv = pandas.read_csv(csv, dtype=str, keep_default_na=False)
    from_parquet = pyarrow.parquet.read_table(parquet).to_pandas()
    if list(from_csv.columns) != list(from_parquet.columns):
        return ["the columns differ"]
    found = []
    for column in from_csv:
        kind = {"f": number, "i": int}.get(from_parquet[column].dtype.kind, str)
        left = pandas.Series([kind(cell) for cell in from_csv[column]], dtype=from_parquet[column].dtype)
        if not left.equals(from_parquet[column].rename(None)):
            found.append(f"column {column} differs")
    for path in [csv, parquet]:
        read = duck(path)
        if len(read) != len(from_csv) or list(read.columns) != list(from_csv.columns):
            found.append(f"DuckDB reads {path.name} otherwise")
        missing = read.isna().sum().sum()
        if missing != from_parquet.isna().sum().sum():
            found.append(f"DuckDB finds {missing} missing values in {path.name}")
    return found


def main(folder):
    listed = [pathlib.Path(file["name"]) for file in json.loads((folder / "manifest.json").read_text())["files"]]
    tables = sorted(name.stem for name in listed if name.suffix == ".parquet")
    if not tables:
        sys.exit(f"{folder} has no Parquet tables: run with --format both")
    failed = False
    for table in tables:
        found = faults(folder / f"{table}.csv", folder / f"{table}.parquet")
        print(f"{table}: {'; '.join(found) or 'the same'}")
        failed |= bool(found)
    sys.exit(1 if failed else 0)


main(pathlib.Path(sys.argv[1]))
