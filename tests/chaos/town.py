"""A town for chaos: a server, a proxy before it, and workstations as processes."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection

from clerk import clock
from clerk.settings import SyncSettings
from clerk.sharing.synchronising import synchronisation
from storage import driver
from storage.home import FILE_NAME
from storage.hub import admin
from storage.hub.connect import parse
from storage.store import open_store
from tests.chaos.line import ROOT, Line
from tests.hub.conftest import RULES, Hub
from tests.hub.server import Server
from tests.support import make_key

OFFICES = ("buergeramt", "ordnungsamt", "bauamt")
WORK: tuple[tuple[str, ...], ...] = (
    ("buergeramt", "ordnungsamt"), ("buergeramt",), ("ordnungsamt", "bauamt"), ("bauamt",),
    ("buergeramt", "bauamt"), ("ordnungsamt",), OFFICES, ("buergeramt",),
)  # fmt: skip
"""In which offices the clerk of each workstation works at first."""

_SLOWLY = """
CREATE FUNCTION clerk.slowly() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN PERFORM pg_sleep(greatest(random() - 0.7, 0) * {seconds}); RETURN NULL; END';
CREATE TRIGGER slowly AFTER INSERT ON clerk.stream FOR EACH STATEMENT EXECUTE FUNCTION clerk.slowly();
"""  # noqa: E501


class BrokenError(AssertionError):
    """Something that must hold does not."""


def until(what: str, holds: Callable[[], bool], seconds: float) -> float:
    """Wait until something holds; returns how long that took. BrokenError where it never does."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > seconds:
            raise BrokenError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - begun


