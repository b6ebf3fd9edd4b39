"""What a clerk types for a date or a time, and what it means."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk.rules.shorthand import EARLIEST, LATEST, Problem, parse_date, parse_time

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("heute", date(2026, 11, 23)),
        ("today", date(2026, 11, 23)),
        ("morgen", date(2026, 11, 24)),
        ("Tomorrow", date(2026, 11, 24)),
        ("übermorgen", date(2026, 11, 25)),
        ("UEBERMORGEN", date(2026, 11, 25)),
        ("day after tomorrow", date(2026, 11, 25)),
        ("gestern", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 22)),
        ("vorgestern", date(2026, 11, 21)),
        ("3t", date(2026, 11, 26)),
        ("3d", date(2026, 11, 26)),
        ("+3t", date(2026, 11, 26)),
        ("-3t", date(2026, 11, 20)),
        ("0t", date(2026, 11, 23)),
        ("in 3 Tagen", date(2026, 11, 26)),
        ("2w", date(2026, 12, 7)),
        ("2 weeks", date(2026, 12, 7)),
        ("1m", date(2026, 12, 23)),
        ("2m", date(2027, 1, 23)),
        ("-11m", date(2025, 12, 23)),
        ("1j", date(2027, 11, 23)),
        ("1y", date(2027, 11, 23)),
        ("15.3.", date(2026, 3, 15)),
        ("15.3", date(2026, 3, 15)),
        ("15. 3.", date(2026, 3, 15)),
        ("15.03.", date(2026, 3, 15)),
        ("15.3.26", date(2026, 3, 15)),
        ("15.3.2026", date(2026, 3, 15)),
        ("15.3.85", date(1985, 3, 15)),
        ("15.3.45", date(2045, 3, 15)),
        ("2026-03-15", date(2026, 3, 15)),
        ("  mo  ", date(2026, 11, 30)),
    ],
)
def test_a_date_is_read(text: str, expected: date) -> None:
    assert parse_date(text, MONDAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mo", date(2026, 11, 16)),
        ("so", date(2026, 11, 22)),
        ("di", date(2026, 11, 17)),
        ("23.11.", date(2026, 11, 23)),
        ("24.11.", date(2025, 11, 24)),
        ("29.2.", date(2024, 2, 29)),
        ("4.5.45", date(1945, 5, 4)),
        ("4.5.2045", date(2045, 5, 4)),
        ("3t", date(2026, 11, 26)),
        ("31.2.", None),
    ],
)
def test_what_lies_behind(text: str, expected: date | None) -> None:
    """The day of an act or a birth: never a day ahead that was not typed in full."""
    found = parse_date(text, MONDAY, past=True)
    assert found == expected if expected else isinstance(found, Problem)


@pytest.mark.parametrize("today", [MONDAY + timedelta(days=n) for n in range(7)])
@pytest.mark.parametrize(
    "names",
    [
        ["mo", "di", "mi", "do", "fr", "sa", "so"],
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    ],
)
def test_a_weekday_is_the_next_one_and_never_today(today: date, names: list[str]) -> None:
    for weekday, name in enumerate(names):
        found = parse_date(name, today)
        assert isinstance(found, date)
        assert found.weekday() == weekday
        assert 1 <= (found - today).days <= 7


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("15.3.", date(2026, 11, 23), date(2027, 3, 15)),
        ("15.3.", date(2026, 3, 15), date(2026, 3, 15)),
        ("15.3.", date(2026, 3, 16), date(2027, 3, 15)),
        ("31.12.", date(2026, 12, 31), date(2026, 12, 31)),
        ("1.1.", date(2026, 12, 31), date(2027, 1, 1)),
        ("29.2.", date(2026, 11, 23), date(2028, 2, 29)),
        ("29.2.", date(2028, 2, 29), date(2028, 2, 29)),
        ("29.2.", date(2028, 3, 1), date(2032, 2, 29)),
        ("29.2.", date(2096, 3, 1), date(2104, 2, 29)),
        ("15.3.2020", date(2026, 11, 23), date(2020, 3, 15)),
    ],
)
def test_a_date_without_a_year_means_the_next_one(text: str, today: date, expected: date) -> None:
    assert parse_date(text, today, future=True) == expected


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("1m", date(2026, 1, 31), date(2026, 2, 28)),
        ("1m", date(2028, 1, 31), date(2028, 2, 29)),
        ("1m", date(2026, 12, 31), date(2027, 1, 31)),
        ("1j", date(2028, 2, 29), date(2029, 2, 28)),
        ("morgen", date(2026, 12, 31), date(2027, 1, 1)),
        ("gestern", date(2028, 3, 1), date(2028, 2, 29)),
        ("2w", date(2026, 12, 24), date(2027, 1, 7)),
        # The days on which the clocks change are days like any other.
        ("1t", date(2026, 3, 28), date(2026, 3, 29)),
        ("1t", date(2026, 3, 29), date(2026, 3, 30)),
        ("1t", date(2026, 10, 24), date(2026, 10, 25)),
        ("1t", date(2026, 10, 25), date(2026, 10, 26)),
    ],
)
def test_month_and_year_ends_and_clock_changes(text: str, today: date, expected: date) -> None:
    assert parse_date(text, today) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date.unreadable"),
        ("   ", "date.unreadable"),
        ("3", "date.unreadable"),
        ("t", "date.unreadable"),
        ("3x", "date.unreadable"),
        ("m", "date.unreadable"),
        ("15/3", "date.unreadable"),
        ("٣t", "date.unreadable"),
        ("[/nope]", "date.unreadable"),
        ("\x1b[31m", "date.unreadable"),
        ("9" * 100_000, "date.unreadable"),
        (" " * 100_000 + "3t", "date.unreadable"),
        ("31.2.", "date.no_such_day"),
        ("29.2.", "date.no_such_day"),
        ("29.2.2027", "date.no_such_day"),
        ("0.1.", "date.no_such_day"),
        ("1.13.", "date.no_such_day"),
        ("2026-02-30", "date.no_such_day"),
        ("0000-01-01", "date.no_such_day"),
        ("9999m", "date.out_of_range"),
        ("9999j", "date.out_of_range"),
        ("-9999j", "date.out_of_range"),
        ("1.1.1899", "date.out_of_range"),
        ("2200-01-01", "date.out_of_range"),
    ],
)
def test_what_is_no_date_says_so(text: str, code: str) -> None:
    found = parse_date(text, MONDAY)
    assert isinstance(found, Problem)
    assert found.code == code
    assert found.sentence


def test_a_day_that_never_comes_is_no_day_in_the_future_either() -> None:
    found = parse_date("31.2.", MONDAY, future=True)
    assert isinstance(found, Problem)
    assert found.code == "date.no_such_day"


@given(st.text(max_size=60), st.dates(EARLIEST, LATEST), st.booleans())
def test_any_text_is_a_day_in_range_or_a_problem(text: str, today: date, future: bool) -> None:
    found = parse_date(text, today, future=future)
    assert isinstance(found, Problem) or EARLIEST <= found <= LATEST


@given(st.dates(EARLIEST, LATEST), st.dates(EARLIEST, LATEST))
def test_every_written_day_is_read_back(day: date, today: date) -> None:
    assert parse_date(day.isoformat(), today) == day
    assert parse_date(f"{day.day}.{day.month}.{day.year}", today) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1430", time(14, 30)),
        ("14:30", time(14, 30)),
        ("14.30", time(14, 30)),
        ("14.30 Uhr", time(14, 30)),
        ("930", time(9, 30)),
        ("9", time(9)),
        (" 9 uhr ", time(9)),
        ("9h", time(9)),
        ("0", time(0)),
        ("0000", time(0)),
        ("2359", time(23, 59)),
    ],
)
def test_a_time_is_read(text: str, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "time.unreadable"),
        ("abc", "time.unreadable"),
        ("14:3", "time.unreadable"),
        ("12345", "time.unreadable"),
        ("٩", "time.unreadable"),
        ("1" * 100_000, "time.unreadable"),
        ("24:00", "time.no_such_time"),
        ("2460", "time.no_such_time"),
        ("1260", "time.no_such_time"),
    ],
)
def test_what_is_no_time_says_so(text: str, code: str) -> None:
    found = parse_time(text)
    assert isinstance(found, Problem)
    assert found.code == code
