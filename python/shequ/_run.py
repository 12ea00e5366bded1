"""Runs and designs whose results stay in memory."""

from __future__ import annotations

import csv
import io
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _shequ
from ._progress import Progress, told
from ._results import Figure
from ._table import Table

Source = _shequ.Scenario | str | os.PathLike[str] | Mapping[str, Any]
"""A scenario, its file, or its keys."""

# Whole numbers below this are exact as floating-point numbers.
_EXACT = 2**53


def scenario_of(source: Source) -> _shequ.Scenario:
    """The scenario that `source` says."""
    if isinstance(source, _shequ.Scenario):
        return source
    return _shequ.Scenario.from_dict(source) if isinstance(source, Mapping) else _shequ.Scenario.from_file(source)


class Run:
    """All that is recorded of a run: the tables of its results folder, with the same names, columns and numbers.

    `run.monthly` and the like, `run["seats"]` or `run.table("seats")` is a table; it is made when it is first asked for.
    `print(run)` compares the first year with the last, as the command does.
    """

    def __init__(self, scenario: _shequ.Scenario, replicates: _shequ.Replicates) -> None:
        self.scenario = scenario
        self._replicates = replicates
        self._made: dict[str, Table] = {}

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return self._replicates.names()

    def table(self, name: str) -> Table:
        """The table of that name; `KeyError` if there is none."""
        if name not in self._made:
            self._made[name] = Table(name, self._replicates.table(name))
        return self._made[name]

    __getitem__ = table

    @property
    def monthly(self) -> Table:
        """Each metric by replicate and month."""
        return self.table("monthly")

    @property
    def summary(self) -> Table:
        """Each metric by month: mean, standard deviation and 95 % interval over the replicates."""
        return self.table("summary")

    @property
    def changes(self) -> Table:
        """Each metric in the first and the last year, and the change."""
        return self.table("changes")

    @property
    def groups(self) -> Table:
        """Metrics by group of residents."""
        return self.table("groups")

    @property
    def communities(self) -> Table:
        """Metrics by community."""
        return self.table("communities")

    @property
    def margins(self) -> Table:
        """Target and realised shares of the first city."""
        return self.table("margins")

    def to_xarray(self) -> Any:
        """The monthly table as an `xarray.Dataset` over replicates and months."""
        return self.monthly.to_xarray()

    def chart(self, *metrics: str) -> Figure:
        """Metrics month by month with 95 % intervals, a panel for each; participation if none is named."""
        return Figure("over-time", self._replicates.chart(list(metrics) or ["participation"]))

    def __str__(self) -> str:
        return self._replicates.summary()

    def __repr__(self) -> str:
        return f"<Run of {self.scenario!r}>"

    def _repr_html_(self) -> str:
        return f"{self.chart()._repr_svg_()}<pre>{escape(str(self))}</pre>"


