"""Decide about what the shared store did not take: field by field, do it again, or let it go.

A decision is an action of its own, so it is undone like any other; with it the matter is settled,
in the same transaction, and is open again when it is taken back.
"""

from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from clerk.desks.returned import Point, Returned, Side, find
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules.permissions import may
from storage import refusals, undo
from storage.actor import Actor
from storage.brought import AUTHORS
from storage.driver import IntegrityError
from storage.pages.names import Names
from storage.patches import Patch
from storage.record import Value
from storage.records import RECORDS
from storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.journal import Change

ACTION = "conflict.resolve"
SIGNATURES = ("letter.sign", "letter.sign_first", "letter.return")
_PLAIN = (str, int, str | None, int | None)


@dataclass(frozen=True, slots=True)
class Typed:
    """A third value, as it was typed."""

    text: str


Choice = Side | Typed


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one: the action, and whether it changed anything (and so can be undone)."""

    action: str
    entry_id: str
    changed: bool


def can_resolve(actor: Actor, store: Store, one: Returned) -> Refusal | None:
    """Whether the actor can decide about it field by field."""
    if refusal := _is_settled(one):
        return refusal
    if not one.is_conflict:
        return Refusal("conflict.rejected", _("This was rejected: do it again, or let it go."))
    if one.action in SIGNATURES:
        return Refusal(
            "conflict.signature", _("Signatures are not merged: look at the letter, or let it go.")
        )
    if all(may(ACTION, actor.roles, refusals.office_of(store.db, p)) for p in one.patches):
        return None
    return Refusal(
        "conflict.not_yours", _("This record belongs to another office or needs another role.")
    )


def can_type(point: Point) -> Refusal | None:
    """Whether a third value can be typed: for texts, numbers and days."""
    record = RECORDS[point.table]
    plain = record.__annotations__.get(point.field) in _PLAIN
    if point.fixed or point.op != "set" or not plain or point.field in record.REFERENCES:
        return Refusal("conflict.choose", _("Here only one of the two can be chosen."))
    return None


def value_of(point: Point, text: str) -> Value:
    """The value that a text means. Refused ``value.invalid`` where it means none."""
    if refusal := can_type(point):
        raise Refused(refusal)
    kind = RECORDS[point.table].__annotations__[point.field]
    text = text.strip()
    if kind in (int, int | None):
        with suppress(ValueError):
            return int(text)
        raise refuse("value.invalid", _("This must be a number."))
    if not text:
        if kind == str | None:
            return None
        raise refuse("value.invalid", _("This must not be empty."))
    if point.field.endswith("_on"):
        return _day(text).isoformat()
    return text


def _day(text: str) -> date:
    from clerk import clock
    from clerk.rules.shorthand import parse_date

    day = parse_date(text, clock.today())
    if not isinstance(day, date):
        raise Refused(day)
    return day


def resolve(store: Store, actor: Actor, entry_id: str, choices: Mapping[str, Choice]) -> Settled:
    """Decide about a conflict: for each point mine, theirs, or a third value.

    ``choices`` by the points' keys; a point with a preset needs none. Refused
    ``conflict.undecided`` where one is missing, ``conflict.field`` for a key that is none.
    """
    with store.group():
        one = find(store, Names(store.db), entry_id)
        if refusal := can_resolve(actor, store, one):
            raise Refused(refusal)
        wanted = _decided(one, choices)
        with _change(store, actor, ACTION) as change:
            for point, choice in wanted:
                _write(change, one, point, choice)
        return _settled(store, change, one, ACTION)


def _decided(one: Returned, choices: Mapping[str, Choice]) -> list[tuple[Point, Choice]]:
    from clerk.fields import field_word, record_word

    keys = {point.key for point in one.points}
    if unknown := next((key for key in choices if key not in keys), None):
        raise refuse(
            "conflict.field", _("There is nothing to decide about “{field}”.").format(field=unknown)
        )
    decided: list[tuple[Point, Choice]] = []
    for point in one.points:
        choice = choices.get(point.key, point.preset)
        word = field_word(point.field) if point.field else record_word(point.table)
        if choice is None:
            raise refuse("conflict.undecided", _("Not decided yet: {field}.").format(field=word))
        if point.fixed and choice != "theirs":
            raise refuse("conflict.fixed", fixed_sentence(word))
        decided.append((point, choice))
    return decided


def fixed_sentence(word: str) -> str:
    """Why a field cannot be mine."""
    return _("{field} follows from an action: do the action again, or leave it as it is.").format(
        field=word
    )


def _write(change: "Change", one: Returned, point: Point, choice: Choice) -> None:
    """Make the record so; what is theirs stands there already."""
    if choice == "theirs":
        return
    if point.op != "set":
        [patch] = [p for p in one.patches if (p.table, p.row_id) == (point.table, point.row_id)]
        _replay(change, patch)
        return
    value = value_of(point, choice.text) if isinstance(choice, Typed) else point.mine
    record = RECORDS[point.table]
    change.set(change.get(record, point.row_id), **{point.field: value})


def _replay(change: "Change", patch: Patch) -> None:
    """Add or delete a whole record; what it refers to must be there."""
    record = RECORDS[patch.table]
    if patch.op == "drop":
        change.drop(change.get(record, patch.row_id))
        return
    if change.find(record, patch.row_id) is not None:
        return
    for column, target in record.REFERENCES.items():
        named = patch.fields.get(column, [None, None])[1]
        if named is not None and change.find(RECORDS[target], str(named)) is None:
            raise refuse("reference.gone", _("What it belongs to is not here any more."))
    fields = dict(patch.fields)
    if author := AUTHORS.get(patch.table):  # who does it again writes it
        fields[author] = [None, change.actor.clerk_id]
    change.replay(Patch(patch.table, patch.row_id, "add", fields))


@contextmanager
def _change(store: Store, actor: Actor, action: str, *, claim: bool = False) -> "Iterator[Change]":
    try:
        with store.change(actor, action, claim=claim) as change:
            yield change
    except IntegrityError as error:
        raise refuse(
            "value.taken", _("Not possible: another record stands in its place now.")
        ) from error


def _settled(store: Store, change: "Change", one: Returned, action: str) -> Settled:
    by = None if change.seq is None else change.entry_id
    refusals.settle(store, one.entry_id, by)
    return Settled(action, one.entry_id, by is not None)


def _is_settled(one: Returned) -> Refusal | None:
    if one.settled:
        return Refusal("conflict.settled", _("This has been decided already."))
    return None


# Again


def again(store: Store, actor: Actor, entry_id: str) -> Settled:
    """Do the same once more, as an action of the same name upon what stands there now.

    Refused with the guard's reason where it cannot be done now.
    """
    from clerk.desks.doing_again import CLAIMS, redo_patches

    with store.group():
        one = find(store, Names(store.db), entry_id)
        if refusal := can_do_again(actor, store, one):
            raise Refused(refusal)
        if (undone := refusals.took_back(store.db, one.entry_id)) is not None:
            done = undo.invert(store, actor, undone)
            refusals.settle(store, one.entry_id, done.entry_id)
            return Settled(one.action, one.entry_id, True)
        with _change(store, actor, one.action, claim=one.action in CLAIMS) as change:
            redo_patches(store, change, actor, one, _replay)
        if change.seq is None:
            raise refuse("conflict.same", _("It stands so already; nothing had to be done."))
        return _settled(store, change, one, one.action)


def can_do_again(actor: Actor, store: Store, one: Returned) -> Refusal | None:
    """Whether the same can be done once more, now."""
    from clerk.desks.doing_again import can_again

    if refusal := _is_settled(one):
        return refusal
    if (undone := refusals.took_back(store.db, one.entry_id)) is not None:
        if undo.can_invert(store, undone):
            return None
        return Refusal(
            "conflict.undo", _("This took something back; do on the record what is needed.")
        )
    return can_again(actor, store, one)


# Let go


def let_go(store: Store, actor: Actor, entry_id: str) -> Settled:
    """Leave everything as it is; the matter is settled. Nothing is written to the journal."""
    one = find(store, Names(store.db), entry_id)
    if refusal := _is_settled(one):
        raise Refused(refusal)
    refusals.settle(store, entry_id, None)
    return Settled("conflict.let_go", entry_id, False)


def take_up(store: Store, actor: Actor, entry_id: str) -> Settled:
    """Open again what was settled without a change. Refused ``conflict.open`` if it is open."""
    if not find(store, Names(store.db), entry_id).settled:
        raise refuse("conflict.open", _("This is still to be decided."))
    refusals.reopen(store, entry_id)
    return Settled("conflict.take_up", entry_id, False)
