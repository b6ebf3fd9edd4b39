"""Which times are free: capacity less bookings, the least over the slots a visit needs.

Times are minutes since the epoch (UTC), so that slots follow one another on days of clock change
as they do on the wall of the office: an hour that does not exist has no slots, one that exists
twice has them twice. Labels are the wall-clock time in Germany.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from clerk.rules.opening_hours import OpeningHours, Who, open_on

_LABELS: Final = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440)]
_MINUTE: Final = 60
_AGAIN: Final = "B"
"""Behind a time that was there an hour ago already, as timetables part 2A and 2B."""


class Booking(NamedTuple):
    """An appointment: minutes since the epoch, and how many slots it takes."""

    start: int
    slots: int


class Slot(NamedTuple):
    """A slot of a day with the workstations of all rules that have one there."""

    minutes: int
    capacity: int
    multiple: bool


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day: all its workstation slots, and how many visits could begin at which time."""

    day: date
    capacity: int
    free: dict[str, int]


@dataclass(frozen=True, slots=True)
class Question:
    """A visit of ``slots`` slots (at least 1), as seen ``now`` (an aware moment) by ``who``."""

    now: datetime
    slots: int
    who: Who
    zone: tzinfo


def needed_slots(parts: Iterable[float]) -> int:
    """The slots of a visit of several services: their sum, rounded half up, at least 1."""
    return max(1, int(sum(parts) + 0.5))


def free_times(
    hours: Sequence[OpeningHours],
    closures: Collection[date],
    bookings: Iterable[Booking],
    days: Sequence[date],
    asked: Question,
) -> list[FreeDay]:
    """The free times of each day. The rules have no :func:`clerk.rules.opening_hours.problems`.

    The last bookable day opens when the clock passes its first opening time, so that not all its
    times are gone at midnight. What has begun is not free.
    """
    closed = frozenset(closures)
    now = asked.now.astimezone(asked.zone)
    at = int(now.timestamp()) // _MINUTE
    booked = Counter(bookings)
    starts = sorted({booking.start for booking in booked})
    of_start: dict[int, list[tuple[int, int]]] = {}
    for booking, times in booked.items():
        of_start.setdefault(booking.start, []).append((booking.slots, times))
    found = []
    for day in days:
        rules = open_on(hours, day, closed)
        if not rules:
            found.append(FreeDay(day, 0, {}))
            continue
        first = min(one.start_time for one in rules)
        bookable = [one for one in rules if _is_bookable(one, day, first, now)]
        whole = _grid(rules, day, asked)
        grid = whole if len(bookable) == len(rules) else _grid(bookable, day, asked)
        capacity = sum(slot.capacity for slot in whole.values())
        taken = _taken(whole, starts, of_start) if grid else {}
        found.append(FreeDay(day, capacity, _free(grid, taken, at, asked)))
    return found


def outside(
    hours: Sequence[OpeningHours],
    closures: Collection[date],
    bookings: Iterable[Booking],
    zone: tzinfo,
) -> list[Booking]:
    """Bookings that no opening hours hold whole: on a closed day, before, after, or across the end.

    They stay what they are; somebody has to be called.
    """
    closed = frozenset(closures)
    grids: dict[date, dict[int, Slot]] = {}
    lost = []
    for booking in sorted(set(bookings)):
        day = datetime.fromtimestamp(booking.start * _MINUTE, UTC).astimezone(zone).date()
        if day not in grids:
            grids[day] = _whole_grid(open_on(hours, day, closed), day, zone)
        if len(_covered(grids[day], booking)) < booking.slots:
            lost.append(booking)
    return lost


def _is_bookable(one: OpeningHours, day: date, first: time, now: datetime) -> bool:
    today = now.date()
    if not one.can_be_booked(day, today):
        return False
    return (day - today).days < one.last_day or now.time() >= first


def _grid(rules: Sequence[OpeningHours], day: date, asked: Question) -> dict[int, Slot]:
    """The slots of a day for this side, by their time, in order."""
    grid: dict[int, Slot] = {}
    for one in rules:
        workstations = one.workstations(asked.who)
        for start in _starts(one, day, asked.zone):
            before = grid.get(start)
            if before is None:
                grid[start] = Slot(one.slot_minutes, workstations, one.multiple_slots)
            else:  # the shorter slot is what can be promised where two rhythms meet
                grid[start] = Slot(
                    min(before.minutes, one.slot_minutes),
                    before.capacity + workstations,
                    before.multiple or one.multiple_slots,
                )
    return dict(sorted(grid.items())) if len(rules) > 1 else grid


