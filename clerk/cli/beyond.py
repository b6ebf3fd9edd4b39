"""What a command finds in the shared store alone, and fetches from there."""

import re
from typing import TYPE_CHECKING

from clerk import clock
from clerk.cli import find
from clerk.cli.reading import log, needed_reason
from clerk.desks import beyond
from clerk.refusal import Refused, refuse
from clerk.rules.numbers import numbers_meant
from clerk.session import Session
from clerk.settings import load_settings

if TYPE_CHECKING:
    from storage.inquiries import Answer, Far, Inquiry
    from storage.pages.cases import CaseRow

_WHOLE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def asked(session: Session, one: "Inquiry") -> "Answer":
    """The shared store's answer; its code says why there is none."""
    from clerk.sharing.asking import answer

    return answer(session.store, load_settings(session.home).sync, one)


def case_to_show(session: Session, typed: str, reason: str) -> "CaseRow":
    """The case with this number or id, fetched where it is not here; the read is logged.

    Refused ``id.unknown``, ``read.reason``, or with the code of what keeps the shared store away.
    """
    db = session.store.db
    try:
        row = find.case(db, typed)
    except Refused as refused:
        if refused.refusal.code != "id.unknown" or beyond.can_ask(session.store):
            raise
        fetched = _fetched(session, typed.strip(), reason)
        if fetched is None:
            raise
        return find.case(db, fetched)
    log(session, [("cases", row.id)], "number", reason)
    return row


def _fetched(session: Session, typed: str, reason: str) -> str | None:
    """The id of the case, which is here now; None where it is not to be seen there either."""
    needed_reason(session, reason)
    ids = [typed] if _WHOLE_ID.fullmatch(typed) else []
    if numbers := numbers_meant(typed, (), clock.today().year):
        ids = [far.id for far in _answered(session, beyond.by_numbers(numbers))]
    for case_id in ids:
        if _answered(session, beyond.whole("cases", case_id, way="number", reason=reason)):
            return case_id
    return None


def _answered(session: Session, one: "Inquiry") -> "tuple[Far, ...]":
    answer = asked(session, one)
    if answer.code:
        raise refuse(answer.code, beyond.why_not(answer.code))
    return answer.found
