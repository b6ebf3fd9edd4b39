"""What is owed and what was paid, for every desk. Amounts in cents."""

from sqlmodel import Field

from storage.tables.base import Row
from storage.terms import (
    ClaimKind,
    ClaimState,
    InstalmentState,
    OnlineState,
    PaymentKind,
    PaymentState,
)


class Claim(Row, table=True):
    """One part of what a case's person owes; parts are served in the order of ``position``."""

    __tablename__ = "claims"
    case_id: str = Field(foreign_key="cases.id", index=True)
    office_id: str = Field(foreign_key="offices.id")
    person_id: str | None = Field(default=None, foreign_key="persons.id")
    kind: ClaimKind
    state: ClaimState = ClaimState.OPEN
    reference: str = Field(index=True)
    position: int
    amount: int
    paid: int = 0
    due_on: str | None = None
    created_at: int


class Payment(Row, table=True):
    """Money that came, went back or was reversed; without a case it waits to be clarified."""

    __tablename__ = "payments"
    office_id: str = Field(foreign_key="offices.id")
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    external_id: str = Field(unique=True)  # account and the bank's own entry
    kind: PaymentKind = PaymentKind.BANK
    state: PaymentState
    booked_on: str
    amount: int  # what came; negative: what went
    currency: str = "EUR"
    payer: str = ""
    payer_iban: str = ""
    purpose: str = ""
    reference: str = ""  # as read from the purpose
    reason: str = ""  # why it waits
    replaces_id: str | None = Field(default=None, foreign_key="payments.id")  # what it reverses
    created_at: int


class Allocation(Row, table=True):
    """Which part of a payment serves which claim."""

    __tablename__ = "allocations"
    case_id: str = Field(foreign_key="cases.id", index=True)
    payment_id: str = Field(foreign_key="payments.id", index=True)
    claim_id: str = Field(foreign_key="claims.id", index=True)
    amount: int


class Instalment(Row, table=True):
    """One instalment of a plan."""

    __tablename__ = "instalments"
    case_id: str = Field(foreign_key="cases.id", index=True)
    position: int
    due_on: str
    amount: int
    state: InstalmentState = InstalmentState.OPEN


class OnlinePayment(Row, table=True):
    """A transaction at the payment provider (XBezahldienste 1.0)."""

    __tablename__ = "online_payments"
    case_id: str = Field(foreign_key="cases.id", index=True)
    reference: str
    provider_id: str
    state: OnlineState
    amount: int
    redirect: str = ""
    reason: str = ""
    created_at: int
    asked_at: int | None = None
