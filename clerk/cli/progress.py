"""Progress of long work: a bar on a terminal, nothing where nobody looks.

It stands on stderr, so that stdout holds the result alone.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clerk.i18n import _
from clerk.text import clip, display

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is, and how much there is (None: not known)."""

_WIDTH = 30
_PAUSE = 0.1  # seconds between two paints


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """A progress bar while the block runs; it leaves no trace behind."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    bar = _Bar()
    try:
        yield bar.paint
    finally:
        bar.clear()


class _Bar:
    """One line that is written over: what, bar, numbers, and the time left."""

    def __init__(self) -> None:
        self._what = ""
        self._start = 0.0
        self._next = 0.0
        self._shown = False

    def paint(self, what: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if what != self._what:
            self._what, self._start, self._next = what, now, 0.0
        if now < self._next:
            return
        self._next = now + _PAUSE
        self._shown = True
        sys.stderr.write("\r\x1b[2K" + clip(self._line(done, total, now - self._start), 78))
        sys.stderr.flush()

    def _line(self, done: int, total: int | None, seconds: float) -> str:
        what = clip(display(self._what), 24)
        if not total:
            return f"{what}  {done}"
        share = min(1.0, done / total)
        filled = round(share * _WIDTH)
        bar = "#" * filled + "-" * (_WIDTH - filled)
        left = ""
        if seconds > 2 and share > 0:
            left = _("{n} s left").format(n=round(seconds / share - seconds))
        return f"{what}  {bar}  {done}/{total}  {left}".rstrip()

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
