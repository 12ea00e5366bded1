"""Experiments in process: the same folder as the command's."""

import numpy as np
import pytest
import shequ
from conftest import SMALL

# Smaller still, as a contest runs it under every theory and rule.
SET = {**SMALL, "population.adults": 60, "months": 6, "burn_in": 0}
del SET["replicates"]
WORDS = [word for key, value in SET.items() for word in ("--set", f"{key}={value}")]


def same_tables(results, folder):
    assert results.path.name == folder.name, "the same experiment"
    tables = sorted(path.name for path in folder.glob("*.csv"))
    assert tables and tables == sorted(path.name for path in results.path.glob("*.csv"))
    for name in tables:
        assert (results.path / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("act", [shequ.compare, shequ.contest])
def test_a_comparison_is_that_of_the_command(act, scenarios, command):
    files = [scenarios / "baseline.toml", scenarios / "wechat-and-home-visits.toml"]
    folder = command(act.__name__, *files, *WORDS, "--replicates", "2", "--no-report")
    results = act(files, set=SET, replicates=2, report=False)
    same_tables(results, folder)
    assert results.report_html == "" and results.figures == {} and str(results) == (folder / "summary.txt").read_text("utf-8")
    # Of scenarios that were read before.
    read = [shequ.Scenario.from_file(file, set={**SET, "replicates": 2}) for file in files]
    again = act(read, report=False)
    same_tables(again, folder)


def test_results_show_their_report_and_pictures(small):
    other = small.set(name="Visits", changes=[{"from": "2017-01", "outreach.home_visits": 0.2}])
    results = shequ.compare([small, other])
    assert "<html" in results.report_html and results._repr_html_().startswith("<iframe srcdoc=")
    assert results.figures and all("<svg" in figure._repr_svg_() for figure in results.figures.values())
    assert "Visits" in str(results) and results.manifest["program"]["name"] == "shequ"
    assert results.scenario["months"] == 12
    assert results["effects"].kind("p") == "number" and len(results["effects"]) > 100
    path = results.path
    assert path.is_dir()
    del results
    assert not path.exists()


def test_experiments_of_every_kind_are_carried_out(small, scenarios, tmp_path):
    sweep = {
        "kind": "sweep",
        "name": "Grid",
        "scenario": small,
        "replicates": 2,
        "outcomes": ["participation"],
        "design": {"method": "grid"},
        "vary": {"outreach.home_visits": [0.0, 0.2], "funding.decider": ["street", "committee"]},
    }
    grid = shequ.sweep(sweep, report=False)
    assert len(grid["runs"]) == 8 and set(grid["runs"]["status"]) == {"done"}
    vary = {"outreach.home_visits": [0.0, 0.2], "residents.word_of_mouth": [0.01, 0.1]}
    vary = {key: {"low": low, "high": high} for key, (low, high) in vary.items()}
    screening = {**sweep, "kind": "sensitivity", "design": {"method": "sobol", "points": 8}, "vary": vary}
    indices = shequ.sensitivity(screening, report=False)
    assert "ST" in indices["indices"]["index"]
    best = shequ.search(
        {
            "kind": "search",
            "name": "Best",
            "scenario": small,
            "replicates": 2,
            "objective": [{"outcome": "participation", "better": "higher"}],
            "vary": {"outreach.home_visits": {"low": 0.0, "high": 0.2}},
            "search": {"candidates": 4, "generations": 2, "final_replicates": 4},
        },
        report=False,
    )
    assert best.tables
    (tmp_path / "targets.csv").write_text(
        "id,metric,value,standard_error,transfer,set,use\nN,trust.neighbours,0.4,0.01,0.03,,fit\n", "utf-8"
    )
    fitted = shequ.calibrate(
        {
            "kind": "calibrate",
            "name": "Fitted",
            "scenario": small,
            "targets": "targets.csv",
            "replicates": 2,
            "calibrate": {"waves": 2, "points": 12, "draws": 20},
            "vary": {"residents.trust_neighbours": "prior"},
        },
        folder=tmp_path,
        report=False,
    )
    assert len(fitted["posterior"]) == 20


def test_a_wrong_experiment_is_told_and_nothing_is_written(tmp_path):
    text = 'kind = "sweep"\nname = "A"\nscenaro = "a.toml"\n'
    with pytest.raises(shequ.ScenarioError) as caught:
        shequ.sweep(text, out=tmp_path / "out")
    assert caught.value.problems[0].line == 3 and not (tmp_path / "out").exists()
    with pytest.raises(shequ.ScenarioError, match="cannot read"):
        shequ.sweep(tmp_path / "nothing.toml")
    with pytest.raises(TypeError):
        shequ.sweep(text, outt=tmp_path)


def test_what_was_stopped_is_gone_on_from(small, tmp_path):
    options = {"out": tmp_path, "report": False, "replicates": 200}
    other = small.set(name="Visits", changes=[{"from": "2017-01", "outreach.home_visits": 0.2}])

    def interrupt(finished, runs, share):
        if finished >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shequ.compare([small, other], progress=interrupt, **options)
    assert list(tmp_path.glob("*.partial"))
    told = []
    results = shequ.compare([small, other], progress=lambda *known: told.append(known), **options)
    assert len(results["runs"]) == 400 and not list(tmp_path.glob("*.partial"))
    assert told[0][0] >= 10
    # Results that are there are not made again.
    assert shequ.compare([small, other], **options).path == results.path


def test_results_that_were_modified_are_not_used(small, tmp_path):
    results = shequ.record(small, out=tmp_path, report=False)
    (results.path / "monthly.csv").write_text("replicate\n0\n", "utf-8")
    with pytest.raises(shequ.Failed, match="modified"):
        shequ.Results(results.path)
    with pytest.raises(shequ.Refused, match="not a results folder"):
        shequ.Results(tmp_path)


def test_tables_are_read_from_both_forms(small):
    csv, parquet = (shequ.record(small, form=form, report=False) for form in ("csv", "parquet"))
    assert csv.tables == parquet.tables
    for name in csv.tables:
        for column in csv[name]:
            assert csv[name].kind(column) == parquet[name].kind(column)
            assert np.array_equal(csv[name][column], parquet[name][column], equal_nan=csv[name].kind(column) == "number")
