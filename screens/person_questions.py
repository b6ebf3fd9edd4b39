"""Whose a new case is: the sender, found among those known or shown as a new person."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING

from clerk.desks import persons as desk
from clerk.desks.persons import SenderFacts, Whose, shown_address
from clerk.i18n import _
from clerk.rules.contact import Contact
from storage.pages import persons
from storage.records import Person
from storage.search import search
from widgets.choices import Choice
from widgets.field import Entry
from widgets.form import FormField, FormScreen
from widgets.picker import PickerScreen

if TYPE_CHECKING:
    from screens.app import Workstation

Then = Callable[[Whose], None]

_MOST = 50
_NEW = "new"


def ask_whose(station: "Workstation", item: SenderFacts, then: Then) -> None:
    """Ask for the person; ``then`` gets the answer, and nothing happens after Esc.

    Where somebody of this address or name is known, they are offered; else the sender is shown as
    a new person, to be corrected or left out.
    """
    db = station.session.store.db
    sender = desk.sender(db, item)
    known = desk.known(db, sender)
    if not known:
        _ask_new(station, sender, then)
        return
    new = Choice(_NEW, _("New person"), _in_words(sender), _("by sender"))

    def find(query: str) -> Sequence[Choice[str]]:
        if not query.strip():
            rows = [_choice(one, sender) for one in known]
            # Many are called alike: a name alone is not taken by a mere Enter.
            same = sum(1 for one in known if _same_address(one, sender))
            return [*rows[:same], new, *rows[same:]]
        hits = search(db, query, areas=("persons",), limit=_MOST)
        found = persons.by_ids(db, [hit.id for hit in hits.rows])
        return [*(_choice(one, sender) for one in found), new]

    def done(chosen: str | None) -> None:
        if chosen == _NEW:
            _ask_new(station, sender, then)
        elif chosen is not None:
            then(chosen or None)

    station.push_screen(
        PickerScreen(
            _("Whose case is it?"),
            search=find,
            limit=_MOST,
            pinned=Choice("", _("Without a person")),
            placeholder=_("name, street, mail address"),
        ),
        done,
    )


def _ask_new(station: "Workstation", sender: Contact, then: Then) -> None:
    """The new person, every field to be corrected."""

    def needed(text: str) -> Entry:
        return Entry(text.strip(), error="" if text.strip() else _("A name is missing."))

    def stripped(text: str) -> Entry:
        return Entry(text.strip())

    labels = {
        "given_name": _("Given name"),
        "family_name": _("Family name, or name of the firm"),
        "street": _("Street and number"),
        "postcode": _("Postcode"),
        "city": _("City"),
        "email": _("Mail address"),
        "phone": _("Telephone"),
    }
    values = asdict(sender)

    def done(answer: dict[str, str] | None) -> None:
        if answer is not None:
            then(replace(Contact(), **answer) if answer else None)

    station.push_screen(
        FormScreen(
            _("New person of the case"),
            [
                FormField(
                    name, label, values[name], read=needed if name == "family_name" else stripped
                )
                for name, label in labels.items()
            ],
            without=_("without a person"),
        ),
        done,
    )


def _choice(person: Person, sender: Contact) -> Choice[str]:
    who = Contact(**{one.name: getattr(person, one.name) for one in fields(Contact)})
    named = (who.given_name, who.family_name) == (sender.given_name, sender.family_name)
    hint = _("same name") if named else ""
    return Choice(
        person.id,
        f"{who.given_name} {who.family_name}".strip(),
        " · ".join(part for part in (shown_address(person), who.email, who.phone) if part),
        _("same mail address") if _same_address(person, sender) else hint,
    )


def _same_address(person: Person, sender: Contact) -> bool:
    return bool(sender.email) and person.email.lower() == sender.email.lower()


def _in_words(who: Contact) -> str:
    """``Erika Beispiel, Am Markt 3, 12345 Ort · erika@example.org``, as far as it is known."""
    name = f"{who.given_name} {who.family_name}".strip()
    place = f"{who.postcode} {who.city}".strip()
    address = ", ".join(part for part in (name, who.street, place) if part)
    return " · ".join(part for part in (address, who.email, who.phone) if part)
