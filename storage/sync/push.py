"""Send own entries: in their order, exactly once, texts before the entries that name them."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import psycopg

from storage.hub import calls
from storage.overlay import PENDING, Row
from storage.patches import current
from storage.records import RECORDS
from storage.sync import contents, own
from storage.sync.rows import Key
from storage.sync.waves import NAMES_OF_KIN, waves

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store
    from storage.sync.link import Link

BATCH = 500
_BYTES = 4_000_000
_PER_ENTRY_S = 0.02
_TRIES = 5


def push_pending(store: "Store", link: "Link", most: int = BATCH) -> int:
    """Send what waits; returns how many entries were judged.

    Every judged entry is acknowledged, refused ones as well: those come back in the stream of the
    device. Raises StoreError ``hub.gap`` where the shared store lacks what it had, psycopg.Error
    where it cannot be reached: then nothing is lost, and sending again doubles nothing.
    """
    done = 0
    while batch := _batch(store.db, most):
        entries = [cast("dict[str, object]", json.loads(wire)) for _seq, wire in batch]
        for entry, wave in zip(
            entries, waves(entries, lambda key: _kin(store.db, key)), strict=True
        ):
            entry["wave"] = wave
        named = contents.named_by(entries)
        contents.send(store, link, [sha for field, sha in named if field == "text_sha256"])
        judged = {one.dseq for one in _push(store.device, link, entries)}
        with store.beneath() as (local, _index):
            later = [(sha,) for field, sha in named if field != "text_sha256"]
            local.executemany("INSERT OR IGNORE INTO content_out (sha256) VALUES (?)", later)
            own.acknowledged(local, [one for one in batch if one[0] - PENDING in judged])
        done += len(judged)
        if not judged or len(batch) < most:
            break
    return done


def _push(device: str, link: "Link", entries: list[dict[str, object]]) -> list[calls.Judged]:
    """Push, and again where others were at the same rows: then nothing of it was done."""
    for left in reversed(range(_TRIES)):
        try:
            with link.watched(2 + _PER_ENTRY_S * len(entries)) as db:
                return calls.push(db, device, entries)
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            if not left:
                raise
    raise AssertionError


def _batch(db: "Connection", most: int) -> list[tuple[int, str]]:
    """The next entries that wait (seq, as pushed), no more than the server takes at once."""
    batch: list[tuple[int, str]] = []
    size = 0
    seqs = db.execute("SELECT seq FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?", (PENDING, most))
    for (seq,) in seqs.fetchall():
        wire = own.wire_of(db, seq)
        if wire is None:  # verify says so; nothing here can mend it
            continue
        size += len(wire)
        if batch and size > _BYTES:
            break
        batch.append((seq, wire))
    return batch


def _kin(db: "Connection", key: Key) -> Sequence[Key]:
    """What a row hangs on, here or beneath the pending entries."""
    rows: list[Row] = []
    found = db.execute("SELECT data FROM shadow WHERE tbl = ? AND row_id = ?", key).fetchone()
    if found and found[0]:
        rows.append(cast("Row", json.loads(found[0])))
    rows.append(current(db, *key) or {})
    references = RECORDS[key[0]].REFERENCES
    return [
        (references[name], str(row[name]))
        for row in rows
        for name in NAMES_OF_KIN
        if name in references and row.get(name) is not None
    ]
