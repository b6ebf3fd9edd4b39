"""The calls of a workstation: one typed function for each function of the shared database.

Every call runs in autocommit, so it is a transaction of its own. Raises StoreError in words where
the server refuses; psycopg.OperationalError where the connection is gone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg.types.json import Jsonb

from storage.errors import N_, StoreError
from storage.hub.words import PROTOCOL, refused
from storage.record import columns
from storage.records import RECORDS
from storage.sync.wire import StreamRow

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow


_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Hello:
    """What the server says at the handshake. ``high_water``: the last entry of this device that it
    has judged; ``now``: its clock, ms UTC; ``schema_min`` to ``schema_max``: what it takes."""

    epoch: str
    clerk_id: str
    clerk_name: str
    scopes: tuple[str, ...]
    high_water: int
    now: int
    schema_min: int
    schema_max: int


class Judged(NamedTuple):
    """What became of a pushed entry: ``ok``, ``dup``, ``conflict`` or ``rejected`` with a code."""

    dseq: int
    outcome: str
    code: str
    detail: Mapping[str, object] | None


class Mark(NamedTuple):
    """Where a stream stands: its last number and the digest there; None where it is shorter.
    Who has not come to its ``horizon`` fills anew."""

    scope: str
    last: int
    digest: int | None
    horizon: int = 0


class Row(NamedTuple):
    """A record as the server has it; ``data`` holds no nulls."""

    tbl: str
    id: str
    scope: str
    data: dict[str, str | int]


class Found(NamedTuple):
    """A hit of the server; ``data`` holds what a list shows of it, ``at`` its time in ms or 0."""

    tbl: str
    id: str
    at: int
    data: dict[str, str | int]


def hello(db: "Connection", device: str, schema: int, program: str) -> Hello:
    """The handshake. Raises StoreError ``hub.client_old``, ``hub.client_new``, ``hub.device``."""
    try:
        row = db.execute(
            "SELECT clerk.hello(%s, %s, %s, %s)", (device, PROTOCOL, schema, program)
        ).fetchone()
    except psycopg.Error as error:
        words = {
            "CK001": (
                "hub.client_old",
                N_("This program is too old for the shared store. Your IT has a newer one."),
            ),
            "CK002": (
                "hub.client_new",
                N_("This program is newer than the shared store. Your IT must run hub migrate."),
            ),
        }
        if error.sqlstate in words:
            code, sentence = words[error.sqlstate or ""]
            raise StoreError(code, sentence) from error
        raise _in_words(error) from error
    answer = row[0] if row else {}
    if "refused" in answer:
        raise StoreError(
            "hub.device", N_("This workstation is known to the shared store as another clerk's.")
        )
    return Hello(
        answer["epoch"],
        answer["clerk_id"],
        answer["clerk_name"],
        tuple(answer["scopes"]),
        answer["high_water"],
        answer["now"],
        answer["schema_min"],
        answer["schema_max"],
    )


def push(db: "Connection", device: str, entries: Sequence[Mapping[str, object]]) -> list[Judged]:
    """Send entries in their order; all of the batch is judged, or nothing.

    Raises StoreError ``hub.gap`` where the server expects an earlier entry (``expected``).
    """
    try:
        rows = db.execute(
            "SELECT dseq, outcome, code, detail FROM clerk.push(%s, %s) ORDER BY dseq",
            (device, Jsonb(entries)),
        ).fetchall()
    except psycopg.Error as error:
        if error.sqlstate == "CK010":
            raise StoreError(
                "hub.gap",
                N_("The shared store expects entry {expected} of this workstation."),
                expected=error.diag.message_detail or "?",
            ) from error
        raise _in_words(error) from error
    return [Judged(*row) for row in rows]


def pull(
    db: "Connection", device: str, cursors: Mapping[str, int], most: int = 2_000
) -> list[StreamRow]:
    """What stands behind the cursors, in the order of the server; at most ``most`` a scope."""
    rows = db.execute(
        "SELECT * FROM clerk.pull(%s, %s, %s)", (device, Jsonb(dict(cursors)), most)
    ).fetchall()
    return [StreamRow(*row) for row in rows]


def compare(db: "Connection", device: str, cursors: Mapping[str, int]) -> list[Mark]:
    """Where the streams stand, with their digests at the cursors."""
    rows = db.execute(
        "SELECT * FROM clerk.compare(%s, %s)", (device, Jsonb(dict(cursors)))
    ).fetchall()
    return [Mark(*row) for row in rows]


def marks(db: "Connection", device: str) -> list[Mark]:
    """Where the streams of this device stand; the first thing in a bootstrap's snapshot."""
    return [Mark(*row) for row in db.execute("SELECT * FROM clerk.marks(%s)", (device,))]


