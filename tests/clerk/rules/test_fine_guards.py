"""Guards of fines: each refusal by the facts that bring it, and none by facts just beside them."""

from dataclasses import replace
from datetime import date

import pytest

from clerk import i18n
from clerk.rules.fine_guards import (
    FineFacts,
    Given,
    accepts,
    can,
    can_charge,
    is_late,
    is_valid_form,
    is_young,
)
from clerk.rules.holidays import Seat
from clerk.rules.limitation import Step
from storage.terms import FineState as S
from storage.terms import Guilt, OffenceArea

D = date.fromisoformat
TODAY = D("2026-07-30")
BASE = FineFacts(
    state=S.RECORDED,
    area=OffenceArea.MUNICIPAL,
    guilt=Guilt.NEGLIGENT,
    amount=50_00,
    maximum=1_000_00,
    acted_on=D("2026-06-01"),
    seat=Seat("NW"),
    offender="p",
    born_on=D("1980-01-01"),
    barred_after=D("2026-11-30"),
    owed=78_50,
)


def step(action: str, on: str, state: S, person: str | None = "p") -> Step:
    return Step(f"fine.{action}", D(on), state, person)


HEARD = step("hear", "2026-06-10", S.HEARING)
ISSUED = step("issue", "2026-06-29", S.NOTICE)
SERVED = step("serve", "2026-07-04", S.SERVED)
OBJECTED = step("object", "2026-07-20", S.OBJECTION)
FINAL = step("become_final", "2026-07-21", S.FINAL)


def at(state: S, *steps: Step, **changed: object) -> FineFacts:
    return replace(BASE, state=state, steps=steps, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "facts", "code"),
    [
        ("hear", BASE, None),
        ("hear", replace(BASE, offender=None), "fine.no_offender"),
        ("offer_warning", replace(BASE, offender=None), None),  # left on the car
        ("issue", BASE, "fine.state"),
        ("issue", at(S.HEARING), "fine.not_heard"),
        ("issue", at(S.INVESTIGATED, HEARD, lacking=("evidence",)), "fine.lacking"),
        ("issue", at(S.HEARING, step("hear", "2026-06-10", S.HEARING, "keeper")), "fine.not_heard"),
        ("conclude", at(S.INVESTIGATING), "fine.not_heard"),
        ("conclude", at(S.INVESTIGATING, HEARD), None),
        ("issue", at(S.HEARING, HEARD), None),
        ("issue", at(S.HEARING, HEARD, hearing_until=TODAY), "fine.hearing_runs"),
        ("issue", at(S.HEARING, HEARD, hearing_until=D("2026-07-29")), None),
        ("issue", at(S.INVESTIGATED, HEARD, hearing_until=TODAY), None),
        ("hear", replace(BASE, born_on=D("2012-06-02")), "fine.child"),
        ("hear", replace(BASE, born_on=D("2012-06-01")), None),  # 14 on the day
        ("edit", replace(BASE, born_on=D("2020-06-02")), None),
        ("discontinue", replace(BASE, born_on=D("2020-06-02")), None),
        ("hear", replace(BASE, died_on=D("2026-07-01")), "fine.dead"),
        ("death", replace(BASE, died_on=D("2026-07-01")), None),
        ("hear", replace(BASE, barred_after=TODAY), None),  # the last day
        ("hear", replace(BASE, barred_after=D("2026-07-29")), "fine.time_barred"),
        ("discontinue", replace(BASE, barred_after=D("2026-07-29")), None),
        ("enforce", at(S.FINAL, FINAL, barred_after=D("2026-07-29")), "fine.time_barred"),
        ("settle", at(S.FINAL, FINAL, barred_after=D("2026-07-29")), None),
        ("enforce", at(S.FINAL, FINAL), None),
        ("enforce", at(S.FINAL, FINAL, owed=0), "fine.paid"),
        ("defer", at(S.FINAL, FINAL, owed=0), "fine.paid"),
        ("detain", at(S.ENFORCEMENT, FINAL), None),
        ("detain", at(S.ENFORCEMENT, FINAL, owed=0), "fine.paid"),
        (
            "detain",
            at(S.ENFORCEMENT, FINAL, step("detain", "2026-07-25", S.DETENTION)),
            "fine.detained",
        ),
        ("reopen", at(S.WARNING_EFFECTIVE, owed=0), "fine.barred_by_warning"),
        ("reopen", at(S.WARNING_EFFECTIVE, owed=20_00), None),  # the payment was reversed
        ("reopen", at(S.SETTLED, step("death", "2026-07-01", S.SETTLED)), "fine.never_final"),
        ("reopen", at(S.SETTLED, FINAL, step("settle", "2026-07-25", S.SETTLED)), None),
        ("accept_warning", at(S.SERVED), "fine.state"),
    ],
)
def test_what_can_be_done(action: str, facts: FineFacts, code: str | None) -> None:
    refusal = can(f"fine.{action}", facts, TODAY)
    assert (refusal.code if refusal else None) == code
    assert refusal is None or refusal.sentence.endswith(".")


