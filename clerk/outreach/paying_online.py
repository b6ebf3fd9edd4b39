"""Paying online: a link for what a case owes, and what has become of it."""

from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.bookkeeping import serve
from clerk.i18n import _
from clerk.outreach.xbezahldienste import Order, Provider, Transaction
from clerk.refusal import Refused, refuse
from clerk.rules.permissions import may
from storage.actor import Actor
from storage.pages import cases, payments
from storage.records import Case, OnlinePayment, Payment
from storage.store import Store
from storage.terms import OnlineState, PaymentKind, PaymentState

if TYPE_CHECKING:
    from collections.abc import Callable

_ACTION = "payment.online"
_RUNNING = (OnlineState.INITIAL, OnlineState.WAITING)


def begin(
    store: Store, actor: Actor, case_id: str, provider: Provider, return_to: str
) -> OnlinePayment:
    """A transaction for all that a case owes; ``return_to`` is where the payer comes back to.

    It is noted before the provider is asked: cut off in between, it is asked again under the same
    id. Refused ``payment.nothing_owed``, ``case.not_yours`` and those of the provider.
    """
    with store.change(actor, _ACTION, undoable=False) as change:
        case = change.get(Case, case_id)
        _refuse_stranger(store, actor, case_id)
        claims = payments.claims(store.db, case_id)
        owed = sum(one.amount - one.paid for one in claims)
        if owed <= 0:
            raise refuse("payment.nothing_owed", _("Nothing is owed in this case."))
        running = [
            one
            for one in payments.online(store.db, case_id)
            if one.state in _RUNNING and one.amount == owed
        ]
        one = running[-1] if running else None
        if one is None:
            one = change.add(
                OnlinePayment(
                    case_id=case_id,
                    reference=claims[0].reference,
                    provider_id="",
                    state=OnlineState.INITIAL,
                    amount=owed,
                    created_at=change.at,
                )
            )
    if one.state == OnlineState.WAITING:
        return one
    order = Order(
        one.id,
        clock.local(one.created_at).isoformat(),
        one.amount,
        one.reference or case.number,
        case.number,
        return_to,
    )
    try:
        told = provider.begin(order)
    except Refused as error:
        _note(store, actor, one, state=OnlineState.INITIAL, reason=error.refusal.code)
        raise
    return _note(
        store,
        actor,
        one,
        state=told.state,
        provider_id=told.provider_id,
        redirect=told.redirect,
        reason="",
    )


def ask(store: Store, actor: Actor, one: OnlinePayment, provider: Provider) -> OnlinePayment:
    """What has become of a transaction; a paid one is booked, once. Refused ``online.*``: then it
    stays as it was."""
    if one.state != OnlineState.WAITING:
        return one
    _refuse_stranger(store, actor, one.case_id)
    told = provider.state(one.provider_id)
    if told.provider_id != one.provider_id:
        raise refuse(
            "online.answer",
            _("The payment provider's answer cannot be read. The claim stays open."),
        )
    if told.state == OnlineState.PAID:
        return _paid(store, actor, one, told)
    return _note(store, actor, one, state=told.state)


def ask_all(
    store: Store,
    actor: Actor,
    provider_of: "Callable[[str], Provider]",
) -> list[tuple[OnlinePayment, str]]:
    """Ask about all that run in the actor's offices; each with '' or why it could not be asked."""
    found: list[tuple[OnlinePayment, str]] = []
    for one, office_id in payments.online_running(store.db, actor.offices):
        try:
            found.append((ask(store, actor, one, provider_of(office_id)), ""))
        except Refused as error:
            found.append((one, error.refusal.sentence))
    return found


def _refuse_stranger(store: Store, actor: Actor, case_id: str) -> None:
    found = cases.by_ids(store.db, [case_id])
    if not found or not may(_ACTION, actor.roles, found[0].office_id):
        raise refuse(
            "case.not_yours", _("This case belongs to another office or needs another role.")
        )


def _paid(store: Store, actor: Actor, one: OnlinePayment, told: Transaction) -> OnlinePayment:
    """Booked as it was paid: by the provider's amount where it names one."""
    external_id = f"online:{one.provider_id}"
    with store.change(actor, _ACTION, undoable=False) as change:
        case = change.get(Case, one.case_id)
        if payments.payment_with(store.db, external_id) is None:
            payment = change.add(
                Payment(
                    office_id=case.office_id,
                    case_id=one.case_id,
                    external_id=external_id,
                    kind=PaymentKind.ONLINE,
                    state=PaymentState.CLARIFY,
                    booked_on=clock.today().isoformat(),
                    amount=told.cents or one.amount,
                    reference=one.reference,
                    created_at=change.at,
                )
            )
            if payments.claims(store.db, one.case_id):
                serve(store, change, payment, one.case_id)
            else:  # paid twice: somebody else was faster
                change.set(payment, reason="nothing_owed")
        return change.set(one, state=OnlineState.PAID, asked_at=change.at)


def _note(
    store: Store, actor: Actor, one: OnlinePayment, **fields: "str | OnlineState"
) -> OnlinePayment:
    with store.change(actor, _ACTION, undoable=False) as change:
        return change.set(one, asked_at=change.at, **fields)
