"""Opening hours: when appointments can be had, in which rhythm, at how many workstations.

The terms are those of the German appointment systems: a rule holds from a day to a day, on some
weekdays, every week, every n weeks (counted from Monday to Monday) or in the n-th week of a month;
it has a slot length and workstations for staff, a part of which the public may book.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import combinations
from typing import Final, Literal

from clerk.i18n import _
from clerk.refusal import Refusal

LAST_WEEK: Final = 5
"""As ``week_of_month``: the last week of the month, whether it is the fourth or the fifth."""
_EXCEPTION: Final = timedelta(1)
_MOST_SLOTS: Final = 1440

Who = Literal["staff", "public"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """One rule. ``weekdays``: 0 is Monday. ``after_weeks``: 0 and 1 are every week.

    ``week_of_month``: 0 is every week; the n-th week are the days 7n-6 to 7n of the month.
    ``public`` is a part of ``staff``. ``first_day`` and ``last_day``: from and until how many days
    from today its slots can be booked. Without ``multiple_slots`` every visit takes one slot.
    """

    id: str
    start_date: date
    end_date: date
    start_time: time
    end_time: time
    weekdays: frozenset[int]
    slot_minutes: int
    staff: int
    public: int
    after_weeks: int = 0
    week_of_month: int = 0
    first_day: int = 0
    last_day: int = 60
    multiple_slots: bool = True

    @property
    def is_exception(self) -> bool:
        """One or two days: somebody opens these on purpose, so they hold on a closed day too."""
        return self.end_date - self.start_date <= _EXCEPTION

    def workstations(self, who: Who) -> int:
        """How many can serve at the same time, for appointments that this side books."""
        return self.staff if who == "staff" else self.public

    def holds_on(self, day: date) -> bool:
        """Whether it opens on this day, closures not regarded."""
        if day.weekday() not in self.weekdays or not self.start_date <= day <= self.end_date:
            return False
        if self.after_weeks > 1:
            weeks = (_monday(day) - _monday(self.start_date)).days // 7
            return weeks % self.after_weeks == 0
        if self.week_of_month == LAST_WEEK:
            return (day + timedelta(7)).month != day.month
        return self.week_of_month in (0, (day.day + 6) // 7)

    def can_be_booked(self, day: date, today: date) -> bool:
        """Whether the day lies in its booking window."""
        return self.first_day <= (day - today).days <= self.last_day


def open_on(
    hours: Sequence[OpeningHours], day: date, closures: Collection[date]
) -> list[OpeningHours]:
    """The rules that open on a day. A closure takes all but the exceptions."""
    closed = day in closures
    return [one for one in hours if one.holds_on(day) and (one.is_exception or not closed)]


def problems(one: OpeningHours) -> Iterator[Refusal]:
    """What is wrong with a rule by itself; with any of these it cannot be used."""
    begin, end = _minutes(one.start_time), _minutes(one.end_time)
    if one.end_date < one.start_date:
        yield Refusal("opening.dates", _("The last day is before the first."))
    if end <= begin:
        yield Refusal("opening.times", _("The hours end before they begin."))
    if not 0 < one.slot_minutes <= _MOST_SLOTS:
        yield Refusal("opening.slot", _("A slot needs a length in minutes."))
    elif end > begin and (end - begin) % one.slot_minutes:
        yield Refusal(
            "opening.slot_fit",
            _("Slots of {slot} minutes do not fit into {minutes} minutes of opening.").format(
                slot=one.slot_minutes, minutes=end - begin
            ),
        )
    if one.public < 0 or one.public > one.staff:
        yield Refusal(
            "opening.workstations",
            _("The public's workstations are a part of the staff's: {public} of {staff}.").format(
                public=one.public, staff=one.staff
            ),
        )
    if not one.weekdays:
        yield Refusal("opening.weekdays", _("No weekday is named."))
    if one.after_weeks < 0 or not 0 <= one.week_of_month <= LAST_WEEK:
        yield Refusal("opening.repeat", _("Every n weeks, or the week 1 to 5 of the month."))
    elif one.after_weeks > 1 and one.week_of_month:
        yield Refusal(
            "opening.repeat_twice", _("Either every n weeks or a week of the month, not both.")
        )
    if not 0 <= one.first_day <= one.last_day:
        yield Refusal("opening.window", _("The booking window ends before it begins."))


def overlaps(
    hours: Sequence[OpeningHours], days: Sequence[date], closures: Collection[date]
) -> Iterator[tuple[date, OpeningHours, OpeningHours]]:
    """Rules that are open at the same time on one of the days: the first such day of each pair.

    Their workstations add up, which is seldom meant.
    """
    seen: set[tuple[str, str]] = set()
    for day in days:
        for one, other in combinations(open_on(hours, day, closures), 2):
            if (one.id, other.id) in seen:
                continue
            if one.start_time < other.end_time and other.start_time < one.end_time:
                seen.add((one.id, other.id))
                yield day, one, other


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
