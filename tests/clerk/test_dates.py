"""Dates and moments on the screen, in both languages, over clock changes and year ends."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from gettext import NullTranslations

import pytest

from clerk import dates, i18n

TODAY = date(2026, 11, 23)
GERMAN = {
    "Mon": "Mo", "Tue": "Di", "Wed": "Mi", "Thu": "Do", "Fri": "Fr", "Sat": "Sa", "Sun": "So",
    "today": "heute", "tomorrow": "morgen", "yesterday": "gestern",
    "{n} d overdue": "{n} T überfällig",
}  # fmt: skip


class Words(NullTranslations):
    """The German words these tests need, whatever state the catalogue is in."""

    def gettext(self, message: str) -> str:
        return GERMAN[message]


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = i18n.language()
    i18n.choose("de")
    monkeypatch.setattr(i18n, "_catalogue", cache(Words))
    dates._short.cache_clear()
    yield
    monkeypatch.undo()
    i18n.choose(before)
    dates._short.cache_clear()


@pytest.fixture
def english() -> Iterator[None]:
    before = i18n.language()
    i18n.choose("en")
    yield
    i18n.choose(before)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.usefixtures("german")
def test_short_dates_in_german() -> None:
    assert dates.short_date(date(2026, 11, 23), TODAY) == "Mo 23.11."
    assert dates.short_date(date(2026, 2, 3), TODAY) == "Di 03.02."
    assert dates.short_date(date(2027, 1, 1), TODAY) == "Fr 01.01.27"
    assert dates.short_date(date(2028, 2, 29), TODAY) == "Di 29.02.28"


@pytest.mark.usefixtures("english")
def test_short_dates_in_english() -> None:
    assert dates.short_date(date(2026, 11, 23), TODAY) == "Mon 23 Nov"
    assert dates.short_date(date(2027, 1, 1), TODAY) == "Fri 1 Jan 27"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("day", "plain", "due"),
    [
        (date(2026, 11, 23), "heute", "heute"),
        (date(2026, 11, 24), "morgen", "morgen"),
        (date(2026, 11, 22), "gestern", "1 T überfällig"),
        (date(2026, 11, 20), "Fr 20.11.", "3 T überfällig"),
        (date(2026, 11, 25), "Mi 25.11.", "Mi 25.11."),
        (date(2025, 11, 23), "So 23.11.25", "365 T überfällig"),
    ],
)
def test_near_days_are_relative(day: date, plain: str, due: str) -> None:
    assert dates.relative(day, TODAY) == plain
    assert dates.relative(day, TODAY, due=True) == due


@pytest.mark.usefixtures("english")
def test_near_days_in_english() -> None:
    assert dates.relative(date(2026, 11, 24), TODAY) == "tomorrow"
    assert dates.relative(date(2026, 11, 20), TODAY, due=True) == "3 d overdue"


@pytest.mark.usefixtures("german")
def test_tomorrow_is_tomorrow_over_new_year() -> None:
    assert dates.relative(date(2027, 1, 1), date(2026, 12, 31)) == "morgen"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("at", "now", "expected"),
    [
        ("2026-11-23T08:14", "2026-11-23T12:00", "09:14"),
        ("2026-11-20T08:14", "2026-11-23T12:00", "Fr 20.11."),
        ("2025-11-20T08:14", "2026-11-23T12:00", "20.11.25"),
        # The German day starts at 23:00 UTC in winter and at 22:00 UTC in summer.
        ("2026-11-22T22:59", "2026-11-23T12:00", "So 22.11."),
        ("2026-11-22T23:00", "2026-11-23T12:00", "00:00"),
        ("2026-07-14T21:59", "2026-07-15T12:00", "Di 14.07."),
        ("2026-07-14T22:00", "2026-07-15T12:00", "00:00"),
        # The German year starts at 23:00 UTC.
        ("2026-12-31T22:59", "2026-12-31T23:00", "31.12.26"),
        ("2026-12-31T23:00", "2027-01-01T12:00", "00:00"),
        # The hour that does not exist, and the one that exists twice.
        ("2026-03-29T00:59", "2026-03-29T12:00", "01:59"),
        ("2026-03-29T01:00", "2026-03-29T12:00", "03:00"),
        ("2026-10-25T00:30", "2026-10-25T12:00", "02:30"),
        ("2026-10-25T01:30", "2026-10-25T12:00", "02:30"),
        # A clock set back: what seems to come from the future still has a date.
        ("2026-11-24T08:14", "2026-11-23T12:00", "Di 24.11."),
    ],
)
def test_moments(at: str, now: str, expected: str) -> None:
    assert dates.moment(ms(at), ms(now)) == expected


@pytest.mark.usefixtures("english")
def test_moments_in_english() -> None:
    now = ms("2026-11-23T12:00")
    assert dates.moment(ms("2026-11-20T08:14"), now) == "Fri 20 Nov"
    assert dates.moment(ms("2025-11-20T08:14"), now) == "20 Nov 25"
    assert dates.full(ms("2026-11-20T08:14")) == "Fri 20 Nov 2026, 09:14"


@pytest.mark.usefixtures("german")
def test_a_moment_in_full() -> None:
    assert dates.full(ms("2026-11-20T08:14")) == "Fr 20.11.2026, 09:14"


def hours(day: date, following: date) -> float:
    return (dates.start_of(following) - dates.start_of(day)) / 3_600_000


def test_days_are_as_long_as_the_clock_makes_them() -> None:
    assert dates.start_of(date(2026, 11, 23)) == ms("2026-11-22T23:00")
    assert hours(date(2026, 3, 28), date(2026, 3, 29)) == 24
    assert hours(date(2026, 3, 29), date(2026, 3, 30)) == 23
    assert hours(date(2026, 10, 25), date(2026, 10, 26)) == 25


@pytest.mark.usefixtures("german")
def test_switching_the_language_is_not_held_up_by_what_was_shown_before() -> None:
    assert dates.short_date(TODAY, TODAY) == "Mo 23.11."
    i18n.choose("en")
    assert dates.short_date(TODAY, TODAY).endswith("23 Nov")
