"""What a fine's steps do to what is owed: claims that begin, change and end with them."""

from datetime import date
from typing import TYPE_CHECKING

from clerk.desks.fine_work import Work
from storage.pages import fines, payments
from storage.records import Claim, Fine, Instalment
from storage.terms import ClaimKind, ClaimState, InstalmentState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection


def owed(db: "Connection", case_id: str) -> int:
    """What is claimed and not paid, in cents."""
    return sum(one.amount - one.paid for one in standing(db, case_id))


def standing(db: "Connection", case_id: str) -> list[Claim]:
    """The claims that are open or deferred."""
    return payments.claims(db, case_id)


def claim(
    work: Work,
    fine: Fine,
    person_id: str | None,
    parts: "Iterable[tuple[ClaimKind, int]]",
    due_on: date | None,
) -> None:
    """The fine's parts are owed from now on."""
    for position, (kind, amount) in enumerate(parts, 1):
        if amount:
            work.change.add(
                Claim(
                    case_id=fine.case_id,
                    office_id=fine.office_id,
                    person_id=person_id,
                    kind=kind,
                    reference=fine.reference or "",
                    position=position,
                    amount=amount,
                    due_on=due_on.isoformat() if due_on else None,
                    created_at=work.change.at,
                )
            )


def cancel(work: Work, case_id: str) -> None:
    """Nothing is owed any more."""
    _all(work, case_id, ClaimState.CANCELLED)


def waive(work: Work, case_id: str) -> None:
    """What is not paid is not enforced (OWiG 95(2))."""
    _all(work, case_id, ClaimState.WAIVED)


def due(work: Work, case_id: str, on: date) -> None:
    """By when it is to be paid."""
    for one in standing(work.store.db, case_id):
        work.change.set(one, due_on=on.isoformat())


def change_fine(work: Work, case_id: str, amount: int) -> None:
    """A court has set another fine."""
    for one in standing(work.store.db, case_id):
        if one.kind == ClaimKind.FINE:
            work.change.set(one, amount=amount)


def defer(work: Work, case_id: str, plan: "Sequence[tuple[date, int]]") -> None:
    """Paid in instalments from now on; an earlier plan lapses."""
    _end_plan(work, case_id)
    for one in standing(work.store.db, case_id):
        work.change.set(one, state=ClaimState.DEFERRED)
    for position, (day, cents) in enumerate(plan, 1):
        work.change.add(
            Instalment(case_id=case_id, position=position, due_on=day.isoformat(), amount=cents)
        )


def lapse(work: Work, case_id: str) -> None:
    """The plan is over: what is left is owed at once."""
    _end_plan(work, case_id)
    _all(work, case_id, ClaimState.OPEN)


def reopen(work: Work, case_id: str) -> None:
    """What was waived is owed again."""
    for one in fines.claims(work.store.db, case_id):
        if one.state == ClaimState.WAIVED:
            work.change.set(one, state=ClaimState.OPEN)


def _end_plan(work: Work, case_id: str) -> None:
    for one in payments.instalments(work.store.db, case_id):
        if one.state == InstalmentState.OPEN:
            work.change.set(one, state=InstalmentState.LAPSED)


def _all(work: Work, case_id: str, state: ClaimState) -> None:
    for one in standing(work.store.db, case_id):
        work.change.set(one, state=state)
