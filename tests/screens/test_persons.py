"""A mail filed into a new case brings its sender along: known, new, corrected or left out."""

from typing import NamedTuple

from clerk.desks import cases as cases_desk
from clerk.desks import inbox
from clerk.rules.contact import Contact
from clerk.session import Session
from storage.pages import cases, items, persons
from storage.records import Person
from tests.driver import NARROW, Clerk, workstation
from tests.screens.conftest import Mail

TEXT = "Die Laterne ist dunkel.\n\nErika Beispiel\nAm Markt 3\n12345 Birkenmünde"


class Made(NamedTuple):
    """A case and whose it is."""

    number: str
    person: Person | None


def made(session: Session, item_id: str) -> Made:
    """The case that an item was filed into."""
    [row] = items.by_ids(session.store.db, [item_id])
    assert row.case_id is not None
    [case] = cases.by_ids(session.store.db, [row.case_id])
    return Made(case.number, persons.of_case(session.store.db, case.id))


def count(session: Session) -> int:
    return int(session.store.db.execute("SELECT count(*) FROM persons").fetchone()[0])


async def new_case(clerk: Clerk) -> None:
    await clerk.press("v", "0", "0")


async def test_a_new_person_is_shown_and_made_with_the_case(session: Session, mail: Mail) -> None:
    item = mail("Laterne", TEXT)
    async with workstation(session, NARROW) as clerk:
        await new_case(clerk)
        for shown in ("Erika", "Beispiel", "Am Markt 3", "12345", "Birkenmünde"):
            assert shown in clerk.screen
        assert count(session) == 0
        await clerk.press("f9")
        person = made(session, item).person
        assert person is not None
        assert (person.given_name, person.family_name) == ("Erika", "Beispiel")
        assert (person.street, person.postcode, person.city) == (
            "Am Markt 3",
            "12345",
            "Birkenmünde",
        )
        assert person.email == "erika@example.org"
        await clerk.press("z")
        assert count(session) == 0
        assert items.by_ids(session.store.db, [item])[0].state == "open"
        await clerk.press("Z")
        assert made(session, item).person == person


async def test_the_person_can_be_corrected_left_out_or_the_whole_given_up(
    session: Session, mail: Mail
) -> None:
    first, second = mail("Laterne", TEXT), mail("Schlagloch", sender_name="info", sender_address="")
    async with workstation(session, NARROW) as clerk:
        await new_case(clerk)
        await clerk.press("escape")
        assert items.by_ids(session.store.db, [first])[0].state == "open"
        await new_case(clerk)
        await clerk.press("enter", "end", "-", "A", "u", "e", "f9")
        person = made(session, first).person
        assert person is not None
        assert person.family_name == "Beispiel-Aue"
        await new_case(clerk)
        await clerk.press("enter", "ctrl+u", "f9")
        assert "A name is missing." in clerk.screen
        assert "F8 without a person" in clerk.screen
        await clerk.press("f8")
        assert made(session, second).person is None


async def test_who_is_known_is_offered_first(session: Session, mail: Mail) -> None:
    with session.store.change(session.actor, "test") as change:
        namesake = change.add(Person(given_name="Erika", family_name="Beispiel", street="Weg 1"))
        known = change.add(Person(family_name="Beispiel-Alt", email="Erika@Example.org"))
        other = change.add(Person(given_name="Otto", family_name="Ander"))
    first, second, third = mail("Eins", TEXT), mail("Zwei", TEXT), mail("Drei", TEXT)
    async with workstation(session, NARROW) as clerk:
        await new_case(clerk)
        assert clerk.asks == "Whose case is it?"
        assert "Weg 1" in clerk.screen
        assert "same mail address" in clerk.screen
        await clerk.press("enter")
        assert made(session, first).person == known
        await new_case(clerk)
        await clerk.answer("otto")
        assert made(session, second).person == other
        await new_case(clerk)
        await clerk.press("2", "f9")
        person = made(session, third).person
        assert person is not None
        assert person.id not in (namesake.id, known.id, other.id)
        assert person.family_name == "Beispiel"


async def test_known_persons_and_nobody(session: Session, mail: Mail) -> None:
    item = mail("Eins", TEXT)
    with session.store.change(session.actor, "test") as change:
        change.add(Person(given_name="Erika", family_name="Beispiel"))
    async with workstation(session, NARROW) as clerk:
        await new_case(clerk)
        assert "same name" in clerk.screen
        await clerk.press("enter")  # who is only called alike is not taken by a mere Enter
        assert clerk.asks == "New person of the case"
        await clerk.press("escape")
        await new_case(clerk)
        await clerk.press("0")
        assert made(session, item).person is None


async def test_the_cases_of_the_same_sender_stand_first(session: Session, mail: Mail) -> None:
    first = mail("Laterne", TEXT)
    _outcome, case_id = inbox.file_into_new(
        session.store, session.actor, [first], service_id="maengelmeldung"
    )
    cases_desk.hand_over(session.store, session.actor, case_id, "standesamt")
    mail("Etwas anderes", "Wann kommt jemand?")
    async with workstation(session, NARROW) as clerk:
        await clerk.press("v")
        assert "1 66-2026-000001 Laterne" in clerk.screen


async def test_the_point_files_into_the_same_new_case_and_says_so(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session, NARROW) as clerk:
        await new_case(clerk)
        await clerk.press("f9")
        assert "Filed → new case 33.1-2026-000001: " in clerk.toast
        await clerk.press(".")
        assert "Filed → 33.1-2026-000001 as before: Schlagloch" in clerk.toast
        assert made(session, lamps[1]).number == "33.1-2026-000001"
        await clerk.press("z", "z", ".")
        assert "The case of your last decision is not there any more." in clerk.toast
        assert items.by_ids(session.store.db, lamps[:1])[0].state == "open"


def test_without_a_screen_the_sender_is_found_or_made(session: Session, mail: Mail) -> None:
    store, actor = session.store, session.actor
    first, second, nameless = (
        mail("Eins", TEXT),
        mail("Zwei"),
        mail("Drei", sender_name="", sender_address=""),
    )
    inbox.file_into_new(store, actor, [first], service_id=None)
    inbox.file_into_new(store, actor, [second], service_id=None)
    inbox.file_into_new(store, actor, [nameless], service_id=None)
    person = made(session, first).person
    assert person is not None
    assert made(session, second).person == person
    assert made(session, nameless).person is None
    assert count(session) == 1


def test_only_what_the_same_sender_wrote_becomes_the_persons(session: Session, mail: Mail) -> None:
    ids = [mail("Eins", TEXT), mail("Zwei"), mail("Drei", sender_name="Otto", sender_address="")]
    inbox.file_into_new(
        session.store, session.actor, ids, service_id=None, whose=Contact("Beispiel", "Erika")
    )
    rows = session.store.db.execute("SELECT person_id IS NULL FROM items ORDER BY received_at DESC")
    assert [row[0] for row in rows] == [0, 0, 1]
