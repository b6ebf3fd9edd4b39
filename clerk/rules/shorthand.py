"""Dates and times as a clerk types them: ``3t``, ``2w``, ``mo``, ``15.3.``, ``gestern``, ``1430``.

Pure: today comes in as an argument, and what cannot be read comes back as a value, so that a field
can say so while one types.
"""

import re
from datetime import date, time, timedelta

from clerk.i18n import _
from clerk.refusal import Refusal
from clerk.rules.periods import Period

Problem = Refusal
"""Why a text is no date or time: a stable code and a complete sentence."""

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

_LONGEST = 40  # characters; the longest word form is far shorter
_LEAP_CYCLE = 8  # years until there is a 29.2. again, at most (1896-1904, 2096-2104)
_SHORT = 2  # digits of a year
_YEARS_BACK = 80  # a year of two digits means at most this many years ago

_DAYS_FROM_TODAY = {
    "heute": 0, "today": 0,
    "morgen": 1, "tomorrow": 1,
    "übermorgen": 2, "uebermorgen": 2, "day after tomorrow": 2,
    "gestern": -1, "yesterday": -1,
    "vorgestern": -2, "day before yesterday": -2,
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate((
        "mo montag mon monday",
        "di dienstag tu tue tuesday",
        "mi mittwoch we wed wednesday",
        "do donnerstag th thu thursday",
        "fr freitag fri friday",
        "sa samstag sonnabend sat saturday",
        "so sonntag su sun sunday",
    ))
    for name in names.split()
}  # fmt: skip
_UNITS = {
    name: unit
    for unit, names in {
        "D": "t d tag tage tagen day days",
        "W": "w woche wochen week weeks",
        "M": "m monat monate monaten month months",
        "Y": "j y jahr jahre jahren year years",
    }.items()
    for name in names.split()
}
_PERIOD = re.compile(r"(?:in )?([+-]?)([0-9]{1,4}) ?([a-z]+)")
_GERMAN = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})(?:\.? ?|\. ?([0-9]{4}|[0-9]{2}))")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(?: ?uhr| ?h)?")


def parse_date(
    text: str, today: date, *, future: bool = False, past: bool = False
) -> date | Problem:
    """The day that ``text`` means, seen from ``today``.

    ``3t`` ``2w`` ``1m`` ``1j`` count from today (``-3t`` backwards; months as BGB 188(3)); ``mo``
    is the next Monday, never today; ``15.3.`` is of this year, or the next one from today on where
    ``future`` is set; ``15.3.26`` lies at most 80 years back. ISO and English words work too.
    With ``past`` a weekday is the last one, never today, and ``15.3.`` and ``15.3.45`` do not lie
    ahead.
    """
    text = " ".join(text[: _LONGEST + 1].lower().split())
    if not text or len(text) > _LONGEST:
        return _no_date()
    if (days := _DAYS_FROM_TODAY.get(text)) is not None:
        return _bounded(today + timedelta(days=days))
    if (weekday := _WEEKDAYS.get(text)) is not None:
        if past:
            return _bounded(today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1))
        return _bounded(today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1))
    if match := _PERIOD.fullmatch(text):
        return _counted(match[1], int(match[2]), match[3], today)
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _GERMAN.fullmatch(text):
        day, month = int(match[1]), int(match[2])
        if match[3]:
            found = _day(_year(match[3], today), month, day)
            ahead = past and isinstance(found, date) and found > today and len(match[3]) == _SHORT
            return _day(_year(match[3], today) - 100, month, day) if ahead else found
        if past:
            return _last_day(month, day, today)
        return _next_day(month, day, today) if future else _day(today.year, month, day)
    return _no_date()


def parse_time(text: str) -> time | Problem:
    """The time of day that ``1430``, ``14:30``, ``14.30``, ``930``, ``9`` or ``9 Uhr`` means."""
    match = _TIME.fullmatch(" ".join(text[: _LONGEST + 1].lower().split()))
    if match is None:
        return Problem("time.unreadable", _("Not a time. Try 9, 930, 1430 or 14:30."))
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 23 or minute > 59:
        return Problem("time.no_such_time", _("There is no such time: 00:00 to 23:59."))
    return time(hour, minute)


def _counted(sign: str, count: int, word: str, today: date) -> date | Problem:
    unit = _UNITS.get(word)
    if unit is None:
        return _no_date()
    if unit == "Y":
        count, unit = count * 12, "M"
    try:
        return _bounded(Period(-count if sign == "-" else count, unit).after(today))
    except (OverflowError, ValueError):
        return _out_of_range()


def _year(digits: str, today: date) -> int:
    if len(digits) == 4:
        return int(digits)
    first = today.year - _YEARS_BACK
    return first + (int(digits) - first) % 100


def _next_day(month: int, day: int, today: date) -> date | Problem:
    for year in range(today.year, today.year + _LEAP_CYCLE + 1):
        found = _day(year, month, day)
        if isinstance(found, date) and found >= today:
            return found
    return _day(today.year, month, day)


def _last_day(month: int, day: int, today: date) -> date | Problem:
    for year in range(today.year, today.year - _LEAP_CYCLE - 1, -1):
        found = _day(year, month, day)
        if isinstance(found, date) and found <= today:
            return found
    return _day(today.year, month, day)


def _day(year: int, month: int, day: int) -> date | Problem:
    try:
        return _bounded(date(year, month, day))
    except ValueError:
        return Problem("date.no_such_day", _("There is no such day in the calendar."))


def _bounded(day: date) -> date | Problem:
    return day if EARLIEST <= day <= LATEST else _out_of_range()


def _no_date() -> Problem:
    return Problem("date.unreadable", _("Not a date. Try 3t, 2w, mo, 15.3. or 2026-03-15."))


def _out_of_range() -> Problem:
    return Problem("date.out_of_range", _("The date must lie between 1900 and 2199."))
