"""Whom to call next, and how long it takes until somebody new is called.

The order is the one German citizen offices know from their appointment systems: urgent walk-ins
first, appointments when their time has come, everybody else as they arrived. Pure: times are
milliseconds since the epoch (UTC).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

URGENT, BOOKED, WALK_IN = 1, 2, 3
"""Priorities; an appointment has the second, a walk-in the third unless somebody says otherwise."""
AVERAGE_MINUTES: Final = 12
"""How long serving takes where nobody has measured it yet."""
_MINUTE: Final = 60_000
_EARLY: Final = 2 * _MINUTE
"""An appointment may be called so long before its time."""
RECALL_LOCK: Final = 5 * _MINUTE
"""Whoever did not appear is not called again before."""
_OPTIMISM: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who waits. ``arrived``: of an appointment its time. ``called_at``: the last call."""

    id: str
    number: int
    arrived: int
    priority: int = WALK_IN
    booked: bool = False
    called_at: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Until a visitor is called, in whole minutes from now: at best and at worst."""

    least: int
    most: int


def call_order(waiting: Collection[Visitor], now: int, step: float) -> list[Visitor]:
    """The order in which all of them are called if nobody else comes, one every ``step`` ms.

    At each call: an urgent walk-in; a preferred walk-in who was there before the next appointment's
    time; the next appointment once its time has come; the next walk-in; and where only
    appointments are left, the next one early.
    """
    booked = sorted((one for one in waiting if one.booked), key=_rank)
    walk_ins = sorted((one for one in waiting if not one.booked), key=_rank)
    booked.reverse()
    walk_ins.reverse()
    order: list[Visitor] = []
    at = float(now)
    while booked or walk_ins:
        order.append(_next(booked, walk_ins, at))
        at += step
    return order


def next_to_call(
    waiting: Collection[Visitor], now: int, leaving_out: Collection[str] = ()
) -> Visitor | None:
    """Whom a desk that is free calls now; None where nobody may be called.

    ``leaving_out``: ids that this desk has passed over.
    """
    callable_now = [
        one
        for one in waiting
        if one.id not in leaving_out
        and (one.called_at is None or one.called_at + RECALL_LOCK <= now)
    ]
    order = call_order(callable_now, now, 0)
    return order[0] if order else None


def step_of(average_minutes: float, desks: int) -> float:
    """The time between two calls, in ms, with so many desks (one where nobody serves yet)."""
    return average_minutes * _MINUTE / max(1, desks)


def waits(
    waiting: Collection[Visitor], now: int, *, average_minutes: float, desks: int
) -> dict[str, Wait]:
    """The wait of each, as a range, by id: desks serve as long as on average, or a fifth faster.

    The first of each desk is called within the first round, whatever the average is.
    """
    step = step_of(average_minutes, desks)
    order = call_order(waiting, now, step)
    found: dict[str, Wait] = {}
    best = worst = 0.0
    for place, one in enumerate(order):
        worst += step
        best += step if place < max(1, desks) else _OPTIMISM * step
        due = max(0, one.arrived - _EARLY - now) if one.booked else 0
        least = max(due, best - step)
        found[one.id] = Wait(round(least / _MINUTE), round(max(due, worst) / _MINUTE))
    return found


def wait_of_a_new_walk_in(
    waiting: Sequence[Visitor], now: int, *, average_minutes: float, desks: int
) -> Wait:
    """The range to print on the ticket of somebody who comes in now."""
    new = Visitor(id="", number=max((one.number for one in waiting), default=0) + 1, arrived=now)
    others = [replace(one, id=f" {one.id}") for one in waiting]  # no id can be the new one's
    return waits([*others, new], now, average_minutes=average_minutes, desks=desks)[""]


def _rank(one: Visitor) -> tuple[int, int, int, str]:
    return one.priority, one.arrived, one.number, one.id


def _next(booked: list[Visitor], walk_ins: list[Visitor], at: float) -> Visitor:
    """Takes the next one from the end of one of the lists."""
    appointment = booked[-1] if booked else None
    walk_in = walk_ins[-1] if walk_ins else None
    if walk_in is None:
        return booked.pop()
    if appointment is None or walk_in.priority == URGENT:
        return walk_ins.pop()
    if walk_in.priority == BOOKED and walk_in.arrived < appointment.arrived:
        return walk_ins.pop()
    if at + _EARLY >= appointment.arrived:
        return booked.pop()
    return walk_ins.pop()
