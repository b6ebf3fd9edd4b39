"""From a device's folder or ZIP to fines: each record ends imported, a duplicate, or refused.

Records go in by groups, a transaction each, and are known again by the device's own number or,
where it has none, by what they say. So a file can be brought in again at any time, also after the
program was killed in the middle of it."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from clerk.desks import fines
from clerk.desks.fine_report import Charge, Party, Photo, Report
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.intake.cycles import no_garbage
from clerk.intake.devices.package import Package, Unreadable
from clerk.intake.devices.read import Found, records
from clerk.intake.devices.record import FieldRecord, Named, Picture, WrongRecord
from clerk.refusal import Refused, refuse
from clerk.rules import charges, plates
from clerk.rules.permissions import may
from storage.actor import Actor
from storage.pages import fines as pages
from storage.pages import offences
from storage.records import Offence, Person
from storage.store import Store

_AT_ONCE = 1_000  # records in a transaction, fewer where an act of a clerk waits
_PICTURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}

Progress = Callable[[int], None]
"""Told how many records have been seen."""


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that could not be taken: the file and line where it stood, its number, and why."""

    file: str
    line: int
    number: str
    reason: str


@dataclass(slots=True)
class Counts:
    """What became of the records."""

    seen: int = 0
    imported: int = 0
    duplicates: int = 0
    refused: list[RefusedRecord] = field(default_factory=list)


class _Known(Exception):  # noqa: N818 - a duplicate is no error
    """Raised for a record that is a fine already."""


def import_records(
    store: Store,
    actor: Actor,
    path: Path,
    *,
    office_id: str | None = None,
    without_pictures: bool = False,
    progress: Progress = lambda seen: None,
) -> Counts:
    """Bring in the records of a folder, a ZIP or an XML file.

    A record whose pictures are missing is refused, or taken with a note of them
    (``without_pictures``). Refused ``fine.not_yours``, ``devices.none`` where there is no XML, and
    for a ZIP that is none or dangerous.
    """
    office = fines.office_of(store, actor, office_id)
    if not may("fine.import", actor.roles, office):
        raise refuse("fine.not_yours", _("You record no fines for this office."))
    desk = _Desk(store, actor, office, without_pictures)
    counts = Counts()
    with ExitStack() as stack:
        found = records(path, stack)
        with store.bulk(), no_garbage():
            while (first := next(found, None)) is not None:
                with store.group():
                    for one in chain((first,), islice(found, _AT_ONCE - 1)):
                        counts.seen += 1
                        _take(desk, one, counts)
                        if store.is_wanted():  # a clerk's act waits: it goes first
                            break
                progress(counts.seen)
    return counts


def _take(desk: "_Desk", one: Found, counts: Counts) -> None:
    try:
        if isinstance(one.record, WrongRecord) or one.package is None:
            raise one.record if isinstance(one.record, WrongRecord) else _Known
        desk.record(one.package, one.file, one.record)
        counts.imported += 1
    except _Known:
        counts.duplicates += 1
    except WrongRecord as wrong:
        counts.refused.append(RefusedRecord(one.shown, wrong.line, one.number, wrong.reason))


