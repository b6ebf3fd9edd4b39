"""Own entries over the shared store's rows: in a joined replica, row = shadow + pending entries.

An own entry is *pending* until the shared store has sent it back. Until then it stands in the high
band of ``entries.seq``, and beneath every row that it touches lies the *shadow*: the row as the
shared store has it. A standalone replica has neither.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from storage.patches import Patch, current
from storage.record import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

PENDING = 1 << 60
"""The first seq of the high band; ``seq - PENDING`` is the number that the device gave (dseq)."""

Row = dict[str, Value]
"""The fields of a row but its id, without nulls."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def is_joined(db: "Connection") -> bool:
    """Whether this replica belongs to a shared store."""
    return db.execute("SELECT 1 FROM local WHERE name = 'shared'").fetchone() is not None


def begin_high_band(db: "Connection", last: int = 0) -> None:
    """New entries stand in the high band from now on, behind the ``last`` number given."""
    db.execute("DELETE FROM sqlite_sequence WHERE name = 'entries'")
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entries', ?)", (PENDING + last,))


def remember(db: "Connection", patches: Iterable[Patch]) -> None:
    """Before the entry of these patches, which are applied already, is written: keep what stood
    beneath, unless an earlier pending entry has done so."""
    for patch in patches:
        known = "SELECT 1 FROM shadow WHERE tbl = ? AND row_id = ?"
        if db.execute(known, (patch.table, patch.row_id)).fetchone() is None:
            write(db, patch.table, patch.row_id, _before(db, patch))


def _before(db: "Connection", patch: Patch) -> Row | None:
    if patch.op == "add":
        return None
    if patch.op == "set" and current(db, patch.table, patch.row_id) is None:
        return None  # promised only: see Change.promise
    row: dict[str, Value] = (current(db, patch.table, patch.row_id) or {}) | {
        name: old for name, (old, _new) in patch.fields.items()
    }
    return stripped(row)


def stripped(row: dict[str, Value]) -> Row:
    """A row as the shared store writes it: without its id, without nulls."""
    return {name: value for name, value in row.items() if value is not None and name != "id"}


def write(db: "Connection", table: str, row_id: str, row: Row | None) -> None:
    """Put a row beneath the pending entries."""
    db.execute(
        "INSERT INTO shadow (tbl, row_id, data) VALUES (?, ?, ?)"
        " ON CONFLICT (tbl, row_id) DO UPDATE SET data = excluded.data",
        (table, row_id, None if row is None else _encode(row)),
    )


def over(row: Row | None, patch: Patch) -> Row | None:
    """The row after a pending patch: its new values win; what is gone cannot be changed."""
    if patch.op == "drop" or (row is None and patch.op == "set"):
        return None
    after = dict(row or {})
    for name, (_old, new) in patch.fields.items():
        if new is None:
            after.pop(name, None)
        else:
            after[name] = new
    return after
