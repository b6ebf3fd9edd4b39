"""An office's catalogue of offences: bringing versions in, all of a file or nothing, and writing
it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from clerk import clock
from clerk.catalogue.entry import Entry
from clerk.catalogue.read import overlaps, read_catalogue
from clerk.i18n import _
from clerk.library.problems import LibraryError, Problem
from clerk.refusal import Refusal, Refused
from clerk.rules.permissions import PERMISSIONS
from storage.actor import Actor
from storage.journal import Change
from storage.pages import offences
from storage.records import Offence
from storage.store import Store
from storage.terms import LimitationClass, OffenceArea, Role

if TYPE_CHECKING:
    from sqlite3 import Connection

_AT_ONCE = 500  # rows in one entry of the journal
_FREE = ("subject", "title", "words", "valid_to")
"""What may change in a version that is in force: how it is found, and when it ends."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's lines."""

    seen: int
    added: int
    changed: int

    @property
    def unchanged(self) -> int:
        return self.seen - self.added - self.changed


def can_keep(actor: Actor, office_id: str) -> Refusal | None:
    """Whether the actor may keep the catalogue: who leads the office, or an administrator of
    any."""
    allowed = PERMISSIONS["fine.catalogue"]
    if actor.roles.get(office_id) in allowed or Role.ADMIN in actor.roles.values():
        return None
    return Refusal(
        "catalogue.not_yours", _("Only its supervisor or an administrator keeps the catalogue.")
    )


def import_catalogue(
    store: Store, actor: Actor, office_id: str, path: Path, data: bytes
) -> Imported:
    """Bring the versions of a CSV file into an office's catalogue, all of them or none.

    A version that is there is left alone where it is the same; one that is in force changes only in
    how it is found and when it ends. Refused ``catalogue.not_yours`` and ``office.unknown``;
    LibraryError with every line that cannot be taken and why.
    """
    if refusal := can_keep(actor, office_id):
        raise Refused(refusal)
    entries = read_catalogue(path, data)
    with store.group():
        stored = {
            (one.code, one.valid_from): one for one in offences.of_office(store.db, office_id)
        }
        if problems := sorted(_problems(path, entries, stored.values(), clock.today())):
            raise LibraryError(problems)
        added = changed = 0
        todo = iter([entry for entry in entries if _as_stored(stored, entry) != entry])
        while rows := list(islice(todo, _AT_ONCE)):
            with store.change(actor, "fine.catalogue", undoable=False) as change:
                for entry in rows:
                    known = stored.get((entry.code, entry.valid_from.isoformat()))
                    _keep(change, office_id, entry, known)
                    added, changed = added + (known is None), changed + (known is not None)
    return Imported(len(entries), added, changed)


def entries_of(db: "Connection", office_id: str) -> list[Entry]:
    """An office's catalogue in the form of a file, by code and validity."""
    return [entry_of(one) for one in offences.of_office(db, office_id)]


def entry_of(offence: Offence) -> Entry:
    """A version as a file says it."""
    return Entry(
        code=offence.code,
        area=OffenceArea(offence.area),
        subject=offence.subject,
        title=offence.title,
        charge=offence.charge,
        provisions=offence.provisions,
        rate=offence.rate,
        rate_repeat=offence.rate_repeat,
        rate_intent=offence.rate_intent,
        maximum=offence.maximum,
        limitation=LimitationClass(offence.limitation),
        words=offence.words,
        valid_from=date.fromisoformat(offence.valid_from),
        valid_to=date.fromisoformat(offence.valid_to) if offence.valid_to else None,
    )


def offence_of(office_id: str, entry: Entry) -> Offence:
    """A version as the store keeps it; its id is the same on every replica that imports it."""
    fields = asdict(entry)
    del fields["line"]
    fields |= {
        "valid_from": entry.valid_from.isoformat(),
        "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
    }
    row_id = f"{office_id}/{entry.code}@{entry.valid_from}".lower()
    return Offence(id=row_id, office_id=office_id, **fields)


def _keep(change: Change, office_id: str, entry: Entry, known: Offence | None) -> None:
    made = offence_of(office_id, entry)
    if known is None:
        change.add(made)
        return
    fields = {name: getattr(made, name) for name in Entry.__slots__ if name != "line"}
    change.set(known, **fields)


def _as_stored(stored: dict[tuple[str, str], Offence], entry: Entry) -> Entry | None:
    known = stored.get((entry.code, entry.valid_from.isoformat()))
    return None if known is None else entry_of(known)


def _problems(
    path: Path, entries: Sequence[Entry], stored: Iterable[Offence], today: date
) -> list[Problem]:
    """What of a file that is right by itself does not fit the catalogue that is there."""
    there = {(one.code, one.valid_from): one for one in map(entry_of, stored)}
    problems = [
        Problem(
            path,
            entry.line,
            _(
                "{code}: the version is in force; a change needs a new one, from its own day on"
            ).format(code=entry.code),
        )
        for entry in entries
        if (known := there.get((entry.code, entry.valid_from))) is not None
        and known.valid_from <= today
        and _law(known) != _law(entry)
    ]
    named = {entry.code for entry in entries}
    merged = there | {(entry.code, entry.valid_from): entry for entry in entries}
    concerned = [entry for entry in merged.values() if entry.code in named]
    return [*problems, *overlaps(path, concerned)]


def _law(entry: Entry) -> dict[str, object]:
    """What a version says in law."""
    return {name: value for name, value in asdict(entry).items() if name not in (*_FREE, "line")}
