"""Erasure: rows go with all that the journal says of them, so that nothing of them is left to read.

Other than a dropped row, whose values stay in its entry. The entries stay, with who did what and
when, without their patches of these rows and sealed anew; ``clerk verify`` finds a journal that has
never known them. Only for a replica that stands alone: what others hold is not ours to erase.

Single words of what was erased stay in the vocabulary of the search, without any tie.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from storage import seal
from storage.indexing import INDEXED
from storage.patches import Fields, Op, Patch, apply, current
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store

Key = tuple[str, str]
"""Table and id of a row."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_CONTENTS = (
    ("items", "text_sha256"),
    ("items", "raw_sha256"),
    ("documents", "content_sha256"),
)
_VOUCHERS = ("claims", "payments", "allocations")
"""What a cash office has to keep stays with the case's number."""


def family(db: "Connection", case_id: str) -> list[Key]:
    """A case and what hangs on it and on its items, but for its vouchers."""
    found: list[Key] = [("cases", case_id)]
    for parent in found:  # grows while it is gone through
        for child, record in RECORDS.items():
            columns = [name for name, of in record.REFERENCES.items() if of == parent[0]]
            if parent[0] not in ("cases", "items") or child in _VOUCHERS:
                continue
            for column in columns:
                rows = db.execute(f"SELECT id FROM {child} WHERE {column} = ?", (parent[1],))
                found += [(child, row[0]) for row in rows if (child, row[0]) not in found]
    return found


def persons_of(db: "Connection", keys: Iterable[Key]) -> list[Key]:
    """The persons whom these rows name and no others but vouchers do."""
    gone, named = set(keys), set[str]()
    naming = [
        (table, column)
        for table, record in RECORDS.items()
        for column, of in record.REFERENCES.items()
        if of == "persons"
    ]
    for table, column in naming:
        for key in gone:
            if key[0] == table:
                sql = f"SELECT {column} FROM {table} WHERE id = ?"
                named.update(row[0] for row in db.execute(sql, (key[1],)) if row[0])
    for table, column in naming:
        if table in _VOUCHERS:
            continue
        for person in list(named):
            rows = db.execute(f"SELECT id FROM {table} WHERE {column} = ?", (person,))
            if any((table, row[0]) not in gone for row in rows):
                named.discard(person)
    return [("persons", one) for one in sorted(named)]


def erase(store: "Store", keys: Iterable[Key]) -> None:
    """Erase rows; within a group whoever erases notes it there. What is deleted is overwritten in
    the file."""
    seqs: dict[int, set[Key]] = {}
    content: set[str] = set()
    with store.beneath() as (db, index):
        db.execute("PRAGMA secure_delete = ON")
        for area in INDEXED:  # else FTS5 only notes that they are gone
            db.execute(
                f"INSERT INTO {area}_search ({area}_search, rank) VALUES ('secure-delete', 1)"
            )
        for table, row_id in keys:
            row = current(db, table, row_id)
            if row is None:
                continue
            content.update(
                str(row[column]) for of, column in _CONTENTS if of == table and row[column]
            )
            patch = Patch(table, row_id, "drop", {name: [old, None] for name, old in row.items()})
            index.before(patch)
            apply(db, patch)
            index.after(patch, None, None)
            sql = "SELECT seq FROM entry_rows WHERE tbl = ? AND row_id = ?"
            for (seq,) in db.execute(sql, (table, row_id)).fetchall():
                seqs.setdefault(seq, set()).add((table, row_id))
            db.execute("DELETE FROM entry_rows WHERE tbl = ? AND row_id = ?", (table, row_id))
            db.execute("DELETE FROM drafts WHERE instr(place, ?)", (row_id,))
        for seq, gone in seqs.items():
            _take_out(db, seq, gone)
        for area in INDEXED:
            db.execute(
                f"INSERT INTO {area}_search ({area}_search, rank) VALUES ('secure-delete', 0)"
            )
        for sha256 in content:
            if not _is_named(db, sha256):
                db.execute("DELETE FROM content WHERE sha256 = ?", (sha256,))


def _take_out(db: "Connection", seq: int, gone: set[Key]) -> None:
    """An entry without its patches of some rows; it stays, even with none."""
    columns = f"SELECT patches, {seal.COLUMNS} FROM entries WHERE seq = ?"
    patches, *head = db.execute(columns, (seq,)).fetchone()
    found = cast("list[tuple[str, str, Op, Fields]]", json.loads(patches))
    text = _encode([patch for patch in found if (patch[0], patch[1]) not in gone])
    db.execute(
        "UPDATE entries SET patches = ?, seal = ? WHERE seq = ?",
        (text, seal.seal(head, text), seq),
    )


def _is_named(db: "Connection", sha256: str) -> bool:
    return any(
        db.execute(f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", (sha256,)).fetchone()
        for table, column in _CONTENTS
    )
