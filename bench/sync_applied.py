"""Group ``applied``: a workstation that stays quick while a large pull is applied to its replica.

The real synchronisation in a process of its own, as in the program; the reads and writes of a
person in this one, upon the same file. The floor is the same person while nothing is pulled.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from bench.figures import Allowed, Figure, Measured
from bench.hub import BATCH, Workstation
from bench.sync_desk import KEY, Desks
from bench.sync_town import Clerk, town
from storage.actor import Actor
from storage.hub import calls
from storage.ids import uuid7
from storage.pages import items
from storage.records import Item
from storage.schema import SCHEMA
from storage.store import Store, open_store
from storage.sync.handshake import FAR_BEHIND
from storage.terms import Channel, ItemState

Times = tuple[list[float], list[float]]
"""How long each read and each write took, in ms."""
_PAGE = 50
_ADDED = 0.25  # of what comes are new items, the rest are edits


def figures(quick: bool) -> Iterator[Figure]:
    """The same person before anything comes, and during each of the comings."""
    sizes, idle = ((2_000,), 1.0) if quick else ((15_000, 100_000), 10.0)
    with (
        town(2) as shared,
        TemporaryDirectory(prefix="clerk-bench-") as home,
        Desks(shared.clerks[:1], Path(home)) as desks,
        closing(open_store(Path(home) / "0", KEY)) as store,
    ):
        person = Person(store, shared.clerks[0])
        desks.ask("connect")
        before = person.works(_for(idle))
        for entries in sizes:
            desks.ask("disconnect")
            push(shared.clerks[1], entries)
            last = shared.last(shared.clerks[0].office)
            begun = perf_counter()
            desks.ask("connect")
            during = person.works(lambda last=last: not person.has(last))  # type: ignore[misc]
            yield from _beside(entries, before, during, perf_counter() - begun)


def _beside(entries: int, before: Times, during: Times, spent: float) -> Iterator[Figure]:
    what = "come and are applied" if entries <= FAR_BEHIND else "come by a filling"
    names = (f"page of {_PAGE} while {entries:,} entries {what}", "a change, durable, meanwhile")
    for name, quiet, busy, most in zip(names, before, during, (2, 36), strict=True):
        yield Figure(
            name=name,
            ours=Measured.each(busy),
            floor=Measured.each(quiet),
            allowed=Allowed(most=most),
            floor_name="the same, nothing comes",
            by="p95",
        )
    yield Figure("until all are here", Measured.each([spent]), None, Allowed(), unit="s")


class Person:
    """Somebody at the workstation: turns a page, changes something, never in a hurry."""

    def __init__(self, store: Store, clerk: Clerk) -> None:
        self._store, self._clerk = store, clerk
        self._actor = Actor(clerk.id, "Clerk", {})
        self._random = Random(5)
        with store.change(self._actor, "item.receive", undoable=False) as change:
            self._own = [change.add(_item(clerk.office)).id for _ in range(20)]
        self._turns = cycle(self._own)

    def works(self, goes_on: Callable[[], bool]) -> Times:
        """Reads and writes while it ``goes_on``; at least one of each."""
        reads: list[float] = []
        writes: list[float] = []
        rows = items.everywhere(ItemState.OPEN)
        while not writes or goes_on():
            begun = perf_counter()
            rows.page(self._store.db, after=None, limit=_PAGE)
            reads.append((perf_counter() - begun) * 1e3)
            self._pause()
            begun = perf_counter()
            with self._store.change(self._actor, "item.raise") as change:
                item = change.get(Item, next(self._turns))
                change.set(item, priority=1 - item.priority)
            writes.append((perf_counter() - begun) * 1e3)
            self._pause()
        return reads, writes

    def has(self, last: int) -> bool:
        """Whether the office's stream was applied up to this number."""
        sql = "SELECT 1 FROM streams WHERE scope = ? AND cursor >= ?"
        return self._store.db.execute(sql, (self._clerk.office, last)).fetchone() is not None

    def _pause(self) -> None:
        sleep(self._random.uniform(0.01, 0.05))


def push(clerk: Clerk, entries: int) -> None:
    """A colleague's work: some items, and many edits of them."""
    station = Workstation(clerk.id, clerk.office)
    ids = [uuid7() for _ in range(int(entries * _ADDED))]
    with closing(clerk.connect()) as db:
        calls.hello(db, station.device, SCHEMA, "bench")
        for first in range(0, entries, BATCH):
            numbers = range(first, min(first + BATCH, entries))
            batch = [
                station.added(ids[n])
                if n < len(ids)
                else station.edited(ids[n % len(ids)], n // len(ids))
                for n in numbers
            ]
            if {judged.outcome for judged in calls.push(db, station.device, batch)} != {"ok"}:
                raise RuntimeError("the shared store did not take what was pushed")


def _for(seconds: float) -> Callable[[], bool]:
    end = perf_counter() + seconds
    return lambda: perf_counter() < end


def _item(office: str) -> Item:
    return Item(
        channel=Channel.MAIL, external_id=uuid7(), thread_key="t", received_at=5,
        subject="Straßenlaterne", office_id=office,
    )  # fmt: skip
