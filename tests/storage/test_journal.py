"""One action, one transaction, one entry: what the journal promises to those who write by it."""

import json
import threading
from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import driver
from storage.counters import NOBODY, count
from storage.errors import StoreError
from storage.history import history, latest
from storage.journal import Change
from storage.records import Case, Clerk, Item, Membership, Note, Office, Person, Service
from storage.store import Store
from storage.verify import verify
from tests.storage.making import ANNA, BEN, dump, item, new_case, new_item, new_note, people


@pytest.fixture(autouse=True)
def _people(store: Store) -> None:
    people(store)


def patches(store: Store) -> list[list[object]]:
    """The patches of the newest entry."""
    sql = "SELECT patches FROM entries ORDER BY seq DESC LIMIT 1"
    found: list[list[object]] = json.loads(store.db.execute(sql).fetchone()[0])
    return found


def entries(store: Store) -> int:
    return int(store.db.execute("SELECT count(*) FROM entries").fetchone()[0])


def proved(store: Store) -> None:
    assert verify(store.db).difference is None


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"])),
    at=st.integers(-(2**63), 2**63 - 1),
)
def test_patches_are_the_json_that_a_shared_store_writes(store: Store, text: str, at: int) -> None:
    """Both seal the text as it stands, each on its own device."""
    with store.change(BEN, "note.add") as change:
        change.add(Note(clerk_id="ben", at=at, text=text))
    sql = "SELECT patches FROM entries ORDER BY seq DESC LIMIT 1"
    (stands,) = store.db.execute(sql).fetchone()
    assert stands == json.dumps(json.loads(stands), ensure_ascii=False, separators=(",", ":"))
    assert patches(store)[0][3] == {
        "clerk_id": [None, "ben"],
        "at": [None, at],
        "text": [None, text],
        "audience": [None, "internal"],
    }


def test_a_text_of_another_class_is_what_it_says(store: Store) -> None:
    class Marked(str):
        __slots__ = ()

    with store.change(BEN, "note.add") as change:
        change.add(Note(clerk_id="ben", at=1, text=Marked("gesagt")))
    assert cast("dict[str, object]", patches(store)[0][3])["text"] == [None, "gesagt"]
    proved(store)


def test_one_action_is_one_entry_with_its_outbox_mark(store: Store) -> None:
    store.clock = lambda: 1_700_000_000_000
    with store.change(BEN, "case.assign", on_behalf_of="anna") as change:
        case = change.add(Case(number="1", office_id="amt", subject="S", opened_at=1))
        change.set(case, assignee_id="ben")
        change.add(Note(case_id=case.id, clerk_id="ben", at=1, text="T"))
    row = store.db.execute(
        "SELECT at, clerk_id, on_behalf_of, device, action, kind, undoable, office_id, seq"
        " FROM entries ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert row[:8] == (
        1_700_000_000_000, "ben", "anna", store.device, "case.assign", "do", 1, "amt",
    )  # fmt: skip
    assert change.seq == row[8]
    assert store.db.execute("SELECT max(seq) FROM outbox").fetchone() == (row[8],)
    assert [p[:3] for p in patches(store)] == [
        ["cases", case.id, "add"],
        ["notes", patches(store)[1][1], "add"],
    ]


def add_then_set(change: Change, note: Note) -> None:
    one = change.add(Person(family_name="A"))
    change.set(one, city="B", family_name="C")


def set_twice(change: Change, note: Note) -> None:
    change.set(note, text="B")
    change.set(note, text="C")


def set_and_back(change: Change, note: Note) -> None:
    change.set(note, text="B")
    change.set(note, text="A")


def set_to_the_same(change: Change, note: Note) -> None:
    change.set(note, text="A")


def add_and_drop(change: Change, note: Note) -> None:
    change.drop(change.add(Person(family_name="A")))


def set_then_drop(change: Change, note: Note) -> None:
    change.set(note, text="B", item_id="x")
    change.drop(note)


MERGED = [
    (add_then_set, ["add"]),
    (set_twice, ["set"]),
    (set_and_back, []),
    (set_to_the_same, []),
    (add_and_drop, []),
    (set_then_drop, ["drop"]),
]


@pytest.mark.parametrize(("do", "ops"), MERGED, ids=lambda v: getattr(v, "__name__", ""))
def test_an_entry_names_each_row_once(
    store: Store, do: Callable[[Change, Note], None], ops: list[str]
) -> None:
    note = new_note(store, ANNA, new_case(store), "A")
    before, rows = entries(store), dump(store.db)
    with store.change(ANNA, "test") as change:
        do(change, note)
    assert entries(store) == before + bool(ops)
    if ops:
        assert [p[2] for p in patches(store)] == ops
    else:
        assert dump(store.db) == rows
    proved(store)


