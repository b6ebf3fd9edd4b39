"""Cases as pages, newest first, and what one case holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import N_, StoreError
from storage.pages.keyset import Keyset
from storage.terms import CaseState
from storage.values import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.records import Case, Note


class CaseRow(NamedTuple):
    """One line of a list of cases; ``person`` is the name or ''."""

    id: str
    number: str
    opened_at: int
    subject: str
    state: str
    office_id: str
    assignee_id: str | None
    service_id: str | None
    target_on: str | None
    legal_on: str | None
    person: str

    @property
    def key(self) -> tuple[Value, ...]:
        """Where its page stands: the order of the list."""
        return (self.opened_at, self.id)


_SELECT = (
    "SELECT cases.id AS id, number, opened_at AS opened_at, subject, state, office_id,"
    " assignee_id, service_id, target_on, legal_on,"
    " ifnull((SELECT trim(given_name || ' ' || family_name) FROM persons p"
    " WHERE p.id = cases.person_id), '') FROM cases"
)


def _make(row: tuple[Value, ...]) -> CaseRow:
    return CaseRow._make(row)  # the columns are the fields, in order


def _list(prefixes: Sequence[tuple[str, tuple[Value, ...]]]) -> Keyset[CaseRow]:
    return Keyset(_SELECT, prefixes, ("opened_at", "id"), True, _make, "cases")


def of_clerks(clerks: Sequence[str], state: str = CaseState.OPEN) -> Keyset[CaseRow]:
    """The cases these clerks work on."""
    return _list([("state = ? AND assignee_id = ?", (state, clerk)) for clerk in clerks])


def of_offices(offices: Sequence[str], state: str = CaseState.OPEN) -> Keyset[CaseRow]:
    """The cases of these offices."""
    wanted = offices or ("",)
    return _list([("state = ? AND office_id = ?", (state, office)) for office in wanted])


def by_ids(db: "Connection", ids: Sequence[str]) -> list[CaseRow]:
    """The cases with these ids, in the order asked for; missing ones are left out."""
    found: dict[str, CaseRow] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        for row in db.execute(f"{_SELECT} WHERE cases.id IN ({marks})", part):
            found[str(row[0])] = _make(row)
    return [found[i] for i in ids if i in found]


def record(db: "Connection", case_id: str) -> "Case":
    """The whole record. StoreError ``record.gone`` where it is not here."""
    from storage.record import columns
    from storage.records import Case

    names = ", ".join(columns(Case))
    row = db.execute(f"SELECT {names} FROM cases WHERE id = ?", (case_id,)).fetchone()
    if row is None:
        raise StoreError("record.gone", N_("This record no longer exists."))
    return Case.of(row)


def by_number(db: "Connection", number: str) -> CaseRow | None:
    """The case with this number."""
    row = db.execute(f"{_SELECT} WHERE number = ?", (number,)).fetchone()
    return None if row is None else _make(row)


def by_numbers(db: "Connection", numbers: Sequence[str]) -> list[CaseRow]:
    """The cases with these numbers, in the order asked for; missing ones are left out."""
    found: dict[str, CaseRow] = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        marks = ", ".join("?" * len(part))
        for row in db.execute(f"{_SELECT} WHERE number IN ({marks})", part):
            found[str(row[1])] = _make(row)
    return [found[one] for one in numbers if one in found]


def notes(
    db: "Connection", *, case_id: str | None = None, item_id: str | None = None
) -> "list[Note]":
    """The notes of a case (with those of its items) or of an item, newest first."""
    from storage.record import columns
    from storage.records import Note  # the preview pane comes without all the records

    names = ", ".join(f"n.{name}" for name in columns(Note))
    if case_id is not None:
        sql = (
            f"SELECT {names} FROM notes n WHERE n.case_id = ?1 OR n.item_id IN"
            " (SELECT id FROM items WHERE case_id = ?1) ORDER BY n.at DESC, n.id DESC"
        )
        return [Note.of(row) for row in db.execute(sql, (case_id,))]
    sql = f"SELECT {names} FROM notes n WHERE n.item_id = ? ORDER BY n.at DESC, n.id DESC"
    return [Note.of(row) for row in db.execute(sql, (item_id,))]


def of_persons(db: "Connection", ids: Sequence[str], most: int = 20) -> list[CaseRow]:
    """The newest cases that are these persons' (at most some hundred) and not closed."""
    marks = ", ".join("?" * len(ids))
    sql = (
        f"{_SELECT} WHERE person_id IN ({marks}) AND state <> ?"
        " ORDER BY opened_at DESC, id DESC LIMIT ?"
    )
    return [_make(row) for row in db.execute(sql, (*ids, CaseState.CLOSED, most))]


def of_thread(db: "Connection", thread_key: str) -> list[CaseRow]:
    """The cases into which items of a thread were filed, the newest filing first."""
    rows = db.execute(
        "SELECT DISTINCT case_id FROM items WHERE thread_key = ? AND case_id IS NOT NULL"
        " ORDER BY received_at DESC LIMIT 20",
        (thread_key,),
    )
    return by_ids(db, [str(row[0]) for row in rows])