OFFERED = step("offer_warning", "2026-06-10", S.WARNING_OFFERED)
OBJECTION = at(S.OBJECTION, HEARD, ISSUED, SERVED, OBJECTED)
LATE = at(S.OBJECTION, HEARD, ISSUED, SERVED, step("object", "2026-07-21", S.OBJECTION))


@pytest.mark.parametrize(
    ("action", "facts", "given", "code"),
    [
        ("hear", BASE, Given(TODAY), None),
        ("hear", BASE, Given(D("2026-07-31")), "fine.future"),
        ("hear", BASE, Given(D("2026-05-31")), "fine.before_act"),
        ("offer_warning", BASE, Given(TODAY), None),
        ("offer_warning", BASE, Given(TODAY, amount=55_01), "fine.warning_amount"),
        ("offer_warning", BASE, Given(TODAY, amount=4_99), "fine.warning_amount"),
        ("offer_warning", replace(BASE, amount=60_00), Given(TODAY), "fine.warning_amount"),
        ("offer_warning", BASE, Given(TODAY, amount=12_00), None),
        (
            "offer_warning",
            replace(BASE, area=OffenceArea.TRAFFIC),
            Given(TODAY, amount=12_00),
            "fine.warning_amount",
        ),
        (
            "accept_warning",
            at(S.WARNING_OFFERED, OFFERED, warning_until=D("2026-06-17")),
            Given(D("2026-06-17")),
            None,
        ),
        (
            "accept_warning",
            at(S.WARNING_OFFERED, OFFERED, warning_until=D("2026-06-17")),
            Given(D("2026-06-18")),
            "fine.warning_late",
        ),
        ("accept_warning", at(S.WARNING_OFFERED, OFFERED), Given(D("2026-06-09")), "fine.order"),
        ("issue", at(S.INVESTIGATED, HEARD), Given(TODAY), None),
        ("issue", at(S.INVESTIGATED, HEARD), Given(TODAY, amount=500_00), None),
        ("issue", at(S.INVESTIGATED, HEARD), Given(TODAY, amount=500_01), "fine.amount"),
        ("issue", at(S.INVESTIGATED, HEARD), Given(TODAY, amount=4_99), "fine.amount"),
        (
            "issue",
            at(S.INVESTIGATED, HEARD, guilt=Guilt.INTENT),
            Given(TODAY, amount=1_000_00),
            None,
        ),
        ("serve", at(S.NOTICE, HEARD, ISSUED), Given(D("2026-06-29")), None),
        ("serve", at(S.NOTICE, HEARD, ISSUED), Given(D("2026-06-28")), "fine.order"),
        ("serve", at(S.NOTICE, ISSUED, notice_signed=False), Given(TODAY), "fine.not_signed"),
        ("object", at(S.SERVED, HEARD, ISSUED, SERVED), Given(TODAY), None),  # late: recorded
        ("object", at(S.SERVED, HEARD, ISSUED, SERVED), Given(D("2026-06-28")), "fine.order"),
        ("become_final", at(S.SERVED, ISSUED, SERVED), Given(D("2026-07-21")), None),
        ("become_final", at(S.SERVED, ISSUED, SERVED), Given(D("2026-07-20")), "fine.period_runs"),
        ("become_final", at(S.SERVED, ISSUED, SERVED), Given(D("2026-07-06"), waived=True), None),
        ("admit", OBJECTION, Given(TODAY), None),
        ("admit", LATE, Given(TODAY), "fine.objection_late"),
        ("admit", LATE, Given(TODAY, reinstated=True), None),
        ("reject_objection", LATE, Given(TODAY), None),
        ("to_court", replace(OBJECTION, state=S.INTERMEDIATE), Given(TODAY), None),
        (
            "to_court",
            replace(OBJECTION, state=S.INTERMEDIATE),
            Given(TODAY, file_access=False),
            "fine.file_access",
        ),
        ("enforce", at(S.FINAL, FINAL), Given(TODAY), "fine.grace"),
        ("enforce", at(S.FINAL, FINAL), Given(TODAY, evasion=True), None),
        (
            "enforce",
            at(S.FINAL, step("become_final", "2026-07-15", S.FINAL)),
            Given(TODAY),
            None,
        ),
        (
            "enforce",
            at(S.FINAL, step("become_final", "2026-07-15", S.FINAL), grace_periods=2),
            Given(TODAY),
            "fine.grace",
        ),
        ("detain", at(S.ENFORCEMENT, FINAL), Given(TODAY, unable=True), "fine.unable"),
        ("settle", at(S.FINAL, FINAL), Given(TODAY, reason="paid"), "fine.owed"),
        ("settle", at(S.FINAL, FINAL, owed=0), Given(TODAY, reason="paid"), None),
        ("settle", at(S.FINAL, FINAL), Given(TODAY, reason="waived"), None),
        ("settle", at(S.FINAL, FINAL), Given(TODAY, reason="time_barred"), "fine.not_barred"),
        (
            "settle",
            at(S.FINAL, FINAL, barred_after=D("2026-07-29")),
            Given(TODAY, reason="time_barred"),
            None,
        ),
        ("death", BASE, Given(D("2026-05-01")), None),  # before the act was recorded
        ("issue", BASE, Given(TODAY), "fine.state"),
    ],
)
def test_what_is_accepted(action: str, facts: FineFacts, given: Given, code: str | None) -> None:
    refusal = accepts(f"fine.{action}", facts, given, TODAY)
    assert (refusal.code if refusal else None) == code
    assert refusal is None or refusal.sentence.endswith(".")


