"""What a replica holds: open matters and what was closed lately; the rest leaves quietly.

It stays in the shared store, where a number or a search finds it; what was fetched so stays here
for some days (``keep_fetched``).
"""

import json
from typing import TYPE_CHECKING

from storage.overlay import PENDING
from storage.sync.evict import DAY_MS, NAMED_PERSONS, NAMING, evict, family, sweep
from storage.sync.rows import Key
from storage.sync.settle import Overlay

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store

AT_ONCE = 200
FETCHED_DAYS = 7
_FETCHED = "fetched:"
_NOT_FETCHED = f"'{_FETCHED}' || id NOT IN (SELECT name FROM local)"


def let_old_leave(store: "Store", keep_days: int, now: int, most: int = AT_ONCE) -> int:
    """Let some cases leave that were closed more than ``keep_days`` before ``now``, the shared
    store's time (ms UTC), with all that hangs on them, and finished items as old; returns how many
    cases and items. Not what is open here or under own entries that wait."""
    edge = now - keep_days * DAY_MS
    with store.beneath() as (db, index):
        db.execute(
            "DELETE FROM local WHERE name >= ?1 AND name < ?1 || '~'"
            " AND CAST(value AS INTEGER) < ?2",
            (_FETCHED, store.clock() - FETCHED_DAYS * DAY_MS),
        )
        heads = _old(db, edge, most)
        keys: dict[Key, None] = {}
        for head in heads:
            kin = family(db, *head)
            if not any(_is_pending(db, key) for key in kin):
                keys.update(dict.fromkeys(kin))
        overlay = Overlay(db, index)
        persons = _persons(db, list(keys))
        evict(db, overlay, keys)
        evict(db, overlay, _unnamed(db, persons))
        if len(heads) < most:
            sweep(db)
    return len(heads)


def keep_fetched(store: "Store", table: str, row_id: str) -> None:
    """Somebody fetched this case or item: it leaves no sooner than in some days."""
    if table in ("cases", "items"):
        store.set_local(_FETCHED + row_id, str(store.clock()))


def want_row(store: "Store", table: str, row_id: str) -> None:
    """Somebody asks for a row that is not here: the next round of synchronisation fetches it."""
    with store.beneath() as (db, _index):
        db.execute(
            "INSERT OR IGNORE INTO wanted (tbl, row_id, field) VALUES (?, ?, '')", (table, row_id)
        )


def _old(db: "Connection", edge: int, most: int) -> list[Key]:
    cases = db.execute(
        "SELECT id FROM cases WHERE state = 'closed' AND closed_at < ?"
        f" AND id NOT IN (SELECT case_id FROM attention) AND {_NOT_FETCHED} LIMIT ?",
        (edge, most),
    )
    found: list[Key] = [("cases", row[0]) for row in cases]
    items = db.execute(
        "SELECT id FROM items WHERE case_id IS NULL AND state <> 'open' AND received_at < ?"
        f" AND {_NOT_FETCHED} LIMIT ?",
        (edge, most - len(found)),
    )
    return found + [("items", row[0]) for row in items]


def _is_pending(db: "Connection", key: Key) -> bool:
    sql = "SELECT 1 FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq > ? LIMIT 1"
    return db.execute(sql, (*key, PENDING)).fetchone() is not None


def _persons(db: "Connection", keys: list[Key]) -> list[str]:
    """The persons whom these rows name."""
    found: dict[str, None] = {}
    for table, row_id in keys:
        if table in NAMING:
            row = db.execute(f"SELECT person_id FROM {table} WHERE id = ?", (row_id,)).fetchone()
            if row and row[0]:
                found[str(row[0])] = None
    return list(found)


def _unnamed(db: "Connection", persons: list[str]) -> list[Key]:
    """Those of the persons whom no row here names any more."""
    rows = db.execute(
        f"SELECT value FROM json_each(?) WHERE value NOT IN ({NAMED_PERSONS})",
        (json.dumps(persons),),
    )
    return [("persons", str(row[0])) for row in rows]
