"""Periods of time as the law counts them: days, weeks, months, years (BGB 187-189)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_TEXT = re.compile(r"([1-9][0-9]{0,2})([TDWMJY])")
_ENGLISH = {"T": "D", "J": "Y"}  # Tage and Jahre, as German clerks type them


@dataclass(frozen=True, slots=True)
class Period:
    """``count`` of ``unit``: ``D`` days, ``W`` weeks, ``M`` months, ``Y`` years."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Period":
        """``3T`` (or ``3D``), ``2W``, ``1M``, ``10J`` (or ``10Y``); else ``ValueError``."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"no period: {text!r}")
        return cls(int(match[1]), _ENGLISH.get(match[2], match[2]))

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def after(self, event: date) -> date:
        """The last day of a period that an event on ``event`` starts.

        The day of the event does not count (BGB 187(1)); weeks, months and years end on the day
        of the same name or number (188(2)), or on the month's last day where it has none (188(3)).
        Weekends and holidays (193) are not looked at here.
        """
        if self.unit == "D":
            return event + timedelta(days=self.count)
        if self.unit == "W":
            return event + timedelta(weeks=self.count)
        count = self.count * 12 if self.unit == "Y" else self.count
        months = event.year * 12 + event.month - 1 + count
        year, month = divmod(months, 12)
        return date(year, month + 1, min(event.day, monthrange(year, month + 1)[1]))

    def through(self, first: date) -> date:
        """The last day of a period whose first day is ``first`` and counts (BGB 187(2), 188(2)).

        Months and years end on the day before the one of the same number, or on the month's last
        day where it has none (188(3)): three months from 30 November end on 28 or 29 February."""
        after = self.after(first)
        if self.unit in "MY" and after.day < first.day:
            return after
        return after - timedelta(days=1)