@dataclass
class Desk:
    """One workstation: its home, its process, what it wrote down."""

    login: str
    home: Path
    log: Path
    key: bytes
    process: "subprocess.Popen[bytes] | None" = None
    lives: int = 0
    errors: Path = field(init=False)

    def __post_init__(self) -> None:
        self.errors = self.log.with_suffix(".err")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look into the replica as it stands now."""
        db = driver.connect(self.home / FILE_NAME, self.key, readonly=True)
        try:
            yield db
        finally:
            db.close()

    def start(self, seed: str, how: tuple[str, ...]) -> None:
        """Open the workstation; it rests until it is told to act."""
        self.lives += 1
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.worker", self.home, self.log,
                 f"{seed}/{self.login}/{self.lives}", *how],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip

    def tell(self, order: str) -> None:
        """``act`` or ``rest``."""
        assert self.process is not None
        pipe = self.process.stdin
        assert pipe is not None
        try:
            pipe.write(f"{order}\n".encode())
            pipe.flush()
        except OSError as error:
            raise BrokenError(f"{self.login} ended by itself: {self.errors.read_text()}") from error

    def hear(self) -> None:
        """Wait until it says that it rests."""
        assert self.process is not None
        assert self.process.stdout is not None
        if self.process.stdout.readline() != b"rests\n":
            raise BrokenError(f"{self.login} ended by itself: {self.errors.read_text()}")

    def sync_pids(self) -> list[int]:
        """The processes that synchronise for it."""
        assert self.process is not None
        found = []
        for file in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(pid) for pid in file.read_text().split()]
        return found

    def kill(self) -> None:
        """Like a machine that dies, but for its processes that synchronise: these see that it is
        gone."""
        assert self.process is not None
        self.process.kill()
        self._gone()

    def end(self) -> None:
        """Close it in order."""
        if self.process is not None and self.process.poll() is None:
            assert self.process.stdin is not None
            with suppress(OSError):
                self.process.stdin.close()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._gone()

    def _gone(self) -> None:
        if self.process is not None:
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


class Town:
    """Everything, until :meth:`close`. ``how`` goes to each worker; ``prepare`` may change the
    database before anybody joins."""

    def __init__(
        self,
        folder: Path,
        binaries: Path,
        seed: str,
        *,
        desks: int,
        work: tuple[tuple[str, ...], ...] = WORK,
        slow_s: float = 0.1,
        how: tuple[str, ...] = (),
        prepare: Callable[[Hub], None] = lambda _hub: None,
    ) -> None:
        self.folder = folder
        self.seed = seed
        self.how = how
        self.backup: Path | None = None
        self.was_restored = False
        self.desks: list[Desk] = []
        self.line: Line | None = None
        self.server = Server(binaries)
        try:
            with self.server.connect() as db:
                db.execute("CREATE DATABASE stadt")
            self.hub = Hub(self.server.connect("stadt"), parse(self.server.url("stadt")))
            admin.init(self.hub.owner, RULES)
            for number, office in enumerate(OFFICES):
                admin.add_office(
                    self.hub.owner, office, office.title(), f"32.{number}", intake=number == 0
                )
            # Commits take their time, so that others overtake them on their way.
            self.hub.owner.execute(_SLOWLY.format(seconds=slow_s).encode())
            prepare(self.hub)
            self.line = Line(self.server.port)
            for number in range(desks):
                self._join(f"c{number}", work[number % len(work)])
        except BaseException:
            self.close()
            raise

    def _join(self, login: str, offices: tuple[str, ...]) -> None:
        """A clerk and a home that is joined, as ``clerk join`` leaves it; the password lies in the
        replica, for there is no keyring here."""
        assert self.line is not None
        self.hub.clerk(login, **dict.fromkeys(offices, "officer"))
        home = self.folder / login
        key = make_key(home)
        store = open_store(home, key, create=True, clock=clock.now)
        for name, value in {
            "hub_url": f"postgresql://127.0.0.1:{self.line.port}/stadt",
            "hub_account": admin.login_of(self.hub.owner, login),
            "hub_secret": f"geheim-{login}",
        }.items():
            store.set_local(name, value)
        sync = synchronisation(store, SyncSettings(), joining=True)
        sync.once()
        store.set_local("clerk", str(store.local("hub_clerk")))
        sync.once()  # numbers for its cases
        sync.close()
        store.close()
        log = self.folder / f"{login}.log"
        self.desks.append(Desk(login, home, log, key))

    def start(self, desk: Desk, *, acts: bool = True) -> None:
        """Open a workstation and let it act."""
        desk.start(self.seed, self.how)
        if acts:
            desk.tell("act")

    # the server

    def stop_server(self, mode: str) -> None:
        """``immediate`` is a crash."""
        self.hub.owner.close()
        self.server.stop(mode)

    def start_server(self) -> None:
        self.server.start()
        self.hub.owner = self.server.connect("stadt")

    def back_up(self) -> None:
        """Keep the server's files as they are."""
        self.stop_server("fast")
        self.backup = self.server.home / "backup"
        shutil.copytree(self.server.data, self.backup)
        self.own(self.backup)
        self.start_server()

    def restore(self) -> None:
        """The server is again as it was then."""
        assert self.backup is not None
        self.stop_server("immediate")
        shutil.rmtree(self.server.data)
        self.backup.rename(self.server.data)
        self.backup = None
        self.was_restored = True
        self.start_server()

    def own(self, folder: Path) -> None:
        """Give a copy to whom the server's files belong."""
        owner = self.server.data.stat()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)

    # roles

    def offices_of(self, desk: Desk) -> set[str]:
        """Where a clerk works, as the server has it: a restored one has it as it was."""
        rows = self.hub.owner.execute(
            "SELECT office_id FROM clerk.member WHERE clerk_id = %s", (self.hub.clerks[desk.login],)
        )
        return {str(row[0]) for row in rows}

    def close(self) -> None:
        """End everything."""
        if self.line is not None:
            self.line.close()
        for desk in self.desks:
            if desk.process is not None:
                desk.end()
        if hasattr(self, "hub"):
            self.hub.close()
        self.server.__exit__()
