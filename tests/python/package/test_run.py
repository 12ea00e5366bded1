"""Runs in process: the numbers of the command line, without the lock, and stopped by Ctrl-C."""

import _thread
import threading
import time

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import duckdb
import pytest
import shequ


def same(table, file):
    """Every cell of a table is that of a CSV file, to the bit, and so are columns and their order."""
    read = pd.read_csv(file, keep_default_na=False, dtype=str)
    assert table.columns == list(read.columns) and len(table) == len(read) > 0
    texts = {"integer": str, "boolean": lambda flag: str(flag).lower(), "string": str}
    for name in table:
        ours, theirs = table[name], read[name]
        if table.kind(name) == "number":
            assert np.array_equal(ours, [float(cell or "nan") for cell in theirs], equal_nan=True), name
        else:
            text = texts[table.kind(name)]
            assert ["" if value is None else text(value) for value in ours] == list(theirs), name


def test_tables_are_those_of_the_command(scenarios, command):
    # With seats, projects and several communities.
    file = scenarios / "council-decides-the-fund.toml"
    keys = {"population.communities": 4, "population.adults": 100, "months": 24, "replicates": 4}
    words = [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]
    folder = command("run", file, *words)
    scenario = shequ.Scenario.from_file(file, set=keys)
    assert folder.name == scenario.id
    prepared = shequ.Prepared(scenario)
    prepared.run(replicates=1)
    for run in (shequ.run(scenario, threads=1), prepared.run()):
        dictionary = shequ.Results(folder).dictionary
        assert run.tables == [resource["name"] for resource in dictionary["resources"]]
        for name in run.tables:
            same(run[name], folder / f"{name}.csv")
    recorded = shequ.record(scenario)
    assert recorded.path.name == folder.name
    for name in recorded.tables:
        assert (recorded.path / f"{name}.csv").read_bytes() == (folder / f"{name}.csv").read_bytes()
        same(recorded[name], folder / f"{name}.csv")


def test_residents_and_ties_are_those_of_the_command(small, tmp_path):
    followed = small.set(
        {"report.residents": 30, "report.residents_every": 4, "report.ties": True, "report.distributions_every": 6}
    )
    run = shequ.run(followed)
    recorded = shequ.record(followed, out=tmp_path, report=False, form="both")
    assert run.tables == recorded.tables and {"residents", "ties", "distributions"} <= set(run.tables)
    for name in ("residents", "ties", "distributions"):
        same(run[name], recorded.path / f"{name}.csv")
    assert len(run["residents"]) == 2 * 3 * 30 and run["residents"].kind("took_part") == "boolean"
    # As Parquet, where only that is there.
    alone = shequ.record(followed, report=False)
    assert not (alone.path / "residents.csv").exists()
    same(alone["residents"], recorded.path / "residents.csv")


def test_one_replicate_is_that_among_the_others(small):
    whole, second = shequ.run(small).monthly, shequ.run(small, replicate=1).monthly
    of_second = whole["replicate"] == 1
    assert (second["replicate"] == 1).all() and of_second.sum() == len(second)
    assert all(np.array_equal(whole[name][of_second], second[name], equal_nan=True) for name in whole if name != "date")


def test_columns_go_to_other_libraries(small):
    run = shequ.run(small)
    monthly = run.monthly
    numbers = monthly["participation"]
    arrow = monthly.to_arrow()
    # At the same place in memory.
    assert arrow["participation"].chunk(0).buffers()[1].address == numbers.ctypes.data
    assert arrow["turnout.cast"].null_count == np.isnan(monthly["turnout.cast"]).sum() > 0
    assert arrow["date"].to_pylist()[:2] == ["2017-01", "2017-02"]
    assert pa.table(monthly).equals(arrow)
    assert pl.DataFrame(monthly).equals(monthly.to_polars())
    frame = monthly.to_pandas()
    assert frame["participation"].mean() == numbers.mean()
    found = duckdb.sql("SELECT avg(participation) FROM arrow").fetchall()[0][0]
    assert found == pytest.approx(numbers.mean(), rel=1e-12)
    data = run.to_xarray()
    assert dict(data.sizes) == {"replicate": 2, "month": 12}
    assert np.shares_memory(data["participation"].values, numbers)
    assert data["participation"].sel(replicate=1, month=3) == numbers[12 + 3]
    assert str(data["date"].values[0]) == "2017-01"
    by_community = run.communities.to_xarray()
    assert by_community.sizes["community"] == 1
    with pytest.raises(ValueError):
        run.summary.to_xarray("month")
    assert "<table>" in run.groups._repr_html_()
    assert "<svg" in run.chart("participation", "trust.committee")._repr_svg_() and "<pre>" in run._repr_html_()
    assert "participation" in str(run)


