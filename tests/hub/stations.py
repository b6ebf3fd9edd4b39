"""Workstations with real replicas on a real shared store."""

from collections.abc import Callable
from pathlib import Path

import psycopg

from storage.actor import Actor
from storage.hub import admin
from storage.hub.connect import connect
from storage.record import Value, columns
from storage.records import RECORDS, Case, Item, Note
from storage.store import Store, open_store
from storage.sync.loop import Sync, Wishes
from storage.terms import Channel
from storage.verify import verify
from tests.hub.conftest import Hub

KEY = bytes(range(32))


class Station:
    """A clerk's workstation."""

    def __init__(self, hub: Hub, home: Path, login: str, wishes: Wishes | None = None) -> None:
        self.hub = hub
        self.login = login
        self.address = hub.address.as_user(admin.login_of(hub.owner, login))
        self.store: Store = open_store(home, KEY, create=True)
        self.actor = Actor(hub.clerks[login], login.title(), {})
        self.sync = Sync(self.store, self.connection, wishes or Wishes())

    def connection(self) -> psycopg.Connection:
        return connect(self.address, f"geheim-{self.login}")

    def open_case(self, number: str, office_id: str = "buergeramt", **fields: str) -> Case:
        with self.store.change(self.actor, "case.open") as change:
            return change.add(
                Case(number=number, office_id=office_id, subject="Laterne", opened_at=1, **fields)  # type: ignore[arg-type]
            )

    def set(self, record: Case | Item, action: str = "case.note", **fields: Value) -> None:
        with self.store.change(self.actor, action) as change:
            change.set(record, **fields)

    def note(self, case: Case, text: str) -> None:
        with self.store.change(self.actor, "case.note") as change:
            change.add(Note(case_id=case.id, clerk_id=self.actor.clerk_id, at=1, text=text))

    def receive(self, external_id: str, text: str, office_id: str | None = "buergeramt") -> Item:
        with self.store.change(self.actor, "item.receive", undoable=False) as change:
            return change.add(
                Item(
                    channel=Channel.MAIL,
                    external_id=external_id,
                    thread_key="t",
                    received_at=self.store.clock(),
                    subject=external_id,
                    text_sha256=change.content(text.encode()),
                    office_id=office_id,
                )
            )

    def rows(self) -> dict[tuple[str, str], tuple[Value, ...]]:
        """Every record here."""
        found = {}
        for table, record in RECORDS.items():
            names = ", ".join(columns(record))
            for row in self.store.db.execute(f"SELECT {names} FROM {table}"):
                found[table, str(row[0])] = tuple(row)
        return found

    def is_sound(self) -> bool:
        """What verify says; nothing waits."""
        difference = verify(self.store.db).difference
        assert difference is None, difference
        return True

    def one(self, sql: str, *values: Value) -> object:
        row = self.store.db.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        self.sync.close()
        self.store.close()


At = Callable[..., Station]
"""The fixture ``at``: the workstation of a clerk, joined."""
