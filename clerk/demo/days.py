"""Time in the demo: two years of days up to the last one, when things come in, when one works.

Moments are milliseconds since the epoch; days are indexes into tables made once, because a million
items ask for dates some ten million times.
"""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate
from math import exp
from random import Random
from typing import Final

from clerk.dates import start_of

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
PAST_DAYS: Final = 730
_BEFORE, _AHEAD = 40, 400
_ENDS_AT = 7 * HOUR + 15 * MINUTE  # the demo is opened in the morning of its last day
_OPENS, _CLOSES = 7 * HOUR, 17 * HOUR

# How much comes in on a weekday, Monday first.
_WEEK = (1.3, 1.1, 1.0, 1.1, 0.9, 0.35, 0.3)
# How much comes in during an hour of a day, midnight first.
_HOURS = (
    1, 1, 1, 1, 1, 2, 4, 8, 11, 12, 11, 9, 7, 7, 8, 8, 7, 5, 4, 4, 4, 4, 3, 2,
)  # fmt: skip
# More and more comes in: at the end four times as much as in the beginning.
_GROWTH, _GROWTH_DAYS = 3.0, 40
_TODAY = 2.0  # the last morning, so that something of today stands on top


class Days:
    """Two years that end in the morning of ``until``. ``weights``: how much comes in on each."""

    def __init__(self, until: date) -> None:
        first = until - timedelta(days=PAST_DAYS + _BEFORE)
        dates = [first + timedelta(days=n) for n in range(PAST_DAYS + _BEFORE + _AHEAD)]
        self.dates = dates
        self.starts = [start_of(day) for day in dates]
        self.iso = [day.isoformat() for day in dates]
        self.german = [day.strftime("%d.%m.%Y") for day in dates]
        self.last = PAST_DAYS + _BEFORE
        self.end = self.starts[self.last] + _ENDS_AT
        self.begin = self.starts[_BEFORE]
        weights = [
            _WEEK[day.weekday()] * (1 + _GROWTH * exp(-(until - day).days / _GROWTH_DAYS))
            for day in dates[_BEFORE : self.last]
        ]
        self.weights = (*weights, _TODAY)
        self._days = [0.0, *accumulate(self.weights)]
        self._hours = [0.0, *accumulate(_HOURS)]
        self._weekend = [day.weekday() > 4 for day in dates]

    def index(self, at: int) -> int:
        """The day of a moment; the clock change may shift the first guess by one."""
        day = (at - self.starts[0]) // DAY
        starts = self.starts
        while starts[day] > at:
            day -= 1
        while starts[day + 1] <= at:
            day += 1
        return day

    def year(self, at: int) -> int:
        """The year of a moment."""
        return self.dates[self.index(at)].year

    def arrival(self, share: float) -> int:
        """When that share (0 to 1) of everything has come in; never falls as the share grows."""
        place = share * self._days[-1]
        day = min(bisect_right(self._days, place) - 1, PAST_DAYS)
        within = (place - self._days[day]) / (self._days[day + 1] - self._days[day])
        if day == PAST_DAYS:
            return self.starts[self.last] + int(within * _ENDS_AT)
        wanted = within * self._hours[-1]
        hour = min(bisect_right(self._hours, wanted) - 1, 23)
        part = (wanted - self._hours[hour]) / _HOURS[hour]
        return self.starts[_BEFORE + day] + int((hour + part) * HOUR)

    def working(self, at: int, rng: Random) -> int:
        """The moment itself if somebody is at work then, else soon after the doors open."""
        day = self.index(at)
        since = at - self.starts[day]
        if since < _OPENS or since > _CLOSES or self._weekend[day]:
            if since > _CLOSES or self._weekend[day]:
                day += 1
            while self._weekend[day]:
                day += 1
            return self.starts[day] + _OPENS + int(rng.random() * 150 * MINUTE)
        return at

    def workday(self, day: int) -> int:
        """The day itself, or the Monday after it."""
        while self._weekend[day]:
            day += 1
        return day