def snapshot(
    db: "Connection",
    table: str,
    scopes: Sequence[str],
    horizon: int,
    only: Sequence[str] | None = None,
) -> Iterator[tuple[int, str]]:
    """The rows of a table in the working set, some at a time: how many, and they as a JSON object,
    ``{id: {field: value that is not null}}``. ``only``: those with these ids (of persons, whom
    other rows bring along).

    Inside the REPEATABLE READ transaction in which :func:`marks` was asked. ``horizon``: cases that
    were closed before it (ms) stay out, and what hangs on them.
    """
    wanted = _in_working_set(table) if only is None else "r.id = ANY (%(only)s)"
    query = (
        "SELECT DISTINCT ON (r.id) to_json(r.id) || ':' || r.data"
        " FROM clerk.record r"
        " WHERE r.tbl = %(table)s AND r.scope = ANY (%(scopes)s) AND NOT r.gone"
        f" AND {wanted} ORDER BY r.id"
    ).encode()
    values = {"table": table, "scopes": list(scopes), "horizon": horizon, "only": only}
    at_once = _AT_ONCE if psycopg.capabilities.has_stream_chunked() else 1
    with db.cursor() as cursor:
        rows = cursor.stream(query, values, size=at_once)
        while some := [row[0] for row in islice(rows, _AT_ONCE)]:
            yield len(some), f"{{{','.join(some)}}}"


def _in_working_set(table: str) -> str:
    """The condition on a row ``r`` that keeps old closed cases out."""
    lives = "(c.data ->> 'state' <> 'closed' OR (c.data ->> 'closed_at')::bigint >= %(horizon)s)"
    case = "SELECT 1 FROM clerk.record c WHERE c.tbl = 'cases' AND c.id = {} AND " + lives
    names = columns(RECORDS[table])
    if table == "cases":
        return lives.replace("c.data", "r.data")
    if table == "items":
        return (
            f"(r.case_id IS NOT NULL AND EXISTS ({case.format('r.case_id')})"
            " OR r.case_id IS NULL AND (r.data ->> 'state' = 'open'"
            " OR (r.data ->> 'received_at')::bigint >= %(horizon)s))"
        )
    if "case_id" in names and "item_id" in names:
        filed = case.format("i.data ->> 'case_id'")
        item = (
            "SELECT 1 FROM clerk.record i WHERE i.tbl = 'items' AND i.id = r.item_id AND ("
            f"i.data ? 'case_id' AND EXISTS ({filed})"
            " OR NOT i.data ? 'case_id' AND (i.data ->> 'state' = 'open'"
            " OR (i.data ->> 'received_at')::bigint >= %(horizon)s))"
        )
        return (
            f"(r.case_id IS NOT NULL AND EXISTS ({case.format('r.case_id')})"
            f" OR r.item_id IS NOT NULL AND EXISTS ({item})"
            " OR r.case_id IS NULL AND r.item_id IS NULL)"
        )
    if "case_id" in names:
        return f"(r.case_id IS NULL OR EXISTS ({case.format('r.case_id')}))"
    return "true"


def copies(
    db: "Connection", persons: Sequence[str], scopes: Sequence[str]
) -> list[tuple[str, str]]:
    """In which of these streams the persons with these ids lie: (id, scope)."""
    return db.execute(
        "SELECT id, scope FROM clerk.record WHERE tbl = 'persons' AND NOT gone"
        " AND id = ANY (%s) AND scope = ANY (%s)",
        (list(persons), list(scopes)),
    ).fetchall()


def matter(db: "Connection", table: str, row_id: str) -> list[Row]:
    """A case or an item with all that hangs on it, a person once for each stream that it lies in;
    empty where it is not ours to see."""
    rows = db.execute("SELECT * FROM clerk.matter(%s, %s)", (table, row_id)).fetchall()
    return [Row(*row) for row in rows]


def history(
    db: "Connection", device: str, table: str, row_id: str, most: int = 500
) -> list[StreamRow]:
    """The entries that touched a record or what hangs on it, oldest first."""
    rows = db.execute(
        "SELECT * FROM clerk.history(%s, %s, %s, %s)", (device, table, row_id, most)
    ).fetchall()
    return [StreamRow(*row) for row in rows]


def digest_rows(db: "Connection", table: str, by: str, ids: Sequence[str]) -> tuple[int, int]:
    """How many rows of a table are here by these ids (``by``: id, case_id or item_id), and their
    digest: the XOR of the first 8 bytes of the md5 of id and row."""
    row = db.execute(
        "SELECT rows, digest FROM clerk.digest_rows(%s, %s, %s)", (table, by, list(ids))
    ).fetchone()
    return (0, 0) if row is None else (row[0], row[1])


