"""What the shared database checks again: the permission table and the states, per journal action.

The server does not trust a workstation. It gets the same tables that the guards here use, so that
a rule stands once.
"""

from collections.abc import Mapping

from clerk.rules.permissions import PERMISSIONS
from clerk.rules.states import CASE_STATES, FOLLOW_UP_STATES, ITEM_STATES, LETTER_STATES
from storage.terms import Role

_MATTERS = (
    "items",
    "cases",
    "statuses",
    "notes",
    "documents",
    "follow_ups",
    "relations",
    "persons",
    "letters",
)
_OF_THE_TOWN: Mapping[str, tuple[str, ...]] = {
    "library.import": ("services", "service_versions", "service_steps"),
    "office.settings": ("offices",),
}
_DESK = frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR})

# Journal actions that are not a permission of their own.
_BY_OTHER_NAMES: Mapping[str, str] = {"item.raise": "item.priority", "item.lower": "item.priority"}

ACTIONS: Mapping[str, tuple[frozenset[Role], tuple[str, ...]]] = {
    **{
        action: (roles, _OF_THE_TOWN.get(action, _MATTERS)) for action, roles in PERMISSIONS.items()
    },
    **{action: (PERMISSIONS[as_], _MATTERS) for action, as_ in _BY_OTHER_NAMES.items()},
    "item.receive": (_DESK, _MATTERS),
}

STATES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "items": {str(state): dict(after) for state, after in ITEM_STATES.items()},
    "cases": {str(state): dict(after) for state, after in CASE_STATES.items()},
    "follow_ups": {str(state): dict(after) for state, after in FOLLOW_UP_STATES.items()},
    "letters": {str(state): dict(after) for state, after in LETTER_STATES.items()},
}
