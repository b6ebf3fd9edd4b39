"""Standing in: who does whose work while they are away. Pure.

A deputy who is away themself passes it on to their own deputy; what each link allows, the chain
allows at most. Nobody stands in for themself, over however many links.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from clerk.i18n import _
from clerk.refusal import Refusal
from storage.terms import DeputyMay

_ORDER = (DeputyMay.READ, DeputyMay.ACT, DeputyMay.SIGN)


class Absence(Protocol):
    """Dates are ISO, both included."""

    @property
    def id(self) -> str: ...
    @property
    def clerk_id(self) -> str: ...
    @property
    def deputy_id(self) -> str | None: ...
    @property
    def may(self) -> str: ...
    @property
    def starts_on(self) -> str: ...
    @property
    def ends_on(self) -> str: ...


def on(absences: Iterable[Absence], day: str) -> list[Absence]:
    """The absences of a day."""
    return [one for one in absences if one.starts_on <= day <= one.ends_on]


def stood_in_for(deputy: str, absences: Iterable[Absence], day: str) -> dict[str, tuple[str, str]]:
    """For whom a clerk stands in on a day: clerk -> (how far, until when).

    The chain ends with the first of its absences to end. Where several lead to one colleague, the
    widest counts.
    """
    today = on(absences, day)
    found: dict[str, tuple[str, str]] = {}

    def follow(stand_in: str, may: str, until: str, passed: tuple[str, ...]) -> None:
        for one in today:
            if one.deputy_id != stand_in or one.clerk_id in passed:
                continue
            narrowed, ends = narrower(may, one.may), min(until, one.ends_on)
            known = found.get(one.clerk_id)
            if known is None or _rank(known[0]) < _rank(narrowed):
                found[one.clerk_id] = (narrowed, ends)
            follow(one.clerk_id, narrowed, ends, (*passed, one.clerk_id))

    follow(deputy, DeputyMay.SIGN, "9999-12-31", (deputy,))
    return found


def acting_for(clerk: str, absences: Iterable[Absence], day: str) -> tuple[str, ...]:
    """Who does an absent clerk's work on a day: the present ends of the chains; () is nobody."""
    today = on(absences, day)
    away = {one.clerk_id for one in today}
    ends: dict[str, None] = {}

    def follow(absent: str, passed: tuple[str, ...]) -> None:
        for one in today:
            if one.clerk_id != absent or one.deputy_id is None or one.deputy_id in passed:
                continue
            if one.deputy_id in away:
                follow(one.deputy_id, (*passed, one.deputy_id))
            else:
                ends[one.deputy_id] = None

    follow(clerk, (clerk,))
    return tuple(ends)


def narrower(one: str, other: str) -> str:
    """The lesser of two rights of a deputy."""
    return min(one, other, key=_rank)


def refusal_of(new: Absence, others: Sequence[Absence]) -> Refusal | None:
    """Why an absence cannot be kept beside the others (its own earlier version left out)."""
    if new.ends_on < new.starts_on:
        return Refusal("absence.dates", _("The absence would end before it begins."))
    if new.deputy_id == new.clerk_id:
        return Refusal("absence.self", _("Nobody stands in for themself."))
    beside = [
        one
        for one in others
        if one.id != new.id and one.starts_on <= new.ends_on and new.starts_on <= one.ends_on
    ]
    if any(one.clerk_id == new.clerk_id for one in beside):
        return Refusal(
            "absence.twice", _("There is an absence in these days already; change that one.")
        )
    # Who stands in only changes on the first day of an absence.
    days = {new.starts_on, *(max(one.starts_on, new.starts_on) for one in beside)}
    if any(_returns(new, on(beside, day)) for day in days):
        return Refusal(
            "absence.circle",
            _("That would be a circle: the deputy is away in these days and comes back to you."),
        )
    return None


def _returns(new: Absence, beside: Sequence[Absence]) -> bool:
    deputies = {one.clerk_id: one.deputy_id for one in beside}
    at, passed = new.deputy_id, set[str]()
    while at is not None and at not in passed:
        if at == new.clerk_id:
            return True
        passed.add(at)
        at = deputies.get(at)
    return False


def _rank(may: str) -> int:
    return _ORDER.index(DeputyMay(may))
