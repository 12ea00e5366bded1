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
        self._patience = patience
        self._began: tuple[float, float] | None = None
        self._due = 0.0
        self._is_shown = False

    def __call__(self, finished: int, runs: int, share: float) -> None:
        now = time.monotonic()
        if finished >= runs:
            self._end(runs)
            return
        if self._began is None:
            self._began, self._due = (now, share), now + self._patience
        if now < self._due:
            return
        began, before = self._began
        left = f", {(now - began) * (1 - share) / (share - before):.0f} s left" if share > before else ""
        self._show(f"{'█' * round(20 * share):20} {share:4.0%}, {finished} of {runs} runs{left}")
        self._is_shown, self._due = True, now + _PACE

    def _end(self, runs: int) -> None:
        """Ends the line, unless work ended before it was shown; there may be more work after it."""
        if self._is_shown or self._patience == 0 and self._due == 0:
            self._show(f"{'█' * 20} 100%, {runs} of {runs} runs", "\n")
        self._began, self._due, self._is_shown = None, float("inf"), False

    def _show(self, words: str, end: str = "") -> None:
        print(f"\r{words:60}", end=end, file=sys.stderr, flush=True)
