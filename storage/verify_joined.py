"""What ``verify`` claims of a replica that is joined to a shared store.

A row may have come without an entry, by the first filling, so its entries are replayed backwards,
from what stands there: each must have left what stands behind it. What stands there is the shadow
where own pending entries touch the row; the row itself must then be the shadow and they upon it.
"""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from storage.difference import FoundError
from storage.overlay import PENDING, Row, over, stripped
from storage.patches import Patch
from storage.record import columns
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

EntryOf = Callable[[int], dict[tuple[str, str], Patch]]


def check_overlay(db: "Connection") -> None:
    """Shadows lie beneath exactly what is pending; every own number given is somewhere."""
    touched = f"SELECT tbl, row_id FROM entry_rows WHERE seq > {PENDING}"
    shadows = "SELECT tbl, row_id FROM shadow"
    for one, other, said in (
        (touched, shadows, "is changed by a pending entry, but has no shadow"),
        (shadows, touched, "has a shadow, but no pending entry changes it"),
    ):
        row = db.execute(f"{one} EXCEPT {other} LIMIT 1").fetchone()
        if row:
            raise FoundError(f"{row[0]} {row[1]}: {said}")
    last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
    if last is None or last[0] < PENDING:
        raise FoundError("entries: own numbers have no beginning")
    sent = f"SELECT dseq + {PENDING} FROM sent"
    pending = f"SELECT seq FROM entries WHERE seq > {PENDING}"
    first = db.execute(f"SELECT min(seq) FROM ({pending})").fetchone()[0]
    if first is not None:
        known = f"SELECT seq FROM ({pending} UNION {sent}) WHERE seq >= ?"
        count, newest = db.execute(f"SELECT count(*), max(seq) FROM ({known})", (first,)).fetchone()
        if count != last[0] - first + 1 or newest != last[0]:
            raise FoundError("entries: an own entry that was not sent is missing")
    for what in (f"SELECT seq FROM outbox EXCEPT SELECT * FROM ({pending} UNION {sent})",):
        row = db.execute(f"{what} LIMIT 1").fetchone()
        if row:
            raise FoundError(f"outbox: names entry {row[0]}, which does not exist")
    for scope, cursor in db.execute("SELECT scope, cursor FROM streams"):
        if cursor < 0:
            raise FoundError(f"stream {scope}: stands before its beginning")


def check_copies(db: "Connection") -> None:
    """Every person lies in a stream, unless an own pending entry has made them."""
    lost = db.execute(
        "SELECT id FROM persons WHERE id NOT IN (SELECT row_id FROM copies)"
        " AND id NOT IN (SELECT row_id FROM shadow WHERE tbl = 'persons' AND data IS NULL) LIMIT 1"
    ).fetchone()
    if lost:
        raise FoundError(f"persons {lost[0]}: lies in no stream")
    lost = db.execute(
        "SELECT row_id FROM copies WHERE row_id NOT IN (SELECT id FROM persons)"
        " AND row_id NOT IN (SELECT row_id FROM shadow WHERE tbl = 'persons'"
        " AND data IS NOT NULL) LIMIT 1"
    ).fetchone()
    if lost:
        raise FoundError(f"persons {lost[0]}: is missing from the table")


def check_rows(db: "Connection", table: str, entry: EntryOf) -> Iterator[str]:
    """The id of each row that holds, in the order of ids."""
    names = columns(RECORDS[table])
    select = f"SELECT {', '.join(names)} FROM {table} WHERE id = ?"
    beneath = "SELECT data FROM shadow WHERE tbl = ? AND row_id = ?"
    for row_id, seqs in _touched(db, table):
        found = db.execute(select, (row_id,)).fetchone()
        row = None if found is None else stripped(dict(zip(names, found, strict=True)))
        shadow = db.execute(beneath, (table, row_id)).fetchone()
        base = row
        if shadow is not None:
            base = None if shadow[0] is None else cast("Row", json.loads(shadow[0]))
            pending = [_patch(table, row_id, s, entry) for s in seqs if s > PENDING]
            _forward((table, row_id), base, row, pending)
        _backward(table, row_id, base, [s for s in seqs if s < PENDING], entry)
        if row is not None:
            yield row_id


def _touched(db: "Connection", table: str) -> Iterator[tuple[str, list[int]]]:
    """Every row of the table, and every one that an entry names, with its entries in order."""
    order = (
        "SELECT id, seq FROM (SELECT row_id AS id, seq FROM entry_rows WHERE tbl = ?1 UNION ALL"
        f" SELECT id, NULL FROM {table} WHERE id NOT IN"
        " (SELECT row_id FROM entry_rows WHERE tbl = ?1)) ORDER BY id, seq"
    )
    last: str | None = None
    seqs: list[int] = []
    for row_id, seq in db.execute(order, (table,)):
        if row_id != last:
            if last is not None:
                yield last, seqs
            last, seqs = row_id, []
        if seq is not None:
            seqs.append(seq)
    if last is not None:
        yield last, seqs


def _patch(table: str, row_id: str, seq: int, entry: EntryOf) -> Patch:
    patch = entry(seq).get((table, row_id))
    if patch is None:
        raise FoundError(f"entry {seq}: does not name {table} {row_id}")
    return patch


def _forward(key: tuple[str, str], base: Row | None, row: Row | None, pending: list[Patch]) -> None:
    table, row_id = key
    after = base
    for patch in pending:
        after = over(after, patch)
    known = columns(RECORDS[table])
    if after is not None:
        after = {name: value for name, value in after.items() if name in known}
    if (after is None) != (row is None):
        said = "is missing from the table" if row is None else "the pending entries say it is gone"
        raise FoundError(f"{table} {row_id}: {said}")
    for name in known[1:]:
        is_, should = (row or {}).get(name), (after or {}).get(name)
        if is_ != should:
            raise FoundError(
                f"{table} {row_id}, field {name}: the table says {is_!r},"
                f" the shadow and the pending entries {should!r}"
            )


def _backward(table: str, row_id: str, row: Row | None, seqs: list[int], entry: EntryOf) -> None:
    known = columns(RECORDS[table])
    for seq in reversed(seqs):
        patch = _patch(table, row_id, seq, entry)
        if (row is None) != (patch.op == "drop"):
            said = "the journal says it is gone" if row else "is missing from the table"
            raise FoundError(f"{table} {row_id}: {said}")
        if patch.op == "drop":
            row = {name: old for name, (old, _new) in patch.fields.items() if old is not None}
            continue
        row = dict(row or {})
        for name in known[1:] if patch.op == "add" else patch.fields:
            old, new = patch.fields.get(name, [None, None])
            if name in known and row.get(name) != new:
                raise FoundError(
                    f"{table} {row_id}, field {name}: {row.get(name)!r} stands behind entry {seq},"
                    f" which says {new!r}"
                )
            row.pop(name, None)
            if old is not None:
                row[name] = old
        if patch.op == "add":
            row = None
