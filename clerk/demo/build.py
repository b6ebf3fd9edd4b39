"""Building the demo town in a home: once, whole, and never over anything real."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from clerk import clock
from clerk.demo import letters
from clerk.demo.crowd import Crowd
from clerk.demo.days import Days
from clerk.demo.founding import found_town
from clerk.demo.ids import demo_id
from clerk.demo.keeping import demo_key, existing_key, real_store
from clerk.demo.matters import Matters
from clerk.demo.past import Past
from clerk.demo.people import townspeople
from clerk.demo.streets import TOWN
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.session import Ask
from storage.store import FILE_NAME, Store, exists, open_store

BUILDING: Final = "building"
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
    ``demo.other_size`` and ``demo.size``, and StoreError of the store.
    """
    if size < 1:
        raise refuse("demo.size", _("A demo needs at least one item."))
    if exists(home):
        key = existing_key(home, ask)
        if _is_there(home, key, size):
            return False
    else:
        key = demo_key(home, ask)
    store = open_store(home, key, create=True)
    try:
        # Held to the end: a second build would take this one for cut off, and remove it.
        store.db.execute("PRAGMA locking_mode = EXCLUSIVE")
        store.set_local("demo", BUILDING)
        _fill(store, size, seed, until or _last_morning(), progress)
        store.set_local("demo", BUILT)
    finally:
        store.close()
    return True


def _is_there(home: Path, key: bytes, size: int) -> bool:
    """Whether the demo stands; what is left of one that was cut off is removed."""
    store = open_store(home, key)
    try:
        state = store.local("demo")
        built_size = store.local("demo_size")
        empty = store.db.execute("SELECT NOT EXISTS (SELECT 1 FROM entries)").fetchone()[0]
    finally:
        store.close()
    if state is None and empty:  # cut off before it was marked; it can be filled as it is
        return False
    if state == BUILDING:
        for suffix in ("-wal", "-shm", ""):  # the file itself last: without it all is gone
            (home / (FILE_NAME + suffix)).unlink(missing_ok=True)
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
        actions = Matters(rng, days, town, crowd, size).actions()
        while part := list(islice(actions, _ACTIONS)):
            past.write(part)
            progress(past.items, size)
