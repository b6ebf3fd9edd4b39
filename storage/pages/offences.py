"""The catalogue of offences of an office: some hundred to some thousand rows, read whole."""

from typing import TYPE_CHECKING

from storage.record import columns
from storage.records import Offence

if TYPE_CHECKING:
    from sqlite3 import Connection

_NAMES = ", ".join(columns(Offence))


def in_force(db: "Connection", office_id: str, day: str) -> list[Offence]:
    """The versions that are in force on a day (ISO), by code."""
    rows = db.execute(
        f"SELECT {_NAMES} FROM offences WHERE office_id = ?1 AND valid_from <= ?2"
        " AND ifnull(valid_to, ?2) >= ?2 ORDER BY code, valid_from",
        (office_id, day),
    )
    return [Offence.of(row) for row in rows]


def by_code(db: "Connection", office_id: str, code: str, day: str) -> Offence | None:
    """The version of a code that is in force on a day (ISO); of several the newest."""
    row = db.execute(
        f"SELECT {_NAMES} FROM offences WHERE office_id = ?1 AND code = ?2 AND valid_from <= ?3"
        " AND ifnull(valid_to, ?3) >= ?3 ORDER BY valid_from DESC LIMIT 1",
        (office_id, code, day),
    ).fetchone()
    return None if row is None else Offence.of(row)


def has_catalogue(db: "Connection", office_id: str) -> bool:
    """Whether the office has offences of its own: then it keeps a fines desk."""
    row = db.execute("SELECT 1 FROM offences WHERE office_id = ? LIMIT 1", (office_id,)).fetchone()
    return row is not None
