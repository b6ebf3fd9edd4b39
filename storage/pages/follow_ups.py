"""Follow-ups as pages, the earliest due first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from storage.pages.keyset import Keyset
from storage.terms import FollowUpState
from storage.values import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.records import FollowUp


class FollowUpRow(NamedTuple):
    """One line; ``about`` is the case's number and subject or the item's subject."""

    id: str
    due_on: str
    text: str
    state: str
    office_id: str | None
    clerk_id: str | None
    case_id: str | None
    item_id: str | None
    about: str

    @property
    def key(self) -> tuple[Value, ...]:
        """Where its page stands: the order of the list."""
        return (self.due_on, self.id)


_SELECT = (
    "SELECT f.id AS id, f.due_on AS due_on, f.text, f.state, f.office_id, f.clerk_id, f.case_id,"
    " f.item_id, coalesce((SELECT number || ' ' || subject FROM cases c WHERE c.id = f.case_id),"
    " (SELECT subject FROM items i WHERE i.id = f.item_id), '') FROM follow_ups f"
)


def _make(row: tuple[Value, ...]) -> FollowUpRow:
    return FollowUpRow._make(row)  # the columns are the fields, in order


def of_clerks(
    clerks: Sequence[str], offices: Sequence[str], state: str = FollowUpState.OPEN
) -> Keyset[FollowUpRow]:
    """The follow-ups of these clerks and those of the offices that nobody has taken."""
    prefixes: list[tuple[str, tuple[Value, ...]]] = [
        ("f.state = ? AND f.clerk_id = ?", (state, clerk)) for clerk in clerks
    ]
    prefixes += [
        ("f.state = ? AND f.clerk_id IS NULL AND f.office_id = ?", (state, office))
        for office in offices
    ]
    return Keyset(_SELECT, prefixes, ("f.due_on", "f.id"), False, _make, "follow_ups f")


def waits(db: "Connection", case_id: str) -> list[FollowUpRow]:
    """The open follow-ups that say what a case waits for: made together with a status of it
    that says the same."""
    sql = (
        f"{_SELECT} WHERE f.case_id = ? AND f.state = ? AND EXISTS (SELECT 1 FROM statuses s"
        " WHERE s.case_id = f.case_id AND s.at = f.created_at AND s.text = f.text)"
        " ORDER BY f.due_on, f.id"
    )
    return [_make(row) for row in db.execute(sql, (case_id, FollowUpState.OPEN))]


def about(
    db: "Connection", *, case_id: str | None = None, item_id: str | None = None
) -> list[FollowUpRow]:
    """All follow-ups of a case or of an item, the earliest due first."""
    column, value = ("case_id", case_id) if case_id is not None else ("item_id", item_id)
    sql = f"{_SELECT} WHERE f.{column} = ? ORDER BY f.due_on, f.id"
    return [_make(row) for row in db.execute(sql, (value,))]


def by_rule(db: "Connection", case_id: str) -> "list[FollowUp]":
    """The open follow-ups of a case that a rule has set."""
    from storage.record import columns
    from storage.records import FollowUp

    names = ", ".join(columns(FollowUp))
    rows = db.execute(
        f"SELECT {names} FROM follow_ups WHERE case_id = ? AND rule IS NOT NULL AND state = ?",
        (case_id, FollowUpState.OPEN),
    )
    return [FollowUp.of(row) for row in rows]
