"""A shared store in a real PostgreSQL: the newest version at hand, and the oldest beside it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from clerk.rules.shared import ACTIONS, ALSO, STATES
from storage.hub import admin, calls
from storage.hub.calls import Judged
from storage.hub.connect import Address, connect, parse
from storage.hub.rules import Rules
from storage.ids import uuid7
from storage.schema import SCHEMA
from storage.sync.wire import StreamRow
from tests.hub.server import Given, Server, binaries, major_of

if TYPE_CHECKING:
    from storage.sync.loop import Wishes
    from tests.hub.stations import At

RULES = Rules(ACTIONS, STATES, ALSO)


def _servers() -> list[str]:
    if os.environ.get("CLERK_TEST_DATABASE"):
        return ["given"]
    found = binaries()
    return [str(folder) for folder in dict.fromkeys((found[0], found[-1]))]


def _name(folder: str) -> str:
    return folder if folder == "given" else str(major_of(Path(folder)))


@pytest.fixture(scope="session", params=_servers(), ids=lambda folder: f"pg-{_name(folder)}")
def server(request: pytest.FixtureRequest) -> Iterator[Server | Given]:
    """A running server; every test of it runs once for each version."""
    if request.param == "given":
        yield Given(os.environ["CLERK_TEST_DATABASE"])
        return
    # What a crash of the machine would lose is not tested; without fsync a database takes a tenth.
    with Server(request.param, "fsync = off\n") as running:
        yield running


@dataclass
class Desk:
    """A clerk's login on one device, without a replica: what a workstation sends, by hand."""

    db: psycopg.Connection
    device: str
    clerk_id: str
    sent: int = 0
    cursors: dict[str, int] = field(default_factory=dict)

    def entry(self, action: str, *patches: list[object], **more: object) -> dict[str, object]:
        """The next entry of this device."""
        self.sent += 1
        entry: dict[str, object] = {
            "id": uuid7(), "dseq": self.sent, "wave": 0, "at": 1, "clerk_id": self.clerk_id,
            "action": action, "kind": "do", "undoable": 1, "claim": 0, "schema": SCHEMA,
            "patches": list(patches),
        }  # fmt: skip
        return entry | more

    def push(self, *entries: dict[str, object]) -> list[Judged]:
        return calls.push(self.db, self.device, entries)

    def act(self, action: str, *patches: list[object], **more: object) -> Judged:
        """One entry, pushed at once."""
        return self.push(self.entry(action, *patches, **more))[0]

    def pull(self, *scopes: str) -> list[StreamRow]:
        """What is new in these streams."""
        cursors = {scope: self.cursors.get(scope, 0) for scope in scopes}
        rows = calls.pull(self.db, self.device, cursors)
        for row in rows:
            self.cursors[row.scope] = row.n
        return rows


@dataclass
class Hub:
    """A founded shared store with two offices, and ways to let clerks in."""

    owner: psycopg.Connection
    address: Address
    clerks: dict[str, str] = field(default_factory=dict)
    _open: list[psycopg.Connection] = field(default_factory=list)

    def clerk(self, login: str, **roles: str) -> str:
        """A clerk with a role in some offices; returns the id."""
        self.clerks[login] = admin.add_clerk(self.owner, login, login.title(), f"geheim-{login}")
        for office, role in roles.items():
            admin.grant(self.owner, login, office, role)
        return self.clerks[login]

    def login(self, login: str) -> psycopg.Connection:
        """A connection of this clerk's own."""
        address = self.address.as_user(admin.login_of(self.owner, login))
        self._open.append(connect(address, f"geheim-{login}"))
        return self._open[-1]

    def desk(self, login: str) -> Desk:
        """A workstation of this clerk that has said hello."""
        db, device = self.login(login), uuid7()
        calls.hello(db, device, SCHEMA, "test")
        return Desk(db, device, self.clerks[login])

    def count(self, table: str) -> int:
        row = self.owner.execute(f"SELECT count(*) FROM clerk.{table}".encode()).fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        for db in (*self._open, self.owner):
            db.close()


@pytest.fixture
def hub(server: Server | Given) -> Iterator[Hub]:
    with server.database() as name:
        owner = server.connect(name)
        admin.init(owner, RULES)
        admin.add_office(owner, "buergeramt", "Bürgeramt", "32.1", intake=True)
        admin.add_office(owner, "ordnungsamt", "Ordnungsamt", "32.2", intake=False)
        made = Hub(owner, parse(server.url(name)))
        yield made
        made.close()


@pytest.fixture
def at(hub: Hub, tmp_path: Path) -> Iterator["At"]:
    """``at("meier")``: the workstation of a clerk, joined."""
    from tests.hub.stations import Station

    made: list[Station] = []

    def station(login: str, wishes: "Wishes | None" = None) -> Station:
        one = Station(hub, tmp_path / f"{login}{len(made)}", login, wishes)
        made.append(one)
        one.sync.once()
        return one

    yield station
    for one in made:
        one.close()


def item(item_id: str, **fields: object) -> list[object]:
    """The patch that adds an item."""
    return ["items", item_id, "add", {
        "channel": "mail", "external_id": f"x:{item_id}", "thread_key": "t", "sender_name": "S",
        "sender_address": "a@b.de", "subject": "Betreff", "received_at": 5, "attachments": 0,
        "state": "open", "priority": 0, **fields,
    }, {}, [], []]  # fmt: skip


def case(case_id: str, **fields: object) -> list[object]:
    """The patch that adds a case."""
    return ["cases", case_id, "add", {
        "number": f"32.1-2026-{case_id[-6:]}", "office_id": "buergeramt", "state": "open",
        "subject": "Sache", "opened_at": 4, **fields,
    }, {}, [], []]  # fmt: skip


def person(person_id: str, **fields: object) -> list[object]:
    """The patch that adds a person."""
    return ["persons", person_id, "add", {
        "family_name": "Quandt", "given_name": "", "street": "", "postcode": "", "city": "",
        "email": "", "phone": "", **fields,
    }, {}, [], []]  # fmt: skip


def changed(table: str, row_id: str, **pairs: tuple[object, object]) -> list[object]:
    """The patch that sets fields: name=(old, new)."""
    return [
        table, row_id, "set",
        {name: new for name, (_old, new) in pairs.items() if new is not None},
        {name: old for name, (old, _new) in pairs.items() if old is not None},
        [name for name, (_old, new) in pairs.items() if new is None],
        [name for name, (old, _new) in pairs.items() if old is None],
    ]  # fmt: skip
