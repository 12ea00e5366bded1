"""Functions of Python in formulas."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

from . import _shequ

_F = TypeVar("_F", bound=Callable[..., Any])


@overload
def function(call: _F) -> _F: ...
@overload
def function(*, name: str) -> Callable[[_F], _F]: ...
def function(call: Any = None, *, name: str | None = None) -> Any:
    """Lets formulas of scenarios that are made from now on call a Python function, by its own name or another.

    The function takes arrays, one number for each resident of a block, and returns such an array, or one number for
    all::

        @shequ.function
        def crowd(norm, acquaintances):
            return np.where(acquaintances > 3, norm, 0)

        shequ.run({..., "theory.participation": "formula",
                   "theory.formula.probability": "logistic(intercept + 2*crowd(norm, acquaintances))"})

    Its result must depend on its arguments alone: it is called for blocks of any length, in any order and on several
    threads. Numbers are in single precision. An exception stops the run and is raised from it. One of the same name
    takes the place of the one before, for scenarios that are made from then on.
    """
    if call is None:
        return lambda call: _provide(call, name or call.__name__)
    return _provide(call, name or call.__name__)


def _provide(call: _F, name: str) -> _F:
    def whole(*columns: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        made = np.asarray(call(*columns), dtype=np.float32)
        if made.ndim and made.shape != columns[0].shape:
            raise ValueError(f"`{name}` was given {columns[0].shape[0]} residents and returned {made.shape}")
        return np.ascontiguousarray(np.broadcast_to(made, columns[0].shape))

    _shequ.provide(name, _takes(call, name), _source(call), whole)
    return call


def _takes(call: Callable[..., Any], name: str) -> int:
    """How many arrays the function takes: its parameters without a default."""
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [p for p in inspect.signature(call).parameters.values() if p.default is inspect.Parameter.empty]
    if any(p.kind not in positional for p in needed):
        raise ValueError(f"`{name}` must name the arrays that it takes, one parameter for each")
    return len(needed)


def _source(call: Callable[..., Any]) -> str:
    """The text of the function, and the plain values that it takes from elsewhere, by which results know it."""
    try:
        text = textwrap.dedent(inspect.getsource(call))
    except (OSError, TypeError):
        code = getattr(call, "__code__", None)
        text = repr(call) if code is None else f"{code.co_code.hex()} {code.co_consts} {code.co_names}\n"
    plain = (bool, int, float, str, tuple, np.generic)
    try:
        found = inspect.getclosurevars(call)
    except TypeError:
        return text
    taken = {**found.globals, **found.nonlocals}
    return text + "".join(f"# {key} = {taken[key]!r}\n" for key in sorted(taken) if isinstance(taken[key], plain))
