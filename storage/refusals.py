"""Own entries that the shared store did not take, until somebody has decided about each.

``storage.sync`` writes them; here they are read and settled. What settled one stands in a local
value, so that taking that back opens it again.
"""

import json
from typing import TYPE_CHECKING, NamedTuple, cast

from storage.errors import N_, StoreError
from storage.patches import Fields, Op, Patch, current, patch_from

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.record import Value
    from storage.store import Store

MOST = 1_000
_SETTLED_BY = "refusal:"
_SELECT = (
    "SELECT entry_id, at, clerk_id, action, outcome, code, detail, patches, settled FROM refusals"
)
_LEADS = (("case_id", "cases"), ("item_id", "items"))


class RefusalRow(NamedTuple):
    """One of them. ``detail``: what the shared store says besides the code (``tbl``, ``id``,
    ``field``, ``by``); ``patches``: what was wanted."""

    entry_id: str
    at: int
    clerk_id: str
    action: str
    outcome: str
    code: str
    detail: dict[str, object]
    patches: tuple[Patch, ...]
    settled: bool


def open_ones(db: "Connection", limit: int = MOST) -> list[RefusalRow]:
    """Those that nobody has decided about, the oldest first."""
    sql = f"{_SELECT} WHERE settled = 0 ORDER BY at, entry_id LIMIT ?"
    return [_row(row) for row in db.execute(sql, (limit,))]


def lost_claims(db: "Connection") -> list[RefusalRow]:
    """Those of them in which somebody else was first."""
    sql = f"{_SELECT} WHERE settled = 0 AND code = 'claim.lost' ORDER BY at, entry_id LIMIT ?"
    return [_row(row) for row in db.execute(sql, (MOST,))]


def holder_of(db: "Connection", patch: Patch) -> str | None:
    """Who has the item of a patch now."""
    row = current(db, patch.table, patch.row_id) or {}
    by = row.get("claimed_by")
    return None if by is None else str(by)


def count_open(db: "Connection") -> int:
    """How many they are."""
    row = db.execute("SELECT count(*) FROM refusals WHERE settled = 0").fetchone()
    return int(row[0])


def find(db: "Connection", entry_id: str) -> RefusalRow:
    """The one of an entry. Raises StoreError ``refusal.unknown``."""
    row = db.execute(f"{_SELECT} WHERE entry_id = ?", (entry_id,)).fetchone()
    if row is None:
        raise StoreError("refusal.unknown", N_("There is nothing to decide about this entry."))
    return _row(row)


def beginning_with(db: "Connection", prefix: str) -> list[str]:
    """At most two entries whose id begins so."""
    sql = "SELECT entry_id FROM refusals WHERE entry_id >= ?1 AND entry_id < ?1 || '~' LIMIT 2"
    return [str(row[0]) for row in db.execute(sql, (prefix,))]


def took_back(db: "Connection", entry_id: str) -> str | None:
    """Which entry this one took back, or did again after that; None for one that did something."""
    row = db.execute("SELECT entry FROM sent WHERE id = ?", (entry_id,)).fetchone()
    undoes = None if row is None else json.loads(row[0]).get("undoes")
    return None if undoes is None else str(undoes)


def last_change(
    db: "Connection", table: str, row_id: str, field: str
) -> tuple[str | None, int | None]:
    """Who last wrote a field (``''``: the row as a whole), and when (ms UTC), as far as known."""
    rows = db.execute(
        "SELECT e.clerk_id, e.at, e.patches FROM entry_rows r JOIN entries e USING (seq)"
        " WHERE r.tbl = ? AND r.row_id = ? ORDER BY r.seq DESC",
        (table, row_id),
    )
    for clerk_id, at, patches in rows:
        for one, one_id, op, fields in json.loads(patches):
            if (one, one_id) == (table, row_id) and (not field or op != "set" or field in fields):
                return str(clerk_id), int(at)
    return None, None


def office_of(db: "Connection", patch: Patch) -> str | None:
    """The office with which the row of a patch lies, or would lie; None where it is nobody's."""
    row = current(db, patch.table, patch.row_id)
    if row is None:
        row = {name: new if new is not None else old for name, (old, new) in patch.fields.items()}
    for column, table in _LEADS:
        if (lead := row.get(column)) is not None:
            above = current(db, table, str(lead))
            if above is not None:
                return _office_of_row(db, above)
    return None if row.get("office_id") is None else str(row["office_id"])


def _office_of_row(db: "Connection", row: "dict[str, Value]") -> str | None:
    case_id = row.get("case_id")
    above = current(db, "cases", str(case_id)) if case_id is not None else None
    office = (above or row).get("office_id")
    return None if office is None else str(office)


def settle(store: "Store", entry_id: str, by: str | None) -> None:
    """It is decided; ``by`` names the entry that did it, None where nothing had to be changed."""
    with store.beneath() as (db, _index):
        db.execute("UPDATE refusals SET settled = 1 WHERE entry_id = ?", (entry_id,))
        if by is not None:
            db.execute(
                "INSERT OR REPLACE INTO local (name, value) VALUES (?, ?)",
                (_SETTLED_BY + by, entry_id),
            )


def reopen(store: "Store", entry_id: str) -> None:
    """It is to be decided again."""
    with store.beneath() as (db, _index):
        db.execute("UPDATE refusals SET settled = 0 WHERE entry_id = ?", (entry_id,))


def follow(store: "Store", entry_id: str) -> None:
    """After an undo or redo (its entry): what it took back is to be decided again, or is not."""
    taken_back = False
    while True:
        row = store.db.execute("SELECT undoes FROM entries WHERE id = ?", (entry_id,)).fetchone()
        if row is None or row[0] is None:
            break
        taken_back = not taken_back
        entry_id = str(row[0])
        settled = store.local(_SETTLED_BY + entry_id)
        if settled is not None and taken_back:
            reopen(store, settled)
        elif settled is not None:
            settle(store, settled, entry_id)


def _row(row: tuple[str, int, str, str, str, str, str, str, int]) -> RefusalRow:
    patches = cast("list[tuple[str, str, Op, Fields]]", json.loads(row[7]))
    detail = cast("dict[str, object] | None", json.loads(row[6])) or {}
    found = tuple(patch_from(patch) for patch in patches)
    return RefusalRow(row[0], row[1], row[2], row[3], row[4], row[5], detail, found, bool(row[8]))