def test_the_values_of_a_dropped_record_stay_in_the_entry(store: Store) -> None:
    note = new_note(store, ANNA, new_case(store), "A")
    with store.change(ANNA, "test") as change:
        change.set(note, text="B", item_id="x")
        change.drop(note)
    fields = patches(store)[0][3]
    assert isinstance(fields, dict)
    assert fields["text"] == ["A", None]
    assert "item_id" not in fields


def test_a_dropped_record_is_not_added_again_at_once(store: Store) -> None:
    note = new_note(store, ANNA, new_case(store))
    before = dump(store.db)
    with pytest.raises(StoreError) as refused, store.change(ANNA, "test") as change:  # noqa: PT012
        change.drop(note)
        change.add(note)
    assert refused.value.code == "journal.order"
    assert dump(store.db) == before


def test_an_id_never_changes(store: Store) -> None:
    note = new_note(store, ANNA, new_case(store))
    with pytest.raises(ValueError, match="id"), store.change(ANNA, "test") as change:
        change.set(note, id="other")
    proved(store)


@pytest.mark.parametrize("what", ["get", "set", "drop"])
def test_a_record_that_is_gone(store: Store, what: str) -> None:
    note = Note(clerk_id="anna", at=1, text="never added")
    acts: dict[str, Callable[[Change], object]] = {
        "get": lambda change: change.get(Note, note.id),
        "set": lambda change: change.set(note, text="x"),
        "drop": lambda change: change.drop(note),
    }
    with pytest.raises(StoreError) as refused, store.change(ANNA, "test") as change:
        acts[what](change)
    assert refused.value.code == "record.gone"


def test_a_failed_change_leaves_nothing(store: Store) -> None:
    before, n = dump(store.db), entries(store)
    with pytest.raises(driver.IntegrityError), store.change(ANNA, "test") as change:  # noqa: PT012
        change.content(b"Text")
        change.add(item())
        change.next_number("case:10")
        change.add(Clerk(login="ben", name="another Ben"))
    assert (dump(store.db), entries(store)) == (before, n)
    assert store.db.execute("SELECT count(*) FROM content").fetchone() == (0,)
    proved(store)


def test_a_state_that_is_none_is_refused_by_the_database(store: Store) -> None:
    item_id = new_item(store)
    with pytest.raises(driver.IntegrityError), store.change(ANNA, "test") as change:
        change.set(change.get(Item, item_id), state="lost")
    proved(store)


def test_a_group_is_all_or_nothing(store: Store) -> None:
    before = dump(store.db)
    with pytest.raises(KeyError), store.group():  # noqa: PT012
        new_item(store, "one")
        new_item(store, "two")
        raise KeyError
    assert dump(store.db) == before
    with store.group():
        with store.group():
            new_item(store, "one")
        new_item(store, "two")  # the inner group's end was not the outer's
        store.set_local("name", "value")
    assert len(dump(store.db)) == len(before) + 2
    proved(store)


def fail_half_done(store: Store) -> None:
    with store.change(ANNA, "test") as change:
        change.add(item("half"))
        raise KeyError


def fail_on_a_waiting_row(store: Store) -> None:
    """Its only statement fails: nothing is written, and the row must stay in the index."""
    with store.change(ANNA, "test") as change:
        case = change.get(Case, store.db.execute("SELECT id FROM cases").fetchone()[0])
        change.set(case, number="taken")


def test_a_caught_error_spoils_its_group(store: Store) -> None:
    before = dump(store.db)
    with pytest.raises(StoreError) as refused, store.group():  # noqa: PT012
        new_item(store, "whole")
        with pytest.raises(KeyError):
            fail_half_done(store)
    assert refused.value.code == "store.spoiled"
    assert dump(store.db) == before
    new_item(store, "the next one works")
    proved(store)


def test_a_refusal_before_anything_was_written_does_not(store: Store) -> None:
    with store.group():
        new_item(store, "whole")
        with pytest.raises(StoreError), store.change(ANNA, "test") as change:
            change.get(Item, "none")
    assert store.db.execute("SELECT subject FROM items").fetchall() == [("whole",)]


def test_an_error_without_effect_keeps_the_index_whole(store: Store) -> None:
    with store.group():
        new_case(store, ANNA, "first")
        with pytest.raises(driver.IntegrityError), store.change(ANNA, "test") as change:
            change.add(Case(number="first", office_id="amt", subject="x", opened_at=1))
    proved(store)
    new_case(store, ANNA, "taken")
    with store.group():
        with store.change(ANNA, "test") as change:
            change.set(change.get(Case, _case(store, "first")), subject="anders")
        with pytest.raises(driver.IntegrityError):
            fail_on_a_waiting_row(store)
    proved(store)


def _case(store: Store, number: str) -> str:
    row = store.db.execute("SELECT id FROM cases WHERE number = ?", (number,)).fetchone()
    return str(row[0])


