"""The tables of states: whole, every state reachable, every action of theirs a use case."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

import pytest

from clerk.desks import cases, inbox
from clerk.desks.inbox_guards import GUARDS as ITEM_GUARDS
from clerk.names import SYMBOLS, word
from clerk.refusal import Refused
from clerk.rules.permissions import PERMISSIONS
from clerk.rules.states import CASE_STATES, FOLLOW_UP_STATES, ITEM_STATES
from clerk.session import Session
from storage.records import Case
from storage.terms import CaseState, FollowUpState, ItemState
from tests import support
from tests.clerk.desks.scenarios import OWN, SCENARIOS, TARGET, case, item

DAY = date(2026, 3, 2)

TABLES: dict[str, tuple[type[StrEnum], Mapping[object, Mapping[str, StrEnum]]]] = {
    "item": (ItemState, {k: dict(v) for k, v in ITEM_STATES.items()}),
    "case": (CaseState, {k: dict(v) for k, v in CASE_STATES.items()}),
    "follow_up": (FollowUpState, {k: dict(v) for k, v in FOLLOW_UP_STATES.items()}),
}
# States that a record is born in, not led to: intake puts what it cannot read into quarantine.
BORN = {"item": {"open", "quarantine"}, "case": {"open"}, "follow_up": {"open"}}


@pytest.mark.parametrize("kind", TABLES)
def test_the_table_is_whole(kind: str) -> None:
    states, table = TABLES[kind]
    assert set(table) == set(states)
    for state in states:
        assert word(kind, state)
        assert len(SYMBOLS[f"{kind}.{state}"]) == 1


@pytest.mark.parametrize("kind", TABLES)
def test_every_state_can_be_reached_and_left(kind: str) -> None:
    states, table = TABLES[kind]
    reached = set(BORN[kind])
    while True:
        more = {next_ for s in reached for next_ in table[states(s)].values()} - reached
        if not more:
            break
        reached |= more
    assert reached == set(states)
    ends = {state for state in states if not set(table[state].values()) - {state}}
    assert ends <= {FollowUpState.DONE}  # undo alone brings a follow-up back


@pytest.mark.parametrize("kind", TABLES)
def test_every_action_of_the_table_has_a_permission_and_a_use_case(kind: str) -> None:
    actions = {action for row in TABLES[kind][1].values() for action in row}
    assert actions <= PERMISSIONS.keys()
    assert actions <= SCENARIOS.keys()
    lead = {action for action in PERMISSIONS if action.startswith(f"{kind}.")}
    assert lead - actions <= {"item.release_other", "case.open"}  # a right, and a beginning


ITEM_ACTIONS = sorted(a for a in ITEM_GUARDS if a not in ("item.release",))


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("action", ITEM_ACTIONS)
def test_an_item_goes_where_the_table_says(session: Session, state: ItemState, action: str) -> None:
    """The use cases follow the table, in every state."""
    one = support.add_item(session, office_id=OWN, state=state)
    listed = {"item.raise": "item.priority", "item.lower": "item.priority"}.get(action, action)
    wanted = ITEM_STATES[state].get(listed)
    run(session, action, one, "item.state" if wanted is None else "")
    assert item(session, one).state == (wanted or state)


def run(session: Session, action: str, row_id: str, code: str) -> None:
    """The use case of an action; it must be refused with ``code``, or done if that is ''."""
    store, actor = session.store, session.actor
    acts: dict[str, Callable[[], object]] = {
        "item.take": lambda: inbox.take(store, actor, [row_id]),
        "item.hand_over": lambda: inbox.hand_over(store, actor, [row_id], TARGET),
        "item.file": lambda: inbox.file_into_new(store, actor, [row_id], service_id=None),
        "item.reopen": lambda: inbox.reopen(store, actor, [row_id]),
        "item.note": lambda: inbox.note(store, actor, row_id, "x"),
        "item.follow_up": lambda: inbox.follow_up(store, actor, [row_id], DAY),
        "item.raise": lambda: inbox.prioritise(store, actor, [row_id], 1),
        "item.lower": lambda: inbox.prioritise(store, actor, [row_id], -1),
        "case.take": lambda: cases.take(store, actor, row_id),
        "case.hand_over": lambda: cases.hand_over(store, actor, row_id, OWN),
        "case.note": lambda: cases.note(store, actor, row_id, "x"),
        "case.follow_up": lambda: cases.follow_up(store, actor, row_id, DAY),
        "case.wait": lambda: cases.wait(store, actor, row_id, "x", DAY),
        "case.go_on": lambda: cases.go_on(store, actor, row_id),
        "case.close": lambda: cases.close(store, actor, row_id, "x"),
        "case.reopen": lambda: cases.reopen(store, actor, row_id),
    }
    act = acts.get(action, lambda: inbox.finish(store, actor, action, [row_id]))
    if not code:
        act()
        return
    with pytest.raises(Refused) as error:
        act()
    assert error.value.refusal.code == code


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("action", sorted(cases.GUARDS))
def test_a_case_goes_where_the_table_says(session: Session, state: CaseState, action: str) -> None:
    one = support.add_case(session, office_id=OWN)
    with session.store.change(session.actor, "test") as change:
        change.set(change.get(Case, one.id), state=state, assignee_id=None)
    wanted = CASE_STATES[state].get(action)
    run(session, action, one.id, "case.state" if wanted is None else "")
    assert case(session, one.id).state == (wanted or state)
