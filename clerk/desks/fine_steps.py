"""Taking a step of a fine: step, state, money, letter, the case, follow-ups, limitation.

Whoever calls has asked the guards. What follows from which action stands in ``fine_follows``.
"""

import json
from datetime import date

from clerk import clock
from clerk.desks import fine_money
from clerk.desks.fine_answers import Answers
from clerk.desks.fine_course import settle
from clerk.desks.fine_facts import Matter, matter
from clerk.desks.fine_follows import FOLLOWS, Taken
from clerk.desks.fine_work import Work
from clerk.desks.letters import draft_letter
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import refuse
from clerk.rules import retention
from clerk.rules.fine_guards import is_late, too_young
from clerk.rules.fine_states import CLOSED, next_fine_state
from clerk.rules.retention import Ended
from storage.journal import Change
from storage.pages import fines
from storage.records import Case, Fine, FineStep, Letter, Participant, Person, Status
from storage.terms import CaseState, FineState, LetterState, OffenceArea, ParticipantRole


def take(work: Work, before: Matter, action: str, said: Answers) -> Fine:
    """Take a step within a running change, whoever has asked the guards. ``said`` has its day."""
    store, change = work.store, work.change
    on = said.on or clock.local(change.at).date()
    fine = before.fine
    state = next_fine_state(fine.state, action)
    if state is None:  # the guard refuses before it comes to this
        raise ValueError(f"{action} from {fine.state}")
    to = None if action == "fine.edit" else _addressed(before, said)  # facts go to nobody
    step = change.add(
        FineStep(
            case_id=fine.case_id,
            participant_id=to[0].id if to else None,
            action=action,
            state=state,
            on_date=on.isoformat(),
            at=change.at,
            clerk_id=work.actor.clerk_id,
            text=said.text("text"),
            details=json.dumps(_details(work, before, action, said.dated(on)), ensure_ascii=False),
        )
    )
    fine = change.set(fine, state=state)
    if action == "fine.death":
        _died(change, before, on)
    settings = settings_of(store.db, fine.office_id)
    follows = FOLLOWS.get(action)
    if follows is not None:
        taken = Taken(work, fine, settings, said, on)
        follows.money(taken)
        if follows.letter and before.fine.state not in follows.silent_from:
            change.set(step, letter_id=_draft(taken, follows.letter, to).id)
    _close_or_open(work, before, fine.id, on)
    return settle(work, change.get(Fine, fine.id))


def _addressed(before: Matter, said: Answers) -> tuple[Participant, Person] | None:
    """To whom a step is addressed: the participant named, else the person charged."""
    wanted = said.text("person")
    if not wanted:
        return before.party(ParticipantRole.OFFENDER)
    found = next((one for one in before.parties if one[0].id == wanted), None)
    if found is None:
        raise refuse("fine.participant", _("This person has no part in the matter."))
    return found


def _details(work: Work, before: Matter, action: str, said: Answers) -> dict[str, object]:
    """What was said, what the rules say of it, and for which absent colleague it was done."""
    found = said.document()
    if action == "fine.object" and said.on and is_late(before.facts, said.on):
        found["late"] = True
    assignee = work.change.get(Case, before.fine.case_id).assignee_id
    if assignee and assignee != work.actor.clerk_id and work.actor.acts_for(assignee):
        found["for"] = assignee
    elif lender := work.actor.lent.get(before.fine.office_id):
        found["for"] = lender
    return found


def _died(change: Change, before: Matter, on: date) -> None:
    offender = before.party(ParticipantRole.OFFENDER)
    if offender:
        change.set(offender[1], died_on=on.isoformat())


def _draft(taken: Taken, template: str, to: tuple[Participant, Person] | None) -> Letter:
    from clerk.desks.fine_letters import Occasion, letter_of  # lists do not need the templates

    work, db = taken.work, taken.work.store.db
    fine = work.change.get(Fine, taken.fine.id)
    case = work.change.get(Case, fine.case_id)
    occasion = Occasion(
        matter=matter(db, fine),
        case=case,
        offences=fines.offences(db, case.id),
        claims=fine_money.standing(db, case.id),
        settings=taken.settings,
        contact=work.actor.name,
        said=taken.said,
        on=taken.on,
        to=to,
    )
    filled = letter_of(template, occasion)
    person_id = to[1].id if to else None
    return draft_letter(work.change, work.actor, case, template, filled, person_id=person_id)


def _close_or_open(work: Work, before: Matter, fine_id: str, on: date) -> None:
    """The case is closed while its fine is."""
    change = work.change
    fine = change.get(Fine, fine_id)
    case = change.get(Case, fine.case_id)
    if fine.state in CLOSED:
        _close(work, before, fine, case, on)
        return
    change.set(fine, review_on=None)
    if case.state == CaseState.CLOSED:
        change.set(case, state=CaseState.OPEN, closed_at=None, result=None, retain_until=None)


def _close(work: Work, before: Matter, fine: Fine, case: Case, on: date) -> None:
    """The case ends with the fine's state as its result; earlier drafts are not sent any more."""
    change, result = work.change, word("fine", fine.state)
    kept = retention.retention(
        Ended(
            state=FineState(fine.state),
            ended_on=on,
            area=OffenceArea(fine.area),
            amount=fine.amount,
            of_age=not too_young(before.facts.born_on, before.facts.acted_on),
            limitation_on=before.facts.barred_after,
        )
    )
    change.set(fine, review_on=_iso(kept.review_on))
    change.set(
        case,
        state=CaseState.CLOSED,
        closed_at=change.at,
        result=result,
        retain_until=_iso(kept.erase_on or kept.review_on),
    )
    change.add(Status(case_id=case.id, clerk_id=work.actor.clerk_id, at=change.at, text=result))
    for letter in fines.letters(work.store.db, case.id):
        if letter.state == LetterState.DRAFT and letter.created_at != change.at:
            change.set(letter, state=LetterState.WITHDRAWN)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
