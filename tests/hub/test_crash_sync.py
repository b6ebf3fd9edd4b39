"""kill -9 at every statement of synchronising: of push and acknowledgement, of what is pulled and
settled, of what leaves, of the filling and the exchange of the file. What is found is whole, goes
on, and ends equal, with nothing lost and nothing twice.

Each time the workstation dies it is again what it was before, and the server is not: to the server
that is a workstation which never heard the answer.
"""

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import cast
from unittest import mock

import pytest

from storage.home import FILE_NAME
from storage.hub import admin
from storage.overlay import PENDING
from storage.presence import attend
from storage.records import Person
from storage.sync.bootstrap import NEXT_NAME
from storage.verify import verify
from tests.hub.conftest import Hub
from tests.hub.server import Server, binaries
from tests.hub.stations import Station
from tests.storage.faulty import Crash, FaultyConnection, Fuse, faulty_connections, faulty_files

# ``make chaos`` takes each; one in a few by chance is enough for a test that is run all the time.
EVERY = int(os.environ.get("EVERY") or 5)
FILES = [
    name + end for name in (FILE_NAME, NEXT_NAME) for end in ("", "-wal", "-journal", "-exchange")
]
LOOKED_AT = (
    "SELECT seq, id, patches FROM entries ORDER BY seq", "SELECT * FROM shadow",
    "SELECT * FROM outbox", "SELECT dseq, id FROM sent", "SELECT entry_id, code FROM refusals",
    "SELECT * FROM streams", "SELECT tbl, row_id, field FROM wanted", "SELECT * FROM content_out",
    "SELECT * FROM leases", "SELECT name FROM local", "SELECT word FROM vocabulary ORDER BY word",
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One version is enough: it is the workstation that dies."""
    with Server(binaries()[0]) as running:
        yield running


class Over(BaseException):
    """It came to its end alive; what would follow is not tried, so that the server stays the same
    for the next death."""


@dataclass
class Office:
    """A workstation that dies, and a colleague's that does not."""

    hub: Hub
    folder: Path
    dying: Station
    other: Station
    committed: list[str]
    lives: int = 0
    found: dict[str, Path] = field(default_factory=dict)

    def meet(self) -> None:
        for one in (self.dying, self.other, self.dying, self.other):
            one.sync.once()

    def die(self, begin: str, end: str, fuse: Fuse) -> Station | None:
        """Synchronise on a copy of the workstation until the fuse blows; the copy as it is found
        then, or None where all went well."""
        self.lives += 1
        home, found = self.folder / f"{self.lives}", self.folder / f"{self.lives} found"
        leave(self.dying.store.home, home)
        with faulty_connections(fuse), faulty_files(fuse), within(begin, end, fuse):
            station = Station(self.hub, home, "meier")
            station.store.db.execute("PRAGMA cache_size = 20")  # much is written before its commit
            crashed = False
            try:
                station.sync.once()
            except Over:
                pass
            except Crash:
                crashed = True
            leave(home, found)
        station.sync.close()
        cast("FaultyConnection", station.store.db).real.close()
        shutil.rmtree(home)
        return Station(self.hub, found, "meier") if crashed else None

    def everywhere(self, begin: str, end: str = "", *, every: int = EVERY) -> int:
        """Let it die instead of each step (or of every so many) from the beginning of one function
        to the end of another one, and after the last one; how many there are. What is found goes
        on afterwards."""
        where = (begin, end or begin)
        steps = random.randrange(every)
        while self.dies_well(where, steps):
            steps += every
        last, end_ = steps - every, steps
        while last + 1 < end_:
            middle = (last + end_) // 2
            last, end_ = (middle, end_) if self.dies_well(where, middle) else (last, middle)
        assert self.dies_well(where, last, after=True)
        assert len(self.found) > 1
        for home in self.found.values():
            found = Station(self.hub, home, "meier")
            self.goes_on(found)
            found.close()
        return end_

    def dies_well(self, where: tuple[str, str], step: int, *, after: bool = False) -> bool:
        """Let it die there; whether it came to that."""
        fuse = Fuse()
        fuse.arm_later(step, after=after)
        found = self.die(*where, fuse)
        if found is None:
            return False
        assert verify(found.store.db).difference is None, f"at step {step}"
        known = self.found.setdefault(digest(found), found.store.home)
        found.close()
        if known != found.store.home:
            shutil.rmtree(found.store.home)
        return True

    def goes_on(self, found: Station) -> None:
        """It tells and hears everything; both are sound and equal."""
        for one in (found, self.other, found):
            one.sync.once()
        for one in (found, self.other):
            assert one.is_sound()
            assert one.one("SELECT count(*) FROM entries WHERE seq > ?", PENDING) == 0
            for table in ("outbox", "shadow", "wanted", "content_out"):
                assert one.one(f"SELECT count(*) FROM {table}") == 0, table
        mine = {row[0] for row in self.other.store.db.execute("SELECT scope FROM streams")}
        theirs = {row[0] for row in found.store.db.execute("SELECT scope FROM streams")}
        if len(mine) == len(theirs):
            assert found.rows() == self.other.rows()
        device = found.store.device
        there = self.hub.owner.execute(
            "SELECT id FROM clerk.entry WHERE device = %s ORDER BY dseq", (device,)
        ).fetchall()
        assert [row[0] for row in there] == self.committed


def leave(home: Path, found: Path) -> None:
    """The files as a machine leaves them that is gone."""
    found.mkdir()
    for name in FILES:
        if (file := home / name).exists():
            shutil.copyfile(file, found / name)


@contextmanager
def within(begin: str, end: str, fuse: Fuse) -> Iterator[None]:
    """The fuse counts from where the one function begins to where the other one ends."""
    ends = _real(end)

    def to_end(*args: object, **more: object) -> object:
        ends(*args, **more)
        fuse.end()
        raise Over

    with mock.patch(end, to_end):
        begins = _real(begin)

        def from_begin(*args: object, **more: object) -> object:
            fuse.begin()
            return begins(*args, **more)

        with mock.patch(begin, from_begin):
            yield


def _real(path: str) -> Callable[..., object]:
    module, _dot, name = path.rpartition(".")
    return cast("Callable[..., object]", getattr(import_module(module), name))


def digest(station: Station) -> str:
    """What a replica is like, but for times."""
    hashed = hashlib.sha256(repr(sorted(station.rows().items())).encode())
    for sql in LOOKED_AT:
        hashed.update(repr(station.store.db.execute(sql).fetchall()).encode())
    return hashed.hexdigest()


def committed(station: Station) -> list[str]:
    """The entries of this workstation, in their order."""
    rows = station.store.db.execute(
        "SELECT id FROM (SELECT id, seq - ?1 AS dseq FROM entries WHERE seq > ?1"
        " UNION SELECT id, dseq FROM sent) ORDER BY dseq",
        (PENDING,),
    )
    return [row[0] for row in rows]


@pytest.fixture
def office(hub: Hub, tmp_path: Path) -> Iterator[Office]:
    """Both work at the same, and meier's workstation has a little of everything to tell and to
    hear: edits of one field, one mail at two desks, texts, a case that leaves, one for others."""
    admin.add_office(hub.owner, "bauamt", "Bauamt", "32.3", intake=False)
    hub.clerk("meier", buergeramt="officer", ordnungsamt="officer")
    hub.clerk("yilmaz", buergeramt="officer", ordnungsamt="officer")
    mine, theirs = (
        Station(hub, tmp_path / "mine", "meier"),
        Station(hub, tmp_path / "theirs", "yilmaz"),
    )
    made = Office(hub, tmp_path, mine, theirs, [])
    made.meet()
    shared = mine.open_case("32.1-2026-000001")
    left = theirs.open_case("32.2-2026-000001", "ordnungsamt")
    theirs.note(left, "Xylophonmuseum")
    made.meet()
    mine.set(shared, subject="meins")
    theirs.set(shared, subject="ihres")
    with mine.store.change(mine.actor, "case.open") as change:
        person = change.add(Person(family_name="Quandt"))
    case = mine.open_case("32.1-2026-000002", person_id=person.id)
    mine.note(case, "Notiz")
    mine.set(case, action="case.hand_over", office_id="ordnungsamt")
    mine.open_case("32.3-2026-000001", "bauamt")
    mine.receive("mail:m", "Text von mir")
    mine.receive("mail:both", "Text von beiden")
    theirs.receive("mail:y", "Text von ihr")
    theirs.receive("mail:both", "Text von beiden")
    theirs.note(shared, "ihre Notiz")
    attend(mine.store, shared.id)
    theirs.sync.once()
    made.committed = committed(mine)
    mine.close()
    yield made
    theirs.close()


def test_push_and_acknowledgement(office: Office) -> None:
    assert office.everywhere("storage.sync.loop.push_pending") > 20


def test_what_is_pulled_and_settled(office: Office) -> None:
    assert office.everywhere("storage.sync.loop.pull_news") > 100


def test_an_office_that_is_lost(office: Office) -> None:
    """Nothing of it is left in the file, wherever its letting go was cut off."""
    admin.revoke(office.hub.owner, "meier", "ordnungsamt")
    assert office.everywhere("storage.sync.loop.purge") > 50
    for home in office.found.values():
        found = Station(office.hub, home, "meier")
        word = "SELECT count(*) FROM vocabulary WHERE word LIKE '%xylophon%'"
        assert (found.one(word), found.store.local("untidy")) == (0, "")
        assert found.one("SELECT count(*) FROM cases WHERE office_id = 'ordnungsamt'") == 0
        found.close()
    word = "SELECT count(*) FROM vocabulary WHERE word LIKE '%xylophon%'"
    assert office.other.one(word) == 1


def test_a_filling(office: Office) -> None:
    """The old file is as it was until the new one takes its place."""
    admin.restored(office.hub.owner)
    assert office.everywhere("storage.sync.loop.bootstrap", every=30 * EVERY) > 300


def test_own_work_is_carried_over_and_the_file_exchanged(office: Office) -> None:
    admin.restored(office.hub.owner)
    begin, end = "storage.sync.bootstrap.carry", "storage.sync.loop.bootstrap"
    assert office.everywhere(begin, end) > 100
