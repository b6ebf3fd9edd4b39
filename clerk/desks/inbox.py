"""The inbox: take, hand over, file, finish what came in."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from clerk.desks.cases import open_case
from clerk.desks.outcome import Outcome, sort_out
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import Refusal, refuse
from clerk.rules.permissions import may
from clerk.rules.states import next_item_state
from storage.actor import Actor
from storage.journal import Change
from storage.records import Case, FollowUp, Item, Note, Office
from storage.store import Store
from storage.terms import CaseState

PRIORITIES = (-1, 0, 1, 2)


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
        return Refusal("item.not_yours", _("This item lies with another office."))
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
    if item.claimed_by in (None, actor.clerk_id):
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


def take(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """The actor sees to these items; one that lay with no office goes to the actor's."""

    def do(change: Change, item: Item) -> None:
        change.set(item, claimed_by=actor.clerk_id)

    return _each(store, actor, "item.take", ids, do)


def release(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """Back to the others of the office."""

    def do(change: Change, item: Item) -> None:
        change.set(item, claimed_by=None)

    return _each(store, actor, "item.release", ids, do)


def hand_over(store: Store, actor: Actor, ids: Sequence[str], office_id: str) -> Outcome:
    """To another office, where nobody has it yet. StoreError ``record.gone``: no such office."""

    def do(change: Change, item: Item) -> None:
        change.set(item, office_id=change.get(Office, office_id).id, claimed_by=None)

    return _each(store, actor, "item.hand_over", ids, do)


def file_into(store: Store, actor: Actor, ids: Sequence[str], case_id: str) -> Outcome:
    """Into an existing case. Refused (``case.closed``) when the case is closed."""

    def do(change: Change, item: Item) -> None:
        case = change.get(Case, case_id)
        refuse_closed(case)
        _file(change, item, case)

    return _each(store, actor, "item.file", ids, do)


def file_into_new(
    store: Store,
    actor: Actor,
    ids: Sequence[str],
    *,
    service_id: str | None,
    office_id: str | None = None,
    subject: str | None = None,
) -> tuple[Outcome, str]:
    """Into a new case with the subject of the first item; returns its id as well.

    The office is the service's, else the given one, else the item's, else the actor's first.
    """
    made: list[Case] = []

    def do(change: Change, item: Item) -> None:
        if not made:
            case = open_case(
                store,
                change,
                actor,
                service_id=service_id,
                office_id=office_id or item.office_id,
                subject=subject or item.subject or _("(no subject)"),
                person_id=item.person_id,
            )
            made.append(case)
        _file(change, item, made[0])

    outcome = _each(store, actor, "item.file", ids, do)
    return outcome, made[0].id


def _file(change: Change, item: Item, case: Case) -> None:
    change.set(
        item,
        state=_state(item, "item.file"),
        case_id=case.id,
        office_id=case.office_id,
        claimed_by=None,
    )


def refuse_closed(case: Case) -> None:
    """Nothing is filed into a closed case; it has to be opened again first."""
    if case.state == CaseState.CLOSED:
        raise refuse("case.closed", _("The case is closed. Open it again first."))


def finish(
    store: Store, actor: Actor, action: str, ids: Sequence[str], reason: str | None = None
) -> Outcome:
    """``item.done``, ``item.aside``, ``item.spam``, ``item.duplicate``: out of the open items."""

    def do(change: Change, item: Item) -> None:
        change.set(item, state=_state(item, action), reason=reason)

    return _each(store, actor, action, ids, do)


def reopen(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """Back to the open items; a filed one leaves its case."""

    def do(change: Change, item: Item) -> None:
        change.set(item, state=_state(item, "item.reopen"), case_id=None, reason=None)

    return _each(store, actor, "item.reopen", ids, do)


def prioritise(store: Store, actor: Actor, ids: Sequence[str], step: int) -> Outcome:
    """One step more or less urgent, within :data:`PRIORITIES`."""

    def do(change: Change, item: Item) -> None:
        change.set(item, priority=max(PRIORITIES[0], min(PRIORITIES[-1], item.priority + step)))

    return _each(store, actor, "item.raise" if step > 0 else "item.lower", ids, do)


def note(store: Store, actor: Actor, item_id: str, text: str) -> Outcome:
    """An internal note on the item."""

    def do(change: Change, item: Item) -> None:
        change.add(Note(item_id=item.id, clerk_id=actor.clerk_id, at=store.clock(), text=text))

    return _each(store, actor, "item.note", [item_id], do)


def follow_up(store: Store, actor: Actor, ids: Sequence[str], due: date, text: str = "") -> Outcome:
    """Look at the items again on a date."""

    def do(change: Change, item: Item) -> None:
        change.add(
            FollowUp(
                item_id=item.id,
                office_id=item.office_id,
                clerk_id=actor.clerk_id,
                due_on=due.isoformat(),
                text=text,
                created_at=store.clock(),
                created_by=actor.clerk_id,
            )
        )

    return _each(store, actor, "item.follow_up", ids, do)


def _state(item: Item, action: str) -> str:
    state = next_item_state(item.state, action)
    if state is None:  # the guard refuses before it comes to this
        raise ValueError(f"{action} from {item.state}")
    return str(state)


def _each(
    store: Store,
    actor: Actor,
    action: str,
    ids: Sequence[str],
    do: Callable[[Change, Item], None],
) -> Outcome:
    """Guard, then change every item that passes, as one action."""
    with store.change(actor, action) as change:
        items = [change.get(Item, item_id) for item_id in ids]
        passed, refused = sort_out(items, lambda item: GUARDS[action](actor, item))
        for item in passed:
            do(change, item)
    return Outcome(action, tuple(item.id for item in passed), tuple(refused))
