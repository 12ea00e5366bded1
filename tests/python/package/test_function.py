"""Functions of Python in formulas of theories."""

import json

import numpy as np
import pytest
import shequ

FORMULA = {"theory.participation": "formula", "burn_in": 0}


def of(small, probability, **parameters):
    """The small city under a theory of one's own."""
    keys = {f"theory.formula.parameters.{name}": value for name, value in parameters.items()}
    return small.set({**FORMULA, "theory.formula.probability": probability, **keys})


def same(one, other):
    assert len(one.monthly) == len(other.monthly) > 0
    for name in one.monthly:
        is_number = one.monthly.kind(name) == "number"
        assert np.array_equal(one.monthly[name], other.monthly[name], equal_nan=is_number), name


def test_a_function_gives_the_bits_of_what_it_says_written_out(small):
    @shequ.function
    def twice_and(norm, trust):
        assert norm.dtype == trust.dtype == np.float32
        return 2 * norm + trust

    called = of(small, "logistic(intercept + w*twice_and(norm, trust) - cost)", w=1.5)
    written = of(small, "logistic(intercept + w*(2*norm + trust) - cost)", w=1.5)
    for threads in (1, 2):
        same(shequ.run(called, threads=threads), shequ.run(written))
    # With a city at rest, in whose forty years before it the intercept is fitted by many thousand calls.
    rest = {"burn_in": 12}
    same(shequ.run(called.set(rest)), shequ.run(written.set(rest)))


def test_one_number_stands_for_all_and_another_name_can_be_given(small):
    shequ.function(lambda norm: 0.25, name="a_quarter")
    same(
        shequ.run(of(small, "logistic(intercept + a_quarter(norm))")),
        shequ.run(of(small, "logistic(intercept + 0.25)")),
    )


def test_a_function_that_is_defined_anew_holds_from_then_on(small):
    prepared = shequ.Prepared(small)
    keys = {**FORMULA, "theory.formula.probability": "logistic(intercept + steep(norm, habit))"}
    runs = {}
    for weight in (1.0, 6.0):
        # One text, and another value from elsewhere.
        @shequ.function
        def steep(norm, habit):
            return weight * (norm + habit)

        runs[weight] = prepared.run(keys)
        same(runs[weight], shequ.run(of(small, f"logistic(intercept + {weight}*(norm + habit))")))
    assert not np.array_equal(runs[1.0].monthly["participation"], runs[6.0].monthly["participation"])


def test_what_a_function_raises_is_raised_from_the_call(small):
    calls = []

    @shequ.function
    def weary(norm):
        calls.append(norm.size)
        # The trial before a run has 64 residents; the blocks of a city have others.
        if norm.size != 64:
            raise ArithmeticError("tired")
        return norm

    scenario = of(small, "logistic(intercept + weary(norm))")
    with pytest.raises(ArithmeticError, match="tired"):
        shequ.run(scenario)

    @shequ.function
    def weary(norm):
        raise ArithmeticError("from the beginning")

    with pytest.raises(shequ.ScenarioError, match="no value") as raised:
        of(small, "logistic(intercept + weary(norm))")
    assert "from the beginning" in str(raised.value.__cause__)
    # Nothing of it is left for the next run.
    shequ.run(small.set(burn_in=0))


def test_a_wrong_shape_a_wrong_count_and_a_wrong_name_are_told(small):
    shequ.function(lambda norm: norm[:3], name="too_few")
    with pytest.raises(shequ.ScenarioError) as raised:
        of(small, "logistic(intercept + too_few(norm))")
    assert "was given 64 residents and returned (3,)" in str(raised.value.__cause__)

    shequ.function(lambda norm, cost: norm, name="two_columns")
    with pytest.raises(shequ.ScenarioError, match=r"`two_columns` does not take 1 numbers.*\n(.*\n)*.*two_columns\(x, x\)"):
        of(small, "logistic(intercept + two_columns(norm))")
    with pytest.raises(shequ.ScenarioError, match="did you mean `two_columns`"):
        of(small, "logistic(intercept + two_column(norm, cost))")
    for name in ("norm", "Upper", "logistic"):
        with pytest.raises(ValueError):
            shequ.function(lambda norm: norm, name=name)
    with pytest.raises(ValueError, match="must name the arrays"):
        shequ.function(lambda *columns: columns[0], name="any_columns")


def test_a_recorded_run_and_a_contest_know_their_functions(small, tmp_path):
    @shequ.function
    def leaning(norm, trust):
        return norm + trust

    scenario = of(small, "logistic(intercept + leaning(norm, trust))")
    results = shequ.record(scenario, out=tmp_path, report=False)
    [function] = json.loads((results.path / "manifest.json").read_text("utf-8"))["functions"]
    assert function["name"] == "leaning" and "return norm + trust" in function["source"]

    @shequ.function
    def leaning(norm, trust):
        return norm - trust

    other = of(small, "logistic(intercept + leaning(norm, trust))")
    assert other.id != scenario.id and scenario.id == results.path.name

    policy = other.set(changes=[{"from": "2017-04", "outreach.home_visits": 0.5}])
    contest = shequ.contest([other, policy], outcomes=["awareness"], windows=["last-year"], replicates=2, report=False)
    assert "formula" in set(contest["effects"]["theory"])


def test_cities_at_rest_are_kept_in_a_folder(small, tmp_path):
    at_rest = small.set(burn_in=24)
    starts = tmp_path / "starts"
    first = shequ.Prepared(at_rest, starts=starts).run()
    kept = {path.name: path.read_bytes() for path in starts.iterdir()}
    assert len(kept) >= 1
    same(first, shequ.run(at_rest))
    same(first, shequ.Prepared(at_rest, starts=starts).run())
    recorded = shequ.record(at_rest, out=tmp_path / "out", report=False, starts=starts)
    assert np.array_equal(recorded["monthly"]["participation"], first.monthly["participation"])
    assert {path.name: path.read_bytes() for path in starts.iterdir()} == kept
