"""Free times against a count that goes by the minute, and by hand on the days that are special."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from clerk.clock import ZONE
from clerk.rules.free_times import Booking, FreeDay, Question, free_times, needed_slots, outside
from clerk.rules.opening_hours import OpeningHours, Who

MONDAY = date(2026, 11, 23)
EARLY = datetime(2026, 11, 20, 12, tzinfo=ZONE)


def rule(
    start: time,
    end: time,
    minutes: int = 30,
    *,
    staff: int = 2,
    public: int = 1,
    last_day: int = 60,
    multiple: bool = True,
    id: str = "a",
) -> OpeningHours:
    return OpeningHours(
        id=id,
        start_date=date(2026, 1, 1),
        end_date=date(2027, 12, 31),
        start_time=start,
        end_time=end,
        weekdays=frozenset(range(7)),
        slot_minutes=minutes,
        staff=staff,
        public=public,
        last_day=last_day,
        multiple_slots=multiple,
    )


def at(day: date, hour: int, minute: int = 0) -> int:
    return int(datetime.combine(day, time(hour, minute), ZONE).timestamp()) // 60


def ask(
    hours: list[OpeningHours],
    bookings: list[Booking],
    *,
    day: date = MONDAY,
    slots: int = 1,
    now: datetime = EARLY,
    who: Who = "staff",
    closures: frozenset[date] = frozenset(),
) -> FreeDay:
    return free_times(hours, closures, bookings, [day], Question(now, slots, who, ZONE))[0]


def test_no_slot_at_the_end_and_the_least_of_consecutive_slots() -> None:
    hours = [rule(time(8), time(10))]
    booked = [Booking(at(MONDAY, 9), 1)]
    assert ask(hours, booked).free == {"08:00": 2, "08:30": 2, "09:00": 1, "09:30": 2}
    assert ask(hours, booked, slots=2).free == {"08:00": 2, "08:30": 1, "09:00": 1}
    assert ask(hours, booked, slots=4).free == {"08:00": 1}
    assert ask(hours, booked, slots=5).free == {}
    assert ask(hours, booked).capacity == 8


def test_the_public_has_a_part_of_the_workstations() -> None:
    found = ask([rule(time(8), time(9))], [Booking(at(MONDAY, 8), 1)], who="public")
    assert (found.capacity, found.free) == (2, {"08:30": 1})


def test_staff_may_overbook_and_nobody_else_finds_it_free() -> None:
    booked = [Booking(at(MONDAY, 8), 1)] * 3
    assert ask([rule(time(8), time(9))], booked).free == {"08:30": 2}


def test_adjoining_hours_of_one_rhythm_hold_a_visit_across() -> None:
    hours = [rule(time(8), time(9)), rule(time(9), time(10), id="b")]
    assert "08:30" in ask(hours, [], slots=2).free


def test_where_every_visit_takes_one_slot() -> None:
    hours = [rule(time(8), time(9), multiple=False)]
    assert ask(hours, [], slots=3).free == {"08:00": 2, "08:30": 2}


def test_the_booking_window_and_its_last_day() -> None:
    hours = [rule(time(8), time(9), last_day=3), rule(time(14), time(15), last_day=3, id="b")]
    before = datetime.combine(MONDAY - timedelta(3), time(7, 59), ZONE)
    assert ask(hours, [], now=before).free == {}
    assert ask(hours, [], now=before).capacity == 8
    assert len(ask(hours, [], now=before + timedelta(minutes=1)).free) == 4
    assert ask(hours, [], now=before - timedelta(1)).free == {}


def test_what_has_begun_is_not_free() -> None:
    now = datetime.combine(MONDAY, time(8, 1), ZONE)
    assert ask([rule(time(8), time(9))], [], now=now).free == {"08:30": 2}


def test_closed_days() -> None:
    found = ask([rule(time(8), time(9))], [], closures=frozenset({MONDAY}))
    assert found == FreeDay(MONDAY, 0, {})
    lost = [Booking(at(MONDAY, 8), 1), Booking(at(MONDAY + timedelta(1), 8), 1)]
    assert outside([rule(time(8), time(9))], {MONDAY}, lost, ZONE) == lost[:1]


def test_bookings_outside_the_hours_are_named() -> None:
    hours = [rule(time(8), time(9))]
    fits, across, early = (
        Booking(at(MONDAY, *t), n) for t, n in (((8,), 2), ((8, 30), 2), ((7,), 1))
    )
    assert outside(hours, set(), [fits, across, early], ZONE) == [early, across]


def test_a_booking_off_the_rhythm_takes_every_slot_it_touches() -> None:
    booked = [Booking(at(MONDAY, 8, 10), 1)]
    assert ask([rule(time(8), time(10))], booked).free == {
        "08:00": 1, "08:30": 1, "09:00": 2, "09:30": 2,
    }  # fmt: skip


def test_the_hour_that_does_not_exist() -> None:
    day = date(2026, 3, 29)
    now = datetime(2026, 3, 1, tzinfo=ZONE)
    found = ask([rule(time(1), time(4))], [], day=day, now=now, slots=2)
    assert list(found.free) == ["01:00", "01:30", "03:00"]
    assert found.capacity == 8
    inside = ask([rule(time(2, 30), time(4))], [], day=day, now=now)
    assert list(inside.free) == ["03:00", "03:30"]


def test_the_hour_that_exists_twice() -> None:
    day = date(2026, 10, 25)
    now = datetime(2026, 10, 1, tzinfo=ZONE)
    found = ask([rule(time(1), time(4))], [], day=day, now=now)
    assert list(found.free) == [
        "01:00", "01:30", "02:00", "02:30", "02:00B", "02:30B", "03:00", "03:30",
    ]  # fmt: skip
    second = Booking(int(datetime(2026, 10, 25, 1, 0, tzinfo=UTC).timestamp()) // 60, 1)
    assert ask([rule(time(1), time(4))], [second], day=day, now=now).free["02:00B"] == 1


def test_the_slots_of_several_services() -> None:
    assert [needed_slots(parts) for parts in ([], [0.3], [1, 0.5], [1, 1.4], [2, 2])] == [
        1, 1, 2, 2, 4,
    ]  # fmt: skip


LENGTHS: Final = (10, 15, 20, 30, 60)


@st.composite
def _hours(draw: st.DrawFn) -> list[OpeningHours]:
    """Rules of one rhythm, some overlapping, some adjoining, some apart."""
    minutes = draw(st.sampled_from(LENGTHS))
    found = []
    for number in range(draw(st.integers(1, 4))):
        begin = 6 * 60 + minutes * draw(st.integers(0, 8))
        end = begin + minutes * draw(st.integers(1, 8))
        staff = draw(st.integers(0, 4))
        found.append(
            rule(
                time(begin // 60, begin % 60), time(end // 60, end % 60), minutes,
                staff=staff, public=draw(st.integers(0, staff)), id=str(number),
            )
        )  # fmt: skip
    return found


@given(
    _hours(),
    st.lists(st.tuples(st.integers(5 * 12, 24 * 12 - 1), st.integers(1, 5)), max_size=12),
    st.integers(1, 6),
    st.sampled_from(["staff", "public"]),
    st.integers(0, 23),
)
def test_free_is_what_a_count_by_the_minute_says(
    hours: list[OpeningHours],
    drawn: list[tuple[int, int]],
    slots: int,
    who: Who,
    hour: int,
) -> None:
    midnight = at(MONDAY, 0)
    bookings = [Booking(midnight + 5 * fives, n) for fives, n in drawn]
    now = datetime.combine(MONDAY, time(hour), ZONE)
    found = ask(hours, bookings, slots=slots, now=now, who=who)

    length = hours[0].slot_minutes
    spans = [
        (midnight + one.start_time.hour * 60 + one.start_time.minute,
         midnight + one.end_time.hour * 60 + one.end_time.minute, one.workstations(who))
        for one in hours
    ]  # fmt: skip

    def stations(minute: int) -> int:
        return sum(n for begin, end, n in spans if begin <= minute < end)

    def is_slot(minute: int) -> bool:
        return any(begin <= minute < end and (minute - begin) % length == 0
                   for begin, end, _n in spans)  # fmt: skip

    starts = [minute for minute in range(midnight, midnight + 1440) if is_slot(minute)]

    def bookings_in(start: int) -> int:
        return sum(b.start < start + length and start < b.start + length * b.slots
                   for b in bookings)  # fmt: skip

    expected = {}
    for start in starts:
        chain = [start + length * number for number in range(slots)]
        if start < at(MONDAY, hour) or not all(map(is_slot, chain)):
            continue
        least = min(stations(one) - bookings_in(one) for one in chain)
        if least > 0:
            minute = start - midnight
            expected[f"{minute // 60:02}:{minute % 60:02}"] = least
    assert found.free == expected
    assert found.capacity == sum(map(stations, starts))
