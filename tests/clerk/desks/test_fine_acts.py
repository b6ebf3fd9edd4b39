"""The way of a fine: steps, states, deadlines, claims and letters, and all of it taken back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from clerk.desks import cases, fine_acts, fine_edit
from clerk.desks.fine_report import Charge
from clerk.letters.details import Reminder, from_json
from clerk.refusal import Refused
from clerk.session import Session
from storage import counters
from storage.pages import fines as pages
from storage.pages import follow_ups
from storage.records import Case, Office
from storage.terms import CaseState, ClaimKind, ClaimState, FineState, ParticipantRole
from storage.undo import undo
from storage.verify import verify
from tests.clerk.desks.fining import OFFICE, Desk, catalogue, somebody
from tests.clerk.desks.scenarios import case as case_of


@pytest.fixture
def desk(session: Session, monkeypatch: pytest.MonkeyPatch) -> Desk:
    catalogue(session)
    return Desk(session, monkeypatch)


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        do()
    assert error.value.refusal.sentence.endswith(".")
    return error.value.refusal.code


def due(desk: Desk, case: Case) -> dict[str, str]:
    """The open follow-ups that rules have set: rule -> day."""
    return {str(one.rule): one.due_on for one in follow_ups.by_rule(desk.store.db, case.id)}


def claimed(desk: Desk, case: Case) -> list[tuple[ClaimKind, int, ClaimState, str | None]]:
    return [
        (one.kind, one.amount, one.state, one.due_on)
        for one in pages.claims(desk.store.db, case.id)
    ]


def drafted(desk: Desk, case: Case) -> list[str]:
    return [one.template for one in pages.letters(desk.store.db, case.id)]


def test_the_whole_way_to_enforcement(desk: Desk) -> None:
    """Record, hearing, notice, service, finality, enforcement: each with its day (OWiG 33-95)."""
    case = desk.new()
    assert due(desk, case) == {"fine.limitation": "2026-12-04"}
    desk.act(case, "hear")
    assert desk.fine(case).state == FineState.HEARING
    assert desk.fine(case).limitation_on == "2027-01-05"  # six months from the hearing on
    assert due(desk, case) == {"fine.hearing": "2026-07-20", "fine.limitation": "2026-12-06"}
    assert refused(lambda: desk.act(case, "issue")) == "fine.hearing_runs"
    desk.day("2026-07-21")
    desk.act(case, "issue", amount="60")
    fine = desk.fine(case)
    assert (fine.state, fine.amount, fine.fee, fine.expenses) == (FineState.NOTICE, 6000, 2500, 350)
    assert claimed(desk, case) == [
        (ClaimKind.FINE, 6000, ClaimState.OPEN, None),
        (ClaimKind.FEE, 2500, ClaimState.OPEN, None),
        (ClaimKind.EXPENSES, 350, ClaimState.OPEN, None),
    ]
    assert due(desk, case)["fine.service"] == "2026-08-04"
    desk.day("2026-07-27")
    desk.act(case, "serve", on="25.7.", way="letter_box")
    assert desk.fine(case).limitation_on == "2027-01-20"  # from the issue: served in two weeks
    assert due(desk, case)["fine.objection"] == "2026-08-10"  # Sat 8 August moves
    assert refused(lambda: desk.act(case, "become_final")) == "fine.period_runs"
    desk.day("2026-08-11")
    desk.act(case, "become_final")
    fine = desk.fine(case)
    assert (fine.state, fine.limitation_on) == (FineState.FINAL, "2029-08-10")
    assert {one[3] for one in claimed(desk, case)} == {"2026-08-25"}
    assert due(desk, case)["fine.payment"] == "2026-08-25"  # with the grace, one period here
    assert "fine.objection" not in due(desk, case)
    assert refused(lambda: desk.act(case, "enforce")) == "fine.grace"
    assert refused(lambda: desk.act(case, "settle", reason="paid")) == "fine.owed"
    desk.day("2026-08-26")
    desk.act(case, "enforce")
    desk.act(case, "detain")
    assert refused(lambda: desk.act(case, "detain")) == "fine.state"
    assert drafted(desk, case) == ["hearing", "notice", "enforcement"]
    desk.act(case, "settle", reason="waived")
    assert desk.fine(case).limitation_on is None
    assert due(desk, case) == {}
    assert {one[2] for one in claimed(desk, case)} == {ClaimState.WAIVED}
    closed = case_of(desk.session, case.id)
    assert (closed.state, closed.result) == (CaseState.CLOSED, "settled")
    assert (desk.fine(case).review_on, closed.retain_until) == ("2028-08-25", "2028-08-25")
    assert verify(desk.store.db).difference is None


def test_who_has_not_paid_is_reminded_before_enforcement(desk: Desk) -> None:
    """After the term to pay, with the fee of the Land and a new term; more than once if need be."""
    store, actor = desk.store, desk.session.actor
    with store.change(actor, "test.settings") as change:
        office = change.get(Office, OFFICE)
        change.set(office, settings="[fines]\nreminder_fee = 500\nreminder_days = 10\n")
    case = desk.new()
    assert refused(lambda: desk.act(case, "remind")) == "fine.state"
    for action, said in (("hear", {}), ("conclude", {"text": "geständig"}), ("issue", {})):
        desk.act(case, action, **said)
    desk.act(case, "serve", on="6.7.", way="letter_box")
    desk.act(case, "become_final", waived="yes")
    assert due(desk, case)["fine.payment"] == "2026-07-20"
    desk.day("2026-07-20")
    assert refused(lambda: desk.act(case, "remind")) == "fine.not_due"
    desk.day("2026-07-21")
    desk.act(case, "remind")
    fine = desk.fine(case)
    assert (fine.state, fine.limitation_on) == (FineState.FINAL, "2029-07-05")  # not moved by it
    assert claimed(desk, case)[-1] == (ClaimKind.OTHER, 500, ClaimState.OPEN, "2026-07-31")
    assert {one[3] for one in claimed(desk, case)} == {"2026-07-31"}
    assert due(desk, case)["fine.payment"] == "2026-07-31"
    letter = pages.letters(store.db, case.id)[-1]
    assert letter.template == "reminder"
    details = from_json(letter.details, Reminder)
    assert (details.pay_by.isoformat(), details.asks_for[0]) == ("2026-07-31", 35_00 + 28_50 + 5_00)
    assert [one.label for one in details.items][-1] == "Mahngebühr"
    assert refused(lambda: desk.act(case, "remind")) == "fine.not_due"
    desk.day("2026-08-03")
    desk.act(case, "remind")
    assert [one[1] for one in claimed(desk, case)].count(500) == 2
    assert refused(lambda: desk.act(case, "enforce")) == "fine.grace"
    desk.day("2026-08-14")
    desk.act(case, "enforce")
    assert "fine.payment" not in due(desk, case)
    undo(store, actor)
    undo(store, actor)
    assert [one[1] for one in claimed(desk, case)].count(500) == 1
    assert due(desk, case)["fine.payment"] == "2026-07-31"
    assert verify(store.db).difference is None


def test_every_step_is_taken_back_by_one_undo(desk: Desk) -> None:
    """Nothing of an action stays: neither claims nor letters nor follow-ups nor the case's end."""

    def all_of(case: Case) -> dict[str, list[tuple[object, ...]]]:
        tables = ("cases", "fines", "fine_steps", "claims", "letters", "follow_ups", "instalments",
                  "statuses", "persons")  # fmt: skip
        return {
            table: sorted(desk.store.db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall())
            for table in tables
        }

    case = desk.new()
    way: list[tuple[str, str, dict[str, str]]] = [
        ("2026-07-06", "offer_warning", {}),
        ("2026-07-20", "hear", {}),
        ("2026-08-10", "conclude", {"text": "keine Einlassung"}),
        ("2026-08-10", "issue", {}),
        ("2026-08-14", "serve", {"on": "12.8.", "way": "handed_over"}),
        ("2026-08-20", "object", {"on": "20.8.", "form": "written"}),
        ("2026-08-21", "admit", {}),
        ("2026-08-24", "to_court", {"on": "24.8.", "file_access": "yes"}),
        ("2026-09-24", "decide", {"on": "24.9.", "amount": "40", "text": "AG 1 OWi 2/26"}),
        ("2026-09-25", "defer", {"instalments": "2x30 + 8,50 1.10."}),
        ("2026-11-02", "lapse", {"text": "erste Rate fehlt"}),
        ("2026-11-03", "enforce", {}),
        ("2026-11-04", "death", {"on": "3.11."}),
    ]  # fmt: skip
    for day, action, said in way:
        desk.day(day)
        before = all_of(case)
        desk.step(case, action, **said)
        after = all_of(case)
        assert after != before
        undo(desk.store, desk.session.actor)
        assert all_of(case) == before, action
        desk.act(case, action, **said)
    assert desk.fine(case).state == FineState.SETTLED
    assert verify(desk.store.db).difference is None


