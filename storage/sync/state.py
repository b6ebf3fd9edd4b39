"""How synchronisation stands, for the status bar: kept in the replica, so that every program sees
it. Written only when it changes."""

from typing import TYPE_CHECKING

from storage.overlay import PENDING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.errors import StoreError
    from storage.store import Store

STATE, SINCE, REASON, CLOCK = "sync_state", "sync_since", "sync_reason", "sync_clock_off"
ONLINE, OFFLINE = "online", "offline"


class State:
    """Whether the shared store is reached; since when not, and why."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def reached(self) -> None:
        """It is reached."""
        if self._store.local(STATE) != ONLINE:
            self._keep(SINCE, "")
            self._keep(REASON, "")
            self._keep(STATE, ONLINE)

    def failed(self, error: "StoreError") -> None:
        """It is not, or refuses this workstation; the first time counts."""
        if not self._store.local(SINCE):
            self._keep(SINCE, str(self._store.clock()))
        self._keep(REASON, error.code)
        self._keep(STATE, OFFLINE)

    def clock(self, off: int) -> None:
        """By how many ms this workstation's clock is ahead."""
        self._keep(CLOCK, str(off) if off else "")

    def _keep(self, name: str, value: str) -> None:
        if (self._store.local(name) or "") != value:
            self._store.set_local(name, value)


def offline_since(db: "Connection") -> int | None:
    """Since when (ms) the shared store is not reached; None while it is."""
    row = db.execute("SELECT value FROM local WHERE name = ?", (SINCE,)).fetchone()
    return int(row[0]) if row and row[0] else None


def waiting(db: "Connection") -> int:
    """How many own entries the shared store has not judged."""
    sql = "SELECT count(*) FROM outbox WHERE seq > ?"
    return int(db.execute(sql, (PENDING,)).fetchone()[0])


def refusals_open(db: "Connection") -> int:
    """How many own entries were refused and not settled by their author."""
    return int(db.execute("SELECT count(*) FROM refusals WHERE settled = 0").fetchone()[0])
