"""The history of a record: what the journal says was done to it, by whom and when."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.brought import is_brought, shown
from storage.patches import Patch, patch_from
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry. ``patches`` are those of the record and of what hangs on it; ``brought``: it was
    done before a workstation joined (see ``storage.brought``)."""

    seq: int
    id: str
    at: int
    clerk_id: str
    clerk_name: str
    on_behalf_of: str | None
    action: str
    kind: str
    taken_back: bool
    brought: bool
    patches: tuple[Patch, ...]


_SELECT = (
    "SELECT e.seq, e.id, e.at, e.clerk_id, ifnull(c.name, e.clerk_id), e.on_behalf_of, e.action,"
    " e.kind, EXISTS (SELECT 1 FROM entries u WHERE u.undoes = e.id), e.patches"
    " FROM entries e LEFT JOIN clerks c ON c.id = e.clerk_id"
)


def history(
    db: "Connection",
    table: str,
    row_id: str,
    *,
    limit: int = 200,
    before: int | None = None,
) -> list[HistoryEntry]:
    """Entries that touched the record or a record that belongs to it, newest first.

    ``before`` is the seq of the last entry already known.
    """
    rows = {(table, row_id)} | _children(db, table, row_id)
    seqs: set[int] = set()
    edge = before if before is not None else 1 << 62
    for tbl, rid in rows:
        found = db.execute(
            "SELECT seq FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq < ?"
            " ORDER BY seq DESC LIMIT ?",
            (tbl, rid, edge, limit),
        )
        seqs.update(row[0] for row in found)
    return [_entry(db, seq, rows) for seq in sorted(seqs, reverse=True)[:limit]]


def latest(db: "Connection", *, limit: int = 50, clerk_id: str | None = None) -> list[HistoryEntry]:
    """The newest entries of the whole store, or of one clerk."""
    where, values = ("", []) if clerk_id is None else (" WHERE e.clerk_id = ?", [clerk_id])
    seqs = db.execute(
        f"SELECT e.seq FROM entries e{where} ORDER BY seq DESC LIMIT ?",
        (*values, limit),
    )
    return [_entry(db, row[0], None) for row in seqs.fetchall()]


def _entry(db: "Connection", seq: int, rows: set[tuple[str, str]] | None) -> HistoryEntry:
    row = db.execute(f"{_SELECT} WHERE e.seq = ?", (seq,)).fetchone()
    patches = [patch_from(p) for p in json.loads(row[9])]
    if rows is not None:
        patches = [p for p in patches if (p.table, p.row_id) in rows]
    seq, entry_id, at, clerk_id, name, boss, action, kind, taken_back, _patches = row
    return HistoryEntry(
        seq, entry_id, at, clerk_id, shown(name), boss, action, kind, bool(taken_back),
        is_brought(clerk_id, boss), tuple(patches),
    )  # fmt: skip


def _children(db: "Connection", table: str, row_id: str) -> set[tuple[str, str]]:
    """Notes, follow-ups, documents and the like that belong to the record."""
    found: set[tuple[str, str]] = set()
    for child, record in RECORDS.items():
        for column, target in record.REFERENCES.items():
            # A clerk or an office is named by records, it does not own them.
            if target == table and target in ("cases", "items"):
                ids = db.execute(f"SELECT id FROM {child} WHERE {column} = ?", (row_id,))
                found.update((child, row[0]) for row in ids)
    return found
