"""How synchronisation stands, for the status bar: kept in the replica, so that every program sees
it. Written only when it changes."""

import json
from typing import TYPE_CHECKING

from storage.overlay import PENDING
from storage.sync.pauses import GIVEN_UP as _GIVEN_UP_CODES

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.errors import StoreError
    from storage.store import Store

STATE, SINCE, REASON, SAID = "sync_state", "sync_since", "sync_reason", "sync_said"
CLOCK = "sync_clock_off"
ONLINE, OFFLINE, GIVEN_UP = "online", "offline", "given_up"


class State:
    """Whether the shared store is reached; since when not, and why."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def reached(self) -> None:
        """It is reached."""
        if self._store.local(STATE) != ONLINE:
            self._keep(SINCE, "")
            self._keep(REASON, "")
            self._keep(SAID, "")
            self._keep(STATE, ONLINE)

    def failed(self, error: "StoreError") -> None:
        """It is not, or refuses this workstation; the first time counts.

        Raises StoreError where nothing can be written here: then nobody is told.
        """
        if not self._store.local(SINCE):
            self._keep(SINCE, str(self._store.clock()))
        self._keep(REASON, error.code)
        self._keep(SAID, json.dumps([error.message, dict(error.params)]))
        self._keep(STATE, GIVEN_UP if error.code in _GIVEN_UP_CODES else OFFLINE)

    def clock(self, off: int) -> None:
        """By how many ms this workstation's clock is ahead."""
        self._keep(CLOCK, str(off) if off else "")

    def _keep(self, name: str, value: str) -> None:
        if (self._store.local(name) or "") != value:
            self._store.set_local(name, value)


def offline_since(db: "Connection") -> int | None:
    """Since when (ms) the shared store is not reached; None while it is."""
    since = _value(db, SINCE)
    return int(since) if since else None


def why(db: "Connection") -> tuple[str, dict[str, str | int]] | None:
    """Why it is not reached: a sentence to be translated, and what stands in it; None while it
    is."""
    said = _value(db, SAID)
    if not said:
        return None
    message, params = json.loads(said)
    return str(message), params


def _value(db: "Connection", name: str) -> str:
    row = db.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def waiting(db: "Connection") -> int:
    """How many own entries the shared store has not judged."""
    sql = "SELECT count(*) FROM outbox WHERE seq > ?"
    return int(db.execute(sql, (PENDING,)).fetchone()[0])


def refusals_open(db: "Connection") -> int:
    """How many own entries were refused and not settled by their author."""
    return int(db.execute("SELECT count(*) FROM refusals WHERE settled = 0").fetchone()[0])