class _Desk:
    """Makes fines of records for one office."""

    def __init__(self, store: Store, actor: Actor, office_id: str, without_pictures: bool) -> None:
        self._store = store
        self._actor = actor
        self._office_id = office_id
        self._without_pictures = without_pictures
        self._offences: dict[tuple[str, str], Offence | None] = {}
        self._municipality = settings_of(store.db, office_id).seat.municipality

    def record(self, package: Package, file: str, one: FieldRecord) -> None:
        """A fine of a record; _Known or WrongRecord where it makes none."""
        external_id = f"{one.source}:{self._office_id}:{one.number or _mark(one)}"
        self._once(external_id, one)
        if one.municipality and self._municipality not in ("", one.municipality):
            said = _("The record is of another municipality: {key}.")
            raise WrongRecord(one.line, said.format(key=one.municipality))
        report = self._report(package, file, one, external_id)
        try:
            with self._store.change(self._actor, "fine.import") as change:
                fines.new_fine(self._store, change, self._actor, report, office_id=self._office_id)
        except Refused as refused:
            raise WrongRecord(one.line, refused.refusal.sentence) from None

    def _once(self, external_id: str, one: FieldRecord) -> None:
        known = pages.of_external(self._store.db, external_id)
        if known is None:
            return
        if (known.acted_from, known.plate) == (one.acted_from, plates.folded(one.plate)):
            raise _Known
        said = _("The number {number} belongs to another record already.")
        raise WrongRecord(one.line, said.format(number=one.number))

    def _report(self, package: Package, file: str, one: FieldRecord, external_id: str) -> Report:
        notes = [one.note]
        charged = [self._charge(one, n, notes) for n in range(len(one.offences))]
        return Report(
            charges=charged,
            acted_from=one.acted_from,
            acted_to=one.acted_to,
            place=one.place,
            place_more=one.place_more,
            district=one.district,
            latitude=one.latitude,
            longitude=one.longitude,
            officer=one.officer,
            unity=one.unity,
            guilt=one.guilt,
            plate=one.plate,
            plate_country=one.plate_country,
            vehicle=one.vehicle,
            evidence=one.evidence,
            parties=[_party(named) for named in one.people],
            photos=self._photos(package, file, one.pictures, notes),
            note="\n".join(note for note in notes if note),
            reference=one.reference or None,
            source=one.source,
            external_id=external_id,
        )

    def _charge(self, one: FieldRecord, n: int, notes: list[str]) -> Charge:
        seen = one.offences[n]
        offence = self._offence(seen.code, one.acted_from[:10])
        if offence is None:
            said = _("There is no offence {code} in the catalogue of that day.")
            raise WrongRecord(one.line, said.format(code=seen.code))
        details, left = charges.from_device(offence.charge, seen.details)
        notes.extend(_("{code}: {text}").format(code=seen.code, text=text) for text in left)
        return Charge(code=seen.code, details=details, amount=seen.amount)

    def _offence(self, code: str, day: str) -> Offence | None:
        """The version in force, asked for once: devices record the same few offences all day."""
        key = (code, day)
        if key not in self._offences:
            self._offences[key] = offences.by_code(self._store.db, self._office_id, code, day)
        return self._offences[key]

    def _photos(
        self, package: Package, file: str, pictures: Sequence[Picture], notes: list[str]
    ) -> list[Photo]:
        photos = []
        for one in pictures:
            try:
                data = one.data if one.data is not None else package.read(_beside(file, one))
            except Unreadable as unreadable:
                if not self._without_pictures:
                    raise WrongRecord(one.line, str(unreadable)) from None
                notes.append(str(unreadable))
                continue
            photos.append(_photo(one, data))
        return photos


def _photo(one: Picture, data: bytes) -> Photo:
    media_type = next((kind for sign, kind in _PICTURES.items() if data.startswith(sign)), None)
    if media_type is None:
        raise WrongRecord(one.line, _("{name} is no picture.").format(name=one.name))
    if one.length not in (None, len(data)):
        said = _("{name} has {n} bytes, not {told} as the record says.")
        raise WrongRecord(one.line, said.format(name=one.name, n=len(data), told=one.length))
    name = one.name.replace("\\", "/").rpartition("/")[2]
    return Photo(name=name, media_type=media_type, data=data, kind=one.kind)


def _beside(file: str, one: Picture) -> str:
    """The name in the package of a file that lies beside the record's, or below it."""
    parts = one.name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise Unreadable(_("{name} leads out of the package.").format(name=one.name))
    folder = file.rpartition("/")[0]
    return "/".join(([folder] if folder else []) + [part for part in parts if part != "."])


def _party(one: Named) -> Party:
    return Party(
        role=one.role,
        person=Person(
            family_name=one.family_name,
            given_name=one.given_name,
            born_on=one.born_on,
            street=one.street,
            postcode=one.postcode,
            city=one.city,
            email=one.email,
            phone=one.phone,
            birth_name=one.birth_name,
            birth_place=one.birth_place,
            nationality=one.nationality,
        ),
    )


def _mark(one: FieldRecord) -> str:
    """What a record without a number is known again by: when, where, what and which vehicle."""
    codes = (seen.code for seen in one.offences)
    names = (named.family_name for named in one.people)
    when = (one.acted_from, one.acted_to or "")
    said = (*when, one.place, one.place_more, one.plate, *codes, *names)
    mark = hashlib.sha256("\x1f".join(said).encode()).hexdigest()
    return f"#{mark[:32]}"