def long_run(scenario):
    """A run of hours, which nobody would wait for."""
    return scenario.set({"population.adults": 5000, "months": 1200, "replicates": 50})


def test_ctrl_c_stops_a_run(small):
    threading.Timer(0.5, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        shequ.run(long_run(small))
    # And the next runs as if nothing had been.
    assert len(shequ.run(small).monthly) == 24


def test_an_exception_of_progress_stops_a_run_too(small):
    def refuse(finished, runs, share):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        shequ.run(long_run(small), progress=refuse)


def test_progress_is_told(small):
    told = []
    shequ.run(small, progress=lambda *known: told.append(known))
    assert told[-1] == (2, 2, 1.0)


def test_a_progress_line_is_written(small, capsys):
    shequ.run(small, progress=True)
    assert "100%, 2 of 2 runs" in capsys.readouterr().err


def test_other_threads_go_on_while_a_run_works(small):
    """The lock of the interpreter is free: a thread of Python counts on while a run is under way."""
    is_over, counted = threading.Event(), []

    def count():
        while not is_over.wait(0.001):
            counted.append(time.monotonic())

    other = threading.Thread(target=count)
    other.start()
    began = time.monotonic()
    shequ.run(small.set({"population.adults": 3000, "months": 60}), threads=1)
    ended = time.monotonic()
    is_over.set()
    other.join()
    # In the middle of the run, not only at its ends.
    quarter = (ended - began) / 4
    assert any(began + quarter < time < ended - quarter for time in counted)


def test_two_threads_run_at_once_and_get_the_same_numbers(small):
    prepared, alone, found = shequ.Prepared(small), shequ.run(small).monthly, {}

    def run(number):
        found[number] = prepared.run(threads=1).monthly

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 4
    for monthly in found.values():
        assert all(np.array_equal(monthly[name], alone[name], equal_nan=True) for name in alone if name != "date")


def test_a_prepared_city_serves_other_policies(small):
    prepared = shequ.Prepared(small)
    changes = [{"from": "2017-01", "outreach.home_visits": 0.2}]
    by_prepared, apart = prepared.run(changes=changes), shequ.run(small.set(changes=changes))
    assert np.array_equal(by_prepared.monthly["awareness"], apart.monthly["awareness"])
    assert not np.array_equal(prepared.run().monthly["awareness"], apart.monthly["awareness"])
    # Other values make a city of their own.
    other = {"population.adults": 150}
    by_prepared, apart = prepared.run(other), shequ.run(small.set(other))
    assert np.array_equal(by_prepared.monthly["awareness"], apart.monthly["awareness"])


@pytest.mark.parametrize("wrong", [{"threads": 0}, {"threads": 5000}, {"replicate": 4_000_000_000}])
def test_numbers_that_cannot_be_are_refused(small, wrong):
    with pytest.raises(ValueError, match="must be from"):
        shequ.run(small, **wrong)
    with pytest.raises(shequ.ScenarioError):
        shequ.run(small, replicates=0)
    with pytest.raises(ValueError, match="replicates is 0"):
        shequ.run_design(small, [{"outreach.phone": 0.1}], "awareness", replicates=0)
    with pytest.raises(OverflowError):
        shequ.run(small, threads=-1)
