"""Payments by keyboard: assign, accept, send back, take off."""

from clerk.session import Session
from storage.records import Claim, Payment
from storage.terms import ClaimKind, PaymentState
from tests import support
from tests.driver import workstation


def claim_and_payment(session: Session, state: PaymentState) -> str:
    """A case that owes five euros and a payment of five; the case's number."""
    case = support.add_case(session, "Gebühr")
    with session.store.change(session.actor, "test.payment") as change:
        change.add(
            Claim(
                case_id=case.id, office_id=case.office_id, kind=ClaimKind.OTHER, reference="",
                position=1, amount=500, created_at=change.at,
            )
        )  # fmt: skip
        change.add(
            Payment(
                office_id=case.office_id,
                case_id=case.id if state is PaymentState.SUGGESTED else None,
                external_id=case.id,
                state=state,
                booked_on="2026-11-20",
                amount=500,
                payer="Erika [/nope] Beispiel",
                created_at=change.at,
            )
        )
    return case.number


async def test_assigned_by_number_and_taken_back(session: Session) -> None:
    number = claim_and_payment(session, PaymentState.CLARIFY)
    async with workstation(session) as clerk:
        await clerk.press("g", "z")
        assert "Erika [/nope] Beispiel" in clerk.cursor
        await clerk.press("v", *number, "enter")
        assert clerk.rows == []
        assert "Payment assigned" in clerk.toast
        await clerk.press("z")
        assert len(clerk.rows) == 1
        await clerk.press("v", *"999999", "enter")
        assert "no case 999999" in clerk.toast
        assert len(clerk.rows) == 1


async def test_a_suggestion_is_accepted_or_rejected(session: Session) -> None:
    number = claim_and_payment(session, PaymentState.SUGGESTED)
    async with workstation(session) as clerk:
        await clerk.press("g", "z", "tab")
        assert number in clerk.cursor
        await clerk.press("e")
        assert clerk.rows == []
        await clerk.press("z", "l")
        await clerk.press("shift+tab")
        assert "Erika" in clerk.cursor


async def test_what_cannot_be_done_says_why(session: Session) -> None:
    claim_and_payment(session, PaymentState.CLARIFY)
    async with workstation(session) as clerk:
        await clerk.press("g", "z", "e")
        assert "Nothing is suggested" in clerk.toast
        await clerk.press("enter")
        assert "hangs on no case" in clerk.toast
