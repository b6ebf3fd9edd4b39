"""A connection to the shared store that cannot hang: every call is watched."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg

from storage.errors import N_, StoreError
from storage.sync.watchdog import PATIENCE_S, Watchdog

if TYPE_CHECKING:
    from psycopg import Connection

Connect = Callable[[], "Connection"]
"""Opens a connection in autocommit mode; StoreError ``hub.unreachable`` and the like."""


class Link:
    """One connection with its watchdog. A call that fails leaves it closed. ``where``: the other
    end, for people."""

    def __init__(self, db: "Connection") -> None:
        self.db = db
        self.where = f"{db.info.host or 'localhost'}:{db.info.port}/{db.info.dbname}"
        self._dog = Watchdog(db)
        self._grown: dict[str, int] = {}
        db.add_notify_handler(lambda told: self._hear(told.payload))  # what comes during a call

    @contextmanager
    def watched(self, seconds: float = PATIENCE_S) -> "Iterator[Connection]":
        """The connection for calls that take no longer than so many seconds each.

        Raises psycopg.OperationalError where nothing was heard in that time.
        """
        with self._dog.guard(seconds):
            try:
                yield self.db
            except psycopg.Error:
                if self._dog.has_bitten or self.db.broken:
                    self.close()
                raise

    def pat(self) -> None:
        """Something was heard."""
        self._dog.pat()

    def notified(self) -> dict[str, int]:
        """Which streams grew, and how far, since this was asked last; reads what has come, without
        waiting. psycopg.OperationalError where the connection has ended.

        Past psycopg's own generator, which takes longer than a query.
        """
        wire = self.db.pgconn
        wire.consume_input()
        while (told := wire.notifies()) is not None:
            self._hear(told.extra.decode("utf-8", "replace"))
        grown, self._grown = self._grown, {}
        return grown

    def _hear(self, payload: str) -> None:
        """Anybody with a login can say so: what is not the number of a stream says nothing."""
        scope, _, number = payload.rpartition(":")
        if number.isascii() and number.isdigit():
            self._grown[scope] = max(self._grown.get(scope, 0), int(number))

    def listen(self, scopes: Sequence[str]) -> None:
        """Be told when one of these streams grows."""
        from storage.hub import calls

        with self.watched() as db:
            db.execute("UNLISTEN *")
            calls.listen(db, scopes)

    def close(self) -> None:
        """Close it; safe to do twice."""
        with suppress(psycopg.Error, OSError):
            self.db.close()
        self._dog.close()

    @property
    def is_open(self) -> bool:
        """Whether it can still be used, as far as one knows here."""
        return not self.db.closed


@contextmanager
def linked(connect: Connect) -> Iterator[Link]:
    """A connection for the block. StoreError ``hub.unreachable`` where it does not hold."""
    link = Link(connect())
    try:
        yield link
    except psycopg.Error as error:
        raise StoreError("hub.unreachable", N_("The shared store cannot be reached.")) from error
    finally:
        link.close()
