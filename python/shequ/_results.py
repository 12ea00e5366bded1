"""Results folders, and what they hold."""

from __future__ import annotations

import json
import os
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from . import _shequ
from ._table import Table

# Pixels of the height of a report in a notebook.
_HEIGHT = 640


class Figure:
    """A picture, which a notebook shows."""

    def __init__(self, name: str, svg: str) -> None:
        self.name = name
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it as an SVG file that needs no font and no network."""
        Path(path).write_text(self.svg, "utf-8")

    def __repr__(self) -> str:
        return f"<Figure {self.name}>"


class Results:
    """A results folder of a run or an experiment, as the command line writes it.

    `results["effects"]` or `results.table("effects")` is a table of it. A notebook shows the report, `print(results)`
    what the command prints. It is refused if a file was modified after it was written. What was written to a temporary
    folder goes with this object.
    """

    def __init__(self, path: str | os.PathLike[str], temporary: TemporaryDirectory[str] | None = None) -> None:
        self.path = Path(path)
        self.files = _shequ.believed(self.path)
        """Names of its files, but for the manifest."""
        self._temporary = temporary
        self._read: dict[str, Table] = {}

    def _json(self, name: str) -> Any:
        return json.loads((self.path / name).read_text("utf-8"))

    @property
    def manifest(self) -> dict[str, Any]:
        """Program, seeds, machine, times, and the hash of every file."""
        return dict(self._json("manifest.json"))

    @property
    def dictionary(self) -> dict[str, Any]:
        """What every table and column means, with units, and the keys by which tables join: a data package."""
        return dict(self._json("datapackage.json"))

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return [resource["name"] for resource in self.dictionary["resources"]]

    def table(self, name: str) -> Table:
        """The table of that name; `KeyError` if there is none."""
        if name not in self._read:
            resources = {resource["name"]: resource for resource in self.dictionary["resources"]}
            fields = resources[name]["schema"]["fields"]
            kinds = {field["name"]: field["type"] for field in fields}
            texts = [column for column, kind in kinds.items() if kind not in ("integer", "number")]
            columns = _shequ.read_table(self.path, name, texts)
            self._read[name] = Table(name, [_typed(column, kinds[column[0]]) for column in columns])
        return self._read[name]

    __getitem__ = table

    @property
    def scenario(self) -> _shequ.Scenario:
        """The scenario, or the base of the experiment."""
        return _shequ.Scenario.from_file(self.path / "scenario.toml")

    @property
    def report_html(self) -> str:
        """The report for readers, one page in English and Chinese; "" if it was made without."""
        return self._text("report.html")

    @property
    def figures(self) -> dict[str, Figure]:
        """The pictures of the report, by name."""
        pictures = sorted(name for name in self.files if name.startswith("plots/") and name.endswith(".svg"))
        return {Path(name).stem: Figure(Path(name).stem, self._text(name)) for name in pictures}

    def _text(self, name: str) -> str:
        return (self.path / name).read_text("utf-8") if name in self.files else ""

    def __str__(self) -> str:
        chinese = _shequ.language() == "zh" and "summary.zh.txt" in self.files
        return self._text("summary.zh.txt" if chinese else "summary.txt") or repr(self)

    def __repr__(self) -> str:
        return f"<Results {self.path}>"

    def _repr_html_(self) -> str:
        report = self.report_html
        if not report:
            return f"<pre>{escape(str(self))}</pre>"
        page = escape(report, quote=True)
        return f'<iframe srcdoc="{page}" style="width:100%;height:{_HEIGHT}px;border:0" title="report"></iframe>'


def _typed(column: _shequ._Column, kind: str) -> _shequ._Column:
    """A column of a file by what its data dictionary says of it."""
    name, _, array, words = column
    if kind == "integer":
        return name, "integer", array.astype(np.int64), None
    if kind == "boolean" and words is not None:
        flags = np.array([{"true": 1, "false": 0}.get(word, -1) for word in words] or [0], np.int8)
        return name, "boolean", flags[array], None
    return column
