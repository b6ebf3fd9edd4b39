"""Data protection of ended fines: what is due to be erased or reviewed, restriction in place of
erasure, keeping on, erasure (StPO 489, OWiG 49c, BDSG 58)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from clerk import clock
from clerk.dates import short_date
from clerk.desks.fine_facts import not_yours
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules import retention
from clerk.rules.fine_states import CLOSED
from clerk.rules.retention import Ended
from storage import erasing
from storage.overlay import is_joined
from storage.pages import fines
from storage.pages.fines import RetentionRow
from storage.record import Record, values_of
from storage.records import Case, Fine, Status
from storage.store import Store
from storage.terms import FineState, OffenceArea

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.actor import Actor
    from storage.journal import Change

Do = Callable[["Change", Fine], None]


def due(store: Store, actor: "Actor", on: date | None = None) -> list[RetentionRow]:
    """The ended fines of the actor's offices whose day has come, the longest overdue first."""
    day = on or clock.local(store.clock()).date()
    return fines.retained_until(store.db, list(actor.offices), day.isoformat())


def can(actor: "Actor", action: str, db: "Connection", case_id: str) -> Refusal | None:
    """Why this actor cannot do this to what is kept of a fine now; None if they can."""
    fine = fines.of_case(db, case_id)
    if fine is None:
        return Refusal("fine.none", _("This case is no fine."))
    if refusal := not_yours(actor, action, fine):
        return refusal
    if fine.state not in CLOSED:
        return Refusal("retention.open", _("The matter has not ended yet."))
    return _GUARDS[action](db, fine)


def _can_restrict(db: "Connection", fine: Fine) -> Refusal | None:
    if not fine.restricted:
        return None
    return Refusal("retention.restricted", _("Its processing is restricted already."))


def _can_lift(db: "Connection", fine: Fine) -> Refusal | None:
    if fine.restricted:
        return None
    return Refusal("retention.not_restricted", _("Its processing is not restricted."))


def _can_keep(db: "Connection", fine: Fine) -> Refusal | None:
    if fine.review_on is None:
        return Refusal(
            "retention.no_review",
            _("It may not be kept for future matters (OWiG 49c): erase it, or restrict it."),
        )
    return _not_before(fine.review_on, _("Its review is due on {day}."))


def _can_erase(db: "Connection", fine: Fine) -> Refusal | None:
    if fine.restricted:
        return Refusal(
            "retention.restricted",
            _("Its processing is restricted in place of erasure; lift that first."),
        )
    until = fines.retain_until(db, fine.case_id)
    if until and (refusal := _not_before(until, _("It is kept until {day}."))):
        return refusal
    if is_joined(db):
        return Refusal(
            "retention.shared",
            _("In a shared store others hold it too: restrict it; its journal is not erased yet."),
        )
    return None


def _not_before(day: str, sentence: str) -> Refusal | None:
    on, today = date.fromisoformat(day), clock.today()
    if on <= today:
        return None
    return Refusal("retention.not_due", sentence.format(day=short_date(on, today)))


_GUARDS: Mapping[str, Callable[["Connection", Fine], Refusal | None]] = {
    "fine.restrict": _can_restrict,
    "fine.lift": _can_lift,
    "fine.keep": _can_keep,
    "fine.erase": _can_erase,
}


def restrict(store: Store, actor: "Actor", ids: Sequence[str], reason: str) -> Outcome:
    """Used for control and proof alone from now on, in place of erasure, and marked so."""
    return _each(store, actor, "fine.restrict", ids, reason=reason, do=_restricted(1))


def lift(store: Store, actor: "Actor", ids: Sequence[str], reason: str) -> Outcome:
    """The reason for the restriction has ended."""
    return _each(store, actor, "fine.lift", ids, reason=reason, do=_restricted(0))


def keep(store: Store, actor: "Actor", ids: Sequence[str], reason: str) -> Outcome:
    """Reviewed and still needed for future matters: reviewed again after the same term."""

    def do(change: "Change", fine: Fine) -> None:
        ended = Ended(
            state=FineState(fine.state),
            ended_on=clock.local(change.at).date(),
            area=OffenceArea(fine.area),
            amount=fine.amount,
        )
        review = retention.retention(ended).review_on
        if review is None:  # the rules have changed since
            raise refuse("retention.no_review", _("It may not be kept for future matters."))
        change.set(fine, review_on=review.isoformat())
        change.set(change.get(Case, fine.case_id), retain_until=review.isoformat())

    return _each(store, actor, "fine.keep", ids, reason=reason, do=do)


def erase(store: Store, actor: "Actor", ids: Sequence[str], reason: str) -> Outcome:
    """The fine, its people, letters, photos, mails and history; what stays is the case's number,
    its days and result, who erased it and why, and its vouchers without a person. Nothing takes
    that back."""
    passed, refused = _allowed(store, actor, "fine.erase", ids, reason)
    for case_id in passed:
        with store.group():
            _erase(store, actor, case_id, reason)
    return Outcome("fine.erase", tuple(passed), tuple(refused))


def _erase(store: Store, actor: "Actor", case_id: str, reason: str) -> None:
    db = store.db
    keys = erasing.family(db, case_id)
    persons = erasing.persons_of(db, keys)
    case = fines.case_record(db, case_id)
    # Nobody is named by what stays, from the beginning on.
    left: list[Record] = [
        replace(case, subject=_("Erased"), person_id=None, retain_until=None),
        *(replace(one, person_id=None) for one in fines.claims(db, case_id)),
    ]
    shells = {
        (one.TABLE, one.id): {n: value for n, value in values_of(one).items() if n != "id"}
        for one in left
    }
    erasing.erase(store, [*keys, *persons], shells)
    with store.change(actor, "fine.erase", undoable=False) as change:
        change.add(
            Status(case_id=case_id, clerk_id=actor.clerk_id, at=change.at, text=reason.strip())
        )


def _restricted(yes: int) -> Do:
    def do(change: "Change", fine: Fine) -> None:
        change.set(fine, restricted=yes)

    return do


def _allowed(
    store: Store, actor: "Actor", action: str, ids: Sequence[str], reason: str
) -> tuple[list[str], list[tuple[str, Refusal]]]:
    """Whose turn it is, and why not the others'. Refused ``retention.reason`` without a reason, and
    with the first refusal where nothing is left."""
    if not reason.strip():
        raise refuse("retention.reason", _("Say why: the reason is logged (BDSG 76)."))
    passed: list[str] = []
    refused: list[tuple[str, Refusal]] = []
    for one in dict.fromkeys(ids):
        refusal = can(actor, action, store.db, one)
        if refusal is None:
            passed.append(one)
        else:
            refused.append((one, refusal))
    if not passed:
        raise Refused(
            refused[0][1] if refused else Refusal("nothing.chosen", _("Nothing is chosen."))
        )
    return passed, refused


def _each(
    store: Store, actor: "Actor", action: str, ids: Sequence[str], *, reason: str, do: Do
) -> Outcome:
    """Guard, then change every fine that passes, as one action, with its reason."""
    passed, refused = _allowed(store, actor, action, ids, reason)
    with store.change(actor, action) as change:
        for case_id in passed:
            fine = fines.of_case(store.db, case_id)
            if fine is None:  # gone since the guard looked
                raise refuse("record.gone", _("This record no longer exists."))
            do(change, fine)
            change.add(
                Status(case_id=case_id, clerk_id=actor.clerk_id, at=change.at, text=reason.strip())
            )
    return Outcome(action, tuple(passed), tuple(refused))
