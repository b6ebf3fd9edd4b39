"""Undo and redo in the words of the office."""

from clerk.actions import ACTIONS
from clerk.i18n import N_, _

# Actions of the journal that have no key of their own.
_OTHERS = {
    "item.receive": N_("Received"),
    "item.priority": N_("Priority"),
    "case.open": N_("Case opened"),
    "library.import": N_("Services imported"),
    "town.found": N_("Set up"),
}
_TITLES = {one.id: one.label for one in ACTIONS} | _OTHERS


def title_of(action_id: str) -> str:
    """What an action of the journal is called on screen; an unknown one is shown as it is."""
    label = _TITLES.get(action_id)
    return _(label) if label else action_id
