"""The same once more: what an entry wanted, asked of the guards anew and upon today's records."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from clerk.desks import cases, follow_ups, inbox_guards
from clerk.desks.returned import Returned
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules.permissions import PERMISSIONS, may
from clerk.rules.states import FOLLOW_UP_STATES, next_case_state, next_item_state
from storage import refusals
from storage.actor import Actor
from storage.patches import Patch, current
from storage.records import RECORDS, Case, FollowUp, Item, Office
from storage.store import Store
from storage.terms import FollowUpState

if TYPE_CHECKING:
    from storage.journal import Change

CLAIMS = ("item.take",)
"""Actions that only one can do: the shared store says who was first."""

# The table that an action is about, by the beginning of its id.
_MAIN = {"item": "items", "case": "cases", "follow_up": "follow_ups"}
Replay = Callable[["Change", Patch], None]


def can_again(actor: Actor, store: Store, one: Returned) -> Refusal | None:
    """Why it cannot be done again now; of several records one is enough."""
    try:
        _passed(store, actor, one.action, one.patches)
    except Refused as refused:
        return refused.refusal
    return None


def redo_patches(
    store: Store, change: "Change", actor: Actor, one: Returned, replay: Replay
) -> None:
    """Do it within a running change; records whose guard refuses by now are left out."""
    action, patches = one.action, one.patches
    main = _main(action)
    out = _left_out(patches, main, _passed(store, actor, action, patches))
    for patch in patches:
        if (patch.table, patch.row_id) in out:
            continue
        if patch.op != "set":
            replay(change, _renumbered(change, one, patch))
        elif patch.table == main or not main:
            _set(store, change, action, patch)
        else:
            _set_beside(change, patch)


def _passed(store: Store, actor: Actor, action: str, patches: Sequence[Patch]) -> set[str]:
    """The ids of the records of the action's own table that may be acted on."""
    unknown = action not in PERMISSIONS and action not in inbox_guards.GUARDS
    if unknown or action.startswith("letter."):  # what a letter needs is done on the letter
        raise refuse("conflict.not_again", _("This cannot be done again from here."))
    main = _main(action)
    guard = _guard(actor, action)
    passed: set[str] = set()
    refused: list[Refusal] = []
    for row_id in _ids(patches, main):
        row = current(store.db, main, row_id)
        if row is None:
            refused.append(Refusal("record.gone", _("This record no longer exists.")))
        elif guard is not None and (said := guard(RECORDS[main](**row))):  # type: ignore[arg-type]  # a row is its record
            refused.append(said)
        else:
            passed.add(row_id)
    if refused and not passed:
        raise Refused(refused[0])
    _refuse_role(store, actor, action, patches)
    _refuse_closed(store, patches)
    return passed


def _main(action: str) -> str:
    return _MAIN.get(action.partition(".")[0], "")


def _guard(actor: Actor, action: str) -> "Callable[[object], Refusal | None] | None":
    guards: dict[str, Callable[[Actor, object], Refusal | None]] = {
        **inbox_guards.GUARDS,  # type: ignore[dict-item]  # each is asked for records of its own kind
        **cases.GUARDS,  # type: ignore[dict-item]
        "follow_up.done": follow_ups.can_finish,  # type: ignore[dict-item]
    }
    found = guards.get(action)
    return None if found is None else lambda record: found(actor, record)


def _refuse_role(store: Store, actor: Actor, action: str, patches: Sequence[Patch]) -> None:
    """Actions without a guard of their own (a case opened, a conflict resolved)."""
    if action not in PERMISSIONS or action in inbox_guards.GUARDS or action in cases.GUARDS:
        return
    if action == "follow_up.done":
        return
    if not all(may(action, actor.roles, refusals.office_of(store.db, p)) for p in patches):
        raise refuse("role.missing", _("Your role in this office does not allow it."))


def _refuse_closed(store: Store, patches: Sequence[Patch]) -> None:
    """Nothing is filed into a case that was closed by now."""
    from clerk.desks.inbox import refuse_closed

    for patch in patches:
        case_id = patch.fields.get("case_id", [None, None])[1]
        if patch.table == "items" and patch.op == "set" and case_id is not None:
            row = current(store.db, "cases", str(case_id))
            if row is not None:
                refuse_closed(Case(**row))  # type: ignore[arg-type]  # a row is its record


def _ids(patches: Sequence[Patch], main: str) -> list[str]:
    """The records of the action's own table that exist already: changed, or written about."""
    column = {"items": "item_id", "cases": "case_id"}.get(main, "")
    added = {p.row_id for p in patches if p.op == "add"}
    found: dict[str, None] = {}
    for patch in patches:
        if patch.table == main and patch.op == "set":
            found[patch.row_id] = None
        elif column and patch.op == "add" and patch.table != main:
            named = patch.fields.get(column, [None, None])[1]
            if named is not None and named not in added:
                found[str(named)] = None
    return list(found)


def _renumbered(change: "Change", one: Returned, patch: Patch) -> Patch:
    """A case whose number another one has got meanwhile gets the next one."""
    if one.code != "value.taken" or (patch.table, patch.op) != ("cases", "add"):
        return patch
    office = change.get(Office, str(patch.fields["office_id"][1]))
    number = cases.next_number(change, office)
    return Patch(patch.table, patch.row_id, "add", patch.fields | {"number": [None, number]})


def _left_out(patches: Sequence[Patch], main: str, passed: set[str]) -> set[tuple[str, str]]:
    """What belongs to records that did not pass."""
    gone = {one for one in _ids(patches, main) if one not in passed}
    column = {"items": "item_id", "cases": "case_id"}.get(main, "")
    out = {(main, one) for one in gone}
    for patch in patches:
        if column and patch.fields.get(column, [None, None])[1] in gone and patch.table != main:
            out.add((patch.table, patch.row_id))
    return out


def _set(store: Store, change: "Change", action: str, patch: Patch) -> None:
    """The wanted values over today's; where the state leads, the tables say."""
    record = change.get(RECORDS[patch.table], patch.row_id)
    fields = {name: new for name, (_old, new) in patch.fields.items()}
    if "state" in fields:
        after: str | None = None
        if isinstance(record, Item):
            after = next_item_state(record.state, action)
        elif isinstance(record, Case):
            after = next_case_state(record.state, action)
        elif isinstance(record, FollowUp):
            after = FOLLOW_UP_STATES[FollowUpState(record.state)].get(action)
        if after is None:
            raise refuse("state.refused", _("The record is in another state by now."))
        fields["state"] = str(after)
    if fields.get("closed_at") is not None:
        fields["closed_at"] = change.at
    for column, target in type(record).REFERENCES.items():
        named = fields.get(column)
        if named is not None and current(store.db, target, str(named)) is None:
            raise refuse("reference.gone", _("What it belongs to is not here any more."))
    change.set(record, **fields)


def _set_beside(change: "Change", patch: Patch) -> None:
    """What the action did to other records (a waiting case woke up), where it still fits."""
    record = change.find(RECORDS[patch.table], patch.row_id)
    if record is None:
        return
    fits = all(getattr(record, name) == old for name, (old, _new) in patch.fields.items())
    if fits:
        change.set(record, **{name: new for name, (_old, new) in patch.fields.items()})
