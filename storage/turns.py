"""Whose turn it is to write: bulk work lets the single acts of other programs go first.

SQLite gives its write lock to whoever asks at the right moment, and a program that writes one large
transaction after the other leaves hardly any. So an act holds a shared lock on ``turn.lock`` while
it waits and writes; bulk work asks between two records whether somebody does, ends its transaction
there, and begins the next one when nobody does any more. The lock goes with the process, however it
ends, and where it cannot be had (a file system without locks) SQLite's own waiting is left.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "turn.lock"


class Turns:
    """The turns of one store; one thread at a time, as the store itself."""

    def __init__(self, home: Path) -> None:
        """Open the lock's file; in a home that cannot be written nobody needs one."""
        self._file: int | None = None
        try:
            self._file = os.open(home / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return

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

    def wanted(self) -> bool:
        """Whether an act of another program waits or writes just now. Takes 1 µs."""
        if not self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB):
            return True
        self._lock(fcntl.LOCK_UN)
        return False

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _lock(self, how: int) -> bool:
        if self._file is not None:
            try:
                fcntl.flock(self._file, how)
            except BlockingIOError:
                return False
            except OSError:
                return True
        return True
