"""Persons."""

from typing import TYPE_CHECKING

from storage.record import columns
from storage.records import Person

if TYPE_CHECKING:
    from sqlite3 import Connection


def by_id(db: "Connection", person_id: str) -> Person | None:
    """The person with this id."""
    row = db.execute(
        f"SELECT {', '.join(columns(Person))} FROM persons WHERE id = ?", (person_id,)
    ).fetchone()
    return None if row is None else Person.of(row)


def of_case(db: "Connection", case_id: str) -> Person | None:
    """The person whom a case concerns."""
    names = ", ".join(f"p.{name}" for name in columns(Person))
    row = db.execute(
        f"SELECT {names} FROM persons p JOIN cases c ON c.person_id = p.id WHERE c.id = ?",
        (case_id,),
    ).fetchone()
    return None if row is None else Person.of(row)
