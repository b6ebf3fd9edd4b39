"""The words on screen for the fields of records, and their values as a clerk reads them."""

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from clerk import clock, dates
from clerk.i18n import N_, _
from clerk.names import symbol, word

if TYPE_CHECKING:
    from storage.pages.names import Names
    from storage.record import Value

_WORDS = {
    "state": N_("State"),
    "office_id": N_("Office"),
    "claimed_by": N_("With"),
    "assignee_id": N_("With"),
    "clerk_id": N_("With"),
    "service_id": N_("Service"),
    "case_id": N_("Case"),
    "item_id": N_("Item"),
    "subject": N_("Subject"),
    "text": N_("Text"),
    "number": N_("Number"),
    "due_on": N_("Due"),
    "target_on": N_("Target date"),
    "legal_on": N_("Legal due date"),
    "result": N_("Result"),
    "reason": N_("Reason"),
    "priority": N_("Priority"),
    "opened_at": N_("Opened"),
    "closed_at": N_("Closed"),
    "sender_name": N_("From"),
    "sender_address": N_("Address"),
    "person_id": N_("Person"),
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "born_on": N_("Born on"),
    "street": N_("Street"),
    "postcode": N_("Postcode"),
    "city": N_("Town"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "name": N_("Name"),
}
# What a whole record is called, where it was added or deleted.
_RECORDS = {
    "notes": N_("Note"),
    "statuses": N_("Status"),
    "follow_ups": N_("Follow-up"),
    "documents": N_("Document"),
    "cases": N_("Case"),
    "items": N_("Item"),
    "persons": N_("Person"),
    "relations": N_("Relation"),
    "letters": N_("Letter"),
}
_KINDS = {"items": "item", "cases": "case", "follow_ups": "follow_up", "letters": "letter"}


def field_word(name: str) -> str:
    """The word on screen for a field of the journal; one that has none is shown by its name."""
    return _(_WORDS[name]) if name in _WORDS else name


def record_word(table: str) -> str:
    """The word on screen for a record of a table."""
    return _(_RECORDS[table]) if table in _RECORDS else table


def value_text(table: str, name: str, value: "Value", names: "Names") -> str:
    """A value in words: names for ids, days and moments as they stand on screen; ``–`` for none."""
    if value is None:
        return "–"
    text = str(value)
    if name == "office_id":
        return names.office(text)
    if name in ("claimed_by", "assignee_id", "clerk_id", "created_by"):
        return names.clerk(text)
    if name == "service_id":
        return names.service(text)
    if name == "person_id":
        return names.person(text)
    if name == "case_id":
        return names.case(text)
    if name == "state" and table in _KINDS:
        return f"{symbol(_KINDS[table], text)} {word(_KINDS[table], text)}"
    if name.endswith("_on"):
        with suppress(ValueError):  # of a program that writes its days in another way
            return dates.short_date(date.fromisoformat(text), clock.today())
    if name.endswith("_at") and isinstance(value, int):
        return dates.full(value)
    return text