def test_handing_over_takes_everything_along(desk: Desk) -> None:
    case = desk.new()
    desk.act(case, "offer_warning")
    store, actor = desk.store, desk.session.actor
    cases.hand_over(store, actor, case.id, "bussgeld")
    assert desk.fine(case).office_id == "bussgeld"
    for table in ("claims", "letters", "follow_ups", "cases"):
        offices = store.db.execute(f"SELECT DISTINCT office_id FROM {table}").fetchall()
        assert offices == [("bussgeld",)], table
    assert counters.count(store.db, "fines", "warning_offered", offices=["bussgeld"]) == 1
    undo(store, actor)
    assert desk.fine(case).office_id == "ordnungsamt"
    assert verify(store.db).difference is None


def test_the_case_of_a_fine_ends_by_the_fine_alone(desk: Desk) -> None:
    case = desk.new()
    store, actor = desk.store, desk.session.actor
    assert refused(lambda: cases.close(store, actor, case.id, "fertig")) == "case.fine"
    desk.act(case, "discontinue", reason="not_expedient")
    assert refused(lambda: cases.reopen(store, actor, case.id)) == "case.fine"
    desk.act(case, "reopen", text="neue Beweise")
    again = case_of(desk.session, case.id)
    assert (again.state, again.closed_at, again.result) == (CaseState.OPEN, None, None)


