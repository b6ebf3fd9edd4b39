"""The journal: the only writer. One user action, one transaction, one entry.

Whoever stands in for an absent colleague does that colleague's work in both names: the journal sees
whose work a row is, no use case has to say so.

A use case says what it does::

    with store.change(actor, "case.assign") as change:
        case = change.get(Case, case_id)
        change.set(case, assignee_id=colleague.id)
        change.add(Note(case_id=case.id, ...))

Rows, entry and outbox mark are committed together or not at all.
"""

import hashlib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from storage.actor import Actor
from storage.arrival import arriving
from storage.content import put_content, put_packed
from storage.errors import N_, StoreError
from storage.ids import uuid7
from storage.indexing import Index, Texts
from storage.numbers import next_number
from storage.overlay import remember
from storage.patches import Fields, Patch, apply, current
from storage.record import Record, Value, columns, values_of
from storage.records import RECORDS
from storage.schema import SCHEMA
from storage.seal import COLUMNS, seal

if TYPE_CHECKING:
    from sqlite3 import Connection

_OF_THE_TOWN = ("offices", "clerks", "memberships", "absences", "services")

# Whose work a row is.
_IN_CHARGE = {"items": "claimed_by", "cases": "assignee_id", "follow_ups": "clerk_id"}

_ENTRY = (
    f"INSERT INTO entries ({COLUMNS}, patches, seal, claim) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_ROW = "INSERT INTO entry_rows (tbl, row_id, seq) VALUES (?, ?, ?)"

R = TypeVar("R", bound=Record)
Kind = Literal["do", "undo", "redo"]


def _as_text(value: object) -> str:
    """A text of another class than ``str`` as what it says."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"no value of a field: {type(value)}")


_JSON = msgspec.json.Encoder(enc_hook=_as_text)


@cache
def _leads(table: str) -> tuple[str, ...]:
    """The fields of a table that lead to an office; none where its rows are the whole town's."""
    if table in _OF_THE_TOWN:
        return ()
    names = columns(RECORDS[table])
    return tuple(name for name in ("office_id", "case_id", "item_id") if name in names)


class Change:
    """The changes of one action, collected as patches while they are applied."""

    def __init__(
        self,
        db: "Connection",
        index: Index,
        actor: Actor,
        action: str,
        *,
        device: str,
        at: int,
        on_behalf_of: str | None = None,
        office_id: str | None = None,
        undoable: bool = True,
        kind: Kind = "do",
        undoes: str | None = None,
        claim: bool = False,
        joined: bool = False,
    ) -> None:
        self._db = db
        self._index = index
        self.actor = actor
        self.action = action
        self.at = at
        self.office_id = office_id
        self.entry_id = uuid7()
        self.seq: int | None = None
        self._head = (device, int(undoable), kind, undoes)
        self._on_behalf_of = on_behalf_of
        self._claim = int(claim)
        self._joined = joined
        self._patches: dict[tuple[str, str], Patch] = {}

    def find(self, record: type[R], row_id: str) -> R | None:
        """The record as it stands in this transaction, or None."""
        row = self._db.execute(
            f"SELECT {', '.join(columns(record))} FROM {record.TABLE} WHERE id = ?",
            (row_id,),
        ).fetchone()
        return None if row is None else record.of(row)

    def get(self, record: type[R], row_id: str) -> R:
        """Like :meth:`find`, but a missing record raises StoreError ``record.gone``."""
        found = self.find(record, row_id)
        if found is None:
            raise StoreError("record.gone", N_("This record no longer exists."))
        return found

    def add(self, record: R, *, texts: Texts | None = None) -> R:
        """Insert the record.

        ``texts``: its row of the search index, where a worker has made it already; the words go to
        :meth:`storage.store.Store.learn`. Otherwise they are read and folded here.
        """
        values = values_of(record)
        del values["id"]
        fields: Fields = {n: [None, v] for n, v in values.items() if v is not None}
        self._do(Patch(record.TABLE, record.id, "add", fields), texts)
        return record

    def set(self, record: R, **fields: Value) -> R:
        """Set fields of the record; fields that already stand so are left out of the entry."""
        if "id" in fields:
            raise ValueError("the id of a record never changes")
        now = self.get(type(record), record.id)
        patch: dict[str, list[Value]] = {}
        for name, new in fields.items():
            old: Value = getattr(now, name)
            if old != new:
                patch[name] = [old, new]
        if not patch:
            return now
        self._do(Patch(record.TABLE, record.id, "set", patch))
        return replace(now, **fields)  # type: ignore[arg-type]  # each record has its own fields

    def drop(self, record: Record) -> None:
        """Delete the record; its values stay in the entry."""
        now = self.get(type(record), record.id)
        fields = {n: [v, None] for n, v in values_of(now).items() if n != "id" and v is not None}
        self._do(Patch(record.TABLE, record.id, "drop", fields))

    def content(self, data: bytes) -> str:
        """Put bytes into the content store; returns their sha256 in hex.

        The text of an item goes in before the item, and unpacked: the search index reads it there.
        """
        if not self._joined:
            return put_content(self._db, data)
        sha256 = hashlib.sha256(data).hexdigest()
        with arriving(self._db, self._index, sha256):
            return put_content(self._db, data)

    def packed_content(self, sha256: str, size: int, packed: bytes) -> None:
        """Put bytes that were hashed and packed (zlib) by a worker into the content store."""
        if not self._joined:
            put_packed(self._db, sha256, size, packed)
            return
        with arriving(self._db, self._index, sha256):
            put_packed(self._db, sha256, size, packed)

    def next_number(self, name: str) -> int:
        """The next number of a range; given out once, whatever becomes of this change.

        Joined replicas have leased ranges: StoreError ``numbers.used_up`` when they are empty.
        """
        return next_number(self._db, name, leased=self._joined)

    def replay(self, patch: Patch) -> None:
        """Apply a patch as it is (undo, redo, synchronisation)."""
        self._do(patch)

    def promise(self, patch: Patch) -> None:
        """A patch of a row that is not here: the shared store decides, and the row comes with its
        answer."""
        self._merge(patch)

    def _do(self, patch: Patch, texts: Texts | None = None) -> None:
        if self.actor.stand_ins and self._on_behalf_of is None:
            self._on_behalf_of = self._stood_in_for(patch)
        self._index.before(patch)
        pos = apply(self._db, patch)
        self._index.after(patch, pos, texts)
        if self.office_id is None:
            self.office_id = self._office_of(patch)
        self._merge(patch)

    def _stood_in_for(self, patch: Patch) -> str | None:
        """The absent colleague whose work this row is, or hangs on; of several the first counts."""
        now = current(self._db, patch.table, patch.row_id) if patch.op != "add" else None
        row = now or {name: pair[1] for name, pair in patch.fields.items()}
        heads = [(patch.table, row)]
        for table, name in (("cases", "case_id"), ("items", "item_id")):
            if row.get(name) is not None:
                heads.append((table, current(self._db, table, str(row[name])) or {}))
        for table, head in heads:
            who = head.get(_IN_CHARGE.get(table, ""))
            if who is not None and who != self.actor.clerk_id and self.actor.acts_for(str(who)):
                return str(who)
        return None

    def _office_of(self, patch: Patch) -> str | None:
        """The office whose matter the row is or hangs on; None is the whole town's.

        Who works where and the process library concern the whole town.
        """
        row: dict[str, Value] = {}
        leads = _leads(patch.table)
        if leads and patch.op == "set" and "office_id" not in patch.fields:
            row = current(self._db, patch.table, patch.row_id) or {}
        for name in leads:
            old, new = patch.fields.get(name) or (row.get(name), None)
            value = old if new is None else new
            if value is not None and name != "office_id":
                table = "cases" if name == "case_id" else "items"
                found = current(self._db, table, str(value))
                value = found["office_id"] if found else None
            if value is not None:
                return str(value)
        return None

    def _merge(self, patch: Patch) -> None:
        """Two patches of one row become one, so that an entry names each row once."""
        key = (patch.table, patch.row_id)
        before = self._patches.get(key)
        if before is None:
            self._patches[key] = patch
        elif patch.op == "set":
            for name, (old, new) in patch.fields.items():
                first = before.fields.get(name, [old, new])[0]
                before.fields[name] = [first, new]
                if first == new:
                    del before.fields[name]
            if before.op == "set" and not before.fields:
                del self._patches[key]
        elif patch.op == "drop" and before.op == "add":
            del self._patches[key]
        elif patch.op == "drop":
            was = {n: list(pair) for n, pair in patch.fields.items()}
            was.update({n: [pair[0], None] for n, pair in before.fields.items()})
            was = {n: pair for n, pair in was.items() if pair[0] is not None}
            self._patches[key] = Patch(patch.table, patch.row_id, "drop", was)
        else:
            raise StoreError("journal.order", N_("A dropped record cannot be added again at once."))

    def close(self) -> None:
        """Write the entry and its outbox mark; a change without patches leaves no entry."""
        if not self._patches:
            return
        if self._joined:
            remember(self._db, self._patches.values())
        device, undoable, kind, undoes = self._head
        if self._on_behalf_of is None and self.office_id is not None:
            self._on_behalf_of = self.actor.lent.get(self.office_id)
        patches = _JSON.encode([p.as_json() for p in self._patches.values()]).decode()
        head = (
            self.entry_id,
            self.at,
            self.actor.clerk_id,
            self._on_behalf_of,
            device,
            self.action,
            kind,
            undoes,
            undoable,
            self.office_id,
            SCHEMA,
        )
        values = (*head, patches, seal(head, patches), self._claim)
        self.seq = self._db.execute(_ENTRY, values).lastrowid
        self._db.executemany(_ROW, [(*row, self.seq) for row in self._patches])
        self._db.execute("INSERT INTO outbox (seq) VALUES (?)", (self.seq,))
