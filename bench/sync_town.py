"""A shared store on a server of its own, with as many clerks and offices as are wanted."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection
from psycopg.types.json import Jsonb

from clerk.rules.shared import ACTIONS, STATES
from storage.hub import admin
from storage.hub.connect import Address, connect, parse
from storage.hub.rules import Rules
from storage.ids import uuid7
from tests.hub.server import Server, binaries

PASSWORD = "geheim"
_BEGUN = 1_763_000_000_000  # in November 2025, ms
# Every clerk has a connection, a bare one for the floor has two more; what waits is written early.
_SETTINGS = "max_connections = 1100\nmax_wal_size = 4GB\n"


def _case(office: str, number: int) -> dict[str, object]:
    return {
        "number": f"99-2026-{number:06}", "office_id": office, "state": "open",
        "subject": f"Straßenlaterne {number} vor der Schule", "opened_at": _BEGUN + number,
    }  # fmt: skip


def _item(office: str, number: int) -> dict[str, object]:
    return {
        "channel": "mail", "external_id": f"stock:{number}", "thread_key": f"t{number}",
        "sender_name": "Erika Musterfrau", "sender_address": "erika@example.org",
        "subject": f"Straßenlaterne {number} vor der Schule", "received_at": _BEGUN + number,
        "attachments": 0, "state": "open", "priority": 0, "office_id": office,
    }  # fmt: skip


_ROWS: dict[str, Callable[[str, int], dict[str, object]]] = {"cases": _case, "items": _item}


@dataclass(frozen=True)
class Clerk:
    """A login, whose it is, and the office they work in."""

    id: str
    office: str
    address: Address

    def connect(self) -> Connection:
        """A connection of this clerk's own."""
        return connect(self.address, PASSWORD)


@dataclass(frozen=True)
class Town:
    """The shared store: its server and database, the connection of its owner, its clerks."""

    server: Server
    database: str
    owner: Connection
    clerks: list[Clerk]

    @property
    def environment(self) -> dict[str, str]:
        """Where psql finds it, as its owner."""
        return {
            "PGHOST": "127.0.0.1", "PGPORT": str(self.server.port), "PGUSER": "postgres",
            "PGDATABASE": self.database,
        }  # fmt: skip

    def stock(self, table: str, count: int) -> None:
        """So many cases or items of the first office, as if they had come long ago."""
        office = self.clerks[0].office
        with (
            self.owner.cursor() as cursor,
            cursor.copy("COPY clerk.record (tbl, id, scope, data, no, made) FROM STDIN") as copy,
        ):
            for number in range(count):
                data = _ROWS[table](office, number)
                if table == "items" and number % 10 == 0:  # the first clerk's own
                    data["claimed_by"] = self.clerks[0].id
                copy.write_row((table, uuid7(), office, Jsonb(data), 0, 0))
        self.owner.execute("SET search_path = clerk")
        self.owner.execute("UPDATE record SET words = words_of(tbl, data)")
        self.owner.execute("RESET search_path")
        self.owner.execute("VACUUM ANALYZE clerk.record")

    def last(self, scope: str) -> int:
        """How far a stream goes."""
        row = self.owner.execute("SELECT last FROM clerk.scope WHERE id = %s", (scope,)).fetchone()
        return int(row[0]) if row else 0

    def cpu_s(self) -> float:
        """The CPU time in seconds that the server has used so far, all its processes together."""
        postmaster, *others = self._processes()
        ticks = sum(_stat(postmaster)[11:15])  # with its children that have ended
        for pid in others:
            with suppress(OSError):  # has just ended
                ticks += sum(_stat(pid)[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """The memory that the server holds now, what its processes share counted once."""
        total = 0
        for pid in self._processes():
            with suppress(OSError):
                told = Path(f"/proc/{pid}/smaps_rollup").read_text()
                total += next(int(n.split()[1]) for n in told.splitlines() if n.startswith("Pss:"))
        return total / 1024

    @property
    def postmaster(self) -> int:
        """The process id of the server's first process."""
        return int((self.server.data / "postmaster.pid").read_text().split()[0])

    def _processes(self) -> list[int]:
        """The postmaster and its children."""
        postmaster = self.postmaster
        found = [postmaster]
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if _stat(int(folder.name))[1] == postmaster:
                    found.append(int(folder.name))
        return found


def _stat(pid: int) -> list[int]:
    """The numbers of /proc/PID/stat behind the name: [1] the parent, [11:13] ticks, [13:15] those
    of children that have ended."""
    _state, *numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, numbers)]


@contextmanager
def town(clerks: int, offices: int = 1) -> Iterator[Town]:
    """Founded, with the clerks as officers, as many in each office."""
    with ExitStack() as stack:
        server = stack.enter_context(Server(binaries()[-1], _SETTINGS))
        name = stack.enter_context(server.database())
        owner = stack.enter_context(closing(server.connect(name)))
        admin.init(owner, Rules(ACTIONS, STATES))
        for number in range(offices):
            admin.add_office(owner, f"office{number}", f"Amt {number}", f"{number}", intake=True)
        address = parse(server.url(name))
        made = []
        for number in range(clerks):
            login, office = f"clerk{number:04}", f"office{number % offices}"
            clerk_id = admin.add_clerk(owner, login, login.title(), PASSWORD)
            admin.grant(owner, login, office, "officer")
            made.append(Clerk(clerk_id, office, address.as_user(admin.login_of(owner, login))))
        yield Town(server, name, owner, made)
