"""How far work is, on one line that is written again and again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

Progress = bool | Callable[[int, int, float], object] | None
"""Who is told how far work is, about twenty times a second: a function of the runs that are finished, of all of them,
and of the share of the months that is done. True: a line of text; False: nobody; None: a line of text after a second, in
a terminal or a notebook."""

# Seconds before a line is shown that nobody asked for, and between one and the next.
_PATIENCE, _PACE = 1.0, 0.2


def _is_watched() -> bool:
    """True in a terminal, and in a notebook."""
    return sys.stderr.isatty() or type(sys.stderr).__module__.startswith("ipykernel")


def told(progress: Progress) -> Callable[[int, int, float], object] | None:
    """What is called for `progress`."""
    if callable(progress):
        return progress
    if progress is None:
        return _Line(_PATIENCE) if _is_watched() else None
    return _Line(0.0) if progress else None


class _Line:
    def __init__(self, patience: float) -> None:
        self._began = time.monotonic()
        self._due = self._began + patience
        self._is_shown = False

    def __call__(self, finished: int, runs: int, share: float) -> None:
        now = time.monotonic()
        is_last = finished >= runs
        if now < self._due and not (is_last and self._is_shown):
            return
        taken = now - self._began
        left = taken * (1 - share) / share if share > 0 else 0.0
        bar = "█" * round(20 * share)
        end = "\n" if is_last else ""
        print(f"\r{bar:20} {share:4.0%}, {finished} of {runs} runs, {left:.0f} s left  ", end=end, file=sys.stderr, flush=True)
        self._is_shown = not is_last
        self._due = now + _PACE if not is_last else float("inf")
