"""Booking within a running change: a payment serves claims, comes back, is too much.

The desks whose claims are paid say in ``WHEN_PAID`` what follows for them.
"""

from collections.abc import Callable

from clerk.rules.allocation import instalments_met, spread
from storage.journal import Change
from storage.pages import payments
from storage.records import Allocation, Claim, Payment
from storage.store import Store
from storage.terms import ClaimState, InstalmentState, PaymentKind, PaymentState

WhenPaid = Callable[[Store, Change, str], None]


def _fines(store: Store, change: Change, case_id: str) -> None:
    from clerk.desks.fine_paid import after_payment

    after_payment(store, change, case_id)


WHEN_PAID: tuple[WhenPaid, ...] = (_fines,)
"""Told (store, change, case id) when payments of a case were booked or taken back."""


def serve(store: Store, change: Change, payment: Payment, case_id: str) -> Payment:
    """The payment is the case's: it is spread over its claims, and what is too much becomes a
    refund that somebody has to pay out."""
    claims = payments.claims(store.db, case_id)
    parts, rest = spread(payment.amount, claims)
    payment = change.set(payment, case_id=case_id, state=PaymentState.BOOKED, reason="")
    by_id = {one.id: one for one in claims}
    for claim_id, amount in parts:
        change.add(
            Allocation(case_id=case_id, payment_id=payment.id, claim_id=claim_id, amount=amount)
        )
        _pay(change, by_id[claim_id], amount)
    if rest:
        change.add(
            Payment(
                office_id=payment.office_id,
                case_id=case_id,
                external_id=f"refund:{payment.id}",
                kind=PaymentKind.REFUND,
                state=PaymentState.WANTED,
                booked_on=payment.booked_on,
                amount=-rest,
                payer=payment.payer,
                payer_iban=payment.payer_iban,
                reference=payment.reference,
                replaces_id=payment.id,
                created_at=change.at,
            )
        )
    _follow(store, change, case_id)
    return payment


def take_back(store: Store, change: Change, payment: Payment, state: PaymentState) -> Payment:
    """The payment serves nothing any more: what it paid is owed again, a refund of it that was not
    paid out is dropped. A refund that was paid out stays and has to be claimed back."""
    case_id = payment.case_id
    for one in payments.allocations(store.db, payment.id):
        claim = change.get(Claim, one.claim_id)
        _pay(change, claim, -one.amount)
        change.drop(one)
    refund = payments.payment_with(store.db, f"refund:{payment.id}")
    if refund is not None:
        found = change.get(Payment, refund)
        if found.state == PaymentState.WANTED:
            change.drop(found)
    payment = change.set(payment, state=state)
    if case_id is not None:
        _follow(store, change, case_id)
    return payment


def _pay(change: Change, claim: Claim, amount: int) -> None:
    paid = claim.paid + amount
    if paid >= claim.amount:
        state = ClaimState.PAID
    elif claim.state == ClaimState.PAID:
        state = ClaimState.OPEN
    else:
        state = ClaimState(claim.state)
    change.set(claim, paid=paid, state=state)


def _follow(store: Store, change: Change, case_id: str) -> None:
    """Instalments follow from what was paid since their plan began; then the desks are told."""
    plan = [
        one
        for one in payments.instalments(store.db, case_id)
        if one.state != InstalmentState.LAPSED
    ]
    if plan:
        paid = payments.paid_since_plan(store.db, case_id)
        met = instalments_met(paid, [one.amount for one in plan])
        for place, one in enumerate(plan):
            state = InstalmentState.PAID if place < met else InstalmentState.OPEN
            change.set(one, state=state)
    for told in WHEN_PAID:
        told(store, change, case_id)
