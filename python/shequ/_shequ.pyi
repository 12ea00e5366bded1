"""The part that is written in Rust."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, final

import numpy as np
import numpy.typing as npt

__all__ = [
    "Error",
    "Failed",
    "Prepared",
    "Problem",
    "Refused",
    "Replicates",
    "Scenario",
    "ScenarioError",
    "ScenarioWarning",
    "believed",
    "carry_out",
    "keys",
    "language",
    "metrics",
    "provide",
    "read_table",
    "run",
    "set_language",
    "to_toml",
]

_Tell = Callable[[int, int, float], object] | None
_Column = tuple[str, Literal["integer", "number", "boolean", "string"], npt.NDArray[Any], list[str] | None]

class Error(Exception):
    """Something that shequ cannot do."""

class ScenarioError(Error):
    """What is wrong with a scenario, an experiment or a table."""

    problems: list[Problem]

class Refused(Error):
    """It cannot be carried out as it was asked for; nothing was run."""

class Failed(Error):
    """A run failed, or the disk refused."""

class ScenarioWarning(UserWarning):
    """What is doubtful about a scenario, and yet allowed."""

@final
class Problem:
    """One thing that is wrong, or doubtful. `str()` shows it as the command does."""

    @property
    def file(self) -> str | None: ...
    @property
    def line(self) -> int | None: ...
    @property
    def column(self) -> int | None: ...
    @property
    def key(self) -> str | None: ...
    @property
    def message(self) -> str: ...
    @property
    def allowed(self) -> str | None: ...
    @property
    def help(self) -> str | None: ...
    @property
    def shown(self) -> str: ...

@final
class Scenario:
    """A scenario that was read and checked. It does not change; `set` gives a new one."""

    @staticmethod
    def from_file(
        path: str | os.PathLike[str],
        *,
        set: Mapping[str, Any] | None = None,
        changes: Sequence[Mapping[str, Any]] | None = None,
    ) -> Scenario: ...
    @staticmethod
    def from_text(
        text: str,
        *,
        set: Mapping[str, Any] | None = None,
        changes: Sequence[Mapping[str, Any]] | None = None,
        name: str = "text",
    ) -> Scenario: ...
    @staticmethod
    def from_dict(
        keys: Mapping[str, Any],
        *,
        set: Mapping[str, Any] | None = None,
        changes: Sequence[Mapping[str, Any]] | None = None,
    ) -> Scenario: ...
    def set(
        self,
        values: Mapping[str, Any] | None = None,
        *,
        changes: Sequence[Mapping[str, Any]] | None = None,
        **keys: Any,
    ) -> Scenario: ...
    def to_toml(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def warnings(self) -> list[Problem]: ...
    def keys(self) -> list[str]: ...
    def origin(self, key: str) -> str: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: str, /) -> bool: ...
    def __getitem__(self, key: str, /) -> Any: ...

@final
class Prepared:
    def __new__(cls, starts: str | os.PathLike[str] | None) -> Prepared: ...
    def run(
        self, scenario: Scenario, replicate: int | None, threads: int | None, progress: _Tell
    ) -> Replicates: ...
    def design(
        self,
        scenario: Scenario,
        table: str,
        outcomes: list[str],
        window: str,
        replicates: int | None,
        threads: int | None,
        progress: _Tell,
    ) -> tuple[npt.NDArray[np.float64], list[tuple[int, str]]]: ...

@final
class Replicates:
    def names(self) -> list[str]: ...
    def table(self, name: str) -> list[_Column]: ...
    def summary(self) -> str: ...
    def chart(self, metrics: list[str]) -> str: ...

def keys() -> list[_Column]: ...
def metrics() -> list[_Column]: ...
def language() -> Literal["en", "zh"]: ...
def set_language(name: str) -> None: ...
def to_toml(keys: Mapping[str, Any]) -> str: ...
def provide(name: str, takes: int, source: str, function: Callable[..., npt.NDArray[np.float32]]) -> None: ...
def believed(path: Path) -> list[str]: ...
def read_table(path: Path, name: str, texts: list[str]) -> list[_Column]: ...
def run(scenario: Scenario, replicate: int | None, threads: int | None, progress: _Tell) -> Replicates: ...
def carry_out(
    kind: str,
    asked: Scenario | Path | list[Path] | tuple[str, str, Path],
    given: Mapping[str, Any],
    *,
    out: Path,
    threads: int | None,
    force: bool,
    report: bool,
    form: str,
    checkpoint_every: int | None,
    starts: str | os.PathLike[str] | None,
    progress: _Tell,
) -> tuple[Path, int, int]: ...
