"""Payments: assigned to a case, taken off it, refunded, taken at the counter."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from clerk import clock
from clerk.desks.bookkeeping import serve, take_back
from clerk.desks.outcome import Outcome, sort_out
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules.permissions import may
from storage.actor import Actor
from storage.ids import uuid7
from storage.journal import Change
from storage.pages import payments
from storage.records import Case, Payment
from storage.store import Store
from storage.terms import PaymentKind, PaymentState

_COUNTER = (PaymentKind.CASH, PaymentKind.CARD)
_MOST = 10_000_000_00  # cents


class PaymentFacts(Protocol):
    """What a guard needs to know of a payment: a record or a row of a list."""

    @property
    def state(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def office_id(self) -> str: ...
    @property
    def case_id(self) -> str | None: ...
    @property
    def currency(self) -> str: ...


_WAITS = (PaymentState.CLARIFY, PaymentState.SUGGESTED)
_STATES = {
    "payment.assign": _WAITS,
    "payment.accept": (PaymentState.SUGGESTED,),
    "payment.reject": (PaymentState.SUGGESTED,),
    "payment.take_off": (PaymentState.BOOKED,),
    "payment.refund": _WAITS,
    "payment.refunded": (PaymentState.WANTED,),
}
_WHY = {
    "payment.accept": "payment.no_suggestion",
    "payment.reject": "payment.no_suggestion",
    "payment.refunded": "payment.no_refund",
}


def can(actor: Actor, action: str, payment: PaymentFacts) -> Refusal | None:
    """Why this actor cannot do this to the payment now; None if they can."""
    if not may(action, actor.roles, payment.office_id):
        return Refusal(
            "payment.not_yours", _("This payment belongs to another office or needs another role.")
        )
    if payment.state not in _STATES[action]:
        return Refusal(_WHY.get(action, "payment.state"), _sentence(action))
    if action in ("payment.assign", "payment.accept") and payment.currency != "EUR":
        return Refusal(
            "payment.currency", _("It came in another currency: the bank has to exchange it first.")
        )
    return None


def _sentence(action: str) -> str:
    if action in ("payment.accept", "payment.reject"):
        return _("Nothing is suggested for this payment.")
    if action == "payment.refunded":
        return _("This is no refund that waits.")
    if action == "payment.take_off":
        return _("Only a booked payment is taken off its case.")
    return _("Only a payment that waits to be clarified is assigned or sent back.")


def assign(store: Store, actor: Actor, payment_id: str, case_id: str) -> Outcome:
    """The payment is this case's. Refused ``payment.nothing_owed`` where nothing is owed there."""
    with store.change(actor, "payment.assign") as change:
        payment = _allowed(change, actor, "payment.assign", payment_id)
        case = change.get(Case, case_id)
        if not may("payment.assign", actor.roles, case.office_id):
            raise refuse(
                "case.not_yours", _("This case belongs to another office or needs another role.")
            )
        if not payments.claims(store.db, case_id):
            raise refuse("payment.nothing_owed", _("Nothing is owed in this case."))
        serve(store, change, payment, case_id)
    return Outcome("payment.assign", (payment_id,))


def accept(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """What was suggested is right."""
    with store.change(actor, "payment.accept") as change:
        found = [change.get(Payment, one) for one in dict.fromkeys(ids)]
        passed, refused = sort_out(found, lambda one: can(actor, "payment.accept", one))
        for one in passed:
            if one.case_id is None or not payments.claims(store.db, one.case_id):
                raise refuse("payment.nothing_owed", _("Nothing is owed in this case."))
            serve(store, change, one, one.case_id)
    return Outcome("payment.accept", tuple(one.id for one in passed), tuple(refused))


def reject(store: Store, actor: Actor, payment_id: str) -> Outcome:
    """What was suggested is wrong: it waits to be clarified."""
    with store.change(actor, "payment.reject") as change:
        payment = _allowed(change, actor, "payment.reject", payment_id)
        change.set(payment, case_id=None, state=PaymentState.CLARIFY, reason="rejected")
    return Outcome("payment.reject", (payment_id,))


def take_off(store: Store, actor: Actor, payment_id: str) -> Outcome:
    """It was booked on the wrong case: what it paid is owed again, it waits to be clarified."""
    with store.change(actor, "payment.take_off") as change:
        payment = _allowed(change, actor, "payment.take_off", payment_id)
        payment = take_back(store, change, payment, PaymentState.CLARIFY)
        change.set(payment, case_id=None, reason="taken_off")
    return Outcome("payment.take_off", (payment_id,))


def refund(store: Store, actor: Actor, payment_id: str) -> Outcome:
    """It is nobody's here: it shall go back to where it came from."""
    with store.change(actor, "payment.refund") as change:
        payment = _allowed(change, actor, "payment.refund", payment_id)
        change.set(payment, state=PaymentState.SETTLED, case_id=None, reason="refund")
        change.add(
            Payment(
                office_id=payment.office_id,
                external_id=f"refund:{payment.id}",
                kind=PaymentKind.REFUND,
                state=PaymentState.WANTED,
                booked_on=clock.today().isoformat(),
                amount=-payment.amount,
                currency=payment.currency,
                payer=payment.payer,
                payer_iban=payment.payer_iban,
                purpose=payment.purpose,
                replaces_id=payment.id,
                created_at=change.at,
            )
        )
    return Outcome("payment.refund", (payment_id,))


def refunded(store: Store, actor: Actor, payment_id: str) -> Outcome:
    """The refund was paid out."""
    with store.change(actor, "payment.refunded") as change:
        payment = _allowed(change, actor, "payment.refunded", payment_id)
        change.set(payment, state=PaymentState.SETTLED, booked_on=clock.today().isoformat())
    return Outcome("payment.refunded", (payment_id,))


def take_at_counter(
    store: Store, actor: Actor, case_id: str, *, amount: int, kind: PaymentKind, on: date
) -> Payment:
    """Cash or card across the counter, in cents. Refused for what is not owed, and for a day to
    come."""
    with store.change(actor, "payment.take") as change:
        case = change.get(Case, case_id)
        if not may("payment.take", actor.roles, case.office_id):
            raise refuse(
                "case.not_yours", _("This case belongs to another office or needs another role.")
            )
        if kind not in _COUNTER or not 0 < amount <= _MOST:
            raise refuse("payment.amount", _("Name an amount in euros, such as 88,50."))
        if on > clock.today():
            raise refuse("payment.future", _("The day of the payment is still to come."))
        owed = sum(one.amount - one.paid for one in payments.claims(store.db, case_id))
        if amount > owed:
            raise refuse("payment.too_much", _("That is more than is owed; give the rest back."))
        payment = change.add(
            Payment(
                office_id=case.office_id,
                external_id=f"counter:{uuid7()}",
                kind=kind,
                state=PaymentState.CLARIFY,
                booked_on=on.isoformat(),
                amount=amount,
                created_at=change.at,
            )
        )
        return serve(store, change, payment, case_id)


def _allowed(change: Change, actor: Actor, action: str, payment_id: str) -> Payment:
    payment = change.get(Payment, payment_id)
    if refusal := can(actor, action, payment):
        raise Refused(refusal)
    return payment
