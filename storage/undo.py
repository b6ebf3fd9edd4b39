"""Undo and redo of one's own actions, by the inverse patch.

An undo is itself an entry that names the entry it takes back, so a redo is the undo of an undo,
and nothing is ever erased from the journal.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.actor import Actor
from storage.errors import N_, StoreError
from storage.patches import Patch, current, patch_from
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Done:
    """What an undo or redo did: the action taken back or done again, and the rows it touched."""

    action: str
    entry_id: str
    rows: tuple[tuple[str, str], ...]


def undo(store: "Store", actor: Actor) -> Done:
    """Take back the actor's last action on this device.

    Raises StoreError ``undo.nothing``, ``undo.fixed`` (cannot be taken back) or ``undo.later``.
    """
    row = store.db.execute(
        "SELECT seq, id, action, patches, undoable, office_id FROM entries e"
        " WHERE clerk_id = ? AND device = ? AND kind IN ('do', 'redo')"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.undoes = e.id)"
        " ORDER BY seq DESC LIMIT 1",
        (actor.clerk_id, store.device),
    ).fetchone()
    if row is None:
        raise StoreError("undo.nothing", N_("There is nothing of yours to undo."))
    seq, entry_id, action, patches, undoable, office_id = row
    if not undoable:
        raise StoreError("undo.fixed", N_("Your last action cannot be taken back."))
    return _invert(store, actor, "undo", seq, entry_id, action, patches, office_id)


def redo(store: "Store", actor: Actor) -> Done:
    """Do again what the actor took back last, unless something new was done since."""
    row = store.db.execute(
        "SELECT seq, id, action, patches, office_id FROM entries e"
        " WHERE clerk_id = ?1 AND device = ?2 AND kind = 'undo'"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.undoes = e.id)"
        " AND NOT EXISTS (SELECT 1 FROM entries d WHERE d.clerk_id = ?1 AND d.device = ?2"
        " AND d.kind = 'do' AND d.seq > e.seq)"
        " ORDER BY seq DESC LIMIT 1",
        (actor.clerk_id, store.device),
    ).fetchone()
    if row is None:
        raise StoreError("redo.nothing", N_("There is nothing of yours to redo."))
    seq, entry_id, action, patches, office_id = row
    return _invert(store, actor, "redo", seq, entry_id, action, patches, office_id)


def _invert(
    store: "Store",
    actor: Actor,
    kind: str,
    seq: int,
    entry_id: str,
    action: str,
    patches: str,
    office_id: str | None,
) -> Done:
    inverse = [patch_from(p).inverse() for p in reversed(json.loads(patches))]
    with store.change(
        actor,
        action,
        office_id=office_id,
        kind="undo" if kind == "undo" else "redo",
        undoes=entry_id,
    ) as change:
        for patch in inverse:
            _refuse_if_later(store.db, patch, seq)
            change.replay(patch)
        for patch in inverse:
            if patch.op == "drop":
                _refuse_if_referred(store.db, patch, seq)
    return Done(action, change.entry_id, tuple((p.table, p.row_id) for p in inverse))


def _refuse_if_later(db: "Connection", patch: Patch, seq: int) -> None:
    """The row must stand as the entry left it: every field that goes back has its value still."""
    now = current(db, patch.table, patch.row_id)
    if patch.op == "add":
        stands = now is None
    elif now is None:
        stands = False
    elif patch.op == "drop":
        kept = {name: pair[0] for name, pair in patch.fields.items()}
        stands = all(value == kept.get(name) for name, value in now.items() if name != "id")
    else:
        stands = all(now.get(name) == pair[0] for name, pair in patch.fields.items())
    if not stands:
        raise _later(db, patch.table, patch.row_id, seq)


def _refuse_if_referred(db: "Connection", patch: Patch, seq: int) -> None:
    """A row to be dropped must have nothing hanging on it any more."""
    for table, record in RECORDS.items():
        for column, target in record.REFERENCES.items():
            if target != patch.table:
                continue
            found = db.execute(
                f"SELECT id FROM {table} WHERE {column} = ? LIMIT 1", (patch.row_id,)
            ).fetchone()
            if found:
                raise _later(db, table, found[0], seq)


def _later(db: "Connection", table: str, row_id: str, seq: int) -> StoreError:
    """Who did what later, as the reason."""
    row = db.execute(
        "SELECT e.action, ifnull(c.name, e.clerk_id) FROM entry_rows r JOIN entries e USING (seq)"
        " LEFT JOIN clerks c ON c.id = e.clerk_id"
        " WHERE r.tbl = ? AND r.row_id = ? AND r.seq > ? ORDER BY r.seq DESC LIMIT 1",
        (table, row_id, seq),
    ).fetchone()
    action, name = row or ("?", "?")
    return StoreError(
        "undo.later",
        N_("Cannot be taken back: {name} changed it later ({action})."),
        name=name,
        action=action,
    )
