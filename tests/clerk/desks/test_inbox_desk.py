"""The inbox: each guard's refusal, what becomes of many at once, and what follows an action."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from clerk.desks import cases, follow_ups, inbox
from clerk.desks.inbox_guards import GUARDS
from clerk.desks.outcome import Outcome
from clerk.refusal import Refused
from clerk.session import Session
from storage.actor import Actor
from storage.errors import StoreError
from storage.pages import items as pages
from storage.records import Item
from storage.store import Store
from storage.terms import ItemState
from storage.undo import redo, undo
from storage.verify import verify
from tests import support
from tests.clerk.desks.scenarios import FOREIGN, OWN, TARGET, case, item

DAY = date(2026, 3, 2)
CLERK = Actor("ben", "Ben", {OWN: "clerk"})
LEAD = Actor("chef", "Chefin", {OWN: "supervisor"})

Add = Callable[..., str]


@pytest.fixture
def add(session: Session) -> Add:
    """``add(subject, …)``: an item; returns its id."""
    return partial(support.add_item, session)


@pytest.fixture
def store(session: Session) -> Store:
    return session.store


def refused(do: Callable[[], object]) -> str:
    """The code of the refusal."""
    with pytest.raises(Refused) as error:
        do()
    assert error.value.refusal.sentence.endswith(".")
    return error.value.refusal.code


def test_taking_twice(session: Session, store: Store, add: Add) -> None:
    one = add()
    assert inbox.take(store, CLERK, [one]) == Outcome("item.take", (one,))
    assert item(session, one).claimed_by == "ben"
    assert refused(lambda: inbox.take(store, CLERK, [one])) == "item.yours"


def test_taking_from_a_colleague(session: Session, store: Store, add: Add) -> None:
    one = add(claimed_by="ute")
    assert refused(lambda: inbox.take(store, CLERK, [one])) == "item.taken"
    inbox.take(store, LEAD, [one])
    assert item(session, one).claimed_by == "chef"


def test_putting_back_what_nobody_has(store: Store, add: Add) -> None:
    one = add()
    assert refused(lambda: inbox.release(store, CLERK, [one])) == "item.nobodys"


DECISIONS = ("item.hand_over", "item.file", "item.done", "item.aside", "item.duplicate",
             "item.spam", "item.raise", "item.lower")  # fmt: skip


@pytest.mark.parametrize("action", DECISIONS)
def test_a_colleagues_item_is_not_decided_on(session: Session, add: Add, action: str) -> None:
    found = item(session, add(claimed_by="ute"))
    refusal = GUARDS[action](CLERK, found)
    assert refusal is not None
    assert refusal.code == "item.taken"
    assert GUARDS[action](LEAD, found) is None


def test_a_colleagues_item_can_be_noted_and_followed_up(store: Store, add: Add) -> None:
    one = add(claimed_by="ute")
    inbox.note(store, CLERK, one, "Er hat angerufen")
    inbox.follow_up(store, CLERK, [one], DAY)
    assert verify(store.db).difference is None


@pytest.mark.parametrize("roles", [{OWN: "clerk"}, {OWN: "clerk", FOREIGN: "admin"}])
def test_what_lay_with_no_office_goes_to_the_one_who_takes_it(
    session: Session, store: Store, add: Add, roles: dict[str, str]
) -> None:
    one = add(office_id=None)
    inbox.take(store, Actor("ben", "Ben", roles), [one])
    assert (item(session, one).office_id, item(session, one).claimed_by) == (OWN, "ben")


def test_somebody_of_two_offices_says_whose_it_is_by_handing_over(
    session: Session, store: Store, add: Add
) -> None:
    both = Actor("ben", "Ben", {OWN: "clerk", FOREIGN: "officer"})
    one = add(office_id=None)
    inbox.take(store, both, [one])
    assert (item(session, one).office_id, item(session, one).claimed_by) == (None, "ben")
    assert [row.id for row in pages.of_clerks(["ben"]).page(store.db, limit=5)] == [one]
    inbox.hand_over(store, both, [one], FOREIGN)
    assert (item(session, one).office_id, item(session, one).claimed_by) == (FOREIGN, None)


def test_taking_keeps_the_office(session: Session, store: Store, add: Add) -> None:
    both = Actor("ben", "Ben", {OWN: "clerk", FOREIGN: "clerk"})
    one = add(office_id=FOREIGN)
    inbox.take(store, both, [one])
    assert item(session, one).office_id == FOREIGN


def test_handing_over(session: Session, store: Store, add: Add) -> None:
    one = add(claimed_by="ben")
    inbox.hand_over(store, CLERK, [one], TARGET)
    found = item(session, one)
    assert (found.office_id, found.claimed_by, found.state) == (TARGET, None, ItemState.OPEN)
    assert refused(lambda: inbox.take(store, CLERK, [one])) == "item.not_yours"


def test_handing_over_to_an_office_that_is_none(session: Session, store: Store, add: Add) -> None:
    one = add()
    with pytest.raises(StoreError) as error:
        inbox.hand_over(store, CLERK, [one], "hogwarts")
    assert error.value.code == "record.gone"
    assert item(session, one).office_id == OWN


def test_many_at_once_some_refused(session: Session, store: Store, add: Add) -> None:
    mine, foreign, done, taken, also = (
        add("1"), add("2", office_id=FOREIGN), add("3", state=ItemState.DONE),
        add("4", claimed_by="ute"), add("5"),
    )  # fmt: skip
    outcome = inbox.finish(store, CLERK, "item.done", [mine, foreign, done, taken, also])
    assert outcome.done == (mine, also)
    assert [(one, why.code) for one, why in outcome.refused] == [
        (foreign, "item.not_yours"),
        (done, "item.state"),
        (taken, "item.taken"),
    ]
    undo(store, CLERK)  # one action, one undo
    states = [item(session, one).state for one in (mine, foreign, done, taken, also)]
    assert states == ["open", "open", "done", "open", "open"]


def test_many_at_once_all_refused(store: Store, add: Add) -> None:
    ids = [add("1", office_id=FOREIGN), add("2", state=ItemState.SPAM)]
    assert refused(lambda: inbox.take(store, CLERK, ids)) == "item.not_yours"  # the first reason


ON_MANY: list[Callable[[Store, list[str]], object]] = [
    lambda s, ids: inbox.take(s, CLERK, ids),
    lambda s, ids: inbox.finish(s, CLERK, "item.spam", ids),
    lambda s, ids: inbox.follow_up(s, CLERK, ids, DAY),
    lambda s, ids: inbox.file_into_new(s, CLERK, ids, service_id=None),
    lambda s, ids: follow_ups.finish(s, CLERK, ids),
]


@pytest.mark.parametrize("act", ON_MANY)
def test_nothing_chosen(store: Store, act: Callable[[Store, list[str]], object]) -> None:
    assert refused(lambda: act(store, [])) == "nothing.chosen"


def test_one_gone_stops_all(session: Session, store: Store, add: Add) -> None:
    one = add()
    with pytest.raises(StoreError) as error:
        inbox.take(store, CLERK, [one, "gone"])
    assert error.value.code == "record.gone"
    assert item(session, one).claimed_by is None


def test_the_same_twice_is_done_once(store: Store, add: Add) -> None:
    one = add()
    assert inbox.follow_up(store, CLERK, [one, one], DAY).done == (one,)
    assert store.db.execute("SELECT count(*) FROM follow_ups").fetchone() == (1,)


def test_filing_into_a_case(session: Session, store: Store, add: Add) -> None:
    into = support.add_case(session, office_id=TARGET)
    one = add(claimed_by="ben")
    inbox.file_into(store, CLERK, [one], into.id)
    found = item(session, one)
    assert (found.state, found.case_id, found.office_id, found.claimed_by) == (
        ItemState.FILED, into.id, TARGET, None,
    )  # fmt: skip
    assert [row.id for row in pages.of_case(store.db, into.id)] == [one]


def test_a_closed_case_takes_nothing(session: Session, store: Store, add: Add) -> None:
    into = support.add_case(session, office_id=OWN)
    cases.close(store, LEAD, into.id, "erledigt")
    ids = [add("1"), add("2")]
    assert refused(lambda: inbox.file_into(store, CLERK, ids, into.id)) == "case.closed"
    assert {item(session, one).state for one in ids} == {ItemState.OPEN}
    cases.reopen(store, LEAD, into.id)
    assert inbox.file_into(store, CLERK, ids, into.id).done == tuple(ids)


def test_filing_into_a_case_that_is_none(session: Session, store: Store, add: Add) -> None:
    one = add()
    with pytest.raises(StoreError):
        inbox.file_into(store, CLERK, [one], "none")
    assert item(session, one).state == ItemState.OPEN


def test_filing_into_a_new_case(session: Session, store: Store, add: Add) -> None:
    ids = [add("Laterne defekt"), add("Laterne noch immer defekt")]
    outcome, case_id = inbox.file_into_new(store, CLERK, ids, service_id="maengelmeldung")
    made = case(session, case_id)
    assert outcome.done == tuple(ids)
    assert (made.subject, made.service_id) == ("Laterne defekt", "maengelmeldung")
    assert {item(session, one).case_id for one in ids} == {case_id}
    assert {item(session, one).office_id for one in ids} == {made.office_id}
    assert store.db.execute("SELECT count(*) FROM cases").fetchone() == (1,)


def test_the_office_of_a_new_case(session: Session, store: Store, add: Add) -> None:
    """The service's, else the given one, else the item's, else the actor's first."""
    service = store.db.execute("SELECT office_id FROM services WHERE id = 'wohngeld'").fetchone()[0]
    both = Actor("ben", "Ben", {OWN: "clerk", "beschwerden": "admin"})

    def office(lies: str | None, service: str | None, given: str | None) -> str:
        one = add(office_id=lies)
        _, made = inbox.file_into_new(store, both, [one], service_id=service, office_id=given)
        return case(session, made).office_id

    assert office(OWN, "wohngeld", TARGET) == service
    assert office(OWN, None, TARGET) == TARGET
    assert office(OWN, None, None) == OWN
    assert office(None, None, None) == OWN  # not where they only administrate


