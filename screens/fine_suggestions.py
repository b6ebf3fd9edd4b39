"""What the entry of a fine offers while one types: offences, streets, persons."""

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from clerk import dates
from clerk.desks.persons import shown_address
from clerk.i18n import _
from clerk.money import euros
from clerk.rules.contact import split_name
from storage.folding import fold
from storage.pages import offences, persons, streets
from storage.records import Offence, Person
from storage.search import search
from widgets.choices import Choice

if TYPE_CHECKING:
    from sqlite3 import Connection

NEW, FREE = "\0new", "\0free"
"""In place of an id or code: a new person, an offence in one's own words."""

_MOST = 20
_LEAST_TYPED = 2
_NUMBER = re.compile(r"(?P<street>.*?)(?P<number>\s+[0-9]\S*(?: [a-zA-Z])?)?")


class Offences:
    """The catalogue of an office as of a day."""

    def __init__(self, db: "Connection", office_id: str) -> None:
        self._db = db
        self._office = office_id
        self._day = ""
        self._finder = offences.Finder(())
        self._known: dict[str, Offence] = {}

    def as_of(self, day: date) -> None:
        """Offer what was in force on this day."""
        if self._day != day.isoformat():
            self._day = day.isoformat()
            found = offences.in_force(self._db, self._office, self._day)
            self._finder = offences.Finder(found)
            self._known = {one.code: one for one in found}

    def of(self, code: str) -> Offence | None:
        """The offence with this code."""
        return self._known.get(code)

    def find(self, typed: str) -> Sequence[Choice[str]]:
        """By code or words."""
        return [choice_of(one) for one in self._finder.find(typed, _MOST)]

    @staticmethod
    def free(typed: str) -> Choice[str]:
        """In one's own words, which the catalogue does not have."""
        return Choice(FREE, typed, _("in your own words"))


def choice_of(offence: Offence) -> Choice[str]:
    """An offence as a row: code and title, what it costs."""
    return Choice(
        offence.code, f"{offence.code} {offence.title}", euros(offence.rate), offence.subject
    )


class Streets:
    """The town's streets; a house number may stand behind what is typed of the name."""

    def __init__(self, db: "Connection", city: str) -> None:
        self._streets = [(one, fold(one)) for one in streets.known(db, city)]

    def find(self, typed: str) -> Sequence[Choice[str]]:
        """``haup 5`` finds ``Hauptstraße 5``."""
        match = _NUMBER.fullmatch(typed)
        wanted = fold(match["street"] if match else typed).split()
        number = (match["number"] or "") if match else ""
        if not wanted:
            return []
        hits = [
            (not folded.startswith(wanted[0]), street)
            for street, folded in self._streets
            if all(f" {word}" in f" {folded}" for word in wanted)
        ]
        places = [street + number for _later, street in sorted(hits)[:_MOST]]
        return [Choice(place, place) for place in places if place != typed]


class Persons:
    """The persons known, by parts of name and address."""

    def __init__(self, db: "Connection") -> None:
        self._db = db

    def find(self, typed: str) -> Sequence[Choice[str]]:
        """Those that all the words fit."""
        if len(typed) < _LEAST_TYPED:
            return []
        hits = search(self._db, typed, areas=("persons",), limit=_MOST)
        found = persons.by_ids(self._db, [hit.id for hit in hits.rows])
        return [person_choice(one) for one in found]

    @staticmethod
    def new(typed: str) -> Choice[str] | None:
        """Somebody who is not known yet."""
        given, family = split_name(typed)
        name = f"{given} {family}".strip()
        return Choice(NEW, name, _("new person")) if family else None


def person_choice(person: Person) -> Choice[str]:
    """A person as a row: name, day of birth, address."""
    born = dates.numbers(date.fromisoformat(person.born_on)) if person.born_on else ""
    about = " · ".join(part for part in (born, shown_address(person)) if part)
    return Choice(person.id, f"{person.given_name} {person.family_name}".strip(), about)
