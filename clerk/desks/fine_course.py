"""What follows from where a fine stands: its limitation and the follow-ups of its state.

Both are worked out anew from the steps after every change, so that nothing is left behind by a
state that was left, and an undo of the change takes all of it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from clerk import dates
from clerk.desks.fine_money import owed
from clerk.desks.fine_work import Work
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.rules.fine_states import DEADLINES, LIMITATION, REMINDED, Term, due, terms
from clerk.rules.limitation import Facts, Limits, Step, Threat, limits
from storage.pages import fines, follow_ups, payments
from storage.records import Case, Fine, FineOffence, FineStep, FollowUp, Participant
from storage.terms import (
    FineState,
    FollowUpState,
    Guilt,
    InstalmentState,
    LimitationClass,
    ParticipantRole,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

    from clerk.office_settings import OfficeSettings
    from storage.journal import Change
    from storage.store import Store


INSTALMENT, PAID_LATE = "fine.instalment", "fine.paid_late"
"""The rules of follow-ups that begin and end with money."""

EDIT = "fine.edit"
"""The step that changes facts and begins no term anew."""


def limits_of(
    fine: Fine,
    parties: Sequence[Participant],
    charged: Sequence[FineOffence],
    steps: Sequence[FineStep],
) -> Limits:
    """Until when the fine can be prosecuted or enforced, by its steps as they stand."""
    persons = {one.id: one.person_id for one in parties}
    offender = next(
        (one.person_id for one in parties if one.role == ParticipantRole.OFFENDER), None
    )
    facts = Facts(
        ended_on=date.fromisoformat((fine.acted_to or fine.acted_from)[:10]),
        threats=tuple(Threat(one.maximum, LimitationClass(one.limitation)) for one in charged),
        guilt=Guilt(fine.guilt),
        amount=fine.amount,
        offender=offender,
    )
    return limits(facts, taken(steps, persons))


def limits_as_stored(db: "Connection", fine: Fine) -> Limits:
    """:func:`limits_of` what the store knows of the fine now."""
    parties = [part for part, _person in fines.participants(db, fine.case_id)]
    charged, steps = fines.offences(db, fine.case_id), fines.steps(db, fine.case_id)
    return limits_of(fine, parties, charged, steps)


def taken(steps: Sequence[FineStep], persons: Mapping[str, str]) -> list[Step]:
    """The steps as the rules want them; ``persons``: id of a participant -> of the person."""
    return [
        Step(
            one.action,
            date.fromisoformat(one.on_date),
            FineState(one.state),
            persons.get(one.participant_id or ""),
        )
        for one in steps
    ]


def begin(
    change: "Change",
    case: Case,
    fine: Fine,
    *,
    settings: "OfficeSettings",
    parties: Sequence[Participant],
    charged: Sequence[FineOffence],
    step: FineStep,
) -> Fine:
    """A new fine with all that hangs on it, its limitation and its first follow-ups: what
    :func:`settle` finds, from what is going to be written, so that nothing is read back."""
    found = limits_of(fine, parties, charged, [step])
    fine = change.add(
        replace(
            fine,
            limitation_on=_iso(found.limitation_on),
            absolute_on=_iso(found.absolute_on),
        )
    )
    for one in (*charged, *parties, step):
        change.add(one)
    for rule, (day, text) in _of_state(fine, [step], settings).items():
        change.add(_follow_up(change, case, rule, day, text))
    return fine


def settle(work: Work, fine: Fine) -> Fine:
    """After the steps of a change: limitation and follow-ups as they must be now."""
    db = work.store.db
    steps = fines.steps(db, fine.case_id)
    parties = [one for one, _person in fines.participants(db, fine.case_id)]
    found = limits_of(fine, parties, fines.offences(db, fine.case_id), steps)
    fine = work.change.set(
        work.change.get(Fine, fine.id),
        limitation_on=_iso(found.limitation_on),
        absolute_on=_iso(found.absolute_on),
    )
    _remind(work, fine, steps)
    return fine


def move(store: "Store", change: "Change", case: Case) -> None:
    """The case has gone to another office: what is its office's goes along, and nobody there has
    its follow-ups yet."""
    fine = fines.of_case(store.db, case.id)
    if fine is None:
        return
    change.set(fine, office_id=case.office_id)
    for claim in fines.claims(store.db, case.id):
        change.set(claim, office_id=case.office_id)
    for one in follow_ups.by_rule(store.db, case.id):
        change.set(one, office_id=case.office_id, clerk_id=None)


def _remind(work: Work, fine: Fine, steps: Sequence[FineStep]) -> None:
    """End the follow-ups whose rule asks for them no more, begin or move the others."""
    change, db = work.change, work.store.db
    wanted = _of_state(fine, steps, settings_of(db, fine.office_id))
    wanted |= _of_money(db, fine, begun_on(steps))
    for one in follow_ups.by_rule(db, fine.case_id):
        asked = wanted.pop(one.rule or "", None)
        if asked is None:
            change.set(one, state=FollowUpState.DONE)
        elif one.due_on != asked[0].isoformat():
            change.set(one, due_on=asked[0].isoformat(), text=asked[1])
    case = change.get(Case, fine.case_id)
    for rule, (day, text) in wanted.items():
        change.add(_follow_up(change, case, rule, day, text))


def _follow_up(change: "Change", case: Case, rule: str, day: date, text: str) -> FollowUp:
    return FollowUp(
        case_id=case.id,
        office_id=case.office_id,
        clerk_id=case.assignee_id,
        due_on=day.isoformat(),
        text=text,
        created_at=change.at,
        created_by=change.actor.clerk_id,
        rule=rule,
    )


def _of_state(
    fine: Fine, steps: Sequence[FineStep], settings: "OfficeSettings"
) -> dict[str, tuple[date, str]]:
    """The follow-ups that the fine's state asks for: rule -> day and words."""
    last = led_here(steps)
    begun = date.fromisoformat(last.on_date)
    found = {
        term.id: (_end(term, begun, settings), _(term.text))
        for term in terms(FineState(fine.state), last.action)
    }
    if fine.limitation_on:
        until = date.fromisoformat(fine.limitation_on)
        before = timedelta(days=settings.fines.limitation_warning_days)
        words = _("Limitation: the last day is {day}").format(day=dates.numbers(until))
        found[LIMITATION] = (max(until - before, begun), words)
    return found


