"""Persons: who sent something, among those known or as a new one."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from clerk import clock
from clerk.i18n import _
from clerk.rules.contact import Contact, contact
from clerk.rules.shielding import Shielded, is_shielded
from storage.content import get_text
from storage.journal import Change
from storage.pages import persons
from storage.records import Item, Person

if TYPE_CHECKING:
    from sqlite3 import Connection

SENDER = "by sender"
"""In place of a person: the sender, one known by the mail address or else a new person."""

Whose = Contact | str | None
"""A new person, the id of a known one, :data:`SENDER`, or nobody."""

_TEXT_BYTES = 64_000


class Housed(Shielded, Protocol):
    """Where somebody lives."""

    @property
    def street(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def city(self) -> str: ...


def shown_address(person: Housed) -> str:
    """The address in one line, as it may be shown: masked where it must not be given out."""
    if is_shielded(person, clock.today()):
        return _("address must not be given out")
    place = f"{person.postcode} {person.city}".strip()
    return ", ".join(part for part in (person.street, place) if part)


class SenderFacts(Protocol):
    """What is known of a sender: an item or a row of a list."""

    @property
    def sender_name(self) -> str: ...
    @property
    def sender_address(self) -> str: ...
    @property
    def text_sha256(self) -> str | None: ...


def sender(db: "Connection", item: SenderFacts) -> Contact:
    """Who sent an item, as far as it says so itself."""
    text = get_text(db, item.text_sha256, _TEXT_BYTES)
    return contact(item.sender_name, item.sender_address, text)


def known(db: "Connection", who: Contact) -> list[Person]:
    """Who it may be among the persons known: those with the mail address, then those of the name.

    A name alone says little, there are many who are called so; a clerk has to choose.
    """
    found = persons.by_email(db, who.email)
    if who.family_name:
        found += persons.by_name(db, who.family_name, who.given_name)
    return list({person.id: person for person in found}.values())


def person_of(db: "Connection", change: Change, item: Item, whose: Whose) -> Person | None:
    """Within a running change: the person meant, made where it is a new one.

    By sender: whom the item has already, else the one person with the mail address, else a new one
    where there is a name. StoreError ``record.gone`` for an id that nobody has.
    """
    if whose is None:
        return None
    if isinstance(whose, Contact):
        return change.add(Person(**asdict(whose)))
    if whose != SENDER:
        return change.get(Person, whose)
    if item.person_id is not None:
        return change.find(Person, item.person_id)
    who = sender(db, item)
    same = persons.by_email(db, who.email, most=2)
    if len(same) == 1:
        return same[0]
    return change.add(Person(**asdict(who))) if who.family_name else None


def same_person(db: "Connection", who: Person) -> Person | None:
    """Who is meant by a new record of a person: the one known of this name with the same day of
    birth, or where none is known the same address. None where that is nobody, or not one alone."""
    alike = [one for one in persons.by_name(db, who.family_name, who.given_name) if _fits(one, who)]
    return alike[0] if len(alike) == 1 else None


def _fits(one: Person, who: Person) -> bool:
    if one.born_on and who.born_on:
        return one.born_on == who.born_on
    address = (who.street, who.postcode)
    return all(address) and (one.street, one.postcode) == address
