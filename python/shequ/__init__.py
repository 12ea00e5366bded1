"""shequ (社区): who takes part in community life and whom residents trust, under which policies.

A scenario comes from a file, a text or a dictionary; `run` simulates it in this process and hands out its tables as
columns of NumPy; `Prepared` keeps its cities between calls; `run_design` runs many variants in one call; `function`
lets the formula of a theory call Python. `compare`,
`contest`, `sweep`, `sensitivity`, `calibrate` and `search` carry out experiments, and `record` a run, as the command
line does, into a results folder.
"""

from ._experiment import Options, calibrate, compare, contest, record, search, sensitivity, sweep
from ._function import function
from ._results import Figure, Results
from ._run import Prepared, Run, run, run_design
from ._shequ import (
    Error,
    Failed,
    Problem,
    Refused,
    Scenario,
    ScenarioError,
    ScenarioWarning,
    language,
    set_language,
)
from ._table import Table, keys, metrics

__all__ = [
    "Error",
    "Failed",
    "Figure",
    "Options",
    "Prepared",
    "Problem",
    "Refused",
    "Results",
    "Run",
    "Scenario",
    "ScenarioError",
    "ScenarioWarning",
    "Table",
    "calibrate",
    "compare",
    "contest",
    "function",
    "keys",
    "language",
    "metrics",
    "record",
    "run",
    "run_design",
    "search",
    "sensitivity",
    "set_language",
    "sweep",
]
