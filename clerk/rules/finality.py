"""When a notice becomes final, is to be paid and can be enforced (OWiG 66(2), 67, 95)."""

from dataclasses import dataclass
from datetime import date, timedelta

from clerk.rules.deadlines import Rule, deadline
from clerk.rules.holidays import Seat
from clerk.rules.periods import Period

TWO_WEEKS = Period(2, "W")


@dataclass(frozen=True, slots=True)
class Finality:
    """``objection_until``: the last day for an objection; ``final_on``: the day after it;
    ``due_on``: to be paid by; ``enforce_after``: enforcement not before the day after it."""

    objection_until: date
    final_on: date
    due_on: date
    enforce_after: date


def objection_until(served_on: date, seat: Seat) -> date:
    """The last day for an objection, and for an application to the court (OWiG 67(1), 69(1))."""
    return deadline(Rule.EXCL_ROLL, served_on, TWO_WEEKS, seat).end


def after_service(served_on: date, seat: Seat, grace_periods: int = 1) -> Finality:
    """What follows from the service of a notice that nobody objects to."""
    until = objection_until(served_on, seat)
    final_on = until + timedelta(days=1)
    due_on, enforce_after = after_finality(final_on, seat, grace_periods)
    return Finality(until, final_on, due_on, enforce_after)


def after_finality(final_on: date, seat: Seat, grace_periods: int = 1) -> tuple[date, date]:
    """By when to pay, and until when enforcement has to wait.

    Paid within two weeks after finality (66(2) no. 2), enforced not before two weeks after that
    (95(1)); towns that take both periods for one set ``grace_periods`` to 1, others to 2.
    """
    due_on = deadline(Rule.EXCL_ROLL, final_on, TWO_WEEKS, seat).end
    until = due_on
    for _period in range(grace_periods - 1):
        until = deadline(Rule.EXCL_ROLL, until, TWO_WEEKS, seat).end
    return due_on, until
