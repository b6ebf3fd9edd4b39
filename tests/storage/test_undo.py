"""Undo and redo: one's own, the last first, and never over what others have built upon."""

import pytest

from storage.actor import Actor
from storage.errors import StoreError
from storage.records import Case, Item, Note
from storage.store import Store
from storage.undo import redo, undo
from storage.verify import verify
from tests.storage.making import (
    ANNA,
    BEN,
    dump,
    item,
    new_case,
    new_item,
    new_note,
    people,
)


@pytest.fixture(autouse=True)
def _people(store: Store) -> None:
    people(store)


def refused_undo(store: Store, actor: Actor = ANNA) -> StoreError:
    before = dump(store.db)
    with pytest.raises(StoreError) as refused:
        undo(store, actor)
    assert dump(store.db) == before
    assert verify(store.db).difference is None
    return refused.value


def set_item(store: Store, actor: Actor, item_id: str, **fields: str | int | None) -> None:
    with store.change(actor, "item.change") as change:
        change.set(change.get(Item, item_id), **fields)


def test_three_back_and_three_forth(store: Store) -> None:
    states = [dump(store.db)]
    case = new_case(store)
    states.append(dump(store.db))
    note = new_note(store, ANNA, case)
    states.append(dump(store.db))
    with store.change(ANNA, "note.drop") as change:
        change.drop(note)
    states.append(dump(store.db))
    for _ in range(2):
        for state in reversed(states[:-1]):
            undo(store, ANNA)
            assert dump(store.db) == state
        for state in states[1:]:
            redo(store, ANNA)
            assert dump(store.db) == state
    assert verify(store.db).difference is None


def test_what_is_told(store: Store) -> None:
    case = new_case(store)
    done = undo(store, ANNA)
    assert (done.action, done.rows) == ("case.open", (("cases", case.id),))


def test_nothing_to_undo_or_redo(store: Store) -> None:
    assert refused_undo(store, BEN).code == "undo.nothing"
    with pytest.raises(StoreError) as refused:
        redo(store, BEN)
    assert refused.value.code == "redo.nothing"


def test_only_ones_own(store: Store) -> None:
    case = new_case(store, BEN)
    assert refused_undo(store, ANNA).code == "undo.fixed"  # hers is the founding, not his case
    undo(store, BEN)
    assert ("cases", case.id) not in dump(store.db)


def test_only_on_this_device(store: Store) -> None:
    new_case(store, BEN)
    store.device = "another"
    assert refused_undo(store, BEN).code == "undo.nothing"


def test_something_new_ends_redo(store: Store) -> None:
    new_case(store)
    undo(store, ANNA)
    new_case(store, BEN, "other")  # a colleague's work does not
    redo(store, ANNA)
    undo(store, ANNA)
    new_case(store, ANNA, "third")
    with pytest.raises(StoreError) as refused:
        redo(store, ANNA)
    assert refused.value.code == "redo.nothing"


def test_the_name_and_the_action_of_who_stands_in_the_way(store: Store) -> None:
    item_id = new_item(store)
    set_item(store, BEN, item_id, subject="B", priority=1)
    set_item(store, ANNA, item_id, subject="A")
    with store.change(ANNA, "item.raise") as change:
        change.set(change.get(Item, item_id), attachments=7)
    refused = refused_undo(store, BEN)
    assert refused.code == "undo.later"
    # attachments came later, but it is the subject that stands in the way
    assert refused.params == {"name": "Anna Amt", "action": "item.change"}
    assert str(refused) == "Cannot be taken back: Anna Amt changed it later (item.change)."


def test_another_field_of_the_row_does_not_stand_in_the_way(store: Store) -> None:
    item_id = new_item(store)
    set_item(store, BEN, item_id, priority=2)
    set_item(store, ANNA, item_id, subject="A")
    undo(store, BEN)
    with store.change(ANNA, "look") as change:
        found = change.get(Item, item_id)
    assert (found.priority, found.subject) == (0, "A")


def test_a_note_on_the_new_case_stands_in_the_way(store: Store) -> None:
    case = new_case(store, BEN)
    new_note(store, ANNA, case)
    assert refused_undo(store, BEN).params == {"name": "Anna Amt", "action": "case.note"}
    undo(store, ANNA)
    undo(store, BEN)  # her note is gone, so nothing does any more
    assert not [row for row in dump(store.db) if row[0] in ("cases", "notes")]


def test_a_redo_over_what_is_gone_is_refused(store: Store) -> None:
    case = new_case(store, BEN)
    new_note(store, ANNA, case)
    undo(store, ANNA)
    undo(store, BEN)
    before = dump(store.db)
    with pytest.raises(StoreError) as refused:
        redo(store, ANNA)
    assert refused.value.params["name"] == "Ben Büro"
    assert dump(store.db) == before
    redo(store, BEN)
    redo(store, ANNA)
    assert verify(store.db).difference is None


def test_an_undo_that_would_point_at_what_is_gone_is_refused(store: Store) -> None:
    case = new_case(store, BEN)
    item_id = new_item(store)
    set_item(store, ANNA, item_id, case_id=case.id)
    set_item(store, ANNA, item_id, case_id=None)
    undo(store, BEN)
    assert refused_undo(store, ANNA).params["name"] == "Ben Büro"


def test_a_place_that_is_taken(store: Store) -> None:
    new_case(store, ANNA, "10-1")
    undo(store, ANNA)
    new_case(store, BEN, "10-1")
    with pytest.raises(StoreError) as refused:
        redo(store, ANNA)
    assert refused.value.code == "undo.taken"
    assert verify(store.db).difference is None


def test_a_bulk_action_is_taken_back_whole_or_not_at_all(store: Store) -> None:
    ids = [new_item(store, f"{n}") for n in range(4)]
    with store.change(BEN, "item.done") as change:
        for item_id in ids:
            change.set(change.get(Item, item_id), state="done")
    set_item(store, ANNA, ids[2], state="open")
    assert refused_undo(store, BEN).code == "undo.later"
    set_item(store, ANNA, ids[2], state="done")
    undo(store, BEN)
    assert {f["state"] for (t, _i), f in dump(store.db).items() if t == "items"} == {"open"}


def test_rows_of_one_action_that_refer_to_each_other(store: Store) -> None:
    with store.change(ANNA, "case.open") as change:
        one = change.add(item())
        case = change.add(Case(number="1", office_id="amt", subject="S", opened_at=1))
        change.set(one, case_id=case.id)
        change.add(Note(case_id=case.id, clerk_id="anna", at=1, text="T"))
    done = dump(store.db)
    undo(store, ANNA)
    redo(store, ANNA)
    assert dump(store.db) == done
    assert verify(store.db).difference is None


def test_the_entry_of_an_undo_belongs_to_the_same_office(store: Store) -> None:
    new_case(store)
    undo(store, ANNA)
    redo(store, ANNA)
    sql = "SELECT kind, office_id FROM entries ORDER BY seq DESC LIMIT 3"
    assert store.db.execute(sql).fetchall() == [("redo", "amt"), ("undo", "amt"), ("do", "amt")]
