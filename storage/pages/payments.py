"""Payments as pages, and what is owed under which reference."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from storage.pages.keyset import Keyset
from storage.record import Record, columns
from storage.records import Allocation, Claim, Instalment, OnlinePayment
from storage.terms import ClaimState, PaymentKind, PaymentState
from storage.values import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

R = TypeVar("R", bound=Record)
STANDING = (ClaimState.OPEN, ClaimState.DEFERRED)
"""Claims that a payment serves."""


class PaymentRow(NamedTuple):
    """One line of a list of payments; ``number`` is the case's or ''."""

    id: str
    booked_on: str
    amount: int
    currency: str
    payer: str
    purpose: str
    reference: str
    kind: str
    state: str
    reason: str
    office_id: str
    case_id: str | None
    number: str
    subject: str

    @property
    def key(self) -> tuple[Value, ...]:
        """Where its page stands: the order of the list."""
        return (self.booked_on, self.id)


_SELECT = (
    "SELECT p.id AS id, p.booked_on AS booked_on, p.amount, p.currency, p.payer, p.purpose,"
    " p.reference, p.kind, p.state, p.reason, p.office_id, p.case_id,"
    " ifnull((SELECT number FROM cases c WHERE c.id = p.case_id), ''),"
    " ifnull((SELECT subject FROM cases c WHERE c.id = p.case_id), '') FROM payments p"
)


def _make(row: tuple[Value, ...]) -> PaymentRow:
    return PaymentRow._make(row)  # the columns are the fields, in order


def in_state(offices: Sequence[str], state: PaymentState) -> Keyset[PaymentRow]:
    """The payments of these offices in a state, newest first."""
    prefixes: list[tuple[str, tuple[Value, ...]]] = [
        ("p.state = ? AND p.office_id = ?", (state, office)) for office in (offices or ("",))
    ]
    return Keyset(_SELECT, prefixes, ("p.booked_on", "p.id"), True, _make, "payments p")


def by_ids(db: "Connection", ids: Sequence[str]) -> list[PaymentRow]:
    """The payments with these ids, in the order asked for; missing ones are left out."""
    marks = ", ".join("?" * len(ids))
    found = {
        str(row[0]): _make(row) for row in db.execute(f"{_SELECT} WHERE p.id IN ({marks})", ids)
    }
    return [found[one] for one in ids if one in found]


def of_case(db: "Connection", case_id: str) -> list[PaymentRow]:
    """The payments of a case, the oldest first."""
    sql = f"{_SELECT} WHERE p.case_id = ? ORDER BY p.booked_on, p.id"
    return [_make(row) for row in db.execute(sql, (case_id,))]


def payment_with(db: "Connection", external_id: str) -> str | None:
    """The id of the payment that a bank's entry was stored as."""
    sql = "SELECT id FROM payments WHERE external_id = ?"
    row = db.execute(sql, (external_id,)).fetchone()
    return None if row is None else str(row[0])


class Total(NamedTuple):
    """What is owed under a reference; 0 where everything is paid."""

    reference: str
    case_id: str
    office_id: str
    owed: int


_TOTALS = (
    "SELECT reference, case_id, office_id,"
    " sum(CASE WHEN state IN ('open', 'deferred') THEN amount - paid ELSE 0 END)"
    " FROM claims WHERE reference <> ''"
)


def totals(db: "Connection", offices: Sequence[str]) -> Iterator[Total]:
    """All references of these offices, with what is owed."""
    marks = ", ".join("?" * len(offices))
    sql = f"{_TOTALS} AND office_id IN ({marks}) GROUP BY reference, case_id, office_id"
    for row in db.execute(sql, offices):
        yield Total._make(row)


def total_of(db: "Connection", reference: str) -> Total | None:
    """What is owed under one reference; None for an unknown one."""
    row = db.execute(f"{_TOTALS} AND reference = ? GROUP BY case_id", (reference,)).fetchone()
    return None if row is None else Total._make(row)


