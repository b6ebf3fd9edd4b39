"""Absences: who is away, who stands in and how far; and what was done meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from clerk import clock, dates
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules import absences as rules
from clerk.rules.permissions import may
from storage.actor import Actor
from storage.pages import absences, people
from storage.pages.absences import AbsenceRow, DoneRow
from storage.records import Absence, Clerk
from storage.store import Store
from storage.terms import DeputyMay

if TYPE_CHECKING:
    from sqlite3 import Connection

_MOST_DONE = 500
_NEWS_DAYS = 14  # so long after an absence its digest is offered


@dataclass(frozen=True, slots=True)
class Digest:
    """What was done in one's name during an absence, newest first; ``waiting`` is what nobody did:
    due follow-ups of one's own."""

    absence: AbsenceRow
    done: Sequence[DoneRow]
    waiting: int


def can_set(db: "Connection", actor: Actor, clerk_id: str) -> Refusal | None:
    """Whether the actor may set an absence of this clerk: their own, or they lead an office of
    the clerk's."""
    if clerk_id == actor.clerk_id:
        return None
    today = clock.today().isoformat()
    if any(may("absence.set", actor.roles, one) for one in people.roles(db, clerk_id, today)):
        return None
    return Refusal(
        "absence.not_yours",
        _("Only the person themself or their supervisor sets an absence."),
    )


def set_absence(
    store: Store,
    actor: Actor,
    *,
    clerk_id: str,
    starts: date,
    ends: date,
    deputy_id: str | None,
    may_do: str = DeputyMay.ACT,
    absence_id: str | None = None,
) -> Outcome:
    """A new absence, or with ``absence_id`` other days and another deputy for one; also in
    hindsight. Refused ``absence.*``."""
    with store.change(actor, "absence.set") as change:
        if refusal := can_set(store.db, actor, clerk_id):
            raise Refused(refusal)
        _active(change.find(Clerk, clerk_id))
        if deputy_id is not None:
            _active(change.find(Clerk, deputy_id))
        fields = {
            "clerk_id": clerk_id,
            "deputy_id": deputy_id,
            "may": DeputyMay(may_do),
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(),
        }
        if absence_id is not None:
            old = change.get(Absence, absence_id)
            if old.clerk_id != clerk_id:
                raise refuse("absence.other", _("An absence stays with the person it is about."))
            new = change.set(old, **fields)
        else:
            new = Absence(
                clerk_id=clerk_id,
                deputy_id=deputy_id,
                may=DeputyMay(may_do),
                starts_on=starts.isoformat(),
                ends_on=ends.isoformat(),
            )
        if refusal := rules.refusal_of(new, absences.everybodys(store.db)):
            raise Refused(refusal)
        if absence_id is None:
            change.add(new)
    return Outcome("absence.set", (new.id,))


def come_back(store: Store, actor: Actor, absence_id: str) -> Outcome:
    """Back at work from today on: the absence ends yesterday; one that would not have begun before
    is taken out."""
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    with store.change(actor, "absence.end") as change:
        one = change.get(Absence, absence_id)
        if refusal := can_come_back(store.db, actor, one):
            raise Refused(refusal)
        if one.starts_on > yesterday:
            change.drop(one)
        else:
            change.set(one, ends_on=yesterday)
    return Outcome("absence.end", (absence_id,))


def can_come_back(
    db: "Connection", actor: Actor, absence: "Absence | AbsenceRow"
) -> Refusal | None:
    """Whether an absence can be ended."""
    if refusal := can_set(db, actor, absence.clerk_id):
        return refusal
    if absence.ends_on < clock.today().isoformat():
        return Refusal("absence.over", _("This absence is over already."))
    return None


def digest_of(db: "Connection", absence: AbsenceRow) -> Digest:
    """What was done in somebody's name during an absence."""
    starts, ends = (date.fromisoformat(one) for one in (absence.starts_on, absence.ends_on))
    done = absences.done_for(
        db,
        absence.clerk_id,
        dates.start_of(starts),
        dates.start_of(ends + timedelta(days=1)) - 1,
        _MOST_DONE,
    )
    due = absences.due_until(db, absence.clerk_id, clock.today().isoformat())
    return Digest(absence, done, due)


def returned_from(store: Store, actor: Actor) -> AbsenceRow | None:
    """The absence from which somebody came back lately, until its digest was shown."""
    today = clock.today()
    edge = (today - timedelta(days=_NEWS_DAYS)).isoformat()
    over = [
        one
        for one in absences.of_clerk(store.db, actor.clerk_id)
        if edge <= one.ends_on < today.isoformat()
    ]
    seen = store.local("digest") or ""
    return next((one for one in reversed(over) if one.ends_on > seen), None)


def was_shown(store: Store, absence: AbsenceRow) -> None:
    """The digest of an absence was shown: it is not offered again here."""
    if absence.ends_on > (store.local("digest") or ""):
        store.set_local("digest", absence.ends_on)


def _active(clerk: Clerk | None) -> Clerk:
    if clerk is None or not clerk.active:
        raise refuse("clerk.unknown", _("There is no such clerk here."))
    return clerk
