"""Tables as columns of NumPy, and as what other libraries take."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from . import _shequ

Kind = Literal["integer", "number", "boolean", "string"]

# Rows that a notebook shows of a table.
_SHOWN = 10

# By which columns the tables that are grids are laid out.
_GRIDS = {"monthly": ("replicate", "month"), "communities": ("replicate", "month", "community")}


class Table:
    """A table: columns of NumPy by name, all of one length.

    Numbers are as they were computed, with NaN where there is no value; nothing is copied. Text is an array of `str`,
    with None where there is none. `dict(table)` has all columns, and `for name in table` goes through their names.
    Whatever takes Arrow by its C stream interface, such as polars and DuckDB, takes a table where pyarrow is installed.
    """

    def __init__(self, name: str, columns: list[_shequ._Column]) -> None:
        self.name = name
        self._columns = {column: (kind, array, words) for column, kind, array, words in columns}
        self._decoded: dict[str, npt.NDArray[Any]] = {}

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self._columns)

    def keys(self) -> list[str]:
        """The same, so that `dict(table)` works."""
        return self.columns

    def kind(self, column: str) -> Kind:
        """What a column holds: "integer", "number", "boolean" or "string"."""
        return self._columns[column][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, column: object) -> bool:
        return column in self._columns

    def __len__(self) -> int:
        """The number of rows."""
        return next((len(array) for _, array, _ in self._columns.values()), 0)

    def __getitem__(self, column: str) -> npt.NDArray[Any]:
        kind, array, words = self._columns[column]
        if kind in ("integer", "number"):
            return array
        if column not in self._decoded:
            self._decoded[column] = _booleans(array) if words is None else _texts(array, words)
        return self._decoded[column]

    def __repr__(self) -> str:
        return f"<Table {self.name}: {len(self)} rows, {len(self._columns)} columns>"

    def _repr_html_(self) -> str:
        def cell(value: object) -> str:
            return f"<td>{escape('' if value is None or value != value else str(value))}</td>"

        head = "".join(f"<th>{escape(name)}</th>" for name in self)
        shown = [self[name][:_SHOWN] for name in self]
        rows = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in zip(*shown))
        return f"<table><thead><tr>{head}</tr></thead>{rows}</table><p>{len(self)} rows × {len(self._columns)} columns</p>"

    def to_arrow(self) -> Any:
        """As a `pyarrow.Table`; its numbers are those of this table, at the same place in memory. NaN is null."""
        import pyarrow as pa

        def column(kind: Kind, array: npt.NDArray[Any], words: list[str] | None) -> Any:
            if words is not None:
                blank = np.fromiter((not word for word in words), bool, len(words))
                places = pa.array(array, mask=blank[array]) if len(array) else pa.array([], pa.int32())
                return pa.DictionaryArray.from_arrays(places, pa.array(words, pa.string())).dictionary_decode()
            if kind == "boolean":
                return pa.array(array == 1, mask=array < 0)
            return pa.array(array, from_pandas=True)

        return pa.table({name: column(*parts) for name, parts in self._columns.items()})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """As a `pandas.DataFrame`."""
        import pandas as pd

        return pd.DataFrame({name: self[name] for name in self}, copy=False)

    def to_polars(self) -> Any:
        """As a `polars.DataFrame`; NaN is null."""
        import polars as pl

        def series(name: str) -> Any:
            kind, array, _ = self._columns[name]
            if kind in ("integer", "number"):
                return pl.Series(name, array, nan_to_null=True)
            return pl.Series(name, self[name].tolist(), dtype=pl.Boolean if kind == "boolean" else pl.String)

        return pl.DataFrame([series(name) for name in self])

    def to_xarray(self, *dims: str) -> Any:
        """As an `xarray.Dataset` over the columns `dims`, of which every combination must be a row, in order.

        Of the monthly table they are "replicate" and "month", of that of communities also "community", unless others
        are named. Numbers are not copied.
        """
        import xarray as xr

        dims = dims or _GRIDS.get(self.name, ())
        axes = {dim: np.unique(self[dim]) for dim in dims}
        shape = tuple(len(axis) for axis in axes.values())
        grid = np.meshgrid(*axes.values(), indexing="ij")
        if not dims or int(np.prod(shape)) != len(self):
            raise ValueError(f"the rows of {self.name} are no grid over {dims}")
        if not all(np.array_equal(whole.ravel(), self[dim]) for dim, whole in zip(dims, grid)):
            raise ValueError(f"the rows of {self.name} are not in the order of {dims}")
        others = {name: (dims, self[name].reshape(shape)) for name in self if name not in dims}
        data = xr.Dataset(others, coords=axes)
        if "date" in data and "month" in dims:
            dates = data["date"].isel({dim: 0 for dim in dims if dim != "month"}, drop=True)
            data = data.drop_vars("date").assign_coords(date=dates)
        return data


def _texts(places: npt.NDArray[Any], words: list[str]) -> npt.NDArray[Any]:
    return np.take(np.array([word or None for word in words], object), places)


def _booleans(flags: npt.NDArray[Any]) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = flags == 1
    if (flags < 0).any():
        values = values.astype(object)
        values[flags < 0] = None
    return values


def keys() -> Table:
    """Every key of a scenario: what it holds, unit, range, default, grade and source of the default, and meaning."""
    return Table("keys", _shequ.keys())


def metrics() -> Table:
    """Every metric of a run: unit, label and meaning, in the order of the columns of the monthly table."""
    return Table("metrics", _shequ.metrics())
