"""A workstation as a process: acts on one thread, the real synchronisation on another."""

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from time import monotonic, process_time, sleep
from typing import TYPE_CHECKING, Self, cast

from bench.sync_town import Clerk
from storage.actor import Actor
from storage.overlay import PENDING
from storage.record import columns
from storage.records import RECORDS, Case, Note
from storage.store import open_store
from storage.sync.loop import Sync, Wishes

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    Pipe = Connection[object, object]

KEY = bytes(range(32))
Moments = dict[str, float]
"""When an entry was committed, by its id (time.monotonic, the same clock in all processes)."""
_PATIENCE_S = 60.0
_CHANNEL = "bench_floor"
_NOTE = "Am Telefon: die Laterne vor der Schule ist noch dunkel."
_BARE = (
    "WITH written AS (INSERT INTO public.floor VALUES (%s) RETURNING name)"
    " SELECT pg_notify('bench_floor', name) FROM written"
)


class Desk:
    """One workstation. What it is asked comes from :class:`Desks`, by the name of a method."""

    def __init__(self, clerk: Clerk, home: Path, number: int) -> None:
        self._clerk = clerk
        self._number = number
        self._random = Random(number)
        self._actor = Actor(clerk.id, f"Clerk {number}", {})
        self._cases: list[str] = []
        self._seen: Moments = {}
        self._last = 0
        self._wake, self._inlet = os.pipe()
        self._over = False
        self._beneath = open_store(home, KEY, create=True)
        self._sync = Sync(self._beneath, clerk.connect, Wishes(), self._look)
        self._sync.once()
        self._store = open_store(home, KEY)
        self._thread = threading.Thread()

    def _run(self) -> None:
        self._look()
        self._sync.run(self._wake, stop=lambda: self._over)

    def _look(self) -> None:
        """What has come into this replica, and when."""
        sql = "SELECT seq, id FROM entries WHERE seq > ? AND seq < ? ORDER BY seq"
        now = monotonic()
        for seq, entry_id in self._beneath.db.execute(sql, (self._last, PENDING)):
            self._seen[entry_id] = now
            self._last = seq

    def start(self, cases: int) -> None:
        """Open cases of one's own, bring them to the shared store and go on synchronising."""
        for number in range(cases):
            with self._store.change(self._actor, "case.open") as change:
                case = change.add(
                    Case(
                        number=f"32.1-{self._number:04}-{number:06}",
                        office_id=self._clerk.office,
                        subject=f"Straßenlaterne {number}",
                        opened_at=1,
                    )
                )
            self._cases.append(case.id)
        self.connect()

    def connect(self) -> None:
        """Synchronise from now on."""
        self._over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def disconnect(self) -> None:
        """Synchronise no more."""
        self._over = True
        os.write(self._inlet, b".")
        self._thread.join()

    def work(self, seconds: float, rate: float) -> Moments:
        """Acts at random moments, so many a second; what was committed when."""
        sent: Moments = {}

        def act() -> None:
            sent[self._act()] = monotonic()
            os.write(self._inlet, b".")

        self._at_random(seconds, rate, act)
        return sent

    def act(self, times: int) -> None:
        """As many acts one after the other, and nobody is told."""
        for _ in range(times):
            self._act()

    def _act(self) -> str:
        """A note on one of the own cases, or another term for it; returns the id of the entry."""
        day = self._random.randrange(336)
        with self._store.change(self._actor, "case.note") as change:
            case = change.get(Case, self._random.choice(self._cases))
            if self._random.random() < 0.5:
                change.set(case, target_on=f"2026-{1 + day // 28:02}-{1 + day % 28:02}")
            else:
                change.add(Note(case_id=case.id, clerk_id=self._clerk.id, at=1, text=_NOTE))
        return change.entry_id

    def bare(self, seconds: float, rate: float) -> tuple[Moments, Moments]:
        """As often, a row and NOTIFY in one transaction: when it was begun, and heard of."""
        sent: Moments = {}
        heard: Moments = {}
        over = threading.Event()

        def hear() -> None:
            with closing(self._clerk.connect()) as ears:
                ears.execute(f"LISTEN {_CHANNEL}".encode())
                while not over.is_set():
                    for notify in ears.notifies(timeout=0.1):
                        heard[notify.payload] = monotonic()

        ears = threading.Thread(target=hear)
        ears.start()
        with closing(self._clerk.connect()) as db:

            def act() -> None:
                name = f"{self._number}:{self._random.random()}"
                sent[name] = monotonic()
                db.execute(_BARE, (name,))

            self._at_random(seconds, rate, act)
        sleep(0.3)  # what is still on its way is lost to the floor and makes it no faster
        over.set()
        ears.join()
        return sent, heard

    def _at_random(self, seconds: float, rate: float, act: Callable[[], None]) -> None:
        end = monotonic() + seconds
        while (now := monotonic()) < end:
            sleep(min(self._random.expovariate(rate), end - now))
            act()

    def settle(self, cases: int) -> None:
        """Wait until so many cases have come."""
        self._wait_for(lambda: self._count("cases") >= cases)

    def sent_all(self) -> float:
        """When nothing waited to be sent any more."""
        self._wait_for(lambda: self._count("outbox") == 0)
        return monotonic()

    def reached(self, last: int) -> float:
        """When the office's stream had been applied up to this number."""
        sql = "SELECT 1 FROM streams WHERE scope = ? AND cursor >= ?"
        values = (self._clerk.office, last)
        self._wait_for(lambda: self._store.db.execute(sql, values).fetchone() is not None)
        return monotonic()

    def digest(self) -> str:
        """A hash of the cases and notes that are here."""
        found = hashlib.sha256()
        for table in ("cases", "notes"):
            names = ", ".join(columns(RECORDS[table]))
            for row in self._store.db.execute(f"SELECT {names} FROM {table} ORDER BY id"):
                found.update(repr(row).encode())
        return found.hexdigest()

    def _count(self, table: str) -> int:
        return int(self._store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        end = monotonic() + _PATIENCE_S
        while not condition():
            if monotonic() > end:
                raise RuntimeError("what was sent did not come everywhere")
            sleep(0.01)

    def seen(self, entries: set[str]) -> Moments:
        """When these entries came here; waits until the last of them has."""
        self._wait_for(lambda: entries <= self._seen.keys())
        return {entry_id: self._seen[entry_id] for entry_id in entries}

    def cpu_s(self) -> float:
        """The CPU time that this workstation has used so far."""
        return process_time()


def _serve(pipe: "Pipe", clerk: Clerk, home: Path, number: int) -> None:
    desk = Desk(clerk, home, number)
    pipe.send(None)
    while True:
        name, arguments = cast("tuple[str, tuple[object, ...]]", pipe.recv())
        try:
            pipe.send(getattr(desk, name)(*arguments))
        except Exception as error:  # told to whoever asked
            pipe.send(error)


class Desks:
    """Workstations side by side, each a process."""

    def __init__(self, clerks: list[Clerk], home: Path) -> None:
        fork = multiprocessing.get_context("fork")  # what is imported is imported once
        self._pipes: list[Pipe] = []
        self._processes = []
        for number, clerk in enumerate(clerks):
            here, there = fork.Pipe()
            process = fork.Process(
                target=_serve, args=(there, clerk, home / str(number), number), daemon=True
            )
            process.start()
            self._pipes.append(here)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()

    def ask(self, name: str, *arguments: object) -> list[object]:
        """Call a method of all of them at once; what each says."""
        return self.ask_each(name, [arguments] * len(self._pipes))

    def ask_each(self, name: str, arguments: Sequence[Sequence[object]]) -> list[object]:
        """As :meth:`ask`, with arguments of its own for each."""
        for pipe, given in zip(self._pipes, arguments, strict=True):
            pipe.send((name, given))
        answers = [pipe.recv() for pipe in self._pipes]
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self._processes:
            process.kill()
            process.join()
