"""A device clock that was set back: a warning for the status bar, nothing more.

Ids of one process never go backwards, the history goes by the entries' numbers and lists go by
what they show, so a wrong clock harms no data; but people read times.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

TOLERANCE_MS = 60_000  # what a network time service may correct
_LOOKED_AT = 200


def clock_went_back(db: "Connection", now: int) -> int:
    """By how many ms ``now`` lies before the newest of this device's latest entries; 0 if not.

    Only the last 200 entries are looked at: whoever goes on working with a clock that was set back
    is warned until it has caught up or that many entries later. Takes 0.1 ms.
    """
    newest = db.execute(
        "SELECT max(at) FROM (SELECT at, device FROM entries ORDER BY seq DESC LIMIT ?)"
        " WHERE device = (SELECT value FROM local WHERE name = 'device')",
        (_LOOKED_AT,),
    ).fetchone()[0]
    back = 0 if newest is None else int(newest) - now
    return back if back > TOLERANCE_MS else 0
