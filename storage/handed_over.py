"""What went to an office that is not read here: the author may call it back.

The rows and the entry have left this replica; what was pushed is still known. The undo is an entry
without its rows: the shared store takes it while nobody there has worked on the matter, and then
the rows come back, or it refuses it as it refuses anything.
"""

import json
from typing import TYPE_CHECKING, NamedTuple

from storage.overlay import PENDING
from storage.patches import Patch, current
from storage.sync.wire import patches_of

if TYPE_CHECKING:
    from storage.actor import Actor
    from storage.store import Store


class HandedOver(NamedTuple):
    """An own entry whose rows are not here any more."""

    id: str
    action: str
    on_behalf_of: str | None
    patches: tuple[Patch, ...]


def last_handed_over(store: "Store", actor: "Actor", behind: int) -> HandedOver | None:
    """The actor's last action here, if it is behind ``behind`` in the order of this device and
    handed over what has left."""
    row = store.db.execute(
        "SELECT entry FROM sent s WHERE dseq > ? AND id NOT IN (SELECT id FROM entries)"
        " AND id NOT IN (SELECT entry_id FROM refusals)"
        " AND json_extract(entry, '$.kind') <> 'undo'"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.undoes = s.id)"
        " AND NOT EXISTS (SELECT 1 FROM sent u WHERE u.dseq > s.dseq"
        "  AND json_extract(u.entry, '$.undoes') = s.id)"
        " ORDER BY dseq DESC LIMIT 1",
        (behind - PENDING,),
    ).fetchone()
    if row is None:
        return None
    head = json.loads(row[0])
    patches = tuple(patches_of(row[0]))
    if head["clerk_id"] != actor.clerk_id or not patches:
        return None
    if not all(_went(store, patch) for patch in patches):
        return None
    return HandedOver(head["id"], head["action"], head["on_behalf_of"], patches)


def _went(store: "Store", patch: Patch) -> bool:
    moved = patch.op == "set" and patch.fields.get("office_id", [None, None])[1] is not None
    return moved and current(store.db, patch.table, patch.row_id) is None
