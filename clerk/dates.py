"""Dates and moments as they stand on the screen: short, with the weekday, relative when near.

Own small tables instead of Babel, whose import costs more than the first page of a list. Days are
days in Germany (:data:`clerk.clock.ZONE`).
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from clerk.clock import ZONE, local
from clerk.i18n import N_, _, language, ngettext

if TYPE_CHECKING:
    from clerk.rules.periods import Period

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
# German dates are numbers; only English ones name the month, so these are not translated.
_ENGLISH_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_NEAR = {0: N_("today"), 1: N_("tomorrow"), -1: N_("yesterday")}


def short_date(day: date, today: date) -> str:
    """``Mo 23.11.``; with the year where it is not this one: ``Fr 01.01.27``."""
    return _short(day, day.year != today.year, language())


def relative(day: date, today: date, *, due: bool = False) -> str:
    """``heute``, ``morgen``, ``gestern``, otherwise as :func:`short_date`.

    ``due``: the day is a term, so each day after it counts: ``3 T überfällig``.
    """
    days = (day - today).days
    if due and days < 0:
        return _("{n} d overdue").format(n=-days)
    near = _NEAR.get(days)
    return _(near) if near else short_date(day, today)


def numbers(day: date) -> str:
    """``23.11.2026``, in English ``23 Nov 2026``: where no weekday helps."""
    text = _numbers(day, False, language())
    return f"{text} {day.year}" if language() == "en" else f"{text}{day.year}"


def moment(at: int, now: int) -> str:
    """When something came in (ms, UTC), for a list: ``09:14``, ``Fr 20.11.``, ``20.11.25``.

    The time for today, the day for this year, the date for the rest.
    """
    then, present = local(at), local(now)
    day, today = then.date(), present.date()
    if day == today:
        return f"{then.hour:02}:{then.minute:02}"
    if day.year == today.year:
        return _short(day, False, language())
    return _numbers(day, True, language())


def full(at: int) -> str:
    """A moment in full (ms, UTC), to the minute: ``Fr 20.11.2026, 09:14``."""
    then = local(at)
    clock = f"{then.hour:02}:{then.minute:02}"
    if language() == "en":
        month = _ENGLISH_MONTHS[then.month - 1]
        return f"{_(WEEKDAYS[then.weekday()])} {then.day} {month} {then.year}, {clock}"
    weekday = _(WEEKDAYS[then.weekday()])
    return f"{weekday} {then.day:02}.{then.month:02}.{then.year}, {clock}"


def period(of: "Period") -> str:
    """``14 Tage``, ``1 Jahr``."""
    n = of.count
    words = {
        "D": ngettext("{n} day", "{n} days", n),
        "W": ngettext("{n} week", "{n} weeks", n),
        "M": ngettext("{n} month", "{n} months", n),
        "Y": ngettext("{n} year", "{n} years", n),
    }
    return words[of.unit].format(n=n)


def start_of(day: date) -> int:
    """The first moment of a day in Germany (ms, UTC); the day ends where the next one starts."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return int(start.astimezone(UTC).timestamp()) * 1000


@lru_cache(maxsize=1024)
def _short(day: date, with_year: bool, in_language: str) -> str:
    return f"{_(WEEKDAYS[day.weekday()])} {_numbers(day, with_year, in_language)}"


def _numbers(day: date, with_year: bool, in_language: str) -> str:
    year = f"{day.year % 100:02}" if with_year else ""
    if in_language == "en":
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {year}".rstrip()
    return f"{day.day:02}.{day.month:02}.{year}"
