"""Three replicas over a real PostgreSQL, random work, answers that are lost on their way, moves
between offices, roles given and taken: whenever all have told each other everything, each holds
exactly what its clerk may see, and nothing waits."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from storage.driver import IntegrityError
from storage.errors import StoreError
from storage.hub import admin, calls
from storage.overlay import PENDING, stripped
from storage.record import columns
from storage.records import RECORDS, Case, Item, Note, Person
from storage.sync.apply import apply_all
from storage.sync.pull import cursors
from storage.terms import Channel
from storage.undo import redo, undo
from storage.verify import verify
from tests.hub.conftest import RULES, Hub
from tests.hub.server import Given, Server
from tests.hub.stations import Station

WHO = {"anna": "buergeramt", "ben": "buergeramt", "otto": "ordnungsamt"}
OFFICES = ("buergeramt", "ordnungsamt")
who = st.sampled_from(sorted(WHO))
tables = st.sampled_from(["cases", "items", "notes", "persons"])
numbers = st.integers(0, 30)
texts = st.sampled_from(["Laterne", "Müll", "", "x\x00y"])


class Lost(Exception):
    """An answer that never came."""


class Town(RuleBasedStateMachine):
    """Each rule is one thing that one workstation, or the administrator, does."""

    server: ClassVar[Server | Given]

    def __init__(self) -> None:
        super().__init__()
        self.database = self.server.database()
        name = self.database.__enter__()
        owner = self.server.connect(name)
        admin.init(owner, RULES)
        for office in OFFICES:
            prefix = "32.1" if office == "buergeramt" else "32.2"
            admin.add_office(owner, office, office.title(), prefix, intake=office == "buergeramt")
        from storage.hub.connect import parse

        self.hub = Hub(owner, parse(self.server.url(name)))
        self.folder = tempfile.TemporaryDirectory()
        self.stations: dict[str, Station] = {}
        self.roles = {login: {office} for login, office in WHO.items()}

    def teardown(self) -> None:
        for station in self.stations.values():
            station.close()
        self.hub.close()
        self.database.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize()
    def join(self) -> None:
        for login, office in WHO.items():
            self.hub.clerk(login, **{office: "officer"})
            station = Station(self.hub, Path(self.folder.name) / login, login)
            station.store.db.execute("PRAGMA synchronous = OFF")
            station.sync.once()
            self.stations[login] = station
        self.work(
            "anna", 1, "Laterne", lambda change, one, n, t: self.add(change, one, "cases", n, t)
        )
        self.all_is_told()

    def ids(self, station: Station, table: str) -> list[str]:
        return [r[0] for r in station.store.db.execute(f"SELECT id FROM {table} ORDER BY id")]

    def chosen(self, station: Station, table: str, number: int) -> str | None:
        ids = self.ids(station, table)
        return ids[number % len(ids)] if ids else None

    def work(self, login: str, number: int, text: str, do: "Callable[..., object]") -> None:
        station = self.stations[login]
        # Taken values and rows that left meanwhile: what a use case would have refused.
        with (
            suppress(StoreError, Lost, IntegrityError),
            station.store.change(station.actor, "case.note") as change,
        ):
            do(change, station, number, text)

    def add(self, change, station: Station, table: str, number: int, text: str) -> None:  # type: ignore[no-untyped-def]
        office = OFFICES[number % 2]
        person = self.chosen(station, "persons", number) if number % 3 else None
        case = self.chosen(station, "cases", number)
        item = self.chosen(station, "items", number)
        if table == "cases":
            change.add(
                Case(
                    number=f"N{number}",
                    office_id=office,
                    subject=text,
                    opened_at=1,
                    person_id=person,
                )
            )
        elif table == "persons":
            change.add(Person(family_name=text))
        elif table == "items":
            sha256 = change.content(text.encode())
            change.add(
                Item(
                    channel=Channel.MAIL, external_id=f"x{number}", thread_key="t", received_at=1,
                    subject=text, office_id=(office, None)[number % 3 == 0], person_id=person,
                    case_id=case if number % 4 == 0 else None, text_sha256=sha256,
                )
            )  # fmt: skip
        elif case or item:
            change.add(
                Note(
                    clerk_id=station.actor.clerk_id, at=1, text=text,
                    case_id=case if number % 2 or not item else None,
                    item_id=item if not number % 2 else None,
                )
            )  # fmt: skip

    @rule(
        login=who,
        table=tables,
        number=numbers,
        text=texts,
    )
    def new(self, login: str, table: str, number: int, text: str) -> None:
        self.work(login, number, text, lambda c, s, n, t: self.add(c, s, table, n, t))

    @rule(
        login=who,
        table=tables,
        number=numbers,
        text=texts,
    )
    def edit(self, login: str, table: str, number: int, text: str) -> None:
        def do(change, station: Station, number: int, text: str) -> None:  # type: ignore[no-untyped-def]
            row_id = self.chosen(station, table, number)
            if row_id is None:
                raise Lost
            record = change.get(RECORDS[table], row_id)
            choices: dict[str, list[dict[str, object]]] = {
                "cases": [
                    {"subject": text}, {"result": text or None}, {"office_id": OFFICES[number % 2]},
                    {"person_id": self.chosen(station, "persons", number)},
                ],
                "items": [
                    {"subject": text}, {"priority": number}, {"office_id": OFFICES[number % 2]},
                    {"office_id": None}, {"case_id": self.chosen(station, "cases", number)},
                    {"claimed_by": None if record.claimed_by else station.actor.clerk_id}
                    if table == "items" else {},
                ],
                "notes": [{"text": text}],
                "persons": [{"city": text}, {"phone": text}],
            }  # fmt: skip
            change.set(record, **choices[table][number % len(choices[table])])

        self.work(login, number, text, do)

    @rule(login=who, table=st.sampled_from(["items", "notes"]), number=numbers)
    def drop(self, login: str, table: str, number: int) -> None:
        def do(change, station: Station, number: int, _text: str) -> None:  # type: ignore[no-untyped-def]
            row_id = self.chosen(station, table, number)
            named = "SELECT 1 FROM notes WHERE item_id = ?"
            if row_id is None or station.one(named, row_id):
                raise Lost
            change.drop(change.get(RECORDS[table], row_id))

        self.work(login, number, "", do)

    @rule(login=who, again=st.booleans())
    def take_back(self, login: str, again: bool) -> None:
        station = self.stations[login]
        with suppress(StoreError):
            (redo if again else undo)(station.store, station.actor)

    @rule(login=who)
    def sync(self, login: str) -> None:
        self.stations[login].sync.once()
        assert verify(self.stations[login].store.db).difference is None

    @rule(login=who, at=st.integers(1, 6), before=st.booleans())
    def a_call_is_lost(self, login: str, at: int, before: bool) -> None:
        """The connection ends at the n-th call, before or after the server did what it says."""
        station = self.stations[login]
        station.sync.close()
        names = ["push", "pull", "compare", "hello", "content_put", "matter", "content_missing"]
        real = {name: getattr(calls, name) for name in names}
        left = [at]

        def failing(name: str) -> "Callable[..., object]":
            def call(*args: object, **more: object) -> object:
                left[0] -= 1
                if left[0] == 0 and before:
                    raise psycopg.OperationalError
                answer = real[name](*args, **more)
                if left[0] == 0:
                    raise psycopg.OperationalError
                return answer

            return call

        for name in names:
            setattr(calls, name, failing(name))
        try:
            with suppress(StoreError):
                station.sync.once()
        finally:
            for name in names:
                setattr(calls, name, real[name])
        assert verify(station.store.db).difference is None

    @rule(login=who)
    def an_answer_comes_twice(self, login: str) -> None:
        station = self.stations[login]
        with suppress(psycopg.Error):
            db = station.connection()
            with db:
                rows = calls.pull(db, station.store.device, cursors(station.store))
            for _ in range(2):
                apply_all(station.store, rows)

    @rule(login=who)
    def the_workstation_dies(self, login: str) -> None:
        station = self.stations[login]
        station.close()
        self.stations[login] = Station(self.hub, station.store.home, login)

    @rule(login=who, office=st.sampled_from(OFFICES))
    def a_role_is_given_or_taken(self, login: str, office: str) -> None:
        if office in self.roles[login]:
            admin.revoke(self.hub.owner, login, office)
        else:
            admin.grant(self.hub.owner, login, office, "officer")
        self.roles[login] ^= {office}

    @rule()
    def all_is_told(self) -> None:
        for _ in range(3):
            for station in self.stations.values():
                station.sync.once()
        for login, station in self.stations.items():
            db = station.store.db
            assert verify(db).difference is None
            assert station.one("SELECT count(*) FROM entries WHERE seq > ?", PENDING) == 0
            for table in ("outbox", "shadow", "wanted"):
                assert station.one(f"SELECT count(*) FROM {table}") == 0, table
            there = self.visible(login)
            assert _named(self.here(station), there) == _named(there, there), login

    def here(self, station: Station) -> dict[tuple[str, str], object]:
        return {
            key: stripped(dict(zip(columns(RECORDS[key[0]]), row, strict=True)))
            for key, row in station.rows().items()
        }

    def visible(self, login: str) -> dict[tuple[str, str], object]:
        """What the clerk's own login sees in the shared store."""
        with self.stations[login].connection() as db:
            rows = db.execute("SELECT tbl, id, data FROM clerk.record WHERE NOT gone").fetchall()
        return {(table, row_id): data for table, row_id, data in rows if table in RECORDS}


def _named(
    rows: dict[tuple[str, str], object], there: dict[tuple[str, str], object]
) -> dict[tuple[str, str], object]:
    """Without persons whom nothing there names: a filling leaves them out."""
    named = {row.get("person_id") for row in there.values() if isinstance(row, dict)}
    return {key: row for key, row in rows.items() if key[0] != "persons" or key[1] in named}


@pytest.mark.timeout(900)  # four towns of thirty steps, with real processes
def test_three_replicas(server: Server | Given) -> None:
    Town.server = server
    run_state_machine_as_test(
        Town,
        settings=settings(
            max_examples=4,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
