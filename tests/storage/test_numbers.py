"""Numbers from ranges that were leased ahead."""

import pytest

from storage.errors import StoreError
from storage.numbers import add_lease, next_number, numbers_left
from storage.store import Store


def test_ranges_are_used_up_one_after_the_other(store: Store) -> None:
    name = "case:10-2026"
    with store.beneath() as (db, _index):
        add_lease(db, name, 41, 42)
        add_lease(db, name, 11, 12)
        add_lease(db, "case:60-2026", 1, 9)
    assert numbers_left(store.db, name) == 4
    given = [next_number(store.db, name, leased=True) for _ in range(4)]
    assert given == [11, 12, 41, 42]
    assert numbers_left(store.db, name) == 0
    with pytest.raises(StoreError) as said:
        next_number(store.db, name, leased=True)
    assert said.value.code == "numbers.used_up"
    with store.beneath() as (db, _index):
        add_lease(db, name, 91, 91)
    assert next_number(store.db, name, leased=True) == 91


def test_a_joined_store_gives_none_that_it_did_not_lease(store: Store) -> None:
    assert next_number(store.db, "case:10-2026") == 1
    with pytest.raises(StoreError):
        next_number(store.db, "case:10-2026", leased=True)
    with pytest.raises(StoreError):
        next_number(store.db, "case:10-2027", leased=True)