def test_a_subject_that_is_empty(session: Session, store: Store, add: Add) -> None:
    _, made = inbox.file_into_new(store, CLERK, [add("")], service_id=None)
    assert case(session, made).subject == "(no subject)"


def test_undo_of_filing_into_a_new_case(session: Session, store: Store, add: Add) -> None:
    one = add()
    _, case_id = inbox.file_into_new(store, CLERK, [one], service_id=None)
    number = case(session, case_id).number
    undo(store, CLERK)
    assert item(session, one).state == ItemState.OPEN
    with pytest.raises(StoreError):
        case(session, case_id)
    _, again = inbox.file_into_new(store, CLERK, [one], service_id=None)
    assert case(session, again).number > number  # somebody may have noted the first one
    assert verify(store.db).difference is None


def test_undo_of_filing_is_refused_when_something_hangs_on_the_case(
    session: Session, store: Store, add: Add
) -> None:
    _, case_id = inbox.file_into_new(store, CLERK, [add()], service_id=None)
    cases.note(store, session.actor, case_id, "Rückruf erbeten")
    with pytest.raises(StoreError) as error:
        undo(store, CLERK)
    assert error.value.code == "undo.later"
    assert error.value.params == {"name": "Lena Leitung", "action": "case.note"}
    undo(store, session.actor)
    undo(store, CLERK)
    redo(store, CLERK)
    assert case(session, case_id).id == case_id


