"""Erasure: rows go with all that the journal says of them, so that nothing of them is left to read.

Other than a dropped row, whose values stay in its entry. The entries stay, with who did what and
when, without their patches of these rows and sealed anew; ``clerk verify`` finds a journal that has
never known them. Only for a replica that stands alone: what others hold is not ours to erase.

Single words of what was erased stay in the vocabulary of the search, without any tie.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from storage import seal
from storage.indexing import INDEXED
from storage.patches import Fields, Op, Patch, apply, current
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.indexing import Index
    from storage.store import Store
    from storage.values import Value

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


def erase(store: "Store", keys: Iterable[Key], shells: "Mapping[Key, Mapping[str, Value]]") -> None:
    """Erase rows; within a group whoever erases notes it there. What is deleted is overwritten in
    the file. Of ``shells`` the fields that are named stay, as if the row had been added so: what
    other entries say of rows that hang on it still holds."""
    with store.beneath() as (db, index):
        work = _Erasure(db, index)
        with _overwritten(db):
            for key in keys:
                if key not in shells:
                    work.drop(key)
            for key, fields in shells.items():
                work.leave(key, fields)
            work.rewrite(shells)


@contextmanager
def _overwritten(db: "Connection") -> Iterator[None]:
    """SQLite and FTS5 else only note what is gone."""
    db.execute("PRAGMA secure_delete = ON")
    for area in INDEXED:
        db.execute(f"INSERT INTO {area}_search ({area}_search, rank) VALUES ('secure-delete', 1)")
    yield
    for area in INDEXED:
        db.execute(f"INSERT INTO {area}_search ({area}_search, rank) VALUES ('secure-delete', 0)")


class _Erasure:
    """One erasure: the entries and the content that it concerns are collected on the way."""

    def __init__(self, db: "Connection", index: "Index") -> None:
        self._db = db
        self._index = index
        self._seqs: dict[int, set[Key]] = {}
        self._content: set[str] = set()

    def drop(self, key: Key) -> None:
        """The row goes, and all that entries say of it."""
        row = current(self._db, *key)
        if row is None:
            return
        self._content.update(
            str(row[column]) for of, column in _CONTENTS if of == key[0] and row[column]
        )
        self._apply(Patch(*key, "drop", {name: [old, None] for name, old in row.items()}))
        for seq in self._named_in(key):
            self._unname(key, seq)

    def leave(self, key: Key, fields: "Mapping[str, Value]") -> None:
        """Nothing stands in the row but these fields; the entry that has added it says so."""
        row = current(self._db, *key) or {}
        pairs = {name: [old, fields.get(name)] for name, old in row.items() if name != "id"}
        self._apply(
            Patch(*key, "set", {n: pair for n, pair in pairs.items() if pair[0] != pair[1]})
        )
        first, *later = self._named_in(key)
        self._seqs.setdefault(first, set())
        for seq in later:
            self._unname(key, seq)

    def rewrite(self, shells: "Mapping[Key, Mapping[str, Value]]") -> None:
        """The entries without what is gone, and content that nothing names any more."""
        for seq, gone in self._seqs.items():
            _rewrite(self._db, seq, gone, shells)
        for sha256 in self._content:
            if not _is_named(self._db, sha256):
                self._db.execute("DELETE FROM content WHERE sha256 = ?", (sha256,))

    def _apply(self, patch: Patch) -> None:
        self._index.before(patch)
        apply(self._db, patch)
        self._index.after(patch, None, None)
        self._db.execute("DELETE FROM drafts WHERE instr(place, ?)", (patch.row_id,))

    def _named_in(self, key: Key) -> list[int]:
        sql = "SELECT seq FROM entry_rows WHERE tbl = ? AND row_id = ? ORDER BY seq"
        return [seq for (seq,) in self._db.execute(sql, key)]

    def _unname(self, key: Key, seq: int) -> None:
        self._seqs.setdefault(seq, set()).add(key)
        sql = "DELETE FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq = ?"
        self._db.execute(sql, (*key, seq))


def _rewrite(
    db: "Connection", seq: int, gone: set[Key], shells: "Mapping[Key, Mapping[str, Value]]"
) -> None:
    """An entry without its patches of some rows, and with what is left of others; it stays, even
    with none."""
    columns = f"SELECT patches, {seal.COLUMNS} FROM entries WHERE seq = ?"
    patches, *head = db.execute(columns, (seq,)).fetchone()
    found = cast("list[tuple[str, str, Op, Fields]]", json.loads(patches))
    text = _encode(
        [
            _left(patch, shells.get((patch[0], patch[1])))
            for patch in found
            if (patch[0], patch[1]) not in gone
        ]
    )
    db.execute(
        "UPDATE entries SET patches = ?, seal = ? WHERE seq = ?",
        (text, seal.seal(head, text), seq),
    )


def _left(
    patch: tuple[str, str, Op, Fields], fields: "Mapping[str, Value] | None"
) -> tuple[str, str, Op, Fields]:
    if fields is None:
        return patch
    kept = {name: [None, value] for name, value in fields.items() if value is not None}
    return (patch[0], patch[1], "add", kept)


def _is_named(db: "Connection", sha256: str) -> bool:
    return any(
        db.execute(f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", (sha256,)).fetchone()
        for table, column in _CONTENTS
    )
