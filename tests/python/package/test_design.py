"""Many variants in one call: the numbers of `shequ sweep` of the same table."""

import numpy as np
import pandas as pd
import pytest
import shequ
from conftest import SMALL

OUTCOMES = ["participation", "trust.committee"]


def rows(count=6):
    random = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "residents.word_of_mouth": random.uniform(0.01, 0.1, count),
            "outreach.home_visits": random.uniform(0, 0.2, count),
            "funding.decider": ["street", "committee"] * (count // 2),
            "election.term_months": [36, 24, 48] * (count // 3),
        }
    )


def swept(design, scenarios, tmp_path, command, **keys):
    """The same by the command: rows × replicates × outcomes."""
    design.to_csv(tmp_path / "design.csv", index=False)
    values = ", ".join(f'"{key}" = {value}' for key, value in ({**SMALL, **keys}).items() if key != "replicates")
    (tmp_path / "experiment.toml").write_text(
        f"""
kind = "sweep"
name = "Same"
scenario = "{(scenarios / "baseline.toml").as_posix()}"
set = {{ {values} }}
replicates = 3
outcomes = {OUTCOMES}
window = "last-year"
[design]
method = "csv"
file = "design.csv"
""",
        "utf-8",
    )
    folder = command("sweep", tmp_path / "experiment.toml")
    runs = pd.read_csv(folder / "runs.csv", dtype=str)
    return folder, runs[OUTCOMES].map(float).to_numpy().reshape(len(design), 3, len(OUTCOMES))


def test_a_design_has_the_numbers_of_a_sweep(scenarios, small, tmp_path, command):
    design = rows()
    folder, expected = swept(design, scenarios, tmp_path, command, months=18)
    longer = small.set(months=18)
    prepared = shequ.Prepared(longer)
    matrix = design[["residents.word_of_mouth", "outreach.home_visits"]].to_numpy()
    for given in (design, design.to_dict("records"), dict(design.items())):
        found = prepared.run_design(given, OUTCOMES, replicates=3)
        assert found.shape == (6, 3, 2) and np.array_equal(found, expected)
    assert np.array_equal(shequ.run_design(longer, design, OUTCOMES, replicates=3, threads=1), expected)
    # A matrix with names for its columns; one row alone; one outcome alone.
    keys = list(design.columns[:2])
    found = prepared.run_design(matrix, OUTCOMES, replicates=3, keys=keys)
    one = prepared.run_design([dict(zip(keys, matrix[0]))], "participation", replicates=3)
    assert np.array_equal(one[0, :, 0], found[0, :, 0])
    # The sweep in process, as the command does it.
    text = (tmp_path / "experiment.toml").read_text("utf-8")
    results = shequ.sweep(text, folder=tmp_path, report=False)
    assert results.path.name == folder.name
    assert (results.path / "runs.csv").read_bytes() == (folder / "runs.csv").read_bytes()


def test_what_is_wrong_with_a_row_is_told_with_its_place(small):
    with pytest.raises(shequ.ScenarioError) as caught:
        shequ.run_design(small, {"outreach.home_visits": [0.1, 7.0]}, "participation")
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("design", 3, 1)
    with pytest.raises(shequ.ScenarioError, match="did you mean `outreach.home_visits`"):
        shequ.run_design(small, {"outreach.home_visit": [0.1]}, "participation")
    with pytest.raises(shequ.ScenarioError, match="did you mean `participation`"):
        shequ.run_design(small, {"outreach.home_visits": [0.1]}, "particpation")
    with pytest.raises(shequ.ScenarioError, match="does not cover"):
        shequ.run_design(small, {"outreach.home_visits": [0.1]}, "participation", "2030-01..2030-12")
    with pytest.raises(ValueError, match="row 1"):
        shequ.run_design(small, [{"outreach.home_visits": 0.1}, {"outreach.phone": 0.1}], "participation")


def test_a_row_that_contradicts_itself_is_missing_and_warned_of(small):
    keys = {"funding.decider": ["street", "council"], "council.enabled": [False, False]}
    with pytest.warns(RuntimeWarning, match="2 runs failed; in row 1"):
        found = shequ.run_design(small, keys, "participation")
    assert np.isfinite(found[0]).all() and np.isnan(found[1]).all()


def test_no_rows_are_refused(small):
    with pytest.raises(shequ.ScenarioError):
        shequ.run_design(small, [], "participation")
