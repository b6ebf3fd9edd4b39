"""What a payment does to a fine: a warning becomes effective, a fine is settled, detention stops.

Called within the change that books or reverses the payment, and after each step that makes a fine
final, so that what was paid before is settled at once.
"""

from collections.abc import Callable, Mapping
from datetime import date

from clerk import clock
from clerk.desks.fine_answers import Answers
from clerk.desks.fine_course import settle
from clerk.desks.fine_facts import Matter, matter
from clerk.desks.fine_money import standing
from clerk.desks.fine_steps import take
from clerk.desks.fine_work import Work
from clerk.i18n import _
from storage.journal import Change
from storage.pages import fines
from storage.store import Store
from storage.terms import ClaimKind, FineState


def after_payment(store: Store, change: Change, case_id: str) -> None:
    """Within a running change: a payment of the case was booked, allocated or reversed."""
    fine = fines.of_case(store.db, case_id)
    if fine is None:
        return
    work = Work(store, change, change.actor)
    one = matter(store.db, fine)
    asked = _WHEN_PAID.get(FineState(fine.state), _nothing)(work, one)
    if asked is None:
        settle(work, fine)
        return
    action, said = asked
    on = date.fromisoformat(fines.paid_on(store.db, case_id) or clock.today().isoformat())
    # No step lies before the one that it follows, and none in the future.
    take(work, one, action, said.dated(min(max(on, _begun(one)), clock.local(change.at).date())))


Asked = tuple[str, Answers] | None


def _nothing(work: Work, one: Matter) -> Asked:
    return None


def _warning(work: Work, one: Matter) -> Asked:
    """Paid in full and in time: effective (OWiG 56(2)). Paid late: a clerk decides."""
    paid_on = fines.paid_on(work.store.db, one.fine.case_id)
    until = one.facts.warning_until
    if one.facts.owed or paid_on is None or (until and date.fromisoformat(paid_on) > until):
        return None
    return "fine.accept_warning", Answers()


def _final(work: Work, one: Matter) -> Asked:
    """All of it was paid."""
    if one.facts.owed or fines.paid_on(work.store.db, one.fine.case_id) is None:
        return None
    return "fine.settle", Answers({"reason": "paid"})


def _detention(work: Work, one: Matter) -> Asked:
    """Paying the fine stops it (OWiG 97(2)); costs that are left are enforced."""
    claims = standing(work.store.db, one.fine.case_id)
    if any(each.kind == ClaimKind.FINE and each.amount > each.paid for each in claims):
        return None
    return _final(work, one) or ("fine.enforce", Answers())


def _reversed(work: Work, one: Matter) -> Asked:
    """The bank took the money back: it is owed again."""
    if not one.facts.owed:
        return None
    return "fine.reopen", Answers({"text": _("The payment was reversed")})


_WHEN_PAID: Mapping[FineState, Callable[[Work, Matter], Asked]] = {
    FineState.WARNING_OFFERED: _warning,
    FineState.WARNING_EFFECTIVE: _reversed,
    FineState.FINAL: _final,
    FineState.DEFERRED: _final,
    FineState.ENFORCEMENT: _final,
    FineState.DETENTION: _detention,
    FineState.SETTLED: _reversed,
}


def _begun(one: Matter) -> date:
    """No step lies before the one that it follows."""
    return max((step.on for step in one.facts.steps), default=one.facts.acted_on)
