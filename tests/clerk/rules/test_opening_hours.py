"""Opening hours: on which days a rule opens, what is wrong with one, which overlap."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from clerk.rules.opening_hours import OpeningHours, open_on, overlaps, problems

RULE = OpeningHours(
    id="a",
    start_date=date(2026, 1, 1),
    end_date=date(2026, 12, 31),
    start_time=time(8),
    end_time=time(12),
    weekdays=frozenset({0, 2}),
    slot_minutes=15,
    staff=4,
    public=2,
)
MARCH = [date(2026, 3, 1) + timedelta(n) for n in range(31)]


def _open(rule: OpeningHours) -> list[int]:
    return [day.day for day in MARCH if rule.holds_on(day)]


def test_weekdays_and_validity() -> None:
    assert _open(RULE) == [2, 4, 9, 11, 16, 18, 23, 25, 30]
    assert _open(replace(RULE, start_date=date(2026, 3, 11), end_date=date(2026, 3, 23))) == [
        11, 16, 18, 23,
    ]  # fmt: skip


def test_weeks_are_counted_from_monday_to_monday() -> None:
    # The rule begins on a Wednesday; its first week is that of Monday, 2 March.
    rule = replace(RULE, start_date=date(2026, 3, 4), after_weeks=2)
    assert _open(rule) == [4, 16, 18, 30]
    assert _open(replace(rule, after_weeks=3)) == [4, 23, 25]
    assert _open(replace(rule, after_weeks=1)) == _open(replace(rule, after_weeks=0))


@pytest.mark.parametrize(
    ("week", "mondays_and_wednesdays"),
    [(1, [2, 4]), (2, [9, 11]), (3, [16, 18]), (4, [23, 25]), (5, [25, 30])],
)
def test_weeks_of_the_month_the_fifth_is_the_last(
    week: int, mondays_and_wednesdays: list[int]
) -> None:
    assert _open(replace(RULE, week_of_month=week)) == mondays_and_wednesdays


def test_a_closure_takes_all_but_exceptions_of_one_or_two_days() -> None:
    day = date(2026, 3, 9)
    one = replace(RULE, id="one", start_date=day, end_date=day)
    two = replace(RULE, id="two", start_date=day, end_date=day + timedelta(1))
    three = replace(RULE, id="three", start_date=day, end_date=day + timedelta(2))
    hours = [RULE, one, two, three]
    assert [rule.id for rule in open_on(hours, day, {day})] == ["one", "two"]
    assert [rule.id for rule in open_on(hours, day, set())] == ["a", "one", "two", "three"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"end_date": date(2025, 12, 31)}, "opening.dates"),
        ({"end_time": time(8)}, "opening.times"),
        ({"slot_minutes": 0}, "opening.slot"),
        ({"slot_minutes": -15}, "opening.slot"),
        ({"slot_minutes": 35}, "opening.slot_fit"),
        ({"public": 5}, "opening.workstations"),
        ({"public": -1}, "opening.workstations"),
        ({"weekdays": frozenset[int]()}, "opening.weekdays"),
        ({"week_of_month": 6}, "opening.repeat"),
        ({"after_weeks": -1}, "opening.repeat"),
        ({"after_weeks": 2, "week_of_month": 1}, "opening.repeat_twice"),
        ({"first_day": 3, "last_day": 2}, "opening.window"),
        ({"first_day": -1}, "opening.window"),
    ],
)
def test_what_is_wrong_with_a_rule(change: dict[str, object], code: str) -> None:
    assert not list(problems(RULE))
    assert [one.code for one in problems(replace(RULE, **change))] == [code]  # type: ignore[arg-type]  # fields of the rule


def test_overlapping_rules_are_named_once_with_their_first_day() -> None:
    late = replace(RULE, id="late", start_time=time(11, 45), end_time=time(14))
    after = replace(RULE, id="after", start_time=time(14), end_time=time(16))
    assert [(day.day, one.id, other.id) for day, one, other in overlaps(
        [RULE, late, after], MARCH, {date(2026, 3, 2)}
    )] == [(4, "a", "late")]  # fmt: skip
