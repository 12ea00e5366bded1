"""Experiments and runs, carried out as the command line does: with a journal, into a results folder."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from . import _shequ
from ._progress import Progress, told
from ._results import Results
from ._run import Source, scenario_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

File = str | os.PathLike[str]
Experiment = File | Mapping[str, Any]
"""An experiment: its file, its text (of more than one line), or its keys. Where a key names the file of a scenario, a
`Scenario` will do."""
Comparison = Experiment | Sequence[_shequ.Scenario | File]
"""An experiment, or scenarios of which the first is the base."""


class Options(TypedDict, total=False):
    """How experiments are carried out, and what overrides their file: the options of the command line."""

    out: File | None
    """The folder in which the results folder is made; a temporary one if none is named."""
    folder: File
    """From where a text or a dictionary names files; the working folder if it is not said."""
    set: Mapping[str, Any]
    """Values of keys, for the base and all arms."""
    replicates: int | None
    """Replicates of each row."""
    outcomes: Iterable[str]
    """Metrics that are taken."""
    windows: Iterable[str]
    """Months over which outcomes are averaged."""
    primary: Iterable[str]
    """Primary outcomes, corrected separately."""
    smallest_effect: Mapping[str, float]
    """Smallest effects that matter, by outcome, in its unit."""
    lower: Iterable[str]
    """Outcomes of which less is better, where a posterior ranks the arms."""
    posterior: File | None
    """A table of draws of parameters."""
    weights: File | None
    """A table of weights of theories and rules, of a contest."""
    allow_unlike: bool
    """Compare although cities or seeds differ."""
    threads: int | None
    """Threads; all cores if it is not said."""
    force: bool
    """Start again and replace what exists."""
    report: bool
    """Make the page, the brief and the pictures too; True if it is not said."""
    form: Literal["csv", "excel", "parquet", "both"]
    """Format of the tables."""
    checkpoint_every: int | None
    """Months after which unfinished runs are saved each time."""
    starts: File | None
    """A folder in which cities at rest are kept, and from which they are taken."""
    progress: Progress
    """Who is told how far it is."""


def record(scenario: Source, **options: Unpack[Options]) -> Results:
    """Runs a scenario into a results folder, as `shequ run` does. `shequ.run` writes nothing."""
    return _carry_out("run", scenario_of(scenario), **options)


def compare(experiment: Comparison, **options: Unpack[Options]) -> Results:
    """Compares policies with a baseline, using common random numbers, as `shequ compare` does."""
    return _carry_out("compare", experiment, **options)


def contest(experiment: Comparison, **options: Unpack[Options]) -> Results:
    """The same comparison under every theory of participation and every trust rule, as `shequ contest` does."""
    return _carry_out("contest", experiment, **options)


def sweep(experiment: Experiment, **options: Unpack[Options]) -> Results:
    """Varies keys over a design, as `shequ sweep` does."""
    return _carry_out("sweep", experiment, **options)


def sensitivity(experiment: Experiment, **options: Unpack[Options]) -> Results:
    """Estimates the influence of each key, as `shequ sensitivity` does."""
    return _carry_out("sensitivity", experiment, **options)


def calibrate(experiment: Experiment, **options: Unpack[Options]) -> Results:
    """Fits parameters to targets, as `shequ calibrate` does."""
    return _carry_out("calibrate", experiment, **options)


def search(experiment: Experiment, **options: Unpack[Options]) -> Results:
    """Finds the best mixes of levers within constraints, as `shequ search` does."""
    return _carry_out("search", experiment, **options)


def _carry_out(
    kind: str,
    asked: _shequ.Scenario | Comparison,
    *,
    out: File | None = None,
    folder: File = ".",
    set: Mapping[str, Any] | None = None,
    replicates: int | None = None,
    outcomes: Iterable[str] = (),
    windows: Iterable[str] = (),
    primary: Iterable[str] = (),
    smallest_effect: Mapping[str, float] | None = None,
    lower: Iterable[str] = (),
    posterior: File | None = None,
    weights: File | None = None,
    allow_unlike: bool = False,
    threads: int | None = None,
    force: bool = False,
    report: bool = True,
    form: str = "csv",
    checkpoint_every: int | None = None,
    starts: File | None = None,
    progress: Progress = None,
) -> Results:
    given = {
        "set": set or {},
        "replicates": replicates,
        "windows": _listed(windows),
        "outcomes": _listed(outcomes),
        "primary": _listed(primary),
        "smallest_effect": dict(smallest_effect or {}),
        "lower": _listed(lower),
        "posterior": posterior,
        "weights": weights,
        "allow_unlike": allow_unlike,
    }
    temporary = TemporaryDirectory(prefix="shequ-") if out is None else None
    with TemporaryDirectory(prefix="shequ-") as scenarios:
        path, runs, failed = _shequ.carry_out(
            kind,
            _as_asked(asked, Path(folder), _Scenarios(scenarios)),
            given,
            out=Path(temporary.name if temporary else os.fspath(out or ".")),
            threads=threads,
            force=force,
            report=report,
            form=form,
            checkpoint_every=checkpoint_every,
            starts=starts,
            progress=told(progress),
        )
    if failed:
        warnings.warn(f"{failed} of {runs} runs failed; the table runs says why", RuntimeWarning, stacklevel=3)
    return Results(path, temporary)


class _Scenarios:
    """Scenarios as files, which an experiment names."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._count = 0

    def file(self, scenario: _shequ.Scenario) -> str:
        self._count += 1
        path = self._folder / f"scenario-{self._count}.toml"
        path.write_text(scenario.to_toml(), "utf-8")
        return str(path)

    def named(self, value: Any) -> Any:
        """A value of an experiment, with a file for every scenario in it."""
        if isinstance(value, _shequ.Scenario):
            return self.file(value)
        if isinstance(value, Mapping):
            return {key: self.named(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.named(inner) for inner in value]
        return value


def _as_asked(asked: _shequ.Scenario | Comparison, folder: Path, scenarios: _Scenarios) -> Any:
    """What is asked, as the program takes it: a scenario, a file, a list of files, or a name, a text and a folder."""
    if isinstance(asked, _shequ.Scenario):
        return asked
    if isinstance(asked, Mapping):
        return "experiment", _shequ.to_toml(scenarios.named(asked)), folder
    if isinstance(asked, str) and "\n" in asked:
        return "experiment", asked, folder
    if isinstance(asked, (str, os.PathLike)):
        return Path(asked)
    return [Path(scenarios.file(one) if isinstance(one, _shequ.Scenario) else one) for one in asked]


def _listed(names: Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
