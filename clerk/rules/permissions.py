"""Who may do what: a table of actions and roles.

The office of a record decides: a role counts in its own office only. A record that lies with no
office yet is everybody's. Administrators run the program; they do not work on matters
(need to know, DSGVO Art. 5 (1) c, BDSG 64).
"""

from collections.abc import Mapping

from storage.terms import Role

_DESK = frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR})
_DECIDES = frozenset({Role.OFFICER, Role.SUPERVISOR})
_LEADS = frozenset({Role.SUPERVISOR})
_RUNS = frozenset({Role.ADMIN})
_WIDTH = (Role.ADMIN, Role.CLERK, Role.OFFICER, Role.SUPERVISOR)

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "item.take": _DESK,
    "item.release": _DESK,
    "item.release_other": _LEADS,
    "item.hand_over": _DESK,
    "item.file": _DESK,
    "item.done": _DESK,
    "item.aside": _DESK,
    "item.duplicate": _DESK,
    "item.spam": _DESK,
    "item.reopen": _DESK,
    "item.note": _DESK,
    "item.follow_up": _DESK,
    "item.priority": _DESK,
    "case.open": _DESK,
    "case.take": _DESK,
    "case.hand_over": _DESK,
    "case.note": _DESK,
    "case.follow_up": _DESK,
    "case.wait": _DESK,
    "case.go_on": _DESK,
    "case.close": _DECIDES,
    "case.reopen": _DECIDES,
    "follow_up.done": _DESK,
    "letter.draft": _DESK,
    "letter.change": _DESK,
    "letter.sign": _DECIDES,
    "letter.sign_first": _DECIDES,
    "letter.return": _DECIDES,
    "letter.send": _DESK,
    "letter.recall": _DESK,
    "letter.sent": _DESK,
    "letter.withdraw": _DESK,
    "conflict.resolve": _DESK,
    "payment.import": _DESK,
    "payment.assign": _DESK,
    "payment.accept": _DESK,
    "payment.reject": _DESK,
    "payment.take_off": _DESK,
    "payment.refund": _DECIDES,
    "payment.refunded": _DECIDES,
    "payment.take": _DESK,
    "payment.online": _DESK,
    "absence.set": _LEADS,
    "absence.end": _LEADS,
    "library.import": _RUNS | _LEADS,
    # A clerk records what comes in and goes out; decisions about a fine are the officers'.
    "fine.new": _DESK,
    "fine.import": _DESK,
    "fine.edit": _DESK,
    "fine.investigate": _DESK,
    "fine.warn": _DESK,
    "fine.offer_warning": _DESK,
    "fine.accept_warning": _DESK,
    "fine.hear": _DESK,
    "fine.take_back": _DESK,
    "fine.serve": _DESK,
    "fine.object": _DESK,
    "fine.withdraw_objection": _DESK,
    "fine.become_final": _DESK,
    "fine.decide": _DESK,
    "fine.settle": _DESK,
    "fine.remind": _DESK,
    "fine.death": _DESK,
    "fine.refer": _DECIDES,
    "fine.conclude": _DECIDES,
    "fine.issue": _DECIDES,
    "fine.reject_objection": _DECIDES,
    "fine.admit": _DECIDES,
    "fine.to_court": _DECIDES,
    "fine.defer": _DECIDES,
    "fine.lapse": _DECIDES,
    "fine.enforce": _DECIDES,
    "fine.detain": _DECIDES,
    "fine.discontinue": _DECIDES,
    "fine.waive": _DECIDES,  # to settle what was not paid
    "fine.reopen": _DECIDES,
    "fine.restrict": _LEADS,
    "fine.lift": _LEADS,
    "fine.keep": _LEADS,
    "fine.erase": _LEADS,
    "fine.catalogue": _RUNS | _LEADS,
    "office.settings": _RUNS | _LEADS,
}


def may(action: str, roles: Mapping[str, str], office_id: str | None) -> bool:
    """Whether somebody with these roles (office id -> role) may do it to a record of the office."""
    allowed = PERMISSIONS[action]
    if office_id is None:
        return any(role in allowed for role in roles.values())
    return roles.get(office_id) in allowed


def wider(role: str, other: str) -> bool:
    """Whether a role allows more at the desk than another; an administrator's allows nothing."""
    return _WIDTH.index(role) > _WIDTH.index(other)
