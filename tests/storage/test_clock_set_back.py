"""A clock that was set back: ids and history keep their order, and a warning says so."""

import os
import time

import pytest

from storage import ids
from storage.clockcheck import TOLERANCE_MS, clock_went_back
from storage.history import latest
from storage.store import Store, open_store
from storage.verify import verify
from tests.storage.making import KEY, new_case, new_item, people

HOUR = 3_600_000
NOW = 1_763_775_000_000


@pytest.fixture(autouse=True)
def _now(store: Store) -> None:
    store.clock = lambda: NOW
    people(store)


def test_ids_never_go_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [ids.uuid7() for _ in range(5_000)]
    real = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: real - HOUR * 1_000_000)
    after = [ids.uuid7() for _ in range(5_000)]
    made = before + after
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_a_uuid_of_version_7() -> None:
    import uuid

    one = uuid.UUID(ids.uuid7())
    assert (one.version, one.variant) == (7, uuid.RFC_4122)
    assert abs((one.int >> 80) - time.time_ns() // 1_000_000) < HOUR
    assert str(one) == str(one).lower()


def test_history_stays_in_the_order_of_what_was_done(store: Store) -> None:
    new_item(store, "first")
    store.clock = lambda: NOW - HOUR
    new_case(store)
    found = latest(store.db)
    assert [e.action for e in found] == ["case.open", "item.receive", "town.found"]
    assert found[0].at < found[1].at
    assert found[0].seq > found[1].seq
    assert verify(store.db).difference is None


def test_the_warning(store: Store) -> None:
    assert clock_went_back(store.db, NOW) == 0
    assert clock_went_back(store.db, NOW + HOUR) == 0
    assert clock_went_back(store.db, NOW - TOLERANCE_MS) == 0  # what a time service may correct
    assert clock_went_back(store.db, NOW - HOUR) == HOUR


def test_the_warning_stays_while_one_goes_on_working(store: Store) -> None:
    store.clock = lambda: NOW - HOUR
    for number in range(5):
        new_item(store, f"{number}")
    assert clock_went_back(store.db, NOW - HOUR) == HOUR
    assert clock_went_back(store.db, NOW) == 0


def test_an_empty_store_and_other_devices_do_not_warn(store: Store) -> None:
    store.db.execute("UPDATE local SET value = 'another' WHERE name = 'device'")
    assert clock_went_back(store.db, NOW - HOUR) == 0
    other = open_store(store.home / "new", KEY, create=True)
    assert clock_went_back(other.db, 0) == 0
    other.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_makes_ids_of_its_own() -> None:
    ids.uuid7()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, "".join(ids.uuid7()[-12:] for _ in range(20)).encode())
        os._exit(0)
    mine = {ids.uuid7()[-12:] for _ in range(20)}
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        theirs = pipe.read().decode()
    os.waitpid(child, 0)
    assert len(theirs) == 240
    assert not [one for one in mine if one in theirs]
