"""The way of a fine as data: whole, every state reachable, each step with its words and terms."""

from datetime import date

import pytest

from clerk import i18n
from clerk.names import SYMBOLS, word
from clerk.office_settings import FineSettings
from clerk.rules.fine_asks import ASKS
from clerk.rules.fine_states import (
    ACTIONS,
    CLOSED,
    DEADLINES,
    FINE_STATES,
    due,
    next_fine_state,
    not_now,
)
from clerk.rules.holidays import Seat
from clerk.rules.permissions import PERMISSIONS
from clerk.rules.shared import ACTIONS as SHARED_ACTIONS
from clerk.rules.shared import STATES
from storage.terms import CaseState, FollowUpState
from storage.terms import FineState as S

D = date.fromisoformat
SETTINGS = {"warning_days": 7, "hearing_days": 14, "investigation_days": 14, "objection_days": 7,
            "status_days": 90, "grace_periods": 1, "reminder_days": 14}  # fmt: skip
# The ways of fines.md, A1, as a clerk walks them.
WAYS = [
    "recorded warn warned",
    "recorded offer_warning warning_offered accept_warning warning_effective",
    "recorded investigate investigating offer_warning warning_offered hear hearing issue notice"
    " serve served become_final final settle settled",
    "recorded hear hearing conclude investigated issue notice serve served object objection"
    " reject_objection rejected become_final final enforce enforcement detain detention settle"
    " settled",
    "recorded hear hearing conclude investigated issue notice serve served object objection"
    " admit intermediate to_court court decide final defer deferred lapse final enforce"
    " enforcement settle settled",
    "served object objection withdraw_objection final",
    "objection admit intermediate discontinue discontinued",
    "intermediate issue notice",  # withdrawn and issued anew
    "rejected to_court court take_back intermediate",
    "recorded refer referred take_back investigating hear hearing",
    "hearing hear hearing",  # of the driver whom the keeper named
    "notice serve served serve served",  # the last of several recipients counts
    "final object objection reject_objection rejected become_final final",  # late
    "final death settled",
    "final remind final remind final enforce enforcement",
]


@pytest.mark.parametrize("way", WAYS)
def test_ways_of_a_case(way: str) -> None:
    words = way.split()
    for state, action, after in zip(words[::2], words[1::2], words[2::2], strict=False):
        assert next_fine_state(state, f"fine.{action}") == after, (state, action)


def test_the_table_is_whole_and_every_state_is_reached_and_left() -> None:
    assert set(FINE_STATES) == set(S)
    reached = {S.RECORDED}
    while more := {s for one in reached for s in FINE_STATES[one].values()} - reached:
        reached |= more
    assert reached == set(S)
    assert all(set(row.values()) - {state} for state, row in FINE_STATES.items())
    for state in S:
        assert word("fine", state)
        assert len(SYMBOLS[f"fine.{state}"]) == 1


def test_every_action_has_a_permission_words_and_what_it_asks_for() -> None:
    assert set(ACTIONS) <= PERMISSIONS.keys()
    assert set(ACTIONS) - {"fine.edit"} == ASKS.keys()
    for action in ACTIONS:
        for state in S:
            if next_fine_state(state, action) is None:
                assert not_now(state, action).endswith(".")


def test_a_notice_comes_after_the_hearing_in_german() -> None:
    i18n.choose("de")
    assert not_now(S.RECORDED, "fine.issue") == "Bescheid erst nach Anhörung."
    assert not_now(S.SETTLED, "fine.issue") == "Die Sache ist abgeschlossen; erst wieder aufnehmen."


def test_nothing_but_reopening_is_done_in_a_closed_matter() -> None:
    assert {a for state in CLOSED for a in FINE_STATES[state]} == {"fine.reopen"}


def test_every_state_in_which_something_runs_has_its_term() -> None:
    waits = set(S) - CLOSED - {S.RECORDED, S.INVESTIGATED, S.DEFERRED}
    assert DEADLINES.keys() == waits
    ids = [term.id for terms in DEADLINES.values() for term in terms]
    assert len(ids) == len(set(ids))
    named = {term.period for terms in DEADLINES.values() for term in terms
             if isinstance(term.period, str)}  # fmt: skip
    assert named <= set(FineSettings.__slots__) == {
        *SETTINGS, "four_eyes_above", "limitation_warning_days", "reminder_fee"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "begun", "day"),
    [
        (S.WARNING_OFFERED, "2026-07-04", "2026-07-13"),  # a Saturday moves
        (S.HEARING, "2026-07-04", "2026-07-20"),
        (S.NOTICE, "2026-07-04", "2026-07-18"),  # limitation does not move
        (S.SERVED, "2026-07-04", "2026-07-20"),
        (S.REJECTED, "2026-07-04", "2026-07-20"),
        (S.FINAL, "2026-07-21", "2026-08-04"),
        (S.COURT, "2026-07-01", "2026-09-29"),
    ],
)
def test_when_a_term_is_due(state: S, begun: str, day: str) -> None:
    (term,) = DEADLINES[state]
    assert due(term, D(begun), Seat("NW"), SETTINGS) == D(day)


def test_the_grace_is_a_setting() -> None:
    (term,) = DEADLINES[S.FINAL]
    two = {**SETTINGS, "grace_periods": 2}
    assert due(term, D("2026-07-21"), Seat("NW"), two) == D("2026-08-18")


def test_the_shared_store_knows_fines() -> None:
    assert STATES["fines"] == {str(state): dict(row) for state, row in FINE_STATES.items()}
    for action in ("fine.discontinue", "fine.settle", "fine.death", "fine.warn"):
        assert STATES["cases"][CaseState.OPEN][action] == CaseState.CLOSED
        assert STATES["cases"][CaseState.WAITING][action] == CaseState.CLOSED
    assert STATES["cases"][CaseState.CLOSED]["fine.reopen"] == CaseState.OPEN
    assert "fine.hear" not in STATES["cases"][CaseState.OPEN]
    for action in ACTIONS:
        assert STATES["follow_ups"][FollowUpState.OPEN][action] == FollowUpState.DONE
        assert {"fines", "fine_steps", "claims", "letters", "cases"} <= set(
            SHARED_ACTIONS[action][1]
        )
    assert SHARED_ACTIONS["fine.catalogue"][1] == ("offences",)
    assert "fines" not in SHARED_ACTIONS["case.note"][1]


def test_clerks_record_and_officers_decide() -> None:
    officers = {a for a in ACTIONS if "clerk" not in PERMISSIONS[a]}
    assert officers == {
        "fine.refer", "fine.conclude", "fine.issue", "fine.reject_objection", "fine.admit",
        "fine.to_court", "fine.defer", "fine.lapse", "fine.enforce", "fine.detain",
        "fine.discontinue", "fine.reopen",
    }  # fmt: skip
    assert "admin" not in {role for action in ACTIONS for role in PERMISSIONS[action]}
