"""What was done to a case before this replica was filled: fetched when somebody opens the case.

It stands before everything else, at negative numbers that follow the shared store's own, so that
fetching it twice changes nothing and the order is the same on every workstation.
"""

import json
from typing import TYPE_CHECKING, Final

from storage.hub import calls
from storage.patches import Patch
from storage.sync.entries import Entries, office_of
from storage.sync.wire import StreamRow, to_local

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store
    from storage.sync.link import Link

_BEFORE: Final = -(1 << 53)
_MOST: Final = 500
_FIELD: Final = "history"


def fetch_past(store: "Store", link: "Link", tried: set[tuple[str, str, str]]) -> int:
    """Fetch the past of the cases that are open here, once each; returns how many entries came."""
    came = 0
    for (case_id,) in store.db.execute("SELECT case_id FROM attention").fetchall():
        key = ("cases", case_id, _FIELD)
        if key in tried:
            continue
        tried.add(key)
        if not _begins_here(store.db, case_id):
            with link.watched() as db:
                rows = calls.history(db, store.device, "cases", case_id, _MOST)
            came += _keep(store, rows)
    return came


def _begins_here(db: "Connection", case_id: str) -> bool:
    """Whether the journal here knows how the case came to be."""
    row = db.execute(
        "SELECT e.patches FROM entry_rows r JOIN entries e USING (seq)"
        " WHERE r.tbl = 'cases' AND r.row_id = ? ORDER BY r.seq LIMIT 1",
        (case_id,),
    ).fetchone()
    return row is not None and any(
        row_id == case_id and op == "add" for _table, row_id, op, _fields in json.loads(row[0])
    )


def _keep(store: "Store", rows: list[StreamRow]) -> int:
    kept = 0
    with store.beneath() as (db, _index):
        entries = Entries(db)
        for one in rows:
            known = "SELECT 1 FROM entries WHERE id = ? OR seq = ?"
            if db.execute(known, (one.id, one.no + _BEFORE)).fetchone():
                continue
            patches = [
                Patch(table, row_id, "set", {}) if op == "enter" else to_local(patch)
                for patch in one.patches
                for table, row_id, op in [patch[:3]]
                if op != "leave"
            ]
            own = one.device == store.device
            entries.add(one, office_of([one.scope]), patches, own, seq=one.no + _BEFORE)
            kept += 1
        entries.flush()
    return kept