def open_ids(db: "Connection", table: str, scopes: Sequence[str]) -> list[str]:
    """The ids of the open cases or items of these scopes."""
    rows = db.execute(
        "SELECT id FROM clerk.record WHERE tbl = %s AND scope = ANY (%s) AND NOT gone"
        " AND data ->> 'state' NOT IN ('closed', 'done', 'filed', 'aside', 'spam', 'duplicate',"
        " 'quarantine')",
        (table, list(scopes)),
    )
    return [str(row[0]) for row in rows]


def find_numbers(db: "Connection", device: str, numbers: Sequence[str]) -> list[Found]:
    """The cases with these numbers (at most 500), without what they are about."""
    rows = _called(db, "SELECT * FROM clerk.find_numbers(%s, %s)", (device, list(numbers)))
    return [Found(*row) for row in rows]


def search(
    db: "Connection",
    device: str,
    words: Sequence[str],
    *,
    areas: Sequence[str],
    before: int,
    here: Sequence[str] = (),
    most: int = 50,
    reason: str = "",
) -> list[Found]:
    """What ended before a moment (ms) and holds all of these folded words, newest first; persons
    but those that are ``here``. The server logs the query and every person that it shows."""
    rows = _called(
        db,
        "SELECT * FROM clerk.search(%s, %s, %s, %s, %s, %s, %s)",
        (device, list(words), list(areas), before, list(here), most, reason),
    )
    return [Found(*row) for row in rows]


def look_up(
    db: "Connection", device: str, table: str, row_id: str, *, way: str, reason: str = ""
) -> list[Row]:
    """As :func:`matter`, for somebody who looks at it: the server logs the read. ``way``:
    ``number`` or ``search``."""
    rows = _called(
        db,
        "SELECT * FROM clerk.look_up(%s, %s, %s, %s, %s)",
        (device, table, row_id, way, reason),
    )
    return [Row(*row) for row in rows]


def _called(db: "Connection", statement: str, values: tuple[object, ...]) -> "list[TupleRow]":
    try:
        return db.execute(statement.encode(), values).fetchall()
    except psycopg.Error as error:
        raise _in_words(error) from error


def lease(db: "Connection", device: str, name: str, count: int) -> tuple[int, int]:
    """A range of numbers of one's own: the first and the last."""
    try:
        row = db.execute(
            "SELECT first, last FROM clerk.lease(%s, %s, %s)", (device, name, count)
        ).fetchone()
    except psycopg.Error as error:
        raise _in_words(error) from error
    if row is None:
        raise StoreError("hub.refused", N_("The shared store gave no numbers."))
    return row[0], row[1]


def content_put(db: "Connection", data: bytes) -> str:
    """Store bytes; returns their sha256, which the server computes itself."""
    row = db.execute("SELECT clerk.content_put(%s)", (data,)).fetchone()
    return str(row[0]) if row else ""


def content_missing(db: "Connection", hashes: Sequence[str]) -> set[str]:
    """Which of these the server does not have."""
    rows = db.execute("SELECT * FROM clerk.content_missing(%s)", (list(hashes),))
    return {str(row[0]) for row in rows}


def content_get(
    db: "Connection", table: str, ids: Sequence[str], field: str
) -> list[tuple[str, str, bytes]]:
    """The bytes that a field of these records names: (id of the record, sha256, bytes)."""
    rows = db.execute("SELECT * FROM clerk.content_get(%s, %s, %s)", (table, list(ids), field))
    return [(row[0], row[1], bytes(row[2])) for row in rows]


def present(db: "Connection", device: str, case_ids: Sequence[str]) -> list[tuple[str, str, int]]:
    """Say which cases are open here; returns who else has them open: (case, clerk, since ms)."""
    rows = db.execute("SELECT * FROM clerk.present(%s, %s)", (device, list(case_ids)))
    return [(row[0], row[1], row[2]) for row in rows]


def in_backups(db: "Connection", device: str) -> int:
    """The last own entry that is in every backup from which the server may come back; or 0."""
    row = db.execute("SELECT clerk.in_backups(%s)", (device,)).fetchone()
    return int(row[0] or 0) if row else 0


def log_reads(db: "Connection", device: str, reads: Sequence[Mapping[str, object]]) -> None:
    """Bring reads of persons' records into the town's log of reads."""
    db.execute("SELECT clerk.log_reads(%s, %s)", (device, Jsonb(list(reads))))


def listen(db: "Connection", scopes: Sequence[str]) -> None:
    """Be told when a stream grows: one channel for each scope."""
    from hashlib import md5

    for scope in scopes:
        channel = "clerk_" + md5(scope.encode(), usedforsecurity=False).hexdigest()
        db.execute(f'LISTEN "{channel}"'.encode())


def _in_words(error: psycopg.Error) -> Exception:
    return refused(error) if (error.sqlstate or "").startswith("CK") else error
