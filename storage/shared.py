"""How this replica stands with its shared store, as the status bar says it. One read, 50 µs.

The process that synchronises keeps the local values ``sync_state`` (``online``, ``offline``,
``given_up``), ``sync_since`` (ms UTC), ``sync_reason`` (a code), ``sync_clock_off`` (ms) and
``hub_plain`` (``1``: the connection is not encrypted).
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST_COUNTED = 1_000
_LOCAL = (
    "SELECT name, value FROM local"
    " WHERE name IN ('shared', 'sync_state', 'sync_since', 'sync_reason', 'sync_clock_off',"
    " 'hub_plain')"
)
_WAITING = "SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT ?)"
_REFUSED = "SELECT count(*) FROM refusals WHERE settled = 0"


class Shared(NamedTuple):
    """``waiting``: own entries not yet shared, counted to :data:`MOST_COUNTED` and one more;
    ``refused``: those that came back and nobody has decided about; ``reason``: the code of why it
    is not online, ``given_up``: somebody has to put that right; ``clock_off``: by how many ms the
    clock here was ahead of the server's, 0 where it was right."""

    online: bool
    since: int | None
    plain: bool
    waiting: int
    refused: int
    reason: str = ""
    given_up: bool = False
    clock_off: int = 0


def shared(db: "Connection") -> Shared | None:
    """The state, or None for a replica that stands alone."""
    local = dict(db.execute(_LOCAL).fetchall())
    if "shared" not in local:
        return None
    since = str(local.get("sync_since", ""))
    return Shared(
        local.get("sync_state") == "online",
        int(since) if since.isdecimal() else None,
        local.get("hub_plain") == "1",
        int(db.execute(_WAITING, (MOST_COUNTED + 1,)).fetchone()[0]),
        int(db.execute(_REFUSED).fetchone()[0]),
        str(local.get("sync_reason", "")),
        local.get("sync_state") == "given_up",
        int(local.get("sync_clock_off") or 0),
    )