def test_a_change_within_a_change_is_a_mistake(store: Store) -> None:
    before = dump(store.db)
    with pytest.raises(RuntimeError), store.change(ANNA, "outer") as change:  # noqa: PT012
        change.add(item())
        new_item(store)
    assert dump(store.db) == before
    new_item(store)
    proved(store)


def test_two_threads_never_share_a_transaction(store: Store) -> None:
    """What a thread was told is durable must not go with another's group."""
    inside, go_on = threading.Event(), threading.Event()

    def fails() -> None:
        with pytest.raises(KeyError), store.group():  # noqa: PT012
            new_item(store, "lost")
            inside.set()
            go_on.wait(30)
            raise KeyError

    def works() -> None:
        go_on.set()
        new_item(store, "kept")

    threads = [threading.Thread(target=fails), threading.Thread(target=works)]
    threads[0].start()
    assert inside.wait(30)
    threads[1].start()
    for thread in threads:
        thread.join(30)
    assert store.db.execute("SELECT subject FROM items").fetchall() == [("kept",)]
    proved(store)


def test_numbers_are_given_out_once(store: Store) -> None:
    given = []
    for _ in range(3):
        with store.change(ANNA, "test") as change:
            given.append(change.next_number("case:10-2026"))
    assert given == [1, 2, 3]
    store.db.execute("UPDATE number_ranges SET last = 4")
    with store.change(ANNA, "test") as change:
        assert change.next_number("case:10-2026") == 4
    with pytest.raises(StoreError) as refused, store.change(ANNA, "test") as change:
        change.next_number("case:10-2026")
    assert refused.value.code == "numbers.used_up"


def _membership(change: Change) -> None:
    change.add(Membership(clerk_id="ben", office_id="amt", role="clerk"))  # type: ignore[arg-type]  # text is what SQL gives


def _service(change: Change) -> None:
    change.add(Service(id="ausweis", office_id="amt", title="Ausweis"))


def _office(change: Change) -> None:
    change.set(change.get(Office, "amt"), name="Neues Amt")


@pytest.mark.parametrize("do", [_membership, _service, _office])
def test_what_concerns_the_whole_town_belongs_to_no_office(
    store: Store, do: Callable[[Change], None]
) -> None:
    with store.change(ANNA, "test") as change:
        do(change)
    assert change.office_id is None


def test_what_hangs_on_a_matter_belongs_to_its_office(store: Store) -> None:
    """A note must not reach the workstations of offices that the case does not concern."""
    case, item_id = new_case(store), new_item(store)
    note = new_note(store, ANNA, case)
    for what in ("case note", "item note", "note set", "note dropped", "handed over"):
        with store.change(ANNA, what) as change:
            if what == "case note":
                change.add(Note(case_id=case.id, clerk_id="anna", at=1, text=""))
            elif what == "item note":
                change.add(Note(item_id=item_id, clerk_id="anna", at=1, text=""))
            elif what == "note set":
                change.set(note, text="anders")
            elif what == "note dropped":
                change.drop(note)
            else:
                change.set(case, office_id="bau")
        assert change.office_id == ("bau" if what == "handed over" else "amt"), what


def test_counters_follow_every_change(store: Store) -> None:
    item_id = new_item(store)
    assert count(store.db, "items", "open", offices=["amt"]) == 1
    assert count(store.db, "items", "open", offices=["amt"], clerks=[NOBODY]) == 1
    with store.change(ANNA, "test") as change:
        change.set(change.get(Item, item_id), claimed_by="ben", office_id=None)
    assert count(store.db, "items", "open", offices=["amt"]) == 0
    assert count(store.db, "items", "open", offices=[NOBODY], clerks=["ben"]) == 1
    assert count(store.db, "items", "open", offices=[]) == 0
    with store.change(ANNA, "test") as change:
        change.drop(change.get(Item, item_id))
    assert count(store.db, "items", "open") == 0
    proved(store)


def test_history_of_a_case_holds_what_hangs_on_it(store: Store) -> None:
    case = new_case(store)
    note = new_note(store, BEN, case)
    new_case(store, ANNA, "another")
    found = history(store.db, "cases", case.id)
    assert [(e.action, e.clerk_name) for e in found] == [
        ("case.note", "Ben Büro"),
        ("case.open", "Anna Amt"),
    ]
    assert [[p.row_id for p in e.patches] for e in found] == [[note.id], [case.id]]
    assert [e.seq for e in history(store.db, "cases", case.id, limit=1)] == [found[0].seq]
    assert history(store.db, "cases", case.id, before=found[0].seq) == found[1:]
    assert [e.action for e in latest(store.db, clerk_id="ben")] == ["case.note"]
    assert len(latest(store.db, limit=2)) == 2
