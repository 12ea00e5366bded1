"""Reads the tables of results folders as their users do: CSV and Parquet must say the same, in every tool.

    python3 tests/python/read_back.py DIR…

Each table is read by pandas, polars and DuckDB, from either form and without being told any type, and by R from
CSV where Rscript is on the path. Values, types and missing cells must be those that the Parquet file declares.
Needs pandas, polars, pyarrow and duckdb. Exit code 1 and a line for each table that differs.
"""

import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

KINDS = {pyarrow.int64(): "whole", pyarrow.float64(): "real", pyarrow.string(): "text", pyarrow.bool_(): "flag"}

# What R says of a table: for each column its class and its values, "NA" where there is none.
R = """
file <- commandArgs(TRUE)[1]
table <- read.csv(file, check.names = FALSE, na.strings = "", colClasses = NA)
for (name in names(table)) {
  column <- table[[name]]
  # R knows TRUE by itself, and true by as.logical().
  if (all(column %in% c("true", "false", NA)) && !all(is.na(column))) column <- as.logical(column)
  value <- if (is.numeric(column)) sprintf("%.17g", column) else as.character(column)
  value[is.na(column)] <- "NA"
  cat(name, class(column), paste(value, collapse = "\\x1f"), sep = "\\x1e")
  cat("\\x1d")
}
"""


def kind_of(dtype):
    """What kind of column a tool took it for."""
    name = str(dtype).lower()
    if name.startswith("bool") or name == "logical":
        return "flag"
    if "int" in name or name == "bigint":
        return "whole"
    if "float" in name or "double" in name or name == "numeric":
        return "real"
    return "text"


def columns(table, missing):
    """A data frame of any tool as {name: (kind, values)}, None for a missing value."""
    read = {}
    for name in table.columns:
        values = [None if missing(value) else value for value in table[name].to_list()]
        kind = kind_of(table[name].dtype)
        # pandas has no flags with missing ones among them, but keeps what they are.
        if kind == "text" and any(isinstance(value, bool) for value in values):
            kind = "flag"
        read[name] = (kind, values)
    return read


def by_pandas(path):
    read = pandas.read_csv if path.suffix == ".csv" else pandas.read_parquet
    return columns(read(path), lambda value: value is None or value != value)


# Some columns of residents are empty for many rows: who guesses types from the first rows alone guesses wrong, and is
# told to look at all of them.
def by_polars(path):
    read = polars.read_csv(path, infer_schema_length=None) if path.suffix == ".csv" else polars.read_parquet(path)
    return columns(read, lambda value: value is None)


def by_duckdb(path):
    reader = f"read_csv('{path}', header = true, sample_size = -1)" if path.suffix == ".csv" else f"read_parquet('{path}')"
    relation = duckdb.sql(f"select * from {reader}")
    rows = relation.fetchall()
    kinds = [kind_of(kind) for kind in relation.types]
    return {
        name: (kinds[k], [row[k] for row in rows]) for k, name in enumerate(relation.columns)
    }


def by_r(path):
    with tempfile.NamedTemporaryFile("w", suffix=".R") as script:
        script.write(R)
        script.flush()
        said = subprocess.run(["Rscript", script.name, path], capture_output=True, text=True, check=True).stdout
    table = {}
    for column in said.split("\x1d")[:-1]:
        name, kind, values = column.split("\x1e")
        kind = kind_of(kind)
        read = {"whole": int, "real": float, "flag": lambda value: value == "TRUE", "text": str}[kind]
        values = values.split("\x1f") if values else []
        table[name] = (kind, [None if value == "NA" else read(value) for value in values])
    return table


def declared(path):
    """The table as its Parquet file declares it."""
    table = pyarrow.parquet.read_table(path)
    return {name: (KINDS[table.schema.field(name).type], table[name].to_pylist()) for name in table.column_names}


def same(kind, one, other):
    if one is None or other is None:
        return one is other
    if kind == "real":
        # Not every version of every tool reads decimal digits to the last bit.
        return math.isclose(one, other, rel_tol=1e-14, abs_tol=0.0)
    # A column of texts that all look like numbers is one of numbers to who is not told.
    return one == other or str(one) == str(other)


def faults(read, expected):
    """What is wrong with a table as a tool read it, as sentences."""
    if list(read) != list(expected):
        return ["has other columns"]
    found = []
    for name, (kind, values) in expected.items():
        got, cells = read[name]
        # Nothing can be guessed of a column without values.
        empty = all(value is None for value in values)
        if not empty and got != kind:
            found.append(f"takes {name} for {got}, not {kind}")
        if len(cells) != len(values) or not all(map(same, [kind] * len(values), cells, values)):
            found.append(f"reads other values in {name}")
    return found


def main(folders):
    tools = [("pandas", by_pandas), ("polars", by_polars), ("DuckDB", by_duckdb)]
    with_r = shutil.which("Rscript") is not None
    if not with_r:
        print("R is left out: there is no Rscript here")
    failed = False
    for folder in map(pathlib.Path, folders):
        listed = [pathlib.Path(file["name"]) for file in json.loads((folder / "manifest.json").read_text())["files"]]
        names = sorted(name.stem for name in listed if name.suffix == ".parquet" and name.parent == pathlib.Path("."))
        if not names:
            sys.exit(f"{folder} has no Parquet tables: run with --format both")
        for name in names:
            forms = [folder / f"{name}.csv", folder / f"{name}.parquet"]
            expected = declared(forms[1])
            found = [
                f"{tool} {fault} ({path.suffix[1:]})"
                for tool, read in tools
                for path in forms
                for fault in faults(read(path), expected)
            ]
            if with_r:
                found += [f"R {fault}" for fault in faults(by_r(forms[0]), expected)]
            print(f"{folder.name}/{name}: {'; '.join(found) or 'the same'}")
            failed |= bool(found)
    sys.exit(1 if failed else 0)


main(sys.argv[1:])
