"""The proof that a replica holds what the shared store has (``clerk verify --hub``).

Rows are compared by digest, some thousands at a time, and one by one where a digest differs. What
own pending entries lay over a row is left out: the row beneath is compared.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from storage.record import Value, columns
from storage.records import RECORDS
from storage.sync.scopes import TOWN

if TYPE_CHECKING:
    from sqlite3 import Connection as Replica

    from psycopg import Connection

_CHUNK: Final = 5_000
_ROOTS: Final = ("cases", "items", "persons")

Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows were compared, and what differs first; None: nothing."""

    rows: int
    difference: str | None


def compare(replica: "Replica", hub: "Connection") -> Compared:
    """Compare every row that is here, and that every open case and item of ours is here.

    Raises what the connection raises.
    """
    counted = 0
    for table, by, ids in _parts(replica):
        rows = dict(_rows(replica, table, by, ids))
        counted += len(rows)
        if difference := _differs(hub, table, by, ids, rows):
            return Compared(counted, difference)
    return Compared(counted, _missing(replica, hub))


def row_digest(row_id: str, row: Row) -> int:
    """The digest of a row as the server computes it: over its id and its canonical JSON."""
    text = f"{row_id} {canonical(row)}"
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], signed=True)


def canonical(row: Row) -> str:
    """A row as PostgreSQL writes jsonb: shorter keys first, then by their bytes; no nulls."""
    kept = {name: value for name, value in row.items() if value is not None}
    ordered = sorted(kept, key=lambda name: (len(name.encode()), name.encode()))
    return json.dumps({name: kept[name] for name in ordered}, ensure_ascii=False)


def _parts(replica: "Replica") -> Iterator[tuple[str, str, list[str]]]:
    """Which rows are asked for together: (table, by which column, ids)."""
    for table in (*TOWN, *_ROOTS):
        for ids in _chunks(replica, f"SELECT id FROM {table}"):
            yield table, "id", ids
    for table, record in RECORDS.items():
        names = columns(record)
        if table in (*TOWN, *_ROOTS):
            continue
        for column, of in (("case_id", "cases"), ("item_id", "items")):
            if column in names:
                for ids in _chunks(replica, f"SELECT id FROM {of}"):
                    yield table, column, ids


def _chunks(replica: "Replica", query: str) -> Iterator[list[str]]:
    found = (str(row[0]) for row in replica.execute(f"{query} ORDER BY id").fetchall())
    while chunk := list(islice(found, _CHUNK)):
        yield chunk


def _rows(replica: "Replica", table: str, by: str, ids: list[str]) -> Iterator[tuple[str, Row]]:
    """The rows as they stand beneath the pending entries."""
    names = columns(RECORDS[table])
    alone = "" if by != "item_id" or "case_id" not in names else " AND case_id IS NULL"
    found = replica.execute(
        f"SELECT {', '.join(names)} FROM {table}"
        f" WHERE {by} IN (SELECT value FROM json_each(?)){alone}",
        (json.dumps(ids),),
    )
    beneath = dict(
        replica.execute("SELECT row_id, data FROM shadow WHERE tbl = ?", (table,)).fetchall()
    )
    for values in found:
        row: Row = dict(zip(names, values, strict=True))
        row_id = str(row.pop("id"))
        if row_id not in beneath:
            yield row_id, row
        elif beneath[row_id] is not None:
            yield row_id, json.loads(beneath[row_id])


def _differs(
    hub: "Connection", table: str, by: str, ids: list[str], rows: dict[str, Row]
) -> str | None:
    from storage.hub import calls

    digest = 0
    for row_id, row in rows.items():
        digest ^= row_digest(row_id, row)
    there = calls.digest_rows(hub, table, by, ids)
    if there == (len(rows), digest):
        return None
    for row_id, row in rows.items():
        if calls.digest_rows(hub, table, "id", [row_id]) != (1, row_digest(row_id, row)):
            return f"{table}: {row_id} is not what the shared store has"
    return f"{table}: the shared store has {there[0]} rows where {len(rows)} are here"


def _missing(replica: "Replica", hub: "Connection") -> str | None:
    """An open case or item of ours that is not here."""
    from storage.hub import calls

    scopes = [row[0] for row in replica.execute("SELECT scope FROM streams")]
    for table in ("cases", "items"):
        here = {row[0] for row in replica.execute(f"SELECT id FROM {table}")}
        gone = {
            row[0] for row in replica.execute("SELECT row_id FROM shadow WHERE tbl = ?", (table,))
        }
        for row_id in calls.open_ids(hub, table, scopes):
            if row_id not in here and row_id not in gone:
                return f"{table}: {row_id} of the shared store is not here"
    return None
