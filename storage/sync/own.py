"""Own entries on their way: what is pushed, what was judged, what the shared store did not take."""

import json
from typing import TYPE_CHECKING, cast

from storage.overlay import PENDING
from storage.patches import Fields, Op, patch_from
from storage.record import Value
from storage.sync.rows import Key
from storage.sync.wire import entry_to_wire, patches_of

if TYPE_CHECKING:
    from sqlite3 import Connection

BROUGHT = "brought"
"""The local value that says up to which own number entries are from before this replica joined."""
_HEAD = ("id", "at", "clerk_id", "on_behalf_of", "action", "kind", "undoes", "undoable", "claim")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dseq_of(seq: int) -> int:
    """The device's own number of a pending entry."""
    return seq - PENDING


def wire_of(db: "Connection", seq: int) -> str | None:
    """A pending entry as it is pushed, without its wave; a withdrawn one from what was kept."""
    row = db.execute(
        f"SELECT patches, schema, (SELECT value FROM local WHERE name = '{BROUGHT}'),"
        f" {', '.join(_HEAD)} FROM entries WHERE seq = ?",
        (seq,),
    ).fetchone()
    if row is None:
        kept = db.execute("SELECT entry FROM sent WHERE dseq = ?", (dseq_of(seq),)).fetchone()
        return None if kept is None else str(kept[0])
    head: dict[str, Value] = {"dseq": dseq_of(seq), "schema": row[1]}
    head |= dict(zip(_HEAD, row[3:], strict=True))
    if dseq_of(seq) <= int(row[2] or 0):
        head["brought"] = 1
    found = cast("list[tuple[str, str, Op, Fields]]", json.loads(row[0]))
    return entry_to_wire(head, [patch_from(patch) for patch in found])


def keep_sent(db: "Connection", seq: int, wire: str) -> None:
    """Keep an own entry as it was pushed, for a shared store that comes back from a backup."""
    db.execute(
        "INSERT OR IGNORE INTO sent (dseq, id, at, entry)"
        " VALUES (?1, json_extract(?2, '$.id'), json_extract(?2, '$.at'), ?2)",
        (dseq_of(seq), wire),
    )


def withdraw(db: "Connection", seq: int, column: str, key: Key) -> None:
    """Keep what an own entry wanted, before it leaves the overlay without having been judged.

    It is pushed all the same: the shared store has the last word.
    """
    wire = wire_of(db, seq)
    assert wire is not None
    keep_sent(db, seq, wire)
    detail = _encode({"tbl": key[0], "id": key[1], "field": column})
    db.execute(
        "INSERT OR REPLACE INTO refusals"
        " (entry_id, at, clerk_id, action, outcome, code, detail, patches, theirs)"
        " SELECT id, at, clerk_id, action, 'rejected', 'value.taken', ?, patches, '{}'"
        " FROM entries WHERE seq = ?",
        (detail, seq),
    )


def pending_seq(db: "Connection", entry_id: str) -> int | None:
    """The seq of an own entry that is still in the overlay."""
    sql = "SELECT seq FROM entries WHERE id = ? AND seq > ?"
    row = db.execute(sql, (entry_id, PENDING)).fetchone()
    return None if row is None else int(row[0])


def refused(
    db: "Connection", entry_id: str, at: int, outcome: str, verdict: dict[str, object]
) -> None:
    """Keep a refusal with what was typed; one that is known already only learns the reason."""
    row = db.execute(
        "SELECT clerk_id, action, patches FROM entries WHERE id = ?", (entry_id,)
    ).fetchone()
    if row is None:
        kept = db.execute("SELECT entry FROM sent WHERE id = ?", (entry_id,)).fetchone()
        if kept is None:
            return
        document = json.loads(kept[0])
        patches = _encode([patch.as_json() for patch in patches_of(kept[0])])
        row = (document["clerk_id"], document["action"], patches)
    detail, theirs = _encode(verdict.get("detail")), _encode(verdict.get("theirs") or {})
    db.execute(
        "INSERT INTO refusals"
        " (entry_id, at, clerk_id, action, outcome, code, detail, patches, theirs)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (entry_id) DO UPDATE SET at = excluded.at, outcome = excluded.outcome,"
        " code = excluded.code, detail = excluded.detail, theirs = excluded.theirs",
        (entry_id, at, row[0], row[1], outcome, str(verdict.get("code")), detail, row[2], theirs),
    )


def acknowledged(db: "Connection", judged: list[tuple[int, str]]) -> None:
    """Entries (seq, as pushed) that the shared store has judged: they need not be pushed again."""
    for seq, wire in judged:
        keep_sent(db, seq, wire)
    db.executemany("DELETE FROM outbox WHERE seq = ?", [(seq,) for seq, _wire in judged])
