"""Clerks and their roles: few rows, read whole."""

from typing import TYPE_CHECKING

from storage.record import columns
from storage.records import Clerk

if TYPE_CHECKING:
    from sqlite3 import Connection


def clerks(db: "Connection") -> list[Clerk]:
    """All clerks by name."""
    names = ", ".join(columns(Clerk))
    return [Clerk.of(row) for row in db.execute(f"SELECT {names} FROM clerks ORDER BY name, id")]


def clerk(db: "Connection", id_or_login: str) -> Clerk | None:
    """The clerk with this id or login."""
    names = ", ".join(columns(Clerk))
    row = db.execute(
        f"SELECT {names} FROM clerks WHERE id = ?1 OR login = ?1", (id_or_login,)
    ).fetchone()
    return None if row is None else Clerk.of(row)


def roles(db: "Connection", clerk_id: str, day: str) -> dict[str, str]:
    """Office id -> role of a clerk on a day (ISO)."""
    rows = db.execute(
        "SELECT office_id, role FROM memberships WHERE clerk_id = ?1"
        " AND ifnull(since, ?2) <= ?2 AND ifnull(until, ?2) >= ?2",
        (clerk_id, day),
    )
    return {str(office): str(role) for office, role in rows}
