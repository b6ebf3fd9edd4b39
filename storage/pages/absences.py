"""Who is away when, and who stands in: few rows, read whole."""

from typing import TYPE_CHECKING, NamedTuple

from storage.values import Value

if TYPE_CHECKING:
    from sqlite3 import Connection


class AbsenceRow(NamedTuple):
    """One line; the names are '' where there is no deputy."""

    id: str
    clerk_id: str
    deputy_id: str | None
    may: str
    starts_on: str
    ends_on: str
    name: str
    deputy: str

    @property
    def key(self) -> tuple[Value, ...]:
        """Where its page stands: the order of the list."""
        return (self.starts_on, self.id)


_SELECT = (
    "SELECT a.id, a.clerk_id, a.deputy_id, a.may, a.starts_on, a.ends_on,"
    " ifnull((SELECT name FROM clerks c WHERE c.id = a.clerk_id), a.clerk_id),"
    " ifnull((SELECT name FROM clerks c WHERE c.id = a.deputy_id), '') FROM absences a"
)


def on_day(db: "Connection", day: str) -> list[AbsenceRow]:
    """The absences of a day (ISO)."""
    return _rows(db, "a.starts_on <= ?1 AND a.ends_on >= ?1", day)


def from_day(db: "Connection", day: str) -> list[AbsenceRow]:
    """The absences that are not over on a day, the first to begin first."""
    return _rows(db, "a.ends_on >= ?", day)


def of_clerk(db: "Connection", clerk_id: str) -> list[AbsenceRow]:
    """All absences of a clerk, the first to begin first."""
    return _rows(db, "a.clerk_id = ?", clerk_id)


def everybodys(db: "Connection") -> list[AbsenceRow]:
    """All that there are."""
    return _rows(db, "true")


def _rows(db: "Connection", condition: str, *values: str) -> list[AbsenceRow]:
    sql = f"{_SELECT} WHERE {condition} ORDER BY a.starts_on, a.id"
    return [AbsenceRow._make(row) for row in db.execute(sql, values)]


class DoneRow(NamedTuple):
    """Something a deputy did in somebody's name with a case or an item; ``about`` names it."""

    at: int
    deputy: str
    action: str
    table: str
    row_id: str
    about: str


def done_for(db: "Connection", clerk_id: str, since: int, until: int, most: int) -> list[DoneRow]:
    """What was done in a clerk's name between two times (ms) and not taken back, newest first: a
    line for each case or item of an entry, of the newest ``most`` entries."""
    entries = db.execute(
        "SELECT e.seq, e.at, ifnull((SELECT name FROM clerks c WHERE c.id = e.clerk_id),"
        " e.clerk_id), e.action FROM entries e"
        " WHERE e.on_behalf_of = ? AND e.clerk_id <> 'intake' AND e.kind <> 'undo'"
        " AND e.at BETWEEN ? AND ?"
        " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.undoes = e.id AND u.kind = 'undo')"
        " ORDER BY e.seq DESC LIMIT ?",
        (clerk_id, since, until, most),
    ).fetchall()
    found: list[DoneRow] = []
    for seq, at, deputy, action in entries:
        rows = db.execute("SELECT tbl, row_id FROM entry_rows WHERE seq = ?", (seq,)).fetchall()
        for table, row_id in dict.fromkeys(_matter(db, *row) for row in rows):
            if about := _about(db, table, row_id):
                found.append(DoneRow(at, deputy, action, table, row_id, about))
    return found


def _matter(db: "Connection", table: str, row_id: str) -> tuple[str, str]:
    """The case or item that a row hangs on, or the row itself."""
    from storage.record import columns
    from storage.records import RECORDS  # the first paint comes without all the records

    for head, name in (("cases", "case_id"), ("items", "item_id")):
        if table not in ("cases", "items") and name in columns(RECORDS[table]):
            row = db.execute(f"SELECT {name} FROM {table} WHERE id = ?", (row_id,)).fetchone()
            if row is not None and row[0] is not None:
                return head, str(row[0])
    return table, row_id


def _about(db: "Connection", table: str, row_id: str) -> str:
    """What a case or item is called, '' for anything else."""
    if table == "cases":
        sql = "SELECT number || ' ' || subject FROM cases WHERE id = ?"
    elif table == "items":
        sql = "SELECT subject FROM items WHERE id = ?"
    else:
        return ""
    row = db.execute(sql, (row_id,)).fetchone()
    return "" if row is None else str(row[0])


def due_until(db: "Connection", clerk_id: str, until: str) -> int:
    """How many open follow-ups of a clerk are due until a day (ISO)."""
    row = db.execute(
        "SELECT count(*) FROM follow_ups WHERE state = 'open' AND clerk_id = ? AND due_on <= ?",
        (clerk_id, until),
    ).fetchone()
    return int(row[0])
