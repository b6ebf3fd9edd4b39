"""A joined replica and the model of its shared store."""

import pytest

from storage import overlay
from storage.patches import Patch
from storage.record import Record, values_of
from storage.records import Case, Clerk, Item, Note, Office, Person
from storage.store import Store
from storage.sync.apply import Applied, apply_all
from storage.sync.own import acknowledged, wire_of
from storage.sync.wire import to_wire
from storage.terms import Channel
from tests.storage.sync.model import Hub

MINE = {"town", "inbox", "amt"}


class Desk:
    """One workstation: its replica, and everybody else by their writes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.hub = Hub(reads={store.device: MINE})
        self.number = 0
        with store.beneath() as (db, _index):
            overlay.begin_high_band(db)
        store.set_local("shared", "1")

    def theirs(self, *what: Record | Patch) -> None:
        """An entry of somebody else."""
        patches = [one if isinstance(one, Patch) else added(one) for one in what]
        self.number += 1
        entry: dict[str, object] = {
            "id": f"theirs-{self.number}",
            "clerk_id": "ben",
            "action": "test.theirs",
            "kind": "do",
            "patches": [to_wire(patch) for patch in patches],
        }
        self.hub.write("other", entry)

    def pull(self) -> Applied:
        """Everything that there is."""
        db = self.store.db
        cursors = dict(db.execute("SELECT scope, cursor FROM streams").fetchall())
        scopes = {*MINE, f"device:{self.store.device}"}
        return apply_all(self.store, self.hub.pull(scopes, cursors, 1_000))

    def push(self) -> list[str]:
        """Everything that waits; returns the outcomes."""
        seqs = [r[0] for r in self.store.db.execute("SELECT seq FROM outbox ORDER BY seq")]
        wires = [wire_of(self.store.db, seq) or "" for seq in seqs]
        outcomes = self.hub.push(self.store.device, wires)
        with self.store.beneath() as (db, _index):
            acknowledged(db, list(zip(seqs, wires, strict=True)))
        return [outcome for _dseq, outcome in outcomes]


def added(record: Record) -> Patch:
    """The patch that adds a record."""
    fields = {n: [None, v] for n, v in values_of(record).items() if n != "id" and v is not None}
    return Patch(record.TABLE, record.id, "add", fields)


def changed(record: Record, **fields: str | int | None) -> Patch:
    """The patch that changes fields of a record."""
    return Patch(
        record.TABLE, record.id, "set", {n: [getattr(record, n), v] for n, v in fields.items()}
    )


CASE = Case(id="case", number="N1", office_id="amt", subject="Laterne", opened_at=1)
OTHER = Case(id="other", number="N2", office_id="bau", subject="Kanal", opened_at=1)
ITEM = Item(
    id="item", channel=Channel.MAIL, external_id="x", thread_key="t", received_at=1, office_id="amt"
)
QUANDT = Person(id="quandt", family_name="Quandt")
NOTE = Note(id="note", case_id="case", clerk_id="ben", at=1, text="Notiz")


@pytest.fixture
def desk(store: Store) -> Desk:
    """A replica that has everything of a small town."""
    made = Desk(store)
    made.theirs(
        Office(id="amt", name="Amt", prefix="10"),
        Office(id="bau", name="Bauamt", prefix="60"),
        Clerk(id="anna", login="anna", name="Anna Amt"),
    )
    made.theirs(CASE, OTHER)
    made.theirs(ITEM, NOTE)
    made.pull()
    return made