def test_reopening_leaves_the_case(session: Session, store: Store, add: Add) -> None:
    one = add()
    _, case_id = inbox.file_into_new(store, CLERK, [one], service_id=None)
    inbox.reopen(store, CLERK, [one])
    assert (item(session, one).state, item(session, one).case_id) == (ItemState.OPEN, None)
    assert case(session, case_id).state == "open"


def test_priority_has_ends(session: Session, store: Store, add: Add) -> None:
    one = add()
    seen = []
    for step in (1, 1, 1, -1, -1, -1, -1, -1):
        inbox.prioritise(store, CLERK, [one], step)
        seen.append(item(session, one).priority)
    assert seen == [1, 2, 2, 1, 0, -1, -1, -1]


def test_a_reason_goes_when_the_item_comes_back(session: Session, store: Store, add: Add) -> None:
    one = add()
    inbox.finish(store, CLERK, "item.aside", [one], "wartet auf Unterlagen")
    assert item(session, one).reason == "wartet auf Unterlagen"
    inbox.reopen(store, CLERK, [one])
    assert item(session, one).reason is None


def test_a_note_and_a_follow_up_carry_who_when_and_where(
    session: Session, store: Store, add: Add
) -> None:
    one = add()
    inbox.note(store, CLERK, one, support.HOSTILE)
    inbox.follow_up(store, CLERK, [one], DAY, "Rückruf")
    at = [row[0] for row in store.db.execute("SELECT at FROM entries ORDER BY seq DESC LIMIT 2")]
    assert store.db.execute("SELECT item_id, clerk_id, at, text FROM notes").fetchone() == (
        one, "ben", at[1], support.HOSTILE,
    )  # fmt: skip
    assert store.db.execute(
        "SELECT item_id, office_id, clerk_id, due_on, text, created_at, created_by FROM follow_ups"
    ).fetchone() == (one, OWN, "ben", "2026-03-02", "Rückruf", at[0], "ben")
    assert verify(store.db).difference is None


def test_an_item_is_a_row_to_the_guards(session: Session, store: Store, add: Add) -> None:
    """The line of a list dims the key as the record would."""
    for number, state in enumerate(ItemState):
        one = add(f"{number}", state=state, claimed_by=(None, "ben", "ute")[number % 3])
        record = item(session, one)
        row = pages.by_ids(store.db, [one])[0]
        assert isinstance(record, Item)
        for action, guard in GUARDS.items():
            for actor in (CLERK, LEAD):
                assert guard(actor, record) == guard(actor, row), (action, state)
