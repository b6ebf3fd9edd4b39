"""Limitation: the worked examples from the courts, interruptions, absolute limit, enforcement."""

from datetime import date

import pytest

from clerk.rules.limitation import Facts, Limits, Step, Threat, Why, finality, limits
from storage.terms import FineState as S
from storage.terms import Guilt, LimitationClass

D = date.fromisoformat
TRAFFIC = Threat(2_000_00, LimitationClass.TRAFFIC)
KEEPER, DRIVER = "keeper", "driver"


def municipal(maximum: int) -> Threat:
    return Threat(maximum, LimitationClass.BY_MAXIMUM)


def step(action: str, on: str, state: S, person: str | None = None) -> Step:
    return Step(f"fine.{action}", D(on), state, person)


def hear(on: str, person: str = DRIVER) -> Step:
    return step("hear", on, S.HEARING, person)


def issue(on: str) -> Step:
    return step("issue", on, S.NOTICE, DRIVER)


def serve(on: str) -> Step:
    return step("serve", on, S.SERVED, DRIVER)


def of(
    acted: str, *steps: Step, threat: Threat = TRAFFIC, guilt: Guilt = Guilt.INTENT,
    amount: int = 60_00, offender: str | None = DRIVER,
) -> Limits:  # fmt: skip
    return limits(Facts(D(acted), (threat,), guilt, amount, offender), steps)


ISSUED = issue("2026-07-15")


@pytest.mark.parametrize(
    ("name", "acted", "steps", "until", "why"),
    [
        ("V02", "2026-11-30", [], "2027-02-28", Why.ACT),
        ("V03", "2027-11-30", [], "2028-02-29", Why.ACT),
        ("V06", "2014-07-01", [hear("2014-09-11")], "2014-12-10", Why.HEARING),
        ("V05", "2017-09-10", [issue("2017-11-22"), serve("2017-11-25")], "2018-05-21", Why.NOTICE),
        ("V11", "2026-06-01", [ISSUED, serve("2026-07-22")], "2027-01-14", Why.NOTICE),
        ("V12", "2026-06-01", [ISSUED, serve("2026-08-01")], "2027-01-31", Why.SERVICE),
    ],
)
def test_worked_examples(name: str, acted: str, steps: list[Step], until: str, why: Why) -> None:
    found = of(acted, *steps)
    assert (found.limitation_on, found.why) == (D(until), why), name


@pytest.mark.parametrize(
    ("maximum", "guilt", "until"),
    [
        (15_000_01, Guilt.INTENT, "2029-06-30"),
        (15_000_00, Guilt.INTENT, "2028-06-30"),
        (2_500_01, Guilt.INTENT, "2028-06-30"),
        (2_500_00, Guilt.INTENT, "2027-06-30"),
        (1_000_01, Guilt.INTENT, "2027-06-30"),
        (1_000_00, Guilt.INTENT, "2026-12-31"),
        (2_000_00, Guilt.NEGLIGENT, "2026-12-31"),  # half of it is threatened (17(2))
        (2_000_01, Guilt.NEGLIGENT, "2026-12-31"),
        (5_000_02, Guilt.NEGLIGENT, "2028-06-30"),
    ],
)
def test_the_threatened_maximum_decides(maximum: int, guilt: Guilt, until: str) -> None:
    found = of("2026-07-01", threat=municipal(maximum), guilt=guilt)
    assert found.limitation_on == D(until)


def test_a_hearing_interrupts_once() -> None:
    once = of("2026-01-10", hear("2026-02-01"))
    twice = of("2026-01-10", hear("2026-02-01"), hear("2026-03-01"))
    assert once.limitation_on == twice.limitation_on == D("2026-04-30")


def test_a_hearing_of_the_keeper_never_interrupts_for_the_driver() -> None:
    found = of("2026-01-10", hear("2026-02-01", KEEPER), hear("2026-03-15"))
    assert found.limitation_on == D("2026-06-14")
    assert of("2026-01-10", hear("2026-02-01", KEEPER)).limitation_on == D("2026-04-09")
    assert of("2026-01-10", hear("2026-02-01"), offender=None).limitation_on == D("2026-04-09")


def test_what_has_expired_cannot_be_interrupted() -> None:
    assert of("2026-01-10", hear("2026-04-09")).limitation_on == D("2026-07-08")
    assert of("2026-01-10", hear("2026-04-10")).limitation_on == D("2026-04-09")
    late = of("2026-01-10", hear("2026-04-10"), issue("2026-04-11"), serve("2026-04-12"))
    assert late.limitation_on == D("2026-04-09")


def test_a_notice_interrupts_only_once_it_is_served() -> None:
    waiting = of("2026-01-10", hear("2026-02-01"), issue("2026-03-01"))
    assert waiting.limitation_on == D("2026-04-30")
    last = of("2026-01-10", hear("2026-02-01"), issue("2026-04-20"), serve("2026-05-04"))
    assert (last.limitation_on, last.why) == (D("2026-10-19"), Why.NOTICE)
    # One day later only the service counts, and by then the three months are over.
    late = of("2026-01-10", hear("2026-02-01"), issue("2026-04-20"), serve("2026-05-05"))
    assert (late.limitation_on, late.why) == (D("2026-04-30"), Why.HEARING)


