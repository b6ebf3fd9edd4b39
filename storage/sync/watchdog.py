"""A watchdog over one connection: what waits too long is cut off.

A half-open connection (a cable pulled, a firewall that forgot it) hangs in spite of keepalives and
statement_timeout, because both ends wait for each other. Only shutting the socket down ends that.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg import Connection

PATIENCE_S = 2.0


class Watchdog:
    """Watches calls of one connection from a thread of its own."""

    def __init__(self, db: "Connection") -> None:
        # A socket of its own on the same end, so that it can be shut down whatever libpq does.
        self._socket = socket.fromfd(db.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        self._due: float | None = None
        self._wakes: float | None = None  # when the thread looks by itself; None: when it is told
        self._patience = PATIENCE_S
        self._changed = threading.Condition()
        self._closed = False
        self.has_bitten = False
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    @contextmanager
    def guard(self, seconds: float = PATIENCE_S) -> Iterator[None]:
        """Whatever runs in the block has so many seconds until it is done or :meth:`pat` called."""
        self._patience = seconds
        self.pat()
        try:
            yield
        finally:
            with self._changed:
                self._due = None

    def pat(self) -> None:
        """Something came: it has its time again."""
        with self._changed:
            self._due = time.monotonic() + self._patience
            # A thread that looks early enough anyway is let sleep: calls are many and short.
            if self._wakes is None or self._wakes > self._due:
                self._wakes = self._due
                self._changed.notify()

    def close(self) -> None:
        """Stop watching; the connection is the caller's to close."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        self._socket.close()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                self._wakes = self._due
                left = None if self._due is None else self._due - time.monotonic()
                if left is None or left > 0:
                    self._changed.wait(left)
                    continue
                self.has_bitten = True
                self._due = None
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
