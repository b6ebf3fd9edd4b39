"""Letters as pages: work lists the oldest first, what has left the newest first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import N_, StoreError
from storage.pages.keyset import Keyset
from storage.terms import LetterState
from storage.values import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.records import Letter


class LetterRow(NamedTuple):
    """One line; ``number``: of its case; ``person``: whom it goes to, or ''."""

    id: str
    created_at: int
    subject: str
    template: str
    state: str
    way: str
    office_id: str
    case_id: str
    drafted_by: str
    signatures: int
    signed_by: str | None
    signed_for: str | None
    signed_at: int | None
    second_by: str | None
    second_for: str | None
    second_at: int | None
    queued_at: int | None
    queued_on: str | None
    sent_at: int | None
    document_id: str | None
    number: str
    person: str

    @property
    def key(self) -> tuple[Value, ...]:
        """Where its page stands: the order of the list."""
        return (self.created_at, self.id)


_OWN = ", ".join(f"l.{name} AS {name}" for name in LetterRow._fields[:-2])
_SELECT = (
    f"SELECT {_OWN}, ifnull((SELECT number FROM cases c WHERE c.id = l.case_id), ''),"
    " ifnull((SELECT trim(given_name || ' ' || family_name) FROM persons p"
    " WHERE p.id = l.person_id), '') FROM letters l"
)


def _make(row: tuple[Value, ...]) -> LetterRow:
    return LetterRow._make(row)  # the columns are the fields, in order


def of_offices(
    offices: Sequence[str], *states: LetterState, newest_first: bool = False
) -> Keyset[LetterRow]:
    """The letters of these offices in these states."""
    prefixes: list[tuple[str, tuple[Value, ...]]] = [
        ("l.office_id = ? AND l.state = ?", (office, state))
        for office in offices or ("",)
        for state in states
    ]
    order = ("l.created_at", "l.id")
    return Keyset(_SELECT, prefixes, order, newest_first, _make, "letters l")


def of_case(db: "Connection", case_id: str) -> list[LetterRow]:
    """All letters of a case, the oldest first."""
    sql = f"{_SELECT} WHERE l.case_id = ? ORDER BY l.created_at, l.id"
    return [_make(row) for row in db.execute(sql, (case_id,))]


def by_ids(db: "Connection", ids: Sequence[str]) -> list[LetterRow]:
    """The letters with these ids, in the order asked for; missing ones are left out."""
    found: dict[str, LetterRow] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        for row in db.execute(f"{_SELECT} WHERE l.id IN ({marks})", part):
            found[str(row[0])] = _make(row)
    return [found[one] for one in ids if one in found]


def leaving(db: "Connection", offices: Sequence[str], device: str) -> list[LetterRow]:
    """What this device is to print, the first put there first; an index leads to it."""
    found = [
        _make(row)
        for office in offices
        for row in db.execute(
            f"{_SELECT} WHERE l.office_id = ? AND l.state = ? AND l.queued_on = ?",
            (office, LetterState.QUEUED, device),
        )
    ]
    return sorted(found, key=lambda row: (row.queued_at or 0, row.id))


def record(db: "Connection", letter_id: str) -> "Letter | None":
    """The whole record, for what its details say."""
    from storage.record import columns
    from storage.records import Letter

    sql = f"SELECT {', '.join(columns(Letter))} FROM letters WHERE id = ?"
    row = db.execute(sql, (letter_id,)).fetchone()
    return None if row is None else Letter.of(row)


def content_of(db: "Connection", document_id: str) -> str:
    """The hash of a document's content. StoreError ``record.gone`` where it is not here."""
    row = db.execute("SELECT content_sha256 FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        raise StoreError("record.gone", N_("This record no longer exists."))
    return str(row[0])
