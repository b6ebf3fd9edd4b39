"""Money: statements booked once, what fits nowhere, reversals, refunds, instalments, cash."""

import io

import pytest

from clerk import clock
from clerk.desks import payments as desk
from clerk.intake.bank import camt
from clerk.intake.bank.booking import Report, import_entries
from clerk.refusal import Refused
from clerk.session import Session
from storage.actor import Actor
from storage.pages import fines
from storage.pages import payments as pages
from storage.pages.payments import PaymentRow
from storage.records import Case
from storage.terms import CaseState, FineState, PaymentKind, PaymentState, Role
from storage.undo import undo
from storage.verify import verify
from tests.clerk.desks.fining import OFFICE, Desk, catalogue, somebody
from tests.statements import Line
from tests.statements import camt as statement


@pytest.fixture
def fining(session: Session, monkeypatch: pytest.MonkeyPatch) -> Desk:
    catalogue(session)
    return Desk(session, monkeypatch)


def book(fining: Desk, *entries: Line | tuple[Line, ...]) -> Report:
    found = camt.read(io.BytesIO(statement(*entries)), "auszug.xml")
    return import_entries(fining.store, fining.session.actor, found, office_id=OFFICE)


def warned(fining: Desk) -> Case:
    """A warning of 35 EUR, offered on 6 July."""
    case = fining.new()
    fining.act(case, "offer_warning")
    return case


def reference(fining: Desk, case: Case) -> str:
    found = fining.fine(case).reference
    assert found
    return found


def stored(fining: Desk, *states: PaymentState) -> list[PaymentRow]:
    offices = fining.session.actor.offices
    return [
        row
        for state in states or list(PaymentState)
        for row in pages.in_state(offices, state).page(fining.store.db, limit=50)
    ]


def state_of(fining: Desk, case: Case) -> tuple[str, str]:
    row = fining.store.db.execute("SELECT state FROM cases WHERE id = ?", (case.id,)).fetchone()
    return fining.fine(case).state, row[0]


def owed(fining: Desk, case: Case) -> int:
    return sum(one.amount - one.paid for one in pages.claims(fining.store.db, case.id))


def test_a_warning_paid_in_time_is_effective(fining: Desk) -> None:
    case = warned(fining)
    fining.day("2026-07-10")
    report = book(fining, Line("35.00", f"Kz {reference(fining, case)}", day="2026-07-09"))
    assert (report.seen, report.booked) == (1, 1)
    assert state_of(fining, case) == (FineState.WARNING_EFFECTIVE, CaseState.CLOSED)
    assert owed(fining, case) == 0
    assert verify(fining.store.db).difference is None


def test_a_statement_read_again_changes_nothing(fining: Desk) -> None:
    case = warned(fining)
    fining.day("2026-07-10")
    lines = (
        Line("35.00", reference(fining, case), day="2026-07-09"),
        Line("12.00", "Kaffeekasse"),
        Line("0.00"),
        Line(status="PDNG"),
        Line(sign="DBIT", text="Kontogebühr"),
    )
    first = book(fining, *lines)
    assert (first.booked, first.clarify, first.ignored, len(first.refused)) == (1, 1, 2, 1)
    assert first.seen == 5
    before = fining.store.db.total_changes
    again = book(fining, *lines)
    assert (again.duplicates, again.ignored, len(again.refused), again.seen) == (2, 2, 1, 5)
    assert len(stored(fining)) == 2
    assert fining.store.db.total_changes == before


def test_money_that_has_not_come_yet_settles_nothing(fining: Desk) -> None:
    """A booking of next month is a mistake of the file, whatever it pays; tomorrow's, which a bank
    may date ahead, is booked today."""
    case = warned(fining)
    fining.day("2026-07-10")
    ahead = book(fining, Line("35.00", reference(fining, case), day="2026-08-10", own="A"))
    assert (ahead.booked, len(ahead.refused), ahead.seen) == (0, 1, 1)
    assert state_of(fining, case) == (FineState.WARNING_OFFERED, CaseState.OPEN)
    book(fining, Line("35.00", reference(fining, case), day="2026-07-11", own="B"))
    steps = fines.steps(fining.store.db, case.id)
    assert (steps[-1].action, steps[-1].on_date) == ("fine.accept_warning", "2026-07-10")
    assert verify(fining.store.db).difference is None


