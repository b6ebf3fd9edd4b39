"""Whether something can be done with an item: the guards of the inbox.

Apart from the use cases because the first paint asks them, and must not wait for the records and
the library that acting needs.
"""

from collections.abc import Callable
from typing import Protocol

from clerk.i18n import _
from clerk.names import word
from clerk.refusal import Refusal
from clerk.rules.permissions import may
from clerk.rules.states import next_item_state
from storage.actor import Actor


class ItemFacts(Protocol):
    """What a guard needs to know of an item: a record or a row of a list."""

    @property
    def state(self) -> str: ...
    @property
    def office_id(self) -> str | None: ...
    @property
    def claimed_by(self) -> str | None: ...


def can(actor: Actor, action: str, item: ItemFacts) -> Refusal | None:
    """Why this actor cannot do this to the item now; None if they can."""
    if not may(action, actor.roles, item.office_id):
        return Refusal(
            "item.not_yours", _("This item lies with another office or needs another role.")
        )
    if next_item_state(item.state, action) is None:
        return Refusal(
            "item.state",
            _("Not possible: the item is {state}.").format(state=word("item", item.state)),
        )
    return None


def can_take(actor: Actor, item: ItemFacts) -> Refusal | None:
    """Whether the actor can take the item; taking it from a colleague is the supervisor's."""
    if refusal := can(actor, "item.take", item):
        return refusal
    if item.claimed_by == actor.clerk_id:
        return Refusal("item.yours", _("You have this item already."))
    return _claimed_by_other(actor, item)


def can_release(actor: Actor, item: ItemFacts) -> Refusal | None:
    """Whether the actor can put the item back."""
    if refusal := can(actor, "item.release", item):
        return refusal
    if item.claimed_by is None:
        return Refusal("item.nobodys", _("Nobody has taken this item."))
    return _claimed_by_other(actor, item)


def can_decide(actor: Actor, action: str, item: ItemFacts) -> Refusal | None:
    """Whether the actor can do this although a colleague may have the item."""
    return can(actor, action, item) or _claimed_by_other(actor, item)


def can_note(actor: Actor, item: ItemFacts) -> Refusal | None:
    """Whether the actor can write a note; a colleague's claim does not hinder it."""
    return can(actor, "item.note", item)


def can_follow_up(actor: Actor, item: ItemFacts) -> Refusal | None:
    """Whether the actor can set a follow-up; a colleague's claim does not hinder it."""
    return can(actor, "item.follow_up", item)


def _claimed_by_other(actor: Actor, item: ItemFacts) -> Refusal | None:
    if item.claimed_by is None or actor.acts_for(item.claimed_by):
        return None
    if may("item.release_other", actor.roles, item.office_id):
        return None
    return Refusal("item.taken", _("A colleague has taken this item."))


def _decides(action: str) -> Callable[[Actor, ItemFacts], Refusal | None]:
    return lambda actor, item: can_decide(actor, action, item)


# One guard per action that the screens and the command line offer.
GUARDS: dict[str, Callable[[Actor, ItemFacts], Refusal | None]] = {
    "item.take": can_take,
    "item.release": can_release,
    "item.note": can_note,
    "item.follow_up": can_follow_up,
    **{
        name: _decides(name)
        for name in (
            "item.hand_over",
            "item.file",
            "item.done",
            "item.aside",
            "item.duplicate",
            "item.spam",
            "item.reopen",
        )
    },
    "item.raise": _decides("item.priority"),
    "item.lower": _decides("item.priority"),
}
