"""The offices in the store: few rows, read whole."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class OfficeRow(NamedTuple):
    """An office as lists need it."""

    id: str
    name: str
    prefix: str
    is_intake: int


def offices(db: "Connection") -> list[OfficeRow]:
    """All offices in the order of their numbers."""
    rows = db.execute("SELECT id, name, prefix, is_intake FROM offices ORDER BY prefix, id")
    return [OfficeRow(*row) for row in rows]


def intake_office(db: "Connection") -> str | None:
    """The office where what nobody could assign arrives, None if there is none."""
    row = db.execute(
        "SELECT id FROM offices WHERE is_intake = 1 ORDER BY prefix LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def settings(db: "Connection", office_id: str) -> str | None:
    """What an office has set for itself, as TOML; None where it has set nothing."""
    row = db.execute("SELECT settings FROM offices WHERE id = ?", (office_id,)).fetchone()
    return row[0] if row else None
