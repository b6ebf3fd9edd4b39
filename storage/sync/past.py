"""What was done to a case before this replica was filled: fetched when somebody opens the case.

It stands before everything else, at negative numbers that follow the shared store's own, so that
fetching it twice changes nothing and the order is the same on every workstation.
"""

import json
from typing import TYPE_CHECKING, Final

from storage import seal
from storage.hub import calls
from storage.overlay import PENDING
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
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
        cursors = dict(db.execute("SELECT scope, cursor FROM streams").fetchall())
        for one in rows:
            if one.n > cursors.get(one.scope, one.n):
                continue  # it comes by its stream
            known = "SELECT seq FROM entries WHERE id = ? OR seq = ?"
            if found := db.execute(known, (one.id, one.no + _BEFORE)).fetchone():
                _complete(db, found[0], _patches(one))
                continue
            own = one.device == store.device
            entries.add(one, office_of([one.scope]), _patches(one), own, seq=one.no + _BEFORE)
            kept += 1
        entries.flush()
    return kept


def _complete(db: "Connection", seq: int, patches: list[Patch]) -> None:
    """Of a row that came with an entry of another office only that was known here. What the entry
    did to it is known now, and what was done before it fits."""
    columns = f"SELECT patches, {seal.COLUMNS} FROM entries WHERE seq = ?"
    text, *head = db.execute(columns, (seq,)).fetchone()
    known = {(table, row_id): fields for table, row_id, _op, fields in json.loads(text)}
    told = [patch for patch in patches if known.get((patch.table, patch.row_id)) == {}]
    if seq > PENDING or not any(patch.fields for patch in told):
        return
    new = {(patch.table, patch.row_id): patch.as_json() for patch in told}
    text = _encode([new.get((old[0], old[1]), old) for old in json.loads(text)])
    db.execute(
        "UPDATE entries SET patches = ?, seal = ? WHERE seq = ?",
        (text, seal.seal(head, text), seq),
    )


def _patches(one: StreamRow) -> list[Patch]:
    """What an entry did, each row once: what went from one office to another was changed in the
    first stream and came in the second."""
    found: dict[tuple[str, str], Patch] = {}
    for patch in one.patches:
        table, row_id, op = patch[:3]
        if op == "enter":
            found.setdefault((table, row_id), Patch(table, row_id, "set", {}))
        elif op != "leave":
            found[table, row_id] = to_local(patch)
    return list(found.values())
