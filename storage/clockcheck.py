"""Has this computer's clock been set back? Order never rests on it, but people read it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

TOLERANCE_MS = 60_000


def clock_went_back(db: "Connection", now: int) -> int:
    """By how many ms ``now`` lies before the newest entry of this store; 0 within a minute."""
    row = db.execute("SELECT at FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    behind = int(row[0]) - now if row else 0
    return behind if behind > TOLERANCE_MS else 0