class Prepared:
    """A scenario whose cities are kept from one call to the next.

    A city is built, and comes to rest, when a replicate first needs it; runs that need the same one begin from a copy.
    What is varied must leave the city and the rules until its start as they are, or a city of its own is made, and
    kept too, up to a million adults in all. With `starts`, a folder, cities at rest are kept there too, for other
    processes and for the option of that name of the command line.
    """

    def __init__(self, scenario: Source, *, starts: str | os.PathLike[str] | None = None) -> None:
        self.scenario = scenario_of(scenario)
        self._starts = starts
        self._kept = _shequ.Prepared(starts)

    def __reduce__(self) -> tuple[Any, ...]:
        """As its scenario, for other processes, which make cities of their own or take them from `starts`."""
        return _prepared, (self.scenario, self._starts)

    def run(
        self,
        values: Mapping[str, Any] | None = None,
        *,
        changes: Sequence[Mapping[str, Any]] | None = None,
        replicates: int | None = None,
        replicate: int | None = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Run:
        """Runs the scenario, with other `values` and more `changes` if any are given: all replicates, so many
        `replicates`, or one `replicate` alone, counted from 0."""
        scenario = self.scenario
        if values or changes or replicates is not None:
            numbers = {} if replicates is None else {"replicates": replicates}
            scenario = scenario.set({**(values or {}), **numbers}, changes=changes)
        return Run(scenario, self._kept.run(scenario, replicate, threads, told(progress)))

    def run_design(
        self,
        rows: Rows,
        outcomes: str | Iterable[str],
        window: str = "last-year",
        replicates: int | None = None,
        *,
        keys: Sequence[str] | None = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> npt.NDArray[np.float64]:
        """The outcomes of every row of a design, as `shequ sweep` has them: an array of rows × replicates × outcomes.

        `rows` are dictionaries of keys, columns by key, a data frame whose columns are keys, or a matrix with a column
        for each of `keys`. Outcomes are means of metrics over the `window`. All rows have the same random numbers, and
        one city unless the scenario says otherwise. NaN of a run whose values contradict each other, with a warning.
        """
        names = [outcomes] if isinstance(outcomes, str) else list(outcomes)
        table = _table_of(rows, keys)
        scenario, tell = self.scenario, told(progress)
        values, failures = self._kept.design(scenario, table, names, window, replicates, threads, tell)
        if failures:
            row, message = failures[0]
            warnings.warn(f"{len(failures)} runs failed; in row {row}: {message}", RuntimeWarning, stacklevel=2)
        count = int(scenario["replicates"] if replicates is None else replicates)
        return values.reshape(-1, count, len(names))


def _prepared(scenario: _shequ.Scenario, starts: str | os.PathLike[str] | None) -> Prepared:
    """What was pickled."""
    return Prepared(scenario, starts=starts)


Rows = Any
"""Rows of a design: a sequence of mappings, a mapping of columns, a data frame, or a matrix."""


def run(
    scenario: Source,
    replicates: int | None = None,
    *,
    replicate: int | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Run:
    """Runs a scenario in this process, and keeps nothing but what is recorded of it.

    All of its replicates, so many `replicates`, or one `replicate` alone, counted from 0; on so many `threads`, or all
    cores. The lock of the interpreter is released, and Ctrl-C stops it.
    """
    asked = scenario_of(scenario)
    if replicates is not None:
        asked = asked.set(replicates=replicates)
    return Run(asked, _shequ.run(asked, replicate, threads, told(progress)))


def run_design(
    scenario: Source,
    rows: Rows,
    outcomes: str | Iterable[str],
    window: str = "last-year",
    replicates: int | None = None,
    *,
    keys: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> npt.NDArray[np.float64]:
    """The outcomes of every row of a design: `Prepared(scenario).run_design(…)`."""
    prepared = Prepared(scenario)
    return prepared.run_design(rows, outcomes, window, replicates, keys=keys, threads=threads, progress=progress)


def _table_of(rows: Rows, keys: Sequence[str] | None) -> str:
    """A design as the text of a CSV table."""
    if isinstance(rows, Mapping):
        names, lines = list(rows), list(zip(*rows.values(), strict=True))
    elif hasattr(rows, "columns"):
        names = [str(name) for name in rows.columns]
        lines = list(zip(*(rows[name] for name in rows.columns), strict=True))
    elif keys is not None:
        names, lines = list(keys), [tuple(row) for row in np.asarray(rows)]
    else:
        listed = [dict(row) for row in rows]
        names = list(listed[0]) if listed else []
        lines = []
        for number, row in enumerate(listed):
            if row.keys() != set(names):
                raise ValueError(f"row {number} has other keys than the first")
            lines.append(tuple(row[name] for name in names))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return text.getvalue()


def _cell(value: Any) -> str:
    """A value as tables write it; a whole number without a point, which keys of real numbers take too."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < _EXACT else repr(number)
    return str(value)
