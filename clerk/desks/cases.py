"""Cases: open, take, hand over, note, follow up, wait, close."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from clerk import clock
from clerk.desks.outcome import Outcome
from clerk.desks.services import current_version, due_dates
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules.numbers import case_number, range_of
from clerk.rules.permissions import may
from clerk.rules.states import next_case_state
from storage.actor import Actor
from storage.journal import Change
from storage.pages import fines, follow_ups, letters
from storage.records import Case, FollowUp, Letter, Note, Office, Service, Status
from storage.store import Store
from storage.terms import CaseState, FollowUpState


class CaseFacts(Protocol):
    """What a guard needs to know of a case: a record or a row of a list."""

    @property
    def state(self) -> str: ...
    @property
    def office_id(self) -> str: ...
    @property
    def assignee_id(self) -> str | None: ...


def can(actor: Actor, action: str, case: CaseFacts) -> Refusal | None:
    """Why this actor cannot do this to the case now; None if they can."""
    if not may(action, actor.roles, case.office_id):
        return Refusal(
            "case.not_yours", _("This case belongs to another office or needs another role.")
        )
    if next_case_state(case.state, action) is None:
        return Refusal(
            "case.state",
            _("Not possible: the case is {state}.").format(state=word("case", case.state)),
        )
    return None


def can_take(actor: Actor, case: CaseFacts) -> Refusal | None:
    """Whether the actor can become the one who works on the case."""
    if refusal := can(actor, "case.take", case):
        return refusal
    if case.assignee_id == actor.clerk_id:
        return Refusal("case.yours", _("You work on this case already."))
    return None


def _plain(action: str) -> Callable[[Actor, CaseFacts], Refusal | None]:
    return lambda actor, case: can(actor, action, case)


GUARDS: dict[str, Callable[[Actor, CaseFacts], Refusal | None]] = {
    "case.take": can_take,
    **{
        name: _plain(name)
        for name in (
            "case.hand_over",
            "case.note",
            "case.follow_up",
            "case.wait",
            "case.go_on",
            "case.close",
            "case.reopen",
        )
    },
}


def open_case(
    store: Store,
    change: Change,
    actor: Actor,
    *,
    service_id: str | None,
    office_id: str | None,
    subject: str,
    person_id: str | None = None,
) -> Case:
    """A new case within a running change; its number is taken from the office's range.

    The service's office goes before ``office_id``, and that before the first of the actor's where
    they open cases. Dates follow from the service's terms. The actor works on it if it lies with an
    office of theirs. Refused ``case.not_yours`` if the actor may not open cases at all.
    """
    service = change.get(Service, service_id) if service_id else None
    version = current_version(store, service.id) if service else None
    own = [office for office in actor.offices if may("case.open", actor.roles, office)]
    home = (service.office_id if service else office_id) or next(iter(own), None)
    if home is None or not own:
        raise refuse("case.not_yours", _("You belong to no office that opens cases."))
    office = change.get(Office, home)
    target, legal = due_dates(version, clock.local(change.at).date())
    case = Case(
        number=next_number(change, office),
        office_id=office.id,
        service_id=service.id if service else None,
        version_id=version.id if version else None,
        assignee_id=actor.clerk_id if office.id in own else None,
        person_id=person_id,
        subject=subject,
        opened_at=change.at,
        target_on=target,
        legal_on=legal,
    )
    return change.add(case)


def next_number(change: Change, office: Office) -> str:
    """The next number of the office's cases, taken within a running change."""
    year = clock.local(change.at).year
    return case_number(office.prefix, year, change.next_number(range_of(office.prefix, year)))


def create(
    store: Store,
    actor: Actor,
    *,
    subject: str,
    service_id: str | None = None,
    office_id: str | None = None,
) -> Case:
    """A new case for someone at the counter or on the phone."""
    with store.change(actor, "case.open") as change:
        return open_case(
            store, change, actor, service_id=service_id, office_id=office_id, subject=subject
        )


def take(store: Store, actor: Actor, case_id: str) -> Outcome:
    """The actor works on the case from now on."""
    return _one(
        store, actor, "case.take", case_id, lambda c, case: c.set(case, assignee_id=actor.clerk_id)
    )


