"""Follow-ups: what is to be looked at again."""

from collections.abc import Sequence
from typing import Protocol

from clerk.desks.outcome import Outcome, sort_out
from clerk.i18n import _
from clerk.refusal import Refusal
from clerk.rules.permissions import may
from clerk.rules.states import FOLLOW_UP_STATES
from storage.actor import Actor
from storage.records import FollowUp
from storage.store import Store
from storage.terms import FollowUpState


class FollowUpFacts(Protocol):
    """What the guard needs to know of a follow-up: a record or a row of a list."""

    @property
    def state(self) -> str: ...
    @property
    def office_id(self) -> str | None: ...
    @property
    def clerk_id(self) -> str | None: ...


def can_finish(actor: Actor, follow_up: FollowUpFacts) -> Refusal | None:
    """Whether the actor can mark it done: their own, or one of their offices."""
    own = follow_up.clerk_id is not None and actor.acts_for(follow_up.clerk_id)
    if not own and not may("follow_up.done", actor.roles, follow_up.office_id):
        return Refusal(
            "follow_up.not_yours",
            _("This follow-up belongs to another office or needs another role."),
        )
    if "follow_up.done" not in FOLLOW_UP_STATES[FollowUpState(follow_up.state)]:
        return Refusal("follow_up.state", _("This follow-up is done already."))
    return None


def finish(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """Done: they leave the list."""
    with store.change(actor, "follow_up.done") as change:
        found = [change.get(FollowUp, one) for one in dict.fromkeys(ids)]
        passed, refused = sort_out(found, lambda one: can_finish(actor, one))
        for one in passed:
            change.set(one, state=FollowUpState.DONE)
    return Outcome("follow_up.done", tuple(one.id for one in passed), tuple(refused))
