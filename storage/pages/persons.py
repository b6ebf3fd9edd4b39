"""Persons."""

from collections.abc import Sequence
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


def by_ids(db: "Connection", ids: Sequence[str]) -> list[Person]:
    """The persons with these ids (at most some hundred), in the order asked for."""
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"SELECT {', '.join(columns(Person))} FROM persons WHERE id IN ({marks})", tuple(ids)
    )
    found = {person.id: person for person in (Person.of(row) for row in rows)}
    return [found[one] for one in ids if one in found]


def by_email(db: "Connection", email: str, most: int = 20) -> list[Person]:
    """The persons with this mail address, case aside; the one known longest first."""
    if not email:
        return []
    rows = db.execute(
        f"SELECT {', '.join(columns(Person))} FROM persons"
        " WHERE email = ? COLLATE NOCASE ORDER BY id LIMIT ?",
        (email, most),
    )
    return [Person.of(row) for row in rows]


def by_name(
    db: "Connection", family_name: str, given_name: str = "", most: int = 20
) -> list[Person]:
    """The persons of exactly this name; the one known longest first."""
    rows = db.execute(
        f"SELECT {', '.join(columns(Person))} FROM persons"
        " WHERE family_name = ? AND given_name = ? ORDER BY id LIMIT ?",
        (family_name, given_name, most),
    )
    return [Person.of(row) for row in rows]


def of_case(db: "Connection", case_id: str) -> Person | None:
    """The person whom a case concerns."""
    names = ", ".join(f"p.{name}" for name in columns(Person))
    row = db.execute(
        f"SELECT {names} FROM persons p JOIN cases c ON c.person_id = p.id WHERE c.id = ?",
        (case_id,),
    ).fetchone()
    return None if row is None else Person.of(row)
