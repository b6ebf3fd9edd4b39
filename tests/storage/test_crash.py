"""Death in the middle: at every single statement of an action, and by real ``kill -9``."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.records import RECORDS, Note
from storage.store import Store, open_store
from storage.undo import undo
from storage.verify import verify
from tests.storage.faulty import Crash, faults, faulty_connections
from tests.storage.making import (
    ANNA,
    BEN,
    KEY,
    after_power_cut,
    item,
    new_case,
    new_item,
    new_note,
    people,
)


def receive(store: Store) -> None:
    new_item(store, "Müll", "Er liegt seit Tagen an der Böschung. " * 400)


def note(store: Store) -> None:
    case = new_case(store, ANNA, "10-2026-000002")
    new_note(store, BEN, case)


def take_back(store: Store) -> None:
    undo(store, BEN)


def bulk(store: Store) -> None:
    with store.bulk(), store.group():
        for number in range(3):
            with store.change(ANNA, "item.receive") as change:
                text = change.content(f"Text {number}".encode())
                one = change.add(item(f"Nummer {number}", text))
                change.set(one, subject="anders")
                change.add(Note(item_id=one.id, clerk_id="anna", at=1, text="Notiz"))


def local(store: Store) -> None:
    store.set_local("clerk", "ben")
    store.keep_draft("ben", "note", "halb getippt")


@pytest.mark.parametrize("act", [receive, note, take_back, bulk, local])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_every_statement(
    store: Store, tmp_path: Path, act: Callable[[Store], None], after: bool
) -> None:
    people(store)
    new_note(store, BEN, new_case(store))
    seen = [sizes(store)]
    with faulty_connections():
        for steps in range(1_000):
            dying = after_power_cut(store, tmp_path / f"{steps}")
            dying.db.execute("PRAGMA cache_size = 20")  # so that much is written before its commit
            connection = faults(dying.db)
            connection.arm(steps, after=after)
            crashed = False
            try:
                act(dying)
            except Crash:
                crashed = True
            found = after_power_cut(dying, tmp_path / f"{steps} found")
            assert verify(found.db).difference is None, f"after {steps} statements"
            if sizes(found) not in seen:
                seen.append(sizes(found))
            found.close()
            connection.real.close()
            if not crashed:
                break
    assert steps > 3
    # Only whole actions are ever found: what was before, and what stood after each commit.
    assert len(seen) == COMMITS.get(act.__name__, 1) + 1


COMMITS = {"note": 2, "local": 2}


def sizes(store: Store) -> list[int]:
    """How many rows each table has."""
    tables = (*RECORDS, "entries", "entry_rows", "outbox", "content", "drafts", "local")
    return [store.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables]


WORKER = """
import random, sys
from contextlib import suppress
from pathlib import Path
from storage.errors import StoreError
from storage.records import Note, Item
from storage.store import open_store
from storage.undo import undo
from tests.storage.making import ANNA, BEN, KEY, item
rng = random.Random(int(sys.argv[2]))
store = open_store(Path(sys.argv[1]), KEY)
store.db.execute("PRAGMA cache_size = 20")
print("ready", flush=True)
items = []
while True:
    how = rng.randrange(4)
    if how == 0 and items:
        with store.change(BEN, "item.note") as change:
            change.add(Note(item_id=rng.choice(items), clerk_id="ben", at=1, text="Notiz " * 40))
    elif how == 1 and rng.random() < 0.3:
        with suppress(StoreError):  # where he has done nothing yet
            undo(store, BEN)
    elif how == 2 and items:
        with store.change(ANNA, "item.raise") as change:
            one = change.get(Item, rng.choice(items))
            change.set(one, priority=one.priority + 1, subject=f"neu {rng.random()}")
    else:
        with store.group():
            for _ in range(rng.randrange(1, 6)):
                with store.change(ANNA, "item.receive") as change:
                    sha = change.content(("Text " * 500 + str(rng.random())).encode())
                    items.append(change.add(item(f"Betreff {rng.random()}", sha)).id)
    print(store.db.execute("SELECT max(seq) FROM entries").fetchone()[0], flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_kill_9_loses_nothing_that_was_said_to_be_done(store: Store, seed: int) -> None:
    people(store)
    store.close()
    rng = random.Random(seed)
    for _round in range(2):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(store.home), str(rng.random())[2:8]],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        said = 0
        for _ in range(rng.randrange(1, 40)):
            said = int(worker.stdout.readline())
        os.kill(worker.pid, signal.SIGKILL)
        rest, _error = worker.communicate()
        said = max([said, *(int(line) for line in rest.splitlines(keepends=True) if "\n" in line)])
        found = open_store(store.home, KEY)
        report = verify(found.db)
        assert report.difference is None
        assert report.entries >= said > 0
        found.close()
