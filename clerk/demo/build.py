"""Building the demo town in a home: once, whole, and never over anything real."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from heapq import merge
from itertools import islice
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Final

from clerk import clock, locks
from clerk.demo import letters
from clerk.demo.aside import aside
from clerk.demo.crowd import Crowd
from clerk.demo.days import Days
from clerk.demo.fines import FineDemo
from clerk.demo.founding import found_town
from clerk.demo.ids import demo_id
from clerk.demo.keeping import demo_key, existing_key, real_store
from clerk.demo.matters import Matters
from clerk.demo.past import Action, Deed, Past
from clerk.demo.people import townspeople
from clerk.demo.streets import TOWN
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.session import Ask
from storage.history import latest
from storage.store import Store, exists, open_store

BUILT: Final = "1"
_ACTIONS = 10_000  # in one transaction: the search index likes large ones
_MOST_PEOPLE = 20_000
_OPENS = timedelta(hours=7, minutes=15)

Progress = Callable[[int, int], None]
"""Told how many items are there and how many there will be."""


def build(
    home: Path,
    ask: Ask,
    *,
    size: int = 2_000,
    seed: int = 1,
    until: date | None = None,
    progress: Progress = lambda *_: None,
) -> bool:
    """Build the demo town with ``size`` items up to the morning of ``until``; False if it is there.

    The same size, seed and last day give the same rows. A build that was cut off is begun again.
    Raises Refused ``demo.real_store`` (the home holds something else, left untouched),
    ``demo.other_size``, ``demo.running`` and ``demo.size``, and StoreError of the store.
    """
    if size < 1:
        raise refuse("demo.size", _("A demo needs at least one item."))
    if exists(home) and _is_there(home, existing_key(home, ask), size):
        return False
    with _alone(home):
        key = existing_key(home, ask) if exists(home) else demo_key(home, ask)
        if exists(home) and _is_there(home, key, size):  # by now
            return False
        with aside(home) as folder:
            store = open_store(folder, key, create=True)
            try:
                _fill(store, size, seed, until or _last_morning(), progress)
                store.set_local("demo", BUILT)
            finally:
                store.close()
    return True


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One build at a time, and none under an open workstation."""
    held = locks.take(home, locks.DEMO)
    if held is None:
        raise refuse(
            "demo.running", _("The demo town in {home} is being built just now.").format(home=home)
        )
    try:
        with locks.workstation_lock(home):
            yield
    finally:
        locks.release(held)


def _is_there(home: Path, key: bytes, size: int) -> bool:
    """Whether the demo stands; False also for a store that nobody has written to yet."""
    store = open_store(home, key)
    try:
        state = store.local("demo")
        built_size = store.local("demo_size")
        empty = not latest(store.db, limit=1)
    finally:
        store.close()
    if state is None and empty:  # a first start that was cut off
        return False
    if state != BUILT:
        raise real_store(home)
    if built_size != str(size):
        raise refuse(
            "demo.other_size",
            _(
                "There is a demo with {size} items in {home}. Name another folder with --home, or"
                " remove this one."
            ).format(size=built_size, home=home),
        )
    return True


def _last_morning() -> date:
    """Today, or yesterday as long as the demo's last morning is still to come."""
    return (clock.local(clock.now()) - _OPENS).date()


def _fill(store: Store, size: int, seed: int, until: date, progress: Progress) -> None:
    rng = Random(f"clerk demo {seed} {size} {until}")  # noqa: S311 - a demo, not a secret
    days = Days(until)
    past = Past(store, rng, days)
    with store.bulk():
        with store.group():
            town = found_town(past, rng, days)
            store.set_local("clerk", town.sitting)
            store.set_local("town", f"{TOWN} (Demo)")
            store.set_local("demo_size", str(size))
        ids = [demo_id(rng, days.begin) for _n in range(min(max(size // 3, 150), _MOST_PEOPLE))]
        people = townspeople(rng, ids, until)
        services = {one.id: one.office for one in town.services}
        topics = letters.topics([office.id for office in town.offices], services)
        crowd = Crowd(rng, days, people, topics)
        fines = FineDemo(store, past, days, town, people, seed)
        matters = Matters(rng, days, town, crowd, size).actions()
        actions: Iterator[Action | Deed] = merge(matters, fines.deeds(), key=attrgetter("at"))
        while part := list(islice(actions, _ACTIONS)):
            past.write(part)
            progress(past.items, size)
