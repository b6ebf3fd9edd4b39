"""The three ways in which the law counts to a term's last day.

- ``excl-roll``: the first day does not count (BGB 187(1)), and an end on a Saturday, Sunday or
  holiday moves to the next working day (BGB 193; StPO 42, 43; VwVfG 31(3)): objection, payment.
- ``excl-noroll``: the first day does not count, the end does not move: deemed delivery, BGB 973. -
``incl-noroll``: the first day counts, so the term ends a day earlier (BGB 187(2), 188(2)), and the
  end does not move: all limitation (OWiG 31, 34).

A date that the authority itself has set does not move (VwVfG 31(5)): it is not counted at all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clerk.rules.holidays import Seat, holiday
from clerk.rules.periods import Period

_SATURDAY = 5
_DAY = timedelta(days=1)


class Rule(StrEnum):
    """How a term is counted: whether its first day counts and whether its end moves."""

    EXCL_ROLL = "excl-roll"
    EXCL_NOROLL = "excl-noroll"
    INCL_NOROLL = "incl-noroll"


@dataclass(frozen=True, slots=True)
class Deadline:
    """``end``: the last day; ``raw``: before it moved; ``shift``: by how many days; ``holidays``:
    the holidays (day, German name) met from ``raw`` on."""

    end: date
    raw: date
    shift: int
    holidays: tuple[tuple[date, str], ...]


def deadline(rule: Rule, start: date, period: Period, seat: Seat) -> Deadline:
    """The last day of a period that an event on ``start`` begins.

    ValueError or OverflowError where it ends outside of what the calendar or the holidays know.
    """
    raw = period.through(start) if rule is Rule.INCL_NOROLL else period.after(start)
    met: list[tuple[date, str]] = []
    end = raw
    while True:
        name = holiday(end, seat)
        if name is not None:
            met.append((end, name))
        if rule is not Rule.EXCL_ROLL or (name is None and end.weekday() < _SATURDAY):
            return Deadline(end, raw, (end - raw).days, tuple(met))
        end += _DAY


def next_working_day(day: date, seat: Seat) -> date:
    """The day itself, or the next one that is no Saturday, Sunday or holiday."""
    while day.weekday() >= _SATURDAY or holiday(day, seat) is not None:
        day += _DAY
    return day
