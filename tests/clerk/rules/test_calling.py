"""Whom to call next: the order by hand, and what holds for any hall."""

from hypothesis import given
from hypothesis import strategies as st

from clerk.rules.calling import (
    BOOKED,
    RECALL_LOCK,
    URGENT,
    WALK_IN,
    Visitor,
    Wait,
    call_order,
    next_to_call,
    step_of,
    wait_of_a_new_walk_in,
    waits,
)

MINUTE = 60_000
NOW = 1_000 * MINUTE


def walk_in(
    id: str, minutes_ago: int, *, priority: int = WALK_IN, called_at: int | None = None
) -> Visitor:
    at = NOW - minutes_ago * MINUTE
    return Visitor(id=id, number=int(id), arrived=at, priority=priority, called_at=called_at)


def booked(id: str, in_minutes: int) -> Visitor:
    at = NOW + in_minutes * MINUTE
    return Visitor(id=id, number=int(id), arrived=at, priority=BOOKED, booked=True)


def ids(visitors: list[Visitor]) -> str:
    return " ".join(one.id for one in visitors)


def test_walk_ins_as_they_came_and_appointments_at_their_time() -> None:
    hall = [walk_in("1", 30), walk_in("2", 20), booked("3", 0), booked("4", 15)]
    # 3 is due now; 4 may be called in 13 minutes: by the third call, or already by the second.
    assert ids(call_order(hall, NOW, 10 * MINUTE)) == "3 1 4 2"
    assert ids(call_order(hall, NOW, 13 * MINUTE)) == "3 4 1 2"


def test_urgent_walk_ins_come_first_preferred_ones_before_later_appointments() -> None:
    hall = [booked("1", 0), walk_in("2", 1, priority=URGENT), walk_in("3", 5, priority=BOOKED)]
    assert ids(call_order(hall, NOW, 0)) == "2 3 1"
    late = [booked("1", -10), walk_in("3", 5, priority=BOOKED)]
    assert ids(call_order(late, NOW, 0)) == "1 3"


def test_an_appointment_waits_for_its_time_while_others_are_there() -> None:
    assert ids(call_order([booked("1", 3), walk_in("2", 0)], NOW, 0)) == "2 1"
    assert ids(call_order([booked("1", 2), walk_in("2", 0)], NOW, 0)) == "1 2"
    assert ids(call_order([booked("1", 60)], NOW, 0)) == "1"


def test_who_did_not_appear_is_not_called_again_at_once() -> None:
    locked = walk_in("1", 30, called_at=NOW - RECALL_LOCK + 1)
    free = walk_in("2", 1)
    assert next_to_call([locked, free], NOW) == free
    assert next_to_call([locked], NOW) is None
    assert next_to_call([locked], NOW + 1) == locked
    assert next_to_call([free], NOW, leaving_out={"2"}) is None


def test_the_wait_is_a_range() -> None:
    hall = [walk_in(str(n), 60 - n) for n in range(1, 7)]
    found = waits(hall, NOW, average_minutes=12, desks=2)
    assert [(w.least, w.most) for w in found.values()] == [
        (0, 6), (6, 12), (11, 18), (16, 24), (20, 30), (25, 36),
    ]  # fmt: skip
    assert wait_of_a_new_walk_in(hall, NOW, average_minutes=12, desks=2) == Wait(30, 42)
    assert wait_of_a_new_walk_in([], NOW, average_minutes=12, desks=3) == Wait(0, 4)
    assert step_of(12, 0) == 12 * MINUTE


def test_nobody_with_an_appointment_is_promised_an_earlier_call() -> None:
    found = waits([booked("1", 60)], NOW, average_minutes=12, desks=1)["1"]
    assert (found.least, found.most) == (58, 58)


HALLS = st.lists(
    st.builds(
        Visitor,
        id=st.uuids().map(str),
        number=st.integers(1, 999),
        arrived=st.integers(NOW - 90 * MINUTE, NOW + 90 * MINUTE),
        priority=st.integers(1, 3),
        booked=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=20,
)


@given(HALLS, st.integers(0, 20))
def test_everybody_is_called_once_and_equals_as_they_came(hall: list[Visitor], step: int) -> None:
    order = call_order(hall, NOW, step * MINUTE)
    assert sorted(one.id for one in order) == sorted(one.id for one in hall)
    for kind in (True, False):
        same = [one for one in order if one.booked is kind]
        assert same == sorted(same, key=lambda one: (one.priority, one.arrived, one.number, one.id))


@given(HALLS, st.integers(1, 12))
def test_waits_grow_in_the_order_and_the_worst_is_never_below_the_best(
    hall: list[Visitor], desks: int
) -> None:
    found = waits(hall, NOW, average_minutes=12, desks=desks)
    assert all(0 <= one.least <= one.most for one in found.values())
    order = call_order([one for one in hall if not one.booked], NOW, step_of(12, desks))
    alone = waits([one for one in hall if not one.booked], NOW, average_minutes=12, desks=desks)
    worst = [alone[one.id].most for one in order]
    assert worst == sorted(worst)
