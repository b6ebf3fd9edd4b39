"""Clerks and their roles: few rows, read whole."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ClerkRow(NamedTuple):
    """A clerk as lists need it."""

    id: str
    login: str
    name: str
    active: int


_SELECT = "SELECT id, login, name, active FROM clerks"


def clerks(db: "Connection") -> list[ClerkRow]:
    """All clerks by name."""
    return [ClerkRow(*row) for row in db.execute(f"{_SELECT} ORDER BY name, id")]


def clerk(db: "Connection", id_or_login: str) -> ClerkRow | None:
    """The clerk with this id or login."""
    row = db.execute(f"{_SELECT} WHERE id = ?1 OR login = ?1", (id_or_login,)).fetchone()
    return None if row is None else ClerkRow(*row)


def name_of(db: "Connection", clerk_id: str) -> str:
    """A clerk's name, or the id of one who is not known."""
    row = db.execute("SELECT name FROM clerks WHERE id = ?", (clerk_id,)).fetchone()
    return clerk_id if row is None else str(row[0])


def roles(db: "Connection", clerk_id: str, day: str) -> dict[str, str]:
    """Office id -> role of a clerk on a day (ISO)."""
    rows = db.execute(
        "SELECT office_id, role FROM memberships WHERE clerk_id = ?1"
        " AND ifnull(since, ?2) <= ?2 AND ifnull(until, ?2) >= ?2",
        (clerk_id, day),
    )
    return {str(office): str(role) for office, role in rows}


def of_office(db: "Connection", office_id: str, day: str) -> list[tuple[str, str, str]]:
    """Id, name and role of those who belong to an office on a day (ISO) and are active, by name."""
    rows = db.execute(
        "SELECT c.id, c.name, m.role FROM memberships m JOIN clerks c ON c.id = m.clerk_id"
        " WHERE m.office_id = ?1 AND c.active = 1"
        " AND ifnull(m.since, ?2) <= ?2 AND ifnull(m.until, ?2) >= ?2 ORDER BY c.name, c.id",
        (office_id, day),
    )
    return [(str(one), str(name), str(role)) for one, name, role in rows]