def test_a_late_objection_is_marked() -> None:
    facts = at(S.SERVED, ISSUED, SERVED)
    assert not is_late(facts, D("2026-07-20"))
    assert is_late(facts, D("2026-07-21"))
    assert not is_late(at(S.NOTICE, ISSUED), D("2026-12-01"))  # nothing runs before service
    again = at(S.SERVED, ISSUED, SERVED, step("serve", "2026-07-10", S.SERVED))
    assert not is_late(again, D("2026-07-24"))  # the last service counts (51(4))


def test_a_fine_that_was_final_stays_so_since_then() -> None:
    facts = at(
        S.REJECTED, SERVED, FINAL, OBJECTED, step("reject_objection", "2026-07-28", S.REJECTED)
    )
    assert accepts("fine.become_final", facts, Given(TODAY), TODAY) is None


def test_ages() -> None:
    act = D("2026-06-01")
    assert can_charge(None, act) is None
    assert can_charge(D("2012-06-01"), act) is None
    child = can_charge(D("2012-06-02"), act)
    assert child is not None
    assert child.code == "fine.child"
    ages = {D("2012-06-02"): False, D("2012-06-01"): True, D("2005-06-02"): True,
            D("2005-06-01"): False}  # fmt: skip
    assert {born: is_young(born, act) for born in ages} == ages


def test_forms_of_an_objection() -> None:
    forms = ("written", "record", "electronic", "other", "")
    assert [is_valid_form(form) for form in forms] == [True, True, True, False, False]


def test_the_reasons_are_said_as_an_office_says_them() -> None:
    i18n.choose("de")
    refusal = can("fine.issue", at(S.HEARING), TODAY)
    assert refusal is not None
    assert refusal.sentence == (
        "Bescheid erst nach Anhörung: die betroffene Person ist noch anzuhören (§ 55 OWiG)."
    )
    runs = can("fine.issue", at(S.HEARING, HEARD, hearing_until=TODAY), TODAY)
    assert runs is not None
    assert "läuft bis Do 30.07." in runs.sentence