def _whole_grid(rules: Sequence[OpeningHours], day: date, zone: tzinfo) -> dict[int, Slot]:
    now = datetime.combine(day, time(), UTC)
    return _grid(rules, day, Question(now, 1, "staff", zone))


def _starts(one: OpeningHours, day: date, zone: tzinfo) -> range:
    return range(
        _instant(day, one.start_time, zone), _instant(day, one.end_time, zone), one.slot_minutes
    )


def _instant(day: date, moment: time, zone: tzinfo) -> int:
    """A wall-clock time; one that does not exist is the moment at which the clock was put on."""
    wall = datetime.combine(day, moment, zone)
    there = wall.astimezone(UTC)
    back = there.astimezone(zone)
    if back.replace(tzinfo=None) != wall.replace(tzinfo=None):
        there -= timedelta(minutes=moment.minute)  # clocks are put on at a full hour
    return int(there.timestamp()) // _MINUTE


def _taken(
    grid: dict[int, Slot], starts: Sequence[int], of_start: dict[int, list[tuple[int, int]]]
) -> dict[int, int]:
    """How many workstations are booked in each slot of a day."""
    taken: dict[int, int] = {}
    first, last = next(iter(grid)), next(reversed(grid))
    # A booking from before the first slot may reach into it: by no more than a day's slots.
    begin = bisect_right(starts, first - 1440)
    for start in starts[begin : bisect_right(starts, last + grid[last].minutes - 1)]:
        for slots, times in of_start[start]:
            for slot in _covered(grid, Booking(start, slots)):
                taken[slot] = taken.get(slot, 0) + times
    return taken


def _covered(grid: dict[int, Slot], booking: Booking) -> list[int]:
    """The slots that a booking takes; off the grid, all that it touches."""
    if booking.start in grid:
        return _chain(grid, booking.start, booking.slots)
    minutes = _length_at(grid, booking.start)
    end = booking.start + minutes * booking.slots
    return [at for at, slot in grid.items() if at < end and at + slot.minutes > booking.start]


def _chain(grid: dict[int, Slot], start: int, slots: int) -> list[int]:
    """So many consecutive slots from a start, fewer where they end."""
    chain: list[int] = []
    at = start
    while len(chain) < slots and (slot := grid.get(at)) is not None:
        chain.append(at)
        at += slot.minutes
    return chain


def _length_at(grid: dict[int, Slot], moment: int) -> int:
    """The slot length that counts for a booking off the grid: of the slot it lies in, else the
    next one's."""
    for at, slot in grid.items():
        if at + slot.minutes > moment:
            return slot.minutes
    return 0


def _free(
    grid: dict[int, Slot], taken: dict[int, int], now: int, asked: Question
) -> dict[str, int]:
    free: dict[str, int] = {}
    labels = _labels(grid, asked.zone)
    for start, slot in grid.items():
        if start < now:
            continue
        slots = asked.slots if slot.multiple else 1
        chain = _chain(grid, start, slots)
        if len(chain) < slots:
            continue
        least = min(grid[at].capacity - taken.get(at, 0) for at in chain)
        if least > 0:
            free[labels[start]] = least
    return free


def _labels(grid: dict[int, Slot], zone: tzinfo) -> dict[int, str]:
    """The wall-clock time of each slot. The offset is asked at both ends of the day only, unless
    it changes between them."""
    if not grid:
        return {}
    first, last = next(iter(grid)), next(reversed(grid))
    begin, end = _local(first, zone), _local(last, zone)
    if begin.utcoffset() == end.utcoffset():
        shift = begin.hour * 60 + begin.minute - first
        return {at: _LABELS[(at + shift) % 1440] for at in grid}
    moments = ((at, _local(at, zone)) for at in grid)
    return {
        at: _LABELS[there.hour * 60 + there.minute] + (_AGAIN if there.fold else "")
        for at, there in moments
    }


def _local(at: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at * _MINUTE, UTC).astimezone(zone)
