"""Undo and redo of one's own actions, by the inverse patch.

An undo is itself an entry that names the entry it takes back, so a redo is the undo of an undo,
and nothing is ever erased from the journal.
"""

import json
from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.actor import Actor
from storage.brought import shown
from storage.driver import IntegrityError
from storage.errors import N_, StoreError
from storage.handed_over import HandedOver, last_handed_over
from storage.overlay import PENDING
from storage.patches import Patch, current, patch_from
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.journal import Kind
    from storage.store import Store

# The order in which this device acted: entries that the shared store sent back stand in its order,
# which may be another one where they have nothing to do with each other.
_ORDER = f"ifnull(e.dseq + {PENDING}, e.seq)"
_ORDER_D = _ORDER.replace("e.", "d.")


@dataclass(frozen=True, slots=True)
class Done:
    """What an undo or redo did: the action taken back or done again, and the rows it touched."""

    action: str
    entry_id: str
    rows: tuple[tuple[str, str], ...]
    promised: bool = False
    """Whether the rows are not here: they come back if the shared store takes it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """The entry to be taken back."""

    seq: int
    id: str
    action: str
    patches: str
    office_id: str | None
    on_behalf_of: str | None


def undo(store: "Store", actor: Actor) -> Done:
    """Take back the actor's last action on this device.

    Raises StoreError ``undo.nothing``, ``undo.fixed`` (cannot be taken back), ``undo.later`` (names
    who did what since) or ``undo.taken``.
    """
    row = store.db.execute(
        f"SELECT undoable, {_ORDER}, seq, id, action, patches, office_id, on_behalf_of"
        " FROM entries e"
        " WHERE clerk_id = ? AND device = ? AND kind IN ('do', 'redo')"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.undoes = e.id)"
        f" ORDER BY {_ORDER} DESC LIMIT 1",
        (actor.clerk_id, store.device),
    ).fetchone()
    if (left := last_handed_over(store, actor, -1 if row is None else row[1])) is not None:
        return _call_back(store, actor, left)
    if row is None:
        raise StoreError("undo.nothing", N_("There is nothing of yours to undo."))
    if not row[0]:
        raise StoreError("undo.fixed", N_("Your last action cannot be taken back."))
    return _invert(store, actor, "undo", _Entry(*row[2:]))


def redo(store: "Store", actor: Actor) -> Done:
    """Do again what the actor took back last, unless something new was done since."""
    row = store.db.execute(
        "SELECT seq, id, action, patches, office_id, on_behalf_of FROM entries e"
        " WHERE clerk_id = ?1 AND device = ?2 AND kind = 'undo'"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.undoes = e.id)"
        " AND NOT EXISTS (SELECT 1 FROM entries d WHERE d.clerk_id = ?1 AND d.device = ?2"
        f" AND d.kind = 'do' AND {_ORDER_D} > {_ORDER})"
        f" ORDER BY {_ORDER} DESC LIMIT 1",
        (actor.clerk_id, store.device),
    ).fetchone()
    if row is None:
        raise StoreError("redo.nothing", N_("There is nothing of yours to redo."))
    return _invert(store, actor, "redo", _Entry(*row))


def _call_back(store: "Store", actor: Actor, left: HandedOver) -> Done:
    inverse = [patch.inverse() for patch in reversed(left.patches)]
    home = inverse[0].fields["office_id"][1]
    office_id = None if home is None else str(home)
    with store.change(
        actor,
        left.action,
        on_behalf_of=_still_for(actor, left.on_behalf_of),
        office_id=office_id,
        kind="undo",
        undoes=left.id,
    ) as change:
        for patch in inverse:
            change.promise(patch)
    rows = tuple((patch.table, patch.row_id) for patch in inverse)
    return Done(left.action, change.entry_id, rows, promised=True)


def _still_for(actor: Actor, absent: str | None) -> str | None:
    return absent if absent and actor.acts_for(absent) else None


def can_invert(store: "Store", entry_id: str) -> bool:
    """Whether this entry is here and was not taken back."""
    return _of_id(store, entry_id) is not None


def invert(store: "Store", actor: Actor, entry_id: str) -> Done:
    """Take back this entry, whatever came after it: of a refused undo the shared store has heard
    nothing else. Raises as :func:`undo`."""
    found = _of_id(store, entry_id)
    if found is None:
        raise StoreError("undo.nothing", N_("There is nothing of yours to undo."))
    kind, entry = found
    return _invert(store, actor, "redo" if kind == "undo" else "undo", entry)


def _of_id(store: "Store", entry_id: str) -> "tuple[Kind, _Entry] | None":
    row = store.db.execute(
        "SELECT kind, seq, id, action, patches, office_id, on_behalf_of FROM entries e WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.undoes = e.id)",
        (entry_id,),
    ).fetchone()
    return None if row is None else (row[0], _Entry(*row[1:]))


def _invert(store: "Store", actor: Actor, kind: "Kind", entry: _Entry) -> Done:
    inverse = [patch_from(p).inverse() for p in reversed(json.loads(entry.patches))]
    if not any(patch.fields for patch in inverse):  # what it did is known to the shared store alone
        raise StoreError(f"{kind}.nothing", N_("Nothing is left here of what it did."))
    with store.change(
        actor,
        entry.action,
        on_behalf_of=_still_for(actor, entry.on_behalf_of),
        office_id=entry.office_id,
        kind=kind,
        undoes=entry.id,
    ) as change:
        for patch in inverse:
            _refuse_if_later(store.db, patch, entry.seq)
            try:
                change.replay(patch)
            except IntegrityError as error:
                raise StoreError(
                    "undo.taken", N_("Not possible: another record stands in its place now.")
                ) from error
        for patch in inverse:
            if patch.op == "drop":
                _refuse_if_referred(store.db, patch, entry.seq)
            else:
                _refuse_if_dangling(store.db, patch, entry.seq)
    return Done(entry.action, change.entry_id, tuple((p.table, p.row_id) for p in inverse))


def _refuse_if_later(db: "Connection", patch: Patch, seq: int) -> None:
    """The row must stand as the entry left it: every field that goes back has its value still."""
    now = current(db, patch.table, patch.row_id)
    if now is None:
        if patch.op != "add":
            raise _later(db, patch.table, patch.row_id, seq)
        return
    left = {name: pair[0] for name, pair in patch.fields.items()}
    if patch.op == "drop":
        left = {name: left.get(name) for name in now if name != "id"}
    changed = {name for name, value in left.items() if name in now and now[name] != value}
    if changed or patch.op == "add":
        raise _later(db, patch.table, patch.row_id, seq, changed)


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
                raise _later(db, table, found[0], seq, {column})


def _refuse_if_dangling(db: "Connection", patch: Patch, seq: int) -> None:
    """What the row will name again must not have been dropped since."""
    for column, target in RECORDS[patch.table].REFERENCES.items():
        row_id = patch.fields.get(column, [None, None])[1]
        if row_id is None:
            continue
        dropped = "SELECT 1 FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq > ? LIMIT 1"
        if current(db, target, str(row_id)) is None and (
            db.execute(dropped, (target, row_id, seq)).fetchone()
        ):
            raise _later(db, target, str(row_id), seq)


def _touches(patches: str, row_id: str, fields: Set[str]) -> bool:
    """Whether one of an entry's patches is about these fields of the row."""
    return not fields or any(
        one == row_id and (op != "set" or fields & pairs.keys())
        for _table, one, op, pairs in json.loads(patches)
    )


def _later(
    db: "Connection", table: str, row_id: str, seq: int, fields: Set[str] = frozenset()
) -> StoreError:
    """Who did what later, as the reason: the last one who touched one of the fields."""
    rows = db.execute(
        "SELECT e.action, ifnull(c.name, e.clerk_id), e.patches"
        " FROM entry_rows r JOIN entries e USING (seq) LEFT JOIN clerks c ON c.id = e.clerk_id"
        " WHERE r.tbl = ? AND r.row_id = ? AND r.seq > ? ORDER BY r.seq DESC",
        (table, row_id, seq),
    )
    action, name = next(
        ((action, name) for action, name, patches in rows if _touches(patches, row_id, fields)),
        ("", ""),
    )
    if not action:  # what was done to it is not known here
        return StoreError("undo.later", N_("Cannot be taken back: somebody has built on it since."))
    return StoreError(
        "undo.later",
        N_("Cannot be taken back: {name} changed it later ({action})."),
        name=shown(name),
        action=action,
    )
