"""The rows of the entry of a fine, in the order in which they are typed."""

from collections.abc import Callable, Sequence
from datetime import date, time

from clerk import clock, dates
from clerk.i18n import N_, _
from clerk.money import euros, parse_euros
from clerk.names import word
from clerk.rules.shorthand import Problem, parse_date, parse_time
from screens.fine_suggestions import Offences, Persons, Streets
from storage.terms import ParticipantRole
from widgets.choices import Choice, with_all_words
from widgets.entry_rows import EntryRow
from widgets.field import Entry

CHARGES, DETAILS, FURTHER = 3, 4, 3
"""How many offences there may be, placeholders of each, and further people."""
KEPT = ("place", "day", "officer")
"""What is common to a series stays for the next record."""
DOG = {
    "dog_name": N_("Dog's name"),
    "dog_breed": N_("Breed"),
    "dog_chip": N_("Chip"),
    "dog_tag": N_("Dog tag"),
    "dog_on_leash": N_("On a leash"),
    "dog_muzzled": N_("Muzzled"),
    "dog_incident": N_("Incident"),
    "dog_injured": N_("Injured"),
}
_YES_OR_NO = N_("y or n")


Allowed = Callable[[str], Sequence[str]]
"""What may stand in a row of a placeholder, by the row's key; () where any words may."""


def rows(
    offences: Offences, streets: Streets, persons: Persons, allowed: Allowed
) -> list[EntryRow]:
    """All of them; those that only follow from others are not shown yet."""
    return [
        *(row for n in range(1, CHARGES + 1) for row in _charge(n, offences, allowed)),
        EntryRow("place", _("Place"), suggest=streets.find, placeholder=_("haup 5")),
        EntryRow("day", _("Day"), _day, placeholder=_("today, yesterday, mo, 4.7.")),
        EntryRow("time", _("Time"), _time, placeholder=_("1430 or 1430-1510")),
        EntryRow("plate", _("Plate"), lambda text: Entry(text.upper())),
        *_person("offender", _("Offender"), persons),
        *_person("witness", _("Witness"), persons),
        EntryRow("evidence", _("Evidence")),
        EntryRow("amount", _("Amount"), _amount),
        EntryRow("officer", _("Seen by")),
        *(row for n in range(1, FURTHER + 1) for row in _further(n, persons)),
        *(
            EntryRow(key, _(label), shown=False, placeholder=_flag_words(key))
            for key, label in DOG.items()
        ),
        EntryRow("vehicle", _("Vehicle")),
        EntryRow("intent", _("With intent"), placeholder=_(_YES_OR_NO)),
        EntryRow("repeated", _("Repeated"), placeholder=_(_YES_OR_NO)),
        EntryRow("several", _("Several acts"), placeholder=_(_YES_OR_NO), shown=False),
        EntryRow("note", _("Note")),
        EntryRow("photos", _("Photos"), placeholder=_("files or a folder")),
    ]


def _charge(n: int, offences: Offences, allowed: Allowed) -> list[EntryRow]:
    label = _("Offence") if n == 1 else _("Offence {n}").format(n=n)
    return [
        EntryRow(
            f"charge{n}",
            label,
            suggest=offences.find,
            new=offences.free,
            free=False,
            placeholder=_("code or words"),
            shown=n == 1,
        ),
        *(_detail(f"charge{n}_{d}", allowed) for d in range(1, DETAILS + 1)),
    ]


def _detail(key: str, allowed: Allowed) -> EntryRow:
    """What a placeholder of an offence stands for."""

    def suggest(text: str) -> Sequence[Choice[str]]:
        return with_all_words(text, [Choice(one, one) for one in allowed(key)])

    return EntryRow(key, "", suggest=suggest, shown=False, offers=True)


def _person(key: str, label: str, persons: Persons) -> list[EntryRow]:
    return [
        EntryRow(
            key, label, suggest=persons.find, new=persons.new, placeholder=_("name, known or new")
        ),
        EntryRow(
            f"{key}_address",
            _("  lives at"),
            shown=False,
            placeholder=_("Am Markt 3, 12345 Town"),
        ),
        EntryRow(f"{key}_born", _("  born on"), _born, shown=False, placeholder=_("4.5.80")),
    ]


def _further(n: int, persons: Persons) -> list[EntryRow]:
    roles = [Choice(str(role), word("participant", role)) for role in ParticipantRole]
    return [
        EntryRow(
            f"further{n}_role",
            _("Further as"),
            suggest=lambda text: with_all_words(text, roles),
            free=False,
            shown=False,
        ),
        *(_hidden(row) for row in _person(f"further{n}", _("  name"), persons)),
    ]


def _hidden(row: EntryRow) -> EntryRow:
    from dataclasses import replace

    return replace(row, shown=False)


def _flag_words(key: str) -> str:
    return _(_YES_OR_NO) if key in ("dog_on_leash", "dog_muzzled") else ""


# What a text means


def _day(text: str) -> Entry:
    today = clock.today()
    return _read_day(text or "0t", today, lambda day: dates.short_date(day, today))


def _born(text: str) -> Entry:
    return _read_day(text, clock.today(), dates.numbers) if text else Entry("")


def _read_day(text: str, today: date, shown: Callable[[date], str]) -> Entry:
    found = parse_date(text, today, past=True)
    if isinstance(found, Problem):
        return Entry(text, error=found.sentence)
    return Entry(text, hint=shown(found))


def _time(text: str) -> Entry:
    parts = [parse_time(part) for part in text.replace("–", "-").split("-")] if text else []
    found = [f"{part:%H:%M}" for part in parts if isinstance(part, time)]
    if len(found) != len(parts) or len(parts) > 2:
        return Entry(text, error=_("Not a time. Try 930, 1430 or 1430-1510."))
    return Entry(text, hint=" – ".join(found))


def _amount(text: str) -> Entry:
    cents = parse_euros(text) if text else None
    if text and cents is None:
        return Entry(text, error=_("Not an amount. Try 35 or 88,50."))
    return Entry(text, hint=euros(cents) if cents is not None else "")