def _of_money(db: "Connection", fine: Fine, begun: date) -> dict[str, tuple[date, str]]:
    """What money asks for: the next instalment, warning money that came late."""
    if fine.state == FineState.DEFERRED:
        plan = payments.instalments(db, fine.case_id)
        days = [one.due_on for one in plan if one.state == InstalmentState.OPEN]
        words = _("Instalment paid? Otherwise the deferral lapses")
        return {INSTALMENT: (date.fromisoformat(min(days)), words)} if days else {}
    paid_on = fines.paid_on(db, fine.case_id)
    late = fine.state == FineState.WARNING_OFFERED and paid_on is not None
    if late and not owed(db, fine.case_id):
        words = _("Warning money was paid late: offer it again, or hear the person and refund it")
        return {PAID_LATE: (max(date.fromisoformat(str(paid_on)), begun), words)}
    return {}


def led_here(steps: Sequence[FineStep]) -> FineStep:
    """The step that led to where the fine stands."""
    return next(one for one in reversed(steps) if one.action != EDIT)


def begun_on(steps: Sequence[FineStep]) -> date:
    """The day that counts in law of the step that led to where the fine stands."""
    return date.fromisoformat(led_here(steps).on_date)


def reminded_until(on: date, settings: "OfficeSettings") -> date:
    """By when to pay what one was reminded of on a day."""
    return _end(REMINDED, on, settings)


def until(steps: Sequence[FineStep], state: FineState, settings: "OfficeSettings") -> date | None:
    """The last day of the term that began when the fine last came into a state; None: never."""
    last = next((one for one in reversed(steps) if one.state == state and one.action != EDIT), None)
    if last is None:
        return None
    [term] = DEADLINES[state]
    return _end(term, date.fromisoformat(last.on_date), settings)


@lru_cache(maxsize=4_096)
def _end(term: Term, begun: date, settings: "OfficeSettings") -> date:
    """Asked for the same few days again and again while a bank's file is booked."""
    return due(term, begun, settings.seat.seat, asdict(settings.fines))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
