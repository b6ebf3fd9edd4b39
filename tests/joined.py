"""A founded town that is joined to a shared store, and a colleague who works in it as well.

The shared store is the model of ``tests/storage/sync``: no server, the replica's side is the real
one.
"""

from clerk.session import Session
from storage import overlay
from storage.overlay import stripped
from storage.patches import Patch
from storage.record import Record, Value, values_of
from storage.records import Case
from storage.sync.apply import Applied, apply_all
from storage.sync.own import acknowledged, wire_of
from storage.sync.wire import to_wire
from tests import support
from tests.storage.making import dump
from tests.storage.sync.model import Hub

COLLEAGUE = "Ben Büro"


class Joined:
    """The workstation of ``session`` from now on shares what it has."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.store = session.store
        self.colleague = support.add_clerk(session, "ben", {}, COLLEAGUE)
        self._number = 0
        offices = [row[0] for row in self.store.db.execute("SELECT id FROM offices")]
        self._scopes = {"town", "inbox", *offices}
        self.hub = Hub(reads={self.store.device: self._scopes})
        self.hub.rows = {key: stripped(row) for key, row in dump(self.store.db).items()}
        with self.store.beneath() as (db, _index):
            db.execute("DELETE FROM outbox")
            overlay.begin_high_band(db)
            for key in self.hub.rows:
                if key[0] == "persons":
                    self.hub.persons[key] = {"inbox"}
                    db.execute("INSERT INTO copies (row_id, scope) VALUES (?, 'inbox')", (key[1],))
        self.store.set_local("shared", "1")

    def theirs(self, *what: Record | Patch, clerk_id: str | None = None) -> None:
        """An entry of the colleague, in the shared store alone."""
        self._number += 1
        entry: dict[str, object] = {
            "id": f"theirs-{self._number}",
            "clerk_id": clerk_id or self.colleague,
            "action": "case.note",
            "kind": "do",
            "patches": [to_wire(one if isinstance(one, Patch) else added(one)) for one in what],
        }
        self.hub.write("other", entry)

    def change(self, table: str, row_id: str, **fields: Value) -> None:
        """The colleague changes fields of a record."""
        row = self.hub.rows[table, row_id]
        pairs = {name: [row.get(name), value] for name, value in fields.items()}
        self.theirs(Patch(table, row_id, "set", pairs))

    def meet(self) -> Applied:
        """Tell what waits, and hear what is new."""
        seqs = [r[0] for r in self.store.db.execute("SELECT seq FROM outbox ORDER BY seq")]
        wires = [wire_of(self.store.db, seq) or "" for seq in seqs]
        self.hub.push(self.store.device, wires)
        with self.store.beneath() as (db, _index):
            acknowledged(db, list(zip(seqs, wires, strict=True)))
        cursors = dict(self.store.db.execute("SELECT scope, cursor FROM streams").fetchall())
        scopes = {*self._scopes, f"device:{self.store.device}"}
        return apply_all(self.store, self.hub.pull(scopes, cursors, 10_000))


def added(record: Record) -> Patch:
    """The patch that adds a record."""
    fields = {n: [None, v] for n, v in values_of(record).items() if n != "id" and v is not None}
    return Patch(record.TABLE, record.id, "add", fields)


def dispute(session: Session, mine: str, theirs: str, *, field: str = "subject") -> Joined:
    """Join the town: of the clerk's newest case that is no fine a field is ``mine`` here and
    ``theirs`` there."""
    town = Joined(session)
    town.hub.began = session.store.clock()
    row = session.store.db.execute(
        "SELECT id FROM cases WHERE id NOT IN (SELECT case_id FROM fines WHERE case_id IS NOT NULL)"
        " ORDER BY ifnull(assignee_id = ?, 0) DESC, opened_at DESC, id DESC LIMIT 1",
        (session.actor.clerk_id,),
    ).fetchone()
    case_id = str(row[0])
    with town.store.change(session.actor, "case.note") as change:
        change.set(change.get(Case, case_id), **{field: mine})
    town.change("cases", case_id, **{field: theirs})
    assert town.meet().refused == 1
    return town
