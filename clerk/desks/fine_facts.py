"""What the guards want to know of a fine, read from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks import fine_money
from clerk.desks.fine_course import taken, until
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.refusal import Refusal
from clerk.rules import fine_guards
from clerk.rules.fine_guards import FineFacts, Given
from clerk.rules.fine_states import FINE_STATES
from clerk.rules.permissions import may
from storage.pages import fines, letters
from storage.records import Fine, FineStep, Participant, Person
from storage.terms import FineState, Guilt, LetterState, OffenceArea, ParticipantRole

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.actor import Actor

# What takes another right than the action's own, by what was said.
_FURTHER = {("fine.settle", "waived"): "fine.waive", ("fine.settle", "time_barred"): "fine.waive"}

_SIGNED = (LetterState.FINAL, LetterState.QUEUED, LetterState.SENT)


@dataclass(frozen=True, slots=True)
class Matter:
    """A fine with its people and steps, as the guards and the letters see it."""

    fine: Fine
    parties: Sequence[tuple[Participant, Person]]
    steps: Sequence[FineStep]
    facts: FineFacts

    def party(self, role: ParticipantRole) -> tuple[Participant, Person] | None:
        """The first with this part in the matter."""
        return next((one for one in self.parties if one[0].role == role), None)


def matter(db: "Connection", fine: Fine) -> Matter:
    """The fine and what hangs on it."""
    parties = fines.participants(db, fine.case_id)
    steps = fines.steps(db, fine.case_id)
    settings = settings_of(db, fine.office_id)
    persons = {one.id: one.person_id for one, _person in parties}
    offender = next((p for one, p in parties if one.role == ParticipantRole.OFFENDER), None)
    owing = fine_money.standing(db, fine.case_id)
    facts = FineFacts(
        state=FineState(fine.state),
        area=OffenceArea(fine.area),
        guilt=Guilt(fine.guilt),
        amount=fine.amount,
        maximum=max((one.maximum for one in fines.offences(db, fine.case_id)), default=0),
        acted_on=date.fromisoformat(fine.acted_from[:10]),
        seat=settings.seat.seat,
        offender=offender.id if offender else None,
        born_on=_day(offender.born_on if offender else None),
        died_on=_day(offender.died_on if offender else None),
        steps=taken(steps, persons),
        barred_after=_day(fine.limitation_on),
        hearing_until=until(steps, FineState.HEARING, settings),
        warning_until=until(steps, FineState.WARNING_OFFERED, settings),
        grace_periods=settings.fines.grace_periods,
        owed=sum(one.amount - one.paid for one in owing),
        due_on=max((date.fromisoformat(one.due_on) for one in owing if one.due_on), default=None),
        notice_signed=_signed(db, fine, steps),
        lacking=_lacking(db, fine, parties),
    )
    return Matter(fine, parties, steps, facts)


def _signed(db: "Connection", fine: Fine, steps: Sequence[FineStep]) -> bool:
    """Whether the letter of the last notice has its signatures; asked where one is served."""
    if "fine.serve" not in FINE_STATES[FineState(fine.state)]:
        return False
    notice = next((one.letter_id for one in reversed(steps) if one.action == "fine.issue"), None)
    letter = letters.record(db, notice) if notice else None
    return letter is not None and letter.state in _SIGNED


def _lacking(
    db: "Connection", fine: Fine, parties: Sequence[tuple[Participant, Person]]
) -> tuple[str, ...]:
    """What a notice has to say besides what every report says (OWiG 66(1)): after it the facts do
    not change any more. Asked where one can be issued."""
    if "fine.issue" not in FINE_STATES[FineState(fine.state)]:
        return ()
    by_role = {part.role: person for part, person in parties}
    offender = by_role.get(ParticipantRole.OFFENDER)
    there = {
        "address": offender is None or bool(offender.street.strip() and offender.city.strip()),
        "provisions": all(one.provisions.strip() for one in fines.offences(db, fine.case_id)),
        "evidence": bool(fine.evidence.strip()) or ParticipantRole.WITNESS in by_role,
    }
    return tuple(name for name, said in there.items() if not said)


def can(actor: "Actor", action: str, one: Matter) -> Refusal | None:
    """Why this actor cannot do this to the fine now; None if they can."""
    return not_yours(actor, action, one.fine) or fine_guards.can(action, one.facts, clock.today())


def accepts(actor: "Actor", action: str, one: Matter, given: Given) -> Refusal | None:
    """Whether the actor can do it with what they have said."""
    refusal = fine_guards.accepts(action, one.facts, given, clock.today())
    further = _FURTHER.get((action, given.reason), action)
    return not_yours(actor, action, one.fine) or refusal or not_yours(actor, further, one.fine)


def not_yours(actor: "Actor", action: str, fine: Fine) -> Refusal | None:
    """Whether it is another office's, or another role's."""
    if may(action, actor.roles, fine.office_id):
        return None
    return Refusal(
        "fine.not_yours", _("This fine belongs to another office or needs another role.")
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