def hand_over(store: Store, actor: Actor, case_id: str, office_id: str) -> Outcome:
    """To another office; nobody there works on it yet. Its letters go along."""

    def do(change: Change, case: Case) -> None:
        case = change.set(case, office_id=change.get(Office, office_id).id, assignee_id=None)
        if fines.of_case(store.db, case.id) is not None:
            from clerk.desks.fine_course import move  # most cases are no fines

            move(store, change, case)
        for row in letters.of_case(store.db, case.id):
            change.set(change.get(Letter, row.id), office_id=case.office_id)

    return _one(store, actor, "case.hand_over", case_id, do)


def note(store: Store, actor: Actor, case_id: str, text: str) -> Outcome:
    """An internal note on the case."""

    def do(change: Change, case: Case) -> None:
        change.add(Note(case_id=case.id, clerk_id=actor.clerk_id, at=change.at, text=text))

    return _one(store, actor, "case.note", case_id, do)


def follow_up(store: Store, actor: Actor, case_id: str, due: date, text: str = "") -> Outcome:
    """Look at the case again on a date."""

    return _one(
        store,
        actor,
        "case.follow_up",
        case_id,
        lambda change, case: _remind(change, actor, case, due, text),
    )


def wait(store: Store, actor: Actor, case_id: str, reason: str, until: date) -> Outcome:
    """The case waits for something; a follow-up reminds of it, the reason becomes its status."""

    def do(change: Change, case: Case) -> None:
        change.set(case, state=next_case_state(case.state, "case.wait"))
        change.add(Status(case_id=case.id, clerk_id=actor.clerk_id, at=change.at, text=reason))
        _remind(change, actor, case, until, reason)

    return _one(store, actor, "case.wait", case_id, do)


def go_on(store: Store, actor: Actor, case_id: str) -> Outcome:
    """The case waits no longer."""
    return _one(store, actor, "case.go_on", case_id, lambda change, case: wake(store, change, case))


def wake(store: Store, change: Change, case: Case) -> None:
    """Within a running change: a waiting case is open again, others stay as they are."""
    if case.state == CaseState.WAITING:
        change.set(case, state=next_case_state(case.state, "case.go_on"))
        _end_waits(store, change, case)


def _end_waits(store: Store, change: Change, case: Case) -> None:
    for one in follow_ups.waits(store.db, case.id):
        change.set(change.get(FollowUp, one.id), state=FollowUpState.DONE)


def _remind(change: Change, actor: Actor, case: Case, due: date, text: str) -> None:
    change.add(
        FollowUp(
            case_id=case.id,
            office_id=case.office_id,
            clerk_id=actor.clerk_id,
            due_on=due.isoformat(),
            text=text,
            created_at=change.at,
            created_by=actor.clerk_id,
        )
    )


def close(store: Store, actor: Actor, case_id: str, result: str) -> Outcome:
    """Close the case with its result; the result also becomes its last status."""

    def do(change: Change, case: Case) -> None:
        _refuse_fine(store, case)
        _end_waits(store, change, case)
        state = next_case_state(case.state, "case.close")
        change.set(case, state=state, closed_at=change.at, result=result)
        change.add(Status(case_id=case.id, clerk_id=actor.clerk_id, at=change.at, text=result))

    return _one(store, actor, "case.close", case_id, do)


def reopen(store: Store, actor: Actor, case_id: str) -> Outcome:
    """Open a closed case again."""

    def do(change: Change, case: Case) -> None:
        _refuse_fine(store, case)
        state = next_case_state(case.state, "case.reopen")
        change.set(case, state=state, closed_at=None, result=None)

    return _one(store, actor, "case.reopen", case_id, do)


def _refuse_fine(store: Store, case: Case) -> None:
    if fines.of_case(store.db, case.id) is not None:
        raise Refused(closes_otherwise())


def closes_otherwise() -> Refusal:
    """Why the case of a fine is neither closed nor opened again by hand."""
    return Refusal(
        "case.fine", _("This is a fine: it ends and goes on by the steps of its procedure.")
    )


def _one(
    store: Store, actor: Actor, action: str, case_id: str, do: Callable[[Change, Case], object]
) -> Outcome:
    with store.change(actor, action) as change:
        case = change.get(Case, case_id)
        if refusal := GUARDS[action](actor, case):
            raise Refused(refusal)
        do(change, case)
    return Outcome(action, (case.id,))
