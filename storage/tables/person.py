"""Persons whom matters concern."""

from storage.tables.base import Row


class Person(Row, table=True):
    """A natural or legal person (``family_name`` alone is a firm's name)."""

    __tablename__ = "persons"
    family_name: str
    given_name: str = ""
    born_on: str | None = None
    street: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    birth_name: str | None = None
    birth_place: str | None = None
    nationality: str | None = None
    died_on: str | None = None
    shielded_until: str | None = None  # the address must not be given out (BMG 51)