def payers(db: "Connection", cases: Sequence[str]) -> list[tuple[str, str]]:
    """Whose these cases are: the case and the person's name."""
    marks = ", ".join("?" * len(cases))
    sql = (
        "SELECT c.id, trim(p.given_name || ' ' || p.family_name) FROM cases c"
        f" JOIN persons p ON p.id = c.person_id WHERE c.id IN ({marks})"
    )
    return [(str(case), str(name)) for case, name in db.execute(sql, cases)]


def claims(db: "Connection", case_id: str) -> list[Claim]:
    """The claims of a case that a payment serves."""
    return [one for one in _of_case(db, Claim, case_id) if one.state in STANDING]


def instalments(db: "Connection", case_id: str) -> list[Instalment]:
    """The instalments of a case, in their order."""
    return sorted(_of_case(db, Instalment, case_id), key=lambda one: (one.due_on, one.position))


def allocations(db: "Connection", payment_id: str) -> list[Allocation]:
    """Which claims a payment serves."""
    names = ", ".join(columns(Allocation))
    sql = f"SELECT {names} FROM allocations WHERE payment_id = ? ORDER BY pos"
    return [Allocation.of(row) for row in db.execute(sql, (payment_id,))]


def reversible(db: "Connection", reference: str, amount: int, payer_iban: str) -> str | None:
    """The newest booked payment of this amount under a reference (or of this payer's account where
    no reference is known): what a reversal takes back."""
    column, value = ("reference", reference) if reference else ("payer_iban", payer_iban)
    if not value:
        return None
    row = db.execute(
        f"SELECT id FROM payments WHERE {column} = ? AND {column} <> '' AND amount = ?"
        " AND state = ? AND kind = ?"
        " ORDER BY booked_on DESC, id DESC LIMIT 1",
        (value, amount, PaymentState.BOOKED, PaymentKind.BANK),
    ).fetchone()
    return None if row is None else str(row[0])


def wanted_refund(db: "Connection", amount: int, payer_iban: str) -> str | None:
    """The refund that money leaving for this account pays out."""
    row = db.execute(
        "SELECT id FROM payments WHERE kind = ? AND state = ? AND amount = ? AND payer_iban = ?"
        " AND payer_iban <> ''"
        " ORDER BY booked_on LIMIT 1",
        (PaymentKind.REFUND, PaymentState.WANTED, -amount, payer_iban),
    ).fetchone()
    return None if row is None else str(row[0])


def online(db: "Connection", case_id: str) -> list[OnlinePayment]:
    """The transactions of a case at the payment provider, the oldest first."""
    return _of_case(db, OnlinePayment, case_id)


def _of_case(db: "Connection", record: type[R], case_id: str) -> list[R]:
    sql = f"SELECT {', '.join(columns(record))} FROM {record.TABLE} WHERE case_id = ? ORDER BY pos"
    return [record.of(row) for row in db.execute(sql, (case_id,))]


def paid_since_plan(db: "Connection", case_id: str) -> int:
    """What was paid, in cents, on a case since its present plan of instalments began: payments
    that were stored after the plan's first instalment was."""
    row = db.execute(
        "SELECT ifnull(sum(a.amount), 0) FROM allocations a JOIN payments p ON p.id = a.payment_id"
        " WHERE a.case_id = ?1 AND p.id > (SELECT min(i.id) FROM instalments i"
        " WHERE i.case_id = ?1 AND i.state <> 'lapsed')",
        (case_id,),
    ).fetchone()
    return int(row[0])


def online_running(db: "Connection", offices: Sequence[str]) -> list[tuple[OnlinePayment, str]]:
    """The transactions of these offices that the payer is at, each with its office."""
    names = ", ".join(f"o.{name}" for name in columns(OnlinePayment))
    marks = ", ".join("?" * len(offices))
    sql = (
        f"SELECT c.office_id, {names} FROM online_payments o JOIN cases c ON c.id = o.case_id"
        f" WHERE o.state = 'waiting' AND c.office_id IN ({marks}) ORDER BY o.pos"
    )
    return [(OnlinePayment.of(row[1:]), str(row[0])) for row in db.execute(sql, offices)]
