"""Whose turn it is to write: bulk work lets the single acts of other programs go first.

SQLite gives its write lock to whoever asks at the right moment, and a program that writes one large
transaction after the other leaves hardly any. So an act holds a shared lock on ``turn.lock`` while
it waits and writes; bulk work asks between two records whether somebody does, ends its transaction
there, and begins the next one when nobody does any more. The lock goes with the process, however it
ends, and where it cannot be had (a file system without locks) SQLite's own waiting is left.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "turn.lock"
PLACE_NAME = "place.lock"
_PAUSE = 0.002  # seconds for which "nobody" holds good


class Turns:
    """The turns of one store; one thread at a time, as the store itself."""

    def __init__(self, home: Path) -> None:
        """Open the locks' files; in a home that cannot be written nobody needs them."""
        self._file = _open(home / FILE_NAME)
        self._place = _open(home / PLACE_NAME)
        self._nobody_until = 0.0

    @contextmanager
    def act(self) -> Iterator[None]:
        """Let bulk work know that an act waits or writes while the block runs."""
        self._lock(fcntl.LOCK_SH)
        try:
            yield
        finally:
            self._lock(fcntl.LOCK_UN)

    def give_way(self) -> None:
        """Wait until no act of another program waits or writes."""
        self._lock(fcntl.LOCK_EX)
        self._lock(fcntl.LOCK_UN)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The store's file stays where it is while the block runs."""
        _flock(self._place, fcntl.LOCK_SH)
        try:
            yield
        finally:
            _flock(self._place, fcntl.LOCK_UN)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody writes while the block runs: the store's file itself is exchanged."""
        _flock(self._place, fcntl.LOCK_EX)
        try:
            yield
        finally:
            _flock(self._place, fcntl.LOCK_UN)

    def wanted(self) -> bool:
        """Whether an act of another program waits or writes, seen within 2 ms."""
        now = time.monotonic()
        if now < self._nobody_until:
            return False
        if not self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB):
            return True
        self._lock(fcntl.LOCK_UN)
        self._nobody_until = now + _PAUSE
        return False

    def close(self) -> None:
        """Let go of the files."""
        for file in (self._file, self._place):
            if file is not None:
                os.close(file)
        self._file = self._place = None

    def _lock(self, how: int) -> bool:
        return _flock(self._file, how)


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None


def _flock(file: int | None, how: int) -> bool:
    if file is not None:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            return False
        except OSError:
            return True
    return True