def test_part_payments_and_the_rest(fining: Desk) -> None:
    case = warned(fining)
    fining.day("2026-07-08")
    book(fining, Line("20.00", reference(fining, case), day="2026-07-07"))
    assert owed(fining, case) == 1500
    assert state_of(fining, case)[0] == FineState.WARNING_OFFERED
    book(fining, Line("15.00", reference(fining, case), day="2026-07-08"))
    assert owed(fining, case) == 0
    assert state_of(fining, case)[0] == FineState.WARNING_EFFECTIVE


def test_too_much_becomes_a_refund_that_the_bank_then_shows(fining: Desk) -> None:
    case = warned(fining)
    fining.day("2026-07-10")
    report = book(fining, Line("40.00", reference(fining, case), day="2026-07-09"))
    assert (report.booked, report.refunds) == (1, 1)
    (refund,) = stored(fining, PaymentState.WANTED)
    assert (refund.amount, refund.kind, refund.case_id) == (-500, PaymentKind.REFUND, case.id)
    paid = Line("5.00", "Erstattung", sign="DBIT", day="2026-07-12", own="OUT1")
    assert book(fining, paid).paid_out == 1
    assert stored(fining, PaymentState.WANTED) == []
    assert book(fining, paid).duplicates == 1


def test_a_reversal_takes_it_back(fining: Desk) -> None:
    case = warned(fining)
    fining.day("2026-07-10")
    line = Line("35.00", reference(fining, case), day="2026-07-09")
    book(fining, line)
    back = Line("35.00", reference(fining, case), day="2026-07-11", sign="DBIT", reversal=True)
    assert book(fining, back).reversed == 1
    assert owed(fining, case) == 3500
    assert state_of(fining, case) == (FineState.WARNING_OFFERED, CaseState.OPEN)
    assert [row.state for row in stored(fining, PaymentState.REVERSED)] == ["reversed"]
    assert book(fining, back).duplicates == 1
    assert verify(fining.store.db).difference is None


def test_a_reversal_of_what_never_came_waits(fining: Desk) -> None:
    report = book(fining, Line(sign="DBIT", reversal=True, text="Rückgabe"))
    assert (report.reversed, report.clarify) == (0, 1)
    (row,) = stored(fining, PaymentState.CLARIFY)
    assert (row.reason, row.amount) == ("reversal", -8850)


def test_by_name_and_amount_it_is_only_suggested(fining: Desk) -> None:
    case = warned(fining)
    report = book(fining, Line("35.00", "Verwarnung Hund", payer="BEISPIEL, ERIKA"))
    assert (report.suggested, owed(fining, case)) == (1, 3500)
    (row,) = stored(fining, PaymentState.SUGGESTED)
    assert row.case_id == case.id
    desk.accept(fining.store, fining.session.actor, [row.id])
    assert owed(fining, case) == 0


def test_two_of_the_name_are_no_suggestion(fining: Desk) -> None:
    for _case in range(2):
        warned(fining)
    assert book(fining, Line("35.00", payer="Erika Beispiel")).clarify == 1


def test_another_currency_waits(fining: Desk) -> None:
    case = warned(fining)
    line = Line("35.00", reference(fining, case), currency="CHF")
    assert book(fining, line).clarify == 1
    (row,) = stored(fining, PaymentState.CLARIFY)
    assert row.reason == "currency"
    with pytest.raises(Refused) as raised:
        desk.assign(fining.store, fining.session.actor, row.id, case.id)
    assert raised.value.refusal.code == "payment.currency"


def test_what_is_paid_twice_waits(fining: Desk) -> None:
    case = warned(fining)
    fining.day("2026-07-10")
    one = Line("35.00", reference(fining, case), day="2026-07-09")
    report = book(fining, one, one)
    assert (report.booked, report.clarify) == (1, 1)
    (row,) = stored(fining, PaymentState.CLARIFY)
    assert (row.reason, row.reference) == ("nothing_owed", reference(fining, case))