def test_a_second_service_interrupts_nothing() -> None:
    steps = [hear("2026-02-01"), issue("2026-03-01"), serve("2026-03-05"), serve("2026-08-01")]
    found = of("2026-01-10", *steps)
    assert found.limitation_on == D("2026-08-31")


def test_court_and_prosecutor_interrupt() -> None:
    steps = [
        hear("2026-02-01"), issue("2026-03-01"), serve("2026-03-05"),
        step("object", "2026-03-10", S.OBJECTION), step("admit", "2026-03-12", S.INTERMEDIATE),
        step("to_court", "2026-04-15", S.COURT),
    ]  # fmt: skip
    assert of("2026-01-10", *steps).limitation_on == D("2026-10-14")
    back = [*steps, step("take_back", "2026-05-20", S.INTERMEDIATE)]
    assert of("2026-01-10", *back).limitation_on == D("2026-11-19")
    away = step("refer", "2026-01-20", S.REFERRED)
    found = of("2026-01-10", away, step("take_back", "2026-03-02", S.INVESTIGATING))
    assert (found.limitation_on, found.why) == (D("2026-06-01"), Why.RETURNED)


def test_the_absolute_limit() -> None:
    """Double, at least two years (33(3))."""
    assert of("2026-01-10").absolute_on == D("2028-01-09")
    assert of("2026-01-10", threat=municipal(900_00)).absolute_on == D("2028-01-09")
    assert of("2026-01-10", threat=municipal(2_000_00)).absolute_on == D("2028-01-09")
    assert of("2026-01-10", threat=municipal(2_600_00)).absolute_on == D("2030-01-09")
    assert of("2026-01-10", threat=municipal(50_000_00)).absolute_on == D("2032-01-09")
    steps = [hear("2026-03-01"), issue("2026-05-01"), serve("2026-05-05")]
    for day in ("2026-09-20", "2027-02-20", "2027-07-20", "2027-12-20"):
        steps.append(step("to_court", day, S.COURT))
    found = of("2026-01-10", *steps)
    assert (found.limitation_on, found.why) == (D("2028-01-09"), Why.ABSOLUTE)


def test_of_several_offences_the_first_to_expire_is_warned_of() -> None:
    facts = Facts(D("2026-01-10"), (municipal(2_600_00), TRAFFIC), Guilt.INTENT, 60_00, DRIVER)
    found = limits(facts, [])
    assert (found.limitation_on, found.last_on) == (D("2026-04-09"), D("2028-01-09"))


FINAL = step("become_final", "2026-07-21", S.FINAL)


def test_enforcement_is_limited_from_finality_on() -> None:
    assert of("2026-01-10", FINAL).limitation_on == D("2029-07-20")
    assert of("2026-01-10", FINAL, amount=1_000_00).limitation_on == D("2029-07-20")
    found = of("2026-01-10", FINAL, amount=1_000_01)
    assert (found.limitation_on, found.why) == (D("2031-07-20"), Why.FINAL)


def test_a_deferral_pauses_it() -> None:
    deferred = step("defer", "2026-08-01", S.DEFERRED)
    running = of("2026-01-10", FINAL, deferred)
    assert (running.limitation_on, running.why) == (None, Why.PAUSED)
    lapsed = of("2026-01-10", FINAL, deferred, step("lapse", "2026-08-31", S.FINAL))
    assert lapsed.limitation_on == D("2029-08-19")  # 30 days more
    changed = step("defer", "2026-08-11", S.DEFERRED)
    lapse = step("lapse", "2026-08-31", S.FINAL)
    assert of("2026-01-10", FINAL, deferred, changed, lapse).limitation_on == D("2029-08-19")


def test_a_late_objection_does_not_change_finality() -> None:
    late = step("object", "2026-08-01", S.OBJECTION)
    rejected = step("reject_objection", "2026-08-05", S.REJECTED)
    again = step("become_final", "2026-08-20", S.FINAL)
    assert finality([FINAL, late, rejected, again]) == D("2026-07-21")
    assert finality([FINAL, late, step("admit", "2026-08-05", S.INTERMEDIATE)]) is None


@pytest.mark.parametrize(
    ("action", "state"),
    [("warn", S.WARNED), ("accept_warning", S.WARNING_EFFECTIVE), ("discontinue", S.DISCONTINUED),
     ("settle", S.SETTLED)],
)  # fmt: skip
def test_what_has_ended_has_no_limit(action: str, state: S) -> None:
    found = of("2026-01-10", step(action, "2026-02-01", state))
    assert (found.limitation_on, found.absolute_on, found.why) == (None, None, Why.ENDED)
    assert found.words
