"""States and what leads from one to the next: tables, not branches.

``{state: {action: next state}}``. An action that a state does not list cannot be done there.
"""

from collections.abc import Mapping

from storage.terms import CaseState, FollowUpState, ItemState, LetterState

_REOPEN = {"item.reopen": ItemState.OPEN}
_ALWAYS = ("item.note", "item.follow_up")

ITEM_STATES: Mapping[ItemState, Mapping[str, ItemState]] = {
    ItemState.OPEN: {
        "item.take": ItemState.OPEN,
        "item.release": ItemState.OPEN,
        "item.hand_over": ItemState.OPEN,
        "item.priority": ItemState.OPEN,
        "item.file": ItemState.FILED,
        "item.done": ItemState.DONE,
        "item.aside": ItemState.ASIDE,
        "item.duplicate": ItemState.DUPLICATE,
        "item.spam": ItemState.SPAM,
        **dict.fromkeys(_ALWAYS, ItemState.OPEN),
    },
    ItemState.ASIDE: {
        **_REOPEN,
        "item.file": ItemState.FILED,
        "item.done": ItemState.DONE,
        "item.spam": ItemState.SPAM,
        **dict.fromkeys(_ALWAYS, ItemState.ASIDE),
    },
    ItemState.FILED: {
        **_REOPEN,
        "item.file": ItemState.FILED,
        **dict.fromkeys(_ALWAYS, ItemState.FILED),
    },
    ItemState.DONE: {
        **_REOPEN,
        "item.file": ItemState.FILED,
        **dict.fromkeys(_ALWAYS, ItemState.DONE),
    },
    ItemState.DUPLICATE: {**_REOPEN, **dict.fromkeys(_ALWAYS, ItemState.DUPLICATE)},
    ItemState.SPAM: {**_REOPEN},
    ItemState.QUARANTINE: {**_REOPEN, "item.spam": ItemState.SPAM},
}

CASE_STATES: Mapping[CaseState, Mapping[str, CaseState]] = {
    CaseState.OPEN: {
        "case.take": CaseState.OPEN,
        "case.hand_over": CaseState.OPEN,
        "case.note": CaseState.OPEN,
        "case.follow_up": CaseState.OPEN,
        "case.wait": CaseState.WAITING,
        "case.close": CaseState.CLOSED,
    },
    CaseState.WAITING: {
        "case.take": CaseState.WAITING,
        "case.hand_over": CaseState.WAITING,
        "case.note": CaseState.WAITING,
        "case.follow_up": CaseState.WAITING,
        "case.go_on": CaseState.OPEN,
        "case.close": CaseState.CLOSED,
    },
    CaseState.CLOSED: {"case.reopen": CaseState.OPEN, "case.note": CaseState.CLOSED},
}

FOLLOW_UP_STATES: Mapping[FollowUpState, Mapping[str, FollowUpState]] = {
    FollowUpState.OPEN: {"follow_up.done": FollowUpState.DONE},
    FollowUpState.DONE: {},
}

# Until it is final a letter may be changed; once sent nothing takes it back.
LETTER_STATES: Mapping[LetterState, Mapping[str, LetterState]] = {
    LetterState.DRAFT: {
        "letter.change": LetterState.DRAFT,
        "letter.sign": LetterState.FINAL,
        "letter.sign_first": LetterState.SIGNED,
        "letter.withdraw": LetterState.WITHDRAWN,
    },
    LetterState.SIGNED: {
        "letter.sign": LetterState.FINAL,
        "letter.return": LetterState.DRAFT,
        "letter.withdraw": LetterState.WITHDRAWN,
    },
    LetterState.FINAL: {
        "letter.send": LetterState.QUEUED,
        "letter.withdraw": LetterState.WITHDRAWN,
    },
    LetterState.QUEUED: {
        "letter.recall": LetterState.FINAL,
        "letter.sent": LetterState.SENT,
    },
    LetterState.SENT: {},
    LetterState.WITHDRAWN: {},
}


def next_item_state(state: str, action: str) -> ItemState | None:
    """Where the action leads from this state, None if it cannot be done there."""
    return ITEM_STATES[ItemState(state)].get(action)


def next_case_state(state: str, action: str) -> CaseState | None:
    """Where the action leads from this state, None if it cannot be done there."""
    return CASE_STATES[CaseState(state)].get(action)


def next_letter_state(state: str, action: str) -> LetterState | None:
    """Where the action leads from this state, None if it cannot be done there."""
    return LETTER_STATES[LetterState(state)].get(action)
