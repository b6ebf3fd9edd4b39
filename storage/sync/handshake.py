"""What is compared when a connection is new: epoch, marks, streams, scopes, clocks.

A shared store that came back from a backup lacks what was judged since; it shows by its epoch, by
a mark of this device that is lower than what it had acknowledged, or by streams that are shorter
or other than what was applied here. Then the replica is filled anew and what it knows is sent
again.
"""

from enum import Enum
from typing import TYPE_CHECKING

from storage.hub import calls
from storage.schema import SCHEMA

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.hub.calls import Hello
    from storage.store import Store
    from storage.sync.link import Link

CLOCK_TOLERANCE_MS = 60_000
FAR_BEHIND = 20_000
"""Entries. Whoever lacks more is filled anew: rows as they are now are read sooner than all that
has happened to them."""


class Verdict(Enum):
    """How a replica stands to the shared store."""

    SAME = "same"
    LOST_SCOPES = "lost"
    FILL = "fill"


def device_scope(device: str) -> str:
    """The stream of a device alone."""
    return f"device:{device}"


def compare(store: "Store", link: "Link", hello: "Hello") -> Verdict:
    """What must be done before rows can be exchanged."""
    epoch = store.local("hub_epoch")
    if epoch is None or epoch != hello.epoch or _acknowledged(store.db) > hello.high_water:
        return Verdict.FILL
    if store.local("hub_schema") != f"{SCHEMA}":  # what the older program did not know was left out
        return Verdict.FILL
    known = {
        scope: (cursor, digest)
        for scope, cursor, digest in store.db.execute("SELECT scope, cursor, digest FROM streams")
    }
    own = device_scope(store.device)
    if not {*hello.scopes, own} <= known.keys():
        return Verdict.FILL
    shared = {s: at for s, (at, _digest) in known.items() if s in hello.scopes or s == own}
    with link.watched() as db:
        marks = calls.compare(db, store.device, shared)
    if any(mark.digest != known[mark.scope][1] for mark in marks):
        return Verdict.FILL
    if any(shared[mark.scope] < mark.horizon for mark in marks):  # away for too long
        return Verdict.FILL
    if sum(mark.last - shared[mark.scope] for mark in marks) > FAR_BEHIND:
        return Verdict.FILL
    return Verdict.SAME if known.keys() <= {*hello.scopes, own} else Verdict.LOST_SCOPES


def _acknowledged(db: "Connection") -> int:
    """The last own entry that the shared store has acknowledged. What was withdrawn is kept in
    ``sent`` as well, but it still waits."""
    row = db.execute(
        "SELECT max(dseq) FROM sent WHERE dseq + (1 << 60) NOT IN (SELECT seq FROM outbox)"
    ).fetchone()
    return int(row[0] or 0)


def remember_hello(db: "Connection", hello: "Hello") -> None:
    """Keep what the shared store said, within a transaction."""
    values = {
        "shared": "1",
        "hub_epoch": hello.epoch,
        "hub_clerk": hello.clerk_id,
        "hub_schema": f"{SCHEMA}",
    }
    db.executemany(
        "INSERT INTO local (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        values.items(),
    )


def clock_off(hello: "Hello", now: int) -> int:
    """By how many ms this workstation's clock is ahead of the shared store's; 0 if it is right.

    Nothing depends on it, but people read times.
    """
    ahead = now - hello.now
    return ahead if abs(ahead) > CLOCK_TOLERANCE_MS else 0