def test_assigned_by_hand_taken_off_and_back(fining: Desk) -> None:
    case, actor = warned(fining), fining.session.actor
    book(fining, Line("35.00", "ohne Angabe", payer="Onkel Otto", day="2026-07-07"))
    (row,) = stored(fining, PaymentState.CLARIFY)
    desk.assign(fining.store, actor, row.id, case.id)
    assert state_of(fining, case)[0] == FineState.WARNING_EFFECTIVE
    undo(fining.store, actor)
    assert state_of(fining, case) == (FineState.WARNING_OFFERED, CaseState.OPEN)
    assert owed(fining, case) == 3500
    desk.assign(fining.store, actor, row.id, case.id)
    desk.take_off(fining.store, actor, row.id)
    assert owed(fining, case) == 3500
    assert [one.reason for one in stored(fining, PaymentState.CLARIFY)] == ["taken_off"]
    assert verify(fining.store.db).difference is None


def test_nobodys_money_goes_back(fining: Desk) -> None:
    book(fining, Line("35.00", "falsch überwiesen"))
    (row,) = stored(fining, PaymentState.CLARIFY)
    desk.refund(fining.store, fining.session.actor, row.id)
    (wanted,) = stored(fining, PaymentState.WANTED)
    assert wanted.amount == -3500
    desk.refunded(fining.store, fining.session.actor, wanted.id)
    assert stored(fining, PaymentState.WANTED) == []


def test_cash_across_the_counter(fining: Desk) -> None:
    case, actor = warned(fining), fining.session.actor
    with pytest.raises(Refused) as raised:
        desk.take_at_counter(
            fining.store, actor, case.id, amount=3501, kind=PaymentKind.CASH, on=clock.today()
        )
    assert raised.value.refusal.code == "payment.too_much"
    desk.take_at_counter(
        fining.store, actor, case.id, amount=3500, kind=PaymentKind.CASH, on=clock.today()
    )
    assert state_of(fining, case)[0] == FineState.WARNING_EFFECTIVE


def test_a_final_fine_in_instalments(fining: Desk) -> None:
    case = fining.new(parties=[somebody()])
    way: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("2026-07-06", "hear", {}),
        ("2026-08-10", "issue", {"amount": "60"}),
        ("2026-08-14", "serve", {"on": "12.8.", "way": "handed_over"}),
        ("2026-08-31", "become_final", {}),
        ("2026-08-31", "defer", {"instalments": "2x30 + 28,50 1.10."}),
    )
    for day, action, said in way:
        fining.day(day)
        fining.act(case, action, **said)
    total = owed(fining, case)
    plan = pages.instalments(fining.store.db, case.id)
    assert sum(one.amount for one in plan) == total
    fining.day("2026-10-02")
    ref = reference(fining, case)
    book(fining, Line(f"{plan[0].amount / 100:.2f}", ref, day="2026-10-01"))
    assert [one.state for one in pages.instalments(fining.store.db, case.id)][:1] == ["paid"]
    assert state_of(fining, case)[0] == FineState.DEFERRED
    rest = owed(fining, case)
    book(fining, Line(f"{rest / 100:.2f}", ref, day="2026-10-02"))
    assert state_of(fining, case) == (FineState.SETTLED, CaseState.CLOSED)
    assert {one.state for one in pages.instalments(fining.store.db, case.id)} == {"paid"}


def test_who_books_no_payments_here(fining: Desk) -> None:
    other = Actor("x", "X", {"buergerbuero": Role.ADMIN})
    with pytest.raises(Refused) as raised:
        import_entries(fining.store, other, [])
    assert raised.value.refusal.code == "payment.not_yours"


def test_a_break_in_the_file_keeps_what_was_read(fining: Desk) -> None:
    case = warned(fining)
    fining.day("2026-07-10")
    data = statement(Line("35.00", reference(fining, case), day="2026-07-09"), Line(text="zwei"))
    found = camt.read(io.BytesIO(data[: data.index(b"zwei")]), "auszug.xml")
    with pytest.raises(Refused) as raised:
        import_entries(fining.store, fining.session.actor, found, office_id=OFFICE)
    assert raised.value.refusal.code == "bank.broken"
    assert owed(fining, case) == 0


def test_whose_account_it_is_must_be_clear(fining: Desk) -> None:
    found = camt.read(io.BytesIO(statement(Line())), "auszug.xml")
    with pytest.raises(Refused) as raised:
        import_entries(fining.store, fining.session.actor, found)
    assert raised.value.refusal.code == "payment.no_office"