def test_who_has_died_is_not_fined(desk: Desk) -> None:
    case = desk.new()
    desk.act(case, "hear")
    desk.day("2026-07-20")
    desk.act(case, "death", on="10.7.")
    assert desk.fine(case).state == FineState.SETTLED
    [(_part, person)] = pages.participants(desk.store.db, case.id)
    assert person.died_on == "2026-07-10"
    assert refused(lambda: desk.act(case, "reopen", text="x")) == "fine.dead"


def test_facts_are_changed_until_there_is_a_notice(desk: Desk) -> None:
    case = desk.new()
    store, actor = desk.store, desk.session.actor
    was = fine_edit.report_of(store.db, desk.fine(case))
    other = Charge(code="HUND02", details={"Name": "Rex", "Ort": "Dorf"})
    second = somebody("1990-01-01", given_name="Anton")
    now = replace(was, charges=[other], place="Am Wall 2", parties=[*was.parties, second])
    assert fine_edit.edit(store, actor, case.id, now) == ()
    fine = desk.fine(case)
    assert (fine.place, fine.amount, fine.state) == ("Am Wall 2", 55_00, FineState.RECORDED)
    [charged] = pages.offences(store.db, case.id)
    assert charged.charge == "Sie haben Ihren Hund Rex in Dorf nicht angeleint."
    assert len(pages.participants(store.db, case.id)) == 2
    assert case_of(desk.session, case.id).subject == "Hundekot nicht beseitigt, Am Wall 2"
    assert (
        refused(lambda: fine_edit.edit(store, actor, case.id, replace(now, place="")))
        == "fine.place"
    )
    undo(store, actor)
    assert fine_edit.report_of(store.db, desk.fine(case)) == was
    desk.act(case, "hear")
    nobody = replace(was, parties=[])
    assert refused(lambda: fine_edit.edit(store, actor, case.id, nobody)) == "fine.participant"
    keeper = [replace(one, role=ParticipantRole.KEEPER) for one in was.parties]
    fine_edit.edit(store, actor, case.id, replace(was, parties=keeper))
    assert (
        desk.fine(case).limitation_on == "2027-01-03"
    )  # whoever was heard is not charged any more
    fine_edit.edit(store, actor, case.id, was)
    assert desk.fine(case).limitation_on == "2027-01-05"
    desk.act(case, "conclude", text="geständig")
    desk.act(case, "issue")
    assert refused(lambda: fine_edit.edit(store, actor, case.id, was)) == "fine.state"
    assert verify(store.db).difference is None


def test_what_was_served_late_in_the_day_becomes_final_by_itself(desk: Desk) -> None:
    """The nightly action takes those whose period is over, and no others."""
    first, second = desk.new(), desk.new(acted_from="2026-07-05")
    for case in (first, second):
        desk.act(case, "hear")
        desk.act(case, "conclude", text="geständig")
        desk.act(case, "issue")
    desk.day("2026-07-10")
    desk.act(first, "serve", on="8.7.", way="letter_box")
    desk.act(second, "serve", on="9.7.", way="letter_box")
    store, actor = desk.store, desk.session.actor
    desk.day("2026-07-22")
    assert fine_acts.due_final(store, actor) == []
    desk.day("2026-07-23")
    assert fine_acts.due_final(store, actor) == [first.id]
    fine_acts.act(store, actor, [first.id, second.id], "fine.become_final")
    assert desk.fine(first).state == FineState.FINAL
    assert desk.fine(second).state == FineState.SERVED
    [step] = [one for one in pages.steps(store.db, first.id) if one.action == "fine.become_final"]
    assert step.on_date == "2026-07-23"
