"""The inbox: take, hand over, file, finish what came in."""

from collections.abc import Callable, Sequence
from datetime import date

from clerk.desks.cases import open_case, wake
from clerk.desks.inbox_guards import GUARDS
from clerk.desks.outcome import Outcome, sort_out
from clerk.desks.persons import SENDER, Whose, person_of
from clerk.i18n import _
from clerk.refusal import Refusal, refuse
from clerk.rules.permissions import may
from clerk.rules.states import next_item_state
from storage.actor import Actor
from storage.journal import Change
from storage.records import Case, FollowUp, Item, Note, Office
from storage.store import Store
from storage.terms import CaseState

PRIORITIES = (-1, 0, 1, 2)


def take(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """The actor sees to these items; one that lay with no office goes to the actor's.

    An actor of several offices leaves it with none: whose matter it is, they say by handing over.
    """
    own = [office for office in actor.offices if may("item.take", actor.roles, office)]
    home = own[0] if len(own) == 1 else None

    def do(change: Change, item: Item) -> None:
        change.set(item, claimed_by=actor.clerk_id, office_id=item.office_id or home)

    return _each(store, actor, "item.take", ids, do, claim=True)


def release(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """Back to the others of the office."""

    def do(change: Change, item: Item) -> None:
        change.set(item, claimed_by=None)

    return _each(store, actor, "item.release", ids, do)


def hand_over(store: Store, actor: Actor, ids: Sequence[str], office_id: str) -> Outcome:
    """To another office, where nobody has it yet. StoreError ``record.gone``: no such office."""

    def do(change: Change, item: Item) -> None:
        change.set(item, office_id=change.get(Office, office_id).id, claimed_by=None)

    def elsewhere(item: Item) -> Refusal | None:
        if item.office_id != office_id:
            return None
        return Refusal("item.there", _("The item lies with this office already."))

    return _each(store, actor, "item.hand_over", ids, do, further=elsewhere)


def file_into(store: Store, actor: Actor, ids: Sequence[str], case_id: str) -> Outcome:
    """Into an existing case, which waits no longer. Refused ``case.closed`` when it is closed."""

    def do(change: Change, item: Item) -> None:
        case = change.get(Case, case_id)
        refuse_closed(case)
        wake(store, change, case)
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
    whose: Whose = SENDER,
) -> tuple[Outcome, str]:
    """Into a new case with the subject of the first item; returns its id as well.

    The office is the service's, else the given one, else the item's, else the actor's first. The
    case is the person's ``whose`` it is, and so are the items that they sent.
    """
    made: list[Case] = []
    senders: list[tuple[str, str]] = []

    def do(change: Change, item: Item) -> None:
        sender = (item.sender_name, item.sender_address)
        if not made:
            person = person_of(store.db, change, item, whose)
            senders.append(sender)
            case = open_case(
                store,
                change,
                actor,
                service_id=service_id,
                office_id=office_id or item.office_id,
                subject=subject or item.subject or _("(no subject)"),
                person_id=person.id if person else None,
            )
            made.append(case)
        if item.person_id is None and sender in senders:
            change.set(item, person_id=made[0].person_id)
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
        change.add(Note(item_id=item.id, clerk_id=actor.clerk_id, at=change.at, text=text))

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
                created_at=change.at,
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
    *,
    further: Callable[[Item], Refusal | None] = lambda _item: None,
    claim: bool = False,
) -> Outcome:
    """Guard (and what the target asks for further), then change every item that passes, as one
    action; with ``claim`` one that somebody else may have done first in the shared store."""
    with store.change(actor, action, claim=claim) as change:
        items = [change.get(Item, item_id) for item_id in dict.fromkeys(ids)]
        passed, refused = sort_out(items, lambda item: GUARDS[action](actor, item) or further(item))
        for item in passed:
            do(change, item)
    return Outcome(action, tuple(item.id for item in passed), tuple(refused))
