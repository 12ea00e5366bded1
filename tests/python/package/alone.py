"""The package in an environment that has nothing but it and NumPy.

Usage: alone.py SCENARIO.
"""

import importlib.util
import sys

import numpy as np
import shequ

for absent in ("pandas", "polars", "pyarrow", "xarray"):
    assert importlib.util.find_spec(absent) is None, f"{absent} is here, so that nothing is shown"
small = shequ.Scenario.from_file(sys.argv[1], set={"population.communities": 1, "population.adults": 100, "months": 3})
run = shequ.run(small, replicates=2)
assert run.monthly["participation"].shape == (6,) and np.isfinite(run.monthly["participation"]).all()
assert "participation" in str(run) and "<table>" in run.groups._repr_html_()
results = shequ.record(small, replicates=2)
assert np.array_equal(results["monthly"]["participation"], run.monthly["participation"])
assert shequ.run_design(small, {"outreach.home_visits": [0.0, 0.2]}, "awareness", replicates=2).shape == (2, 2, 1)
try:
    run.monthly.to_pandas()
except ModuleNotFoundError as error:
    assert error.name == "pandas"
print(f"{small!r} ran with NumPy {np.__version__} alone")
