"""The log of reads: who looked at whose record by search or by number, when, and why.

Kept here until a shared store has it (``storage.sync``); there, and in a replica that is used
alone, to the end of the following year.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage.ids import uuid7

if TYPE_CHECKING:
    from storage.store import Store


def log_read(
    store: "Store", clerk_id: str, table: str, row_id: str, *, way: str, reason: str = ""
) -> None:
    """A clerk looked at a record. ``way``: ``search``, ``number`` or ``list``."""
    with store.beneath() as (db, _index):
        db.execute(
            "INSERT INTO reads (id, at, clerk_id, way, tbl, row_id, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (uuid7(), store.clock(), clerk_id, way, table, row_id, reason),
        )


def forget_reads(store: "Store") -> int:
    """Drop what is older than the end of the following year; returns how many."""
    year = datetime.fromtimestamp(store.clock() / 1000, UTC).year
    edge = int(datetime(year - 1, 1, 1, tzinfo=UTC).timestamp() * 1000)
    with store.beneath() as (db, _index):
        return db.execute("DELETE FROM reads WHERE at < ?", (edge,)).rowcount
