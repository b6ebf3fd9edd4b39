"""What the shared database checks again: the permission table and the states, per journal action.

The server does not trust a workstation. It gets the same tables that the guards here use, so that
a rule stands once.
"""

from collections.abc import Mapping

from clerk.rules.fine_states import ACTIONS as FINE_ACTIONS
from clerk.rules.fine_states import CLOSED, FINAL, FINE_STATES, WHEN_PAID
from clerk.rules.permissions import PERMISSIONS
from clerk.rules.states import CASE_STATES, FOLLOW_UP_STATES, ITEM_STATES, LETTER_STATES
from storage.terms import CaseState, FineState, FollowUpState, LetterState, Role

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
_FINES = (
    *_MATTERS,
    "fines",
    "fine_offences",
    "participants",
    "fine_steps",
    "dogs",
    "claims",
    "payments",
    "allocations",
    "instalments",
    "online_payments",
)
# One's own absence is set by whoever one is; the server knows whose it is.
_EVERYBODYS: Mapping[str, frozenset[Role]] = dict.fromkeys(
    ("absence.set", "absence.end"), frozenset(Role)
)
_OF_THE_TOWN: Mapping[str, tuple[str, ...]] = {
    "absence.set": ("absences",),
    "absence.end": ("absences",),
    "library.import": ("services", "service_versions", "service_steps"),
    "office.settings": ("offices",),
    "fine.catalogue": ("offences",),
}
_DESK = frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR})


def _tables(action: str) -> tuple[str, ...]:
    """The tables that an action may touch."""
    if action in _OF_THE_TOWN:
        return _OF_THE_TOWN[action]
    wide = action.startswith(("fine.", "payment.")) or action == "case.hand_over"
    return _FINES if wide else _MATTERS


# Journal actions that are not a permission of their own.
_BY_OTHER_NAMES: Mapping[str, str] = {"item.raise": "item.priority", "item.lower": "item.priority"}

ACTIONS: Mapping[str, tuple[frozenset[Role], tuple[str, ...]]] = {
    **{
        action: (_EVERYBODYS.get(action, roles), _tables(action))
        for action, roles in PERMISSIONS.items()
    },
    **{action: (PERMISSIONS[as_], _MATTERS) for action, as_ in _BY_OTHER_NAMES.items()},
    "item.receive": (_DESK, _MATTERS),
}

# A fine that ends closes its case, one that goes on opens it; each step ends the follow-ups that
# the state before it began.
_CLOSES = {
    action: CaseState.CLOSED
    for row in FINE_STATES.values()
    for action, after in row.items()
    if after in CLOSED and action != "fine.reopen"
}
_BY_FINES: Mapping[str, Mapping[str, str]] = {
    CaseState.OPEN: _CLOSES,
    CaseState.WAITING: _CLOSES,
    CaseState.CLOSED: {"fine.reopen": CaseState.OPEN},
}

STATES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "items": {str(state): dict(after) for state, after in ITEM_STATES.items()},
    "cases": {
        str(state): {**after, **_BY_FINES.get(state, {})} for state, after in CASE_STATES.items()
    },
    "follow_ups": {
        str(state): {
            **after,
            **(dict.fromkeys(FINE_ACTIONS, FollowUpState.DONE) if state == "open" else {}),
        }
        for state, after in FOLLOW_UP_STATES.items()
    },
    "fines": {str(state): dict(after) for state, after in FINE_STATES.items()},
    "letters": {str(state): dict(after) for state, after in LETTER_STATES.items()},
}

# A fine that was paid before it became final is settled with it.
_SETTLE = {
    (str(state), action)
    for state, row in FINE_STATES.items()
    for action, after in row.items()
    if after in FINAL and state not in FINAL
}

# A payment, or its reversal, moves a fine by itself, and with it its case and what reminded of it.
_PAYMENTS = tuple(action for action in PERMISSIONS if action.startswith("payment."))
_PAID = {
    *(("fines", str(state), str(after)) for state, afters in WHEN_PAID.items() for after in afters),
    ("cases", CaseState.OPEN, CaseState.CLOSED),
    ("cases", CaseState.WAITING, CaseState.CLOSED),
    ("cases", CaseState.CLOSED, CaseState.OPEN),
    ("follow_ups", FollowUpState.OPEN, FollowUpState.DONE),
    ("letters", LetterState.DRAFT, LetterState.WITHDRAWN),
}

ALSO: frozenset[tuple[str, str, str, str]] = frozenset(
    {
        *((table, state, action, after) for table, state, after in _PAID for action in _PAYMENTS),
        *(("letters", LetterState.DRAFT, action, LetterState.WITHDRAWN) for action in _CLOSES),
        *(("fines", state, action, FineState.SETTLED) for state, action in _SETTLE),
        *(
            ("cases", state, action, CaseState.CLOSED)
            for state in (CaseState.OPEN, CaseState.WAITING)
            for _state, action in _SETTLE
        ),
        ("cases", CaseState.WAITING, "item.file", CaseState.OPEN),
        *(
            ("follow_ups", FollowUpState.OPEN, action, FollowUpState.DONE)
            for action in ("case.go_on", "case.close", "item.file")
        ),
    }
)
"""(table, state, action, next state): what actions bring about beside what they are for: drafts
that end with a fine, what a case waits for when it goes on."""
