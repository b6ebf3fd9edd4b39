"""The log of reads: who looked at whose record by search or by number, when, and why.

Kept here until a shared store has it (``storage.sync``); there, and in a replica that is used
alone, to the end of the following year.
"""

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


def forget_reads(store: "Store", before: int) -> int:
    """Drop what was read before a moment (ms); returns how many."""
    with store.beneath() as (db, _index):
        return db.execute("DELETE FROM reads WHERE at < ?", (before,)).rowcount
