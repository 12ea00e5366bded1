"""Scenarios from files, texts and dictionaries, and what is said of wrong ones."""

import pickle

import numpy as np
import pytest
import shequ


def test_a_scenario_is_the_same_from_a_file_a_text_and_a_dictionary(tmp_path):
    text = 'name = "A"\nmonths = 24\n[[change]]\nfrom = "2018-01"\ncouncil.enabled = true\nfunding.decider = "council"\n'
    file = tmp_path / "a.toml"
    file.write_text(text, "utf-8")
    change = {"from": "2018-01", "council.enabled": True, "funding": {"decider": "council"}}
    keys = {"name": "A", "months": 24}
    all_of_them = [
        shequ.Scenario.from_file(file),
        shequ.Scenario.from_text(text),
        shequ.Scenario.from_dict({**keys, "change": [change]}),
        shequ.Scenario.from_dict(keys, changes=[change]),
        shequ.Scenario.from_dict({"name": "A"}, set={"months": np.int64(24)}, changes=[change]),
        shequ.Scenario.from_dict({"name": "A"}).set(months=24.0, changes=[change]),
    ]
    assert len({scenario.to_toml().count("[[change]]") for scenario in all_of_them}) == 1
    assert all(scenario == all_of_them[0] and scenario.id == all_of_them[0].id for scenario in all_of_them)
    assert all_of_them[0].id.startswith("a-")


def test_values_are_given_by_dotted_keys_or_tables_and_read_back():
    values = {"population": {"communities": 3, "adults": np.int32(90)}, "funding.decider": "street"}
    scenario = shequ.Scenario.from_dict({"name": "B"}, set=values)
    read = dict(scenario)
    assert (read["population.communities"], read["population.adults"]) == (3, 90)
    assert read["funding.decider"] == scenario["funding.decider"] == "street"
    assert scenario.origin("population.adults") == "--set" and scenario.origin("months") == "default"
    assert len(scenario) == len(read) and "months" in scenario and "no.key" not in scenario
    with pytest.raises(KeyError):
        scenario["no.key"]
    with pytest.raises(TypeError):
        scenario.set(months=object())
    # The first is as it was.
    assert scenario.set(months=5) != scenario and scenario["months"] == 120


def test_a_scenario_is_read_again_from_its_text(small):
    again = shequ.Scenario.from_text(small.to_toml())
    assert again == small and again.id == small.id
    # And so by other processes.
    assert pickle.loads(pickle.dumps(small)) == pickle.loads(pickle.dumps(shequ.Prepared(small))).scenario == small


def test_everything_that_is_wrong_is_told_with_its_place(tmp_path, command):
    file = tmp_path / "wrong.toml"
    file.write_text('name = "A"\nmonhts = 12\n[population]\nadults = -4\n', "utf-8")
    with pytest.raises(shequ.ScenarioError) as caught:
        shequ.Scenario.from_file(file)
    misspelt, negative = caught.value.problems
    assert (misspelt.file, misspelt.line, misspelt.column) == (str(file), 2, 1)
    assert "months" in misspelt.help
    assert (negative.key, negative.line, negative.column) == ("population.adults", 4, 10)
    assert negative.allowed.startswith("a whole number from 1 to")
    # As the command says it.
    assert str(caught.value).strip() == command("check", file, fails=True).strip()
    assert str(negative) in str(caught.value)


def test_problems_are_told_in_the_language_that_was_set():
    shequ.set_language("zh")
    assert shequ.language() == "zh"
    with pytest.raises(shequ.Error, match="未知的键"):
        shequ.Scenario.from_dict({"name": "A", "monhts": 12})
    with pytest.raises(ValueError):
        shequ.set_language("fr")


def test_what_is_doubtful_is_warned_of():
    with pytest.warns(shequ.ScenarioWarning, match="in units of ten thousand yuan, write 200000"):
        scenario = shequ.Scenario.from_dict({"name": "A", "funding.base": 20})
    assert scenario.warnings


def test_keys_and_metrics_are_tables():
    keys = shequ.keys()
    at = list(keys["key"]).index("funding.decider")
    assert keys["holds"][at] == "word" and "council" in keys["allowed"][at]
    at = list(keys["key"]).index("months")
    assert [keys[name][at] for name in ("low", "high", "default", "unit", "grade")] == [1, 1200, "120", "months", "choice"]
    assert keys["fixed"].dtype == bool and keys["fixed"][at]
    assert set(keys["grade"]) == {"measured", "derived", "fitted", "assumed", "choice"}
    metrics = shequ.metrics()
    assert "participation" in metrics["metric"] and all(metrics["meaning_zh"])
