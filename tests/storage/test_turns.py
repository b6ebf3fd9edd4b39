"""Bulk work of one program lets the single acts of others go first."""

import threading
from pathlib import Path

from storage.store import Store, open_store
from storage.turns import Turns
from storage.verify import verify
from tests.storage.making import KEY, new_item, people


def subjects(store: Store) -> set[str]:
    return {row[0] for row in store.db.execute("SELECT subject FROM items")}


def test_an_act_beside_bulk_work_is_let_in_between_two_records(store: Store) -> None:
    people(store)
    other = open_store(store.home, KEY, busy_ms=60_000)
    act = threading.Thread(target=new_item, args=(other, "an act"))
    with store.bulk():
        with store.group():
            new_item(store, "a first")
            act.start()
            while not store.is_wanted():
                new_item(store, "more")
        with store.group():  # begins behind the act, whoever SQLite would have let in
            assert "an act" in subjects(store)
    act.join()
    other.close()
    assert verify(store.db).difference is None


def test_nobody_waits_where_nobody_else_writes(store: Store) -> None:
    people(store)
    assert not store.is_wanted()
    with store.bulk(), store.group():
        new_item(store)
        assert not store.is_wanted()
    with store.group():  # this one is an act itself
        new_item(store)
    assert not store.is_wanted()


def test_acts_do_not_wait_for_each_other_here(tmp_path: Path) -> None:
    one, two, bulk = (Turns(tmp_path) for _ in range(3))
    with one.act(), two.act():
        assert bulk.wanted()
    assert not bulk.wanted()
    for turns in (one, two, bulk):
        turns.close()


def test_a_home_that_cannot_be_written_has_no_turns(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "missing")
    with turns.act():
        assert not turns.wanted()
    turns.give_way()
    turns.close()
