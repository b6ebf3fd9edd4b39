"""Until when an act can be prosecuted and a fine enforced (OWiG 31-34, StVG 26(3)). Pure.

Limitation counts its first day and never moves from a weekend (``Rule.INCL_NOROLL``). An
interruption lets it begin anew, but only against the person it is addressed to (33(4)), and only
while it still runs. Not looked at: pauses by law (32(1), 34(4) no. 1), which only ever give more
time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clerk.i18n import N_, _
from clerk.rules.periods import Period
from clerk.rules.warnings import threatened
from storage.terms import FineState, Guilt, LimitationClass

_MONTHS_BY_MAXIMUM = ((15_000_00, 36), (2_500_00, 24), (1_000_00, 12))  # 31(2): above -> months
_MONTHS_ELSE = 6
_TRAFFIC_FIRST, _TRAFFIC_LATER = 3, 6  # StVG 26(3): until the notice, then
_LEAST_ABSOLUTE = 24  # 33(3): double, at least two years
_SERVED_WITHIN = Period(2, "W")  # 33(1) no. 9
_ENFORCED_ABOVE, _YEARS_ABOVE, _YEARS_ELSE = 1_000_00, 5, 3  # 34(2)

_FINAL = frozenset(
    {FineState.FINAL, FineState.DEFERRED, FineState.ENFORCEMENT, FineState.DETENTION}
)
_ENDED = frozenset(
    {FineState.WARNED, FineState.WARNING_EFFECTIVE, FineState.DISCONTINUED, FineState.SETTLED}
)


class Why(StrEnum):
    """What the limitation was counted from."""

    ACT = "act"
    HEARING = "hearing"
    NOTICE = "notice"
    SERVICE = "service"
    RETURNED = "returned"
    COURT = "court"
    ABSOLUTE = "absolute"
    FINAL = "final"
    PAUSED = "paused"
    ENDED = "ended"


_WORDS: Mapping[Why, str] = {
    Why.ACT: N_("from the act on"),
    Why.HEARING: N_("from the hearing on"),
    Why.NOTICE: N_("from the notice on"),
    Why.SERVICE: N_("from the service of the notice on"),
    Why.RETURNED: N_("from the return by the prosecutor on"),
    Why.COURT: N_("from the receipt at the court on"),
    Why.ABSOLUTE: N_("the absolute limit"),
    Why.FINAL: N_("enforcement, from finality on"),
    Why.PAUSED: N_("paused while payment is deferred"),
    Why.ENDED: N_("the matter has ended"),
}


@dataclass(frozen=True, slots=True)
class Threat:
    """What the law threatens for one offence: its ``maximum`` (for intent, cents) and its class."""

    maximum: int
    kind: LimitationClass


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the procedure on the day that counts in law, and the state after it. ``person``: to
    whom it was addressed."""

    action: str
    on: date
    state: FineState
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """An act that ended on a day (31(3)), what it was charged as, the fine (cents), and who is held
    to have done it; None: nobody is known yet."""

    ended_on: date
    threats: tuple[Threat, ...]
    guilt: Guilt
    amount: int
    offender: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Each date is the last day on which something can be done. With several offences
    ``limitation_on`` and ``absolute_on`` are those of the first that expires and ``last_on`` that
    of the last. None: no term runs."""

    limitation_on: date | None
    absolute_on: date | None
    last_on: date | None
    why: Why

    @property
    def words(self) -> str:
        """What the limitation was counted from, for people."""
        return _(_WORDS[self.why])


def months(threat: Threat, guilt: Guilt) -> int:
    """How long an act can be prosecuted while there is no notice."""
    if threat.kind is LimitationClass.TRAFFIC:
        return _TRAFFIC_FIRST
    maximum = threatened(threat.maximum, guilt)
    return next((n for above, n in _MONTHS_BY_MAXIMUM if maximum > above), _MONTHS_ELSE)


def limits(facts: Facts, steps: Sequence[Step]) -> Limits:
    """How long the act can be prosecuted or, once it is final, the fine be enforced.

    ``steps`` in the order in which they were taken.
    """
    if steps and steps[-1].state in _ENDED:
        return Limits(None, None, None, Why.ENDED)
    final_on = finality(steps)
    if final_on is not None:
        return _enforcement(facts.amount, final_on, steps)
    acts = list(_interruptions(facts.offender, steps))
    found = [_prosecution(facts, threat, acts) for threat in facts.threats]
    if not found:
        return Limits(None, None, None, Why.ACT)
    on, absolute, why = min(found)
    return Limits(on, absolute, max(found)[0], why)


def finality(steps: Iterable[Step]) -> date | None:
    """Since when the fine is final (Rechtskraft); a late objection does not change it, one that is
    admitted ends it."""
    since: date | None = None
    for step in steps:
        if step.state in _FINAL:
            since = since or step.on
        elif step.action in ("fine.admit", "fine.issue", "fine.reopen"):
            since = None
    return since


def _prosecution(
    facts: Facts, threat: Threat, acts: Sequence[tuple[date, Why]]
) -> tuple[date, date, Why]:
    """The last day, the absolute one, and what was counted from."""
    term = months(threat, facts.guilt)
    # 33(3) speaks of the statutory period: in traffic it is six months once there is a notice.
    absolute = Period(max(2 * term, _LEAST_ABSOLUTE), "M").through(facts.ended_on)
    until, why = Period(term, "M").through(facts.ended_on), Why.ACT
    for on, kind in acts:
        if on > until:
            break  # what has expired cannot be interrupted
        if kind in (Why.NOTICE, Why.SERVICE) and threat.kind is LimitationClass.TRAFFIC:
            term = _TRAFFIC_LATER
        until, why = Period(term, "M").through(on), kind
    return (absolute, absolute, Why.ABSOLUTE) if until > absolute else (until, absolute, why)


def _interruptions(offender: str | None, steps: Sequence[Step]) -> Iterable[tuple[date, Why]]:
    """The steps that interrupt against the offender (33(1) no. 1, 8, 9, 10), in order of their
    days."""
    found: list[tuple[date, Why]] = []
    issued: date | None = None
    heard = False
    for step in steps:
        if step.action == "fine.hear" and step.person is not None and step.person == offender:
            if not heard:  # no. 1 works once
                found.append((step.on, Why.HEARING))
            heard = True
        elif step.action == "fine.take_back":
            kind = Why.COURT if step.state is FineState.INTERMEDIATE else Why.RETURNED
            found.append((step.on, kind))
        elif step.action == "fine.to_court":
            found.append((step.on, Why.COURT))
        elif step.action == "fine.issue":
            issued = step.on if step.person in (None, offender) else None
        elif step.action == "fine.serve" and issued is not None:
            if step.on <= _SERVED_WITHIN.after(issued):
                found.append((issued, Why.NOTICE))
            else:
                found.append((step.on, Why.SERVICE))
            issued = None  # a second service of the same notice interrupts nothing
    return sorted(found)


def _enforcement(amount: int, final_on: date, steps: Sequence[Step]) -> Limits:
    """34: from finality on; a deferral pauses it."""
    years = _YEARS_ABOVE if amount > _ENFORCED_ABOVE else _YEARS_ELSE
    paused = 0
    since: date | None = None
    for step in steps:
        if step.state is FineState.DEFERRED:
            since = since or step.on
        elif since is not None:
            paused += (step.on - since).days
            since = None
    if since is not None:
        return Limits(None, None, None, Why.PAUSED)
    until = Period(years, "Y").through(final_on) + timedelta(days=paused)
    return Limits(until, until, until, Why.FINAL)
