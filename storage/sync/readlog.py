"""Reads of persons' records go into the town's log of reads."""

from typing import TYPE_CHECKING

from storage.hub import calls

if TYPE_CHECKING:
    from storage.store import Store
    from storage.sync.link import Link

_AT_ONCE = 500


def send_reads(store: "Store", link: "Link") -> int:
    """Send what was logged here; returns how many. One that was cut off is sent again: better a
    read too many in the log than one too few."""
    rows = store.db.execute(
        "SELECT id, at, way, tbl, row_id, reason FROM reads ORDER BY at LIMIT ?", (_AT_ONCE,)
    ).fetchall()
    if not rows:
        return 0
    names = ("at", "way", "tbl", "id", "reason")
    with link.watched() as db:
        calls.log_reads(db, store.device, [dict(zip(names, row[1:], strict=True)) for row in rows])
    with store.beneath() as (local, _index):
        local.executemany("DELETE FROM reads WHERE id = ?", [(row[0],) for row in rows])
    return len(rows)
