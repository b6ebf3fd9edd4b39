"""What was sent is kept for a shared store that comes back from a backup, and then forgotten.

How long that is the shared store knows, for whoever makes the backups sets it there.
"""

from typing import TYPE_CHECKING

from storage.hub import calls
from storage.overlay import PENDING

if TYPE_CHECKING:
    from storage.store import Store
    from storage.sync.link import Link

_SETTLED_BY = "refusal:"


def forget_sent(store: "Store", link: "Link") -> int:
    """Forget own entries that every backup holds, and what was settled of those that were refused;
    returns how many entries. What is still to be decided keeps its entry, and the newest one stays:
    by it an older shared store is recognised."""
    with link.watched() as db:
        held = calls.in_backups(db, store.device)
    if not held:
        return 0
    with store.beneath() as (local, _index):
        pending = "SELECT min(seq) FROM entries WHERE seq > ?"
        (first,) = local.execute(pending, (PENDING,)).fetchone()
        (newest,) = local.execute("SELECT max(dseq) FROM sent").fetchone()
        edge = min(held + 1, newest or 0, held + 1 if first is None else first - PENDING)
        gone = local.execute(
            "DELETE FROM sent WHERE dseq < ?1 AND dseq + ?2 NOT IN (SELECT seq FROM outbox)"
            " AND id NOT IN (SELECT entry_id FROM refusals WHERE settled = 0)",
            (edge, PENDING),
        ).rowcount
        if gone:
            local.execute(
                "DELETE FROM refusals WHERE settled = 1 AND entry_id NOT IN (SELECT id FROM sent)"
            )
            local.execute(
                "DELETE FROM local WHERE name >= ?1 AND name < ?1 || '~'"
                " AND value NOT IN (SELECT entry_id FROM refusals)",
                (_SETTLED_BY,),
            )
    return int(gone)
