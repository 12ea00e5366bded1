"""Validates the data package of results folders by frictionless, and joins their tables in DuckDB by its keys.

    python3 tests/python/data_packages.py DIR…

Needs frictionless and duckdb. Exit code 1 and a line for each folder that is not as its datapackage.json says.
"""

import json
import pathlib
import sys

import duckdb
import frictionless


def quoted(columns):
    return ", ".join(f'"{column}"' for column in columns)


def joins(folder):
    """What does not join as documented, and how many joins there are."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    wrong, count = [], 0
    database = duckdb.connect()
    for resource in package["resources"]:
        path = str(folder / resource["path"]).replace("'", "''")
        types = ", all_varchar = true" if resource["format"] == "csv" else ""
        database.execute(f"CREATE TABLE \"{resource['name']}\" AS FROM read_{resource['format']}('{path}'{types})")
    for resource in package["resources"]:
        name, schema = resource["name"], resource["schema"]
        if key := schema.get("primaryKey"):
            twice = f'SELECT count(*) FROM (FROM "{name}" SELECT {quoted(key)} GROUP BY ALL HAVING count(*) > 1)'
            if database.execute(twice).fetchone()[0]:
                wrong.append(f"{name}: rows that {key} does not tell apart")
        for foreign in schema.get("foreignKeys", []):
            count += 1
            to, own, there = foreign["reference"]["resource"], foreign["fields"], foreign["reference"]["fields"]
            # Missing cells of a key are alike, as they are in the package.
            on = " AND ".join(f'a."{x}" IS NOT DISTINCT FROM b."{y}"' for x, y in zip(own, there))
            alone = f'SELECT count(*) FROM "{name}" a ANTI JOIN "{to}" b ON {on}'
            if database.execute(alone).fetchone()[0]:
                wrong.append(f"{name}: rows without one in {to} by {own}")
    return wrong, count


def main():
    failed, joined = False, 0
    for folder in map(pathlib.Path, sys.argv[1:]):
        wrong, count = joins(folder)
        joined += count
        report = frictionless.validate(str(folder / "datapackage.json"))
        if not report.valid:
            wrong += [str(error) for error in report.flatten(["type", "note", "rowNumber", "fieldName"])[:5]]
        for line in wrong:
            print(f"{folder.name}: {line}")
        failed |= bool(wrong)
    print(f"{len(sys.argv) - 1} data packages, {joined} joins")
    sys.exit(failed or not joined)


main()
