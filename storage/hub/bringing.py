"""What a workstation that brings work along asks before and while it does: who and what is there,
which numbers and mails are taken, and to be the only one at it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import psycopg

from storage.errors import N_, StoreError
from storage.hub.words import refused

if TYPE_CHECKING:
    from psycopg import Connection

    from storage.sync.link import Link

Rows = dict[str, dict[str, str | int]]
"""Records of one table by their id, without nulls."""

_ALONE: Final = (0x636C726B, 0x6272)  # two numbers are another space than the locks of streams
_EVERY_S: Final = 0.3


def me(db: "Connection") -> str:
    """The id of the clerk whose login this is. StoreError ``hub.refused`` where there is none."""
    row = db.execute("SELECT clerk.me()").fetchone()
    if row is None or row[0] is None:
        raise StoreError("hub.refused", N_("This login belongs to no clerk of the shared store."))
    return str(row[0])


def town(db: "Connection", tables: Sequence[str]) -> dict[str, Rows]:
    """The records of these tables that are this clerk's to see."""
    found: dict[str, Rows] = {table: {} for table in tables}
    rows = db.execute(
        "SELECT tbl, id, data FROM clerk.record WHERE tbl = ANY (%s) AND NOT gone",
        (list(tables),),
    )
    for table, row_id, data in rows:
        found[table][row_id] = data
    return found


def taken(db: "Connection", table: str, values: Sequence[str]) -> set[str]:
    """Which of these case numbers, external ids … a row of the table has already."""
    rows = db.execute("SELECT * FROM clerk.taken(%s, %s)", (table, list(values)))
    return {str(row[0]) for row in rows}


def known_mails(db: "Connection", hashes: Sequence[str]) -> set[str]:
    """Which of these mails (their raw sha256) are there already."""
    rows = db.execute("SELECT * FROM clerk.known_mails(%s)", (list(hashes),))
    return {str(row[0]) for row in rows}


def adopt(db: "Connection", device: str, name: str, numbers: Sequence[int]) -> set[int]:
    """Those of some numbers of a range, given out alone, that this device may keep."""
    try:
        rows = db.execute(
            "SELECT * FROM clerk.adopt(%s, %s, %s)", (device, name, list(numbers))
        ).fetchall()
    except psycopg.Error as error:
        raise refused(error) if (error.sqlstate or "").startswith("CK") else error from error
    return {int(row[0]) for row in rows}


@contextmanager
def alone(link: "Link", waiting: Callable[[], None], patience_s: float) -> Iterator[None]:
    """No two workstations bring work at the same time: each must see what the other one brought.

    StoreError ``join.busy`` after ``patience_s`` seconds in which another one was at it.
    """
    end = time.monotonic() + patience_s
    while not _try(link):
        if time.monotonic() > end:
            raise StoreError(
                "join.busy",
                N_("Another workstation is just bringing its work; try again in a few minutes."),
            )
        waiting()
        time.sleep(_EVERY_S)
    try:
        yield
    finally:
        with suppress(psycopg.Error), link.watched() as db:
            db.execute("SELECT pg_advisory_unlock(%s, %s)", _ALONE)


def _try(link: "Link") -> bool:
    with link.watched() as db:
        row = db.execute("SELECT pg_try_advisory_lock(%s, %s)", _ALONE).fetchone()
    return row is not None and bool(row[0])
