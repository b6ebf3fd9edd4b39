"""What a template is filled with for a case as its records stand: for a letter outside a step."""

from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.letter_text import details_of
from clerk.i18n import _
from clerk.letters.details import Address, Details, Plain
from clerk.letters.templates import template
from clerk.refusal import refuse
from storage.actor import Actor
from storage.pages import cases, letters, persons
from storage.records import Person
from storage.store import Store

if TYPE_CHECKING:
    from sqlite3 import Connection


def details_for(store: Store, actor: Actor, case_id: str, template_id: str) -> Details:
    """Those of the case's newest letter of the template, else composed from its records.

    Refused ``letter.no_details`` where the case has nothing that the template speaks of.
    """
    found = template(template_id)
    for row in reversed(letters.of_case(store.db, case_id)):
        if row.template == template_id and (letter := letters.record(store.db, row.id)):
            return details_of(letter)
    if found.details is Plain:
        return plain(store.db, actor, case_id)
    return _of_fine(store, actor, case_id, template_id)


def plain(
    db: "Connection", actor: Actor, case_id: str, *, subject: str = "", text: str = ""
) -> Plain:
    """A letter in one's own words to the case's person, about the case."""
    [case] = cases.by_ids(db, [case_id])
    return Plain(
        to=address(persons.of_case(db, case_id)),
        number=case.number,
        contact=actor.name,
        subject=subject or case.subject,
        text=text,
    )


def address(person: Person | None) -> Address:
    """Where a person's letters go; an empty one where nobody is known."""
    if person is None:
        return Address(name="")
    return Address(
        name=f"{person.given_name} {person.family_name}".strip(),
        street=person.street,
        postcode=person.postcode,
        city=person.city,
    )


def _of_fine(store: Store, actor: Actor, case_id: str, template_id: str) -> Details:
    from clerk.desks import fine_money
    from clerk.desks.fine_answers import Answers
    from clerk.desks.fine_facts import matter
    from clerk.desks.fine_letters import Occasion, letter_of
    from clerk.desks.office_settings import settings_of
    from storage.pages import fines

    fine = fines.of_case(store.db, case_id)
    if fine is None:
        raise refuse(
            "letter.no_details",
            _("This case has nothing that this template speaks of; --details gives it."),
        )
    occasion = Occasion(
        matter=matter(store.db, fine),
        case=cases.record(store.db, case_id),
        offences=fines.offences(store.db, case_id),
        claims=fine_money.standing(store.db, case_id),
        settings=settings_of(store.db, fine.office_id),
        contact=actor.name,
        said=Answers(),
        on=clock.today(),
        to=None,
    )
    try:
        return letter_of(template_id, occasion)
    except KeyError as error:
        raise refuse(
            "letter.no_details", _("No step of a fine fills this template; --details does.")
        ) from error
