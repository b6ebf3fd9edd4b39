"""What somebody reports as an offence, as it was typed or read from a device, and what is wrong
with it. Nothing here writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.persons import same_person
from clerk.i18n import _
from clerk.money import euros
from clerk.refusal import Refusal
from clerk.rules import charges, doubles, plates, warnings
from clerk.rules.fine_costs import HIGHEST_FINE, USUAL_MAX_FINE
from clerk.rules.retention import AGE_OF_RESPONSIBILITY, YOUNG_UNTIL, age
from storage.pages import fines, offences, persons
from storage.records import Offence, Person
from storage.terms import (
    FineSource,
    Guilt,
    LimitationClass,
    OffenceArea,
    ParticipantRole,
    Unity,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

_LONGEST: Mapping[str, int] = {
    "place": 200, "place_more": 400, "district": 100, "officer": 100, "plate": 20,
    "plate_country": 10, "vehicle": 200, "evidence": 2_000, "latitude": 30, "longitude": 30,
    "reference": 35, "external_id": 200, "note": 10_000,
}  # fmt: skip
_DAY = len("2026-07-04")


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One offence. With a ``code`` words and rates are the catalogue's, as far as they are not said
    here; without one all of them are said here. Amounts in cents; ``details`` fills placeholders.
    """

    code: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = False
    amount: int | None = None
    charge: str = ""
    provisions: str = ""
    maximum: int | None = None
    limitation: LimitationClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody with a part in the matter: the id of a person known, or a new person."""

    role: ParticipantRole
    person: Person | str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DogFacts:
    """The dog of a dog matter. None: not known."""

    name: str = ""
    breed: str = ""
    chip: str = ""
    tag: str = ""
    on_leash: int | None = None
    muzzled: int | None = None
    incident: str = ""
    injured: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo. ``kind``: overall, driver, plate, extra."""

    name: str
    media_type: str
    data: bytes
    kind: str = "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that is reported. ``acted_from`` and ``acted_to`` are ISO, local, a day or a minute."""

    charges: Sequence[Charge]
    acted_from: str
    place: str
    acted_to: str | None = None
    parties: Sequence[Party] = ()
    area: OffenceArea | None = None
    place_more: str = ""
    district: str = ""
    latitude: str = ""
    longitude: str = ""
    officer: str = ""
    unity: Unity = Unity.SAME_ACT
    guilt: Guilt = Guilt.NEGLIGENT
    plate: str = ""
    plate_country: str = ""
    vehicle: str = ""
    evidence: str = ""
    dog: DogFacts | None = None
    photos: Sequence[Photo] = ()
    note: str = ""
    reference: str | None = None
    source: FineSource = FineSource.ENTRY
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said about a field of a report."""

    field: str
    said: Refusal


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found out about a report. ``offences``: of each charge that has a code in force."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    offences: tuple[Offence | None, ...]


def examine(
    db: "Connection", office_id: str, report: Report, now: int, *, but: str = ""
) -> Examined:
    """What is wrong with a report, and what a clerk should know. ``now``: ms, UTC; ``but``: the
    case whose report it is, which is no other one."""
    day = _day_of(report.acted_from)
    found = tuple(
        offences.by_code(db, office_id, one.code, day.isoformat()) if one.code and day else None
        for one in report.charges
    )
    errors = [
        *_times(report, now),
        *_texts(report),
        *_charges(report, found),
        *_known(db, report),
        *_young(db, report, day),
    ]
    if errors:
        return Examined(tuple(errors), (), found)
    told = (*_gaps(report, found), *_youth(db, report, day), *_doubles(db, report, but))
    return Examined((), told, found)


def amount(report: Report, one: Charge, offence: Offence | None) -> int:
    """What a charge costs by itself, in cents; 0 where nobody has said it."""
    if one.amount is not None:
        return one.amount
    return warnings.rate(offence, report.guilt, repeated=one.repeated) if offence else 0


def maximum(one: Charge, offence: Offence | None) -> int:
    """What the law threatens for intent, in cents."""
    if one.maximum is not None:
        return one.maximum
    return offence.maximum if offence else USUAL_MAX_FINE


# What is wrong


def _times(report: Report, now: int) -> Iterator[Finding]:
    begin, end = _moment(report.acted_from), _moment(report.acted_to or "")
    present = clock.local(now).replace(tzinfo=None)
    if begin is None:
        yield _finding("acted_from", "fine.time", _("The day of the act is missing or no day."))
        return
    if _is_later(report.acted_from, begin, present):
        yield _finding("acted_from", "fine.future", _("The act lies in the future."))
    if report.acted_to is None:
        return
    if end is None:
        yield _finding("acted_to", "fine.time", _("The end of the act is no day and no time."))
    elif _before(report.acted_to, end, report.acted_from, begin):
        yield _finding("acted_to", "fine.end", _("The act ends before it begins."))
    elif _is_later(report.acted_to, end, present):
        yield _finding("acted_to", "fine.future", _("The act lies in the future."))


def _texts(report: Report) -> Iterator[Finding]:
    if not report.place.strip():
        yield _finding("place", "fine.place", _("Where it was is missing."))
    for name, most in _LONGEST.items():
        if len(getattr(report, name) or "") > most:
            said = _("Too long: at most {n} characters.").format(n=most)
            yield _finding(name, "fine.long", said)


def _charges(report: Report, found: Sequence[Offence | None]) -> Iterator[Finding]:
    if not report.charges:
        yield _finding("charges", "fine.charge", _("What is charged is missing."))
    for one, offence in zip(report.charges, found, strict=True):
        if one.code and offence is None and not one.charge:
            said = _("There is no offence {code} in the catalogue of that day.")
            yield _finding("charges", "offence.unknown", said.format(code=one.code))
        elif not one.code and not one.charge.strip():
            yield _finding("charges", "fine.charge", _("What is charged is missing."))
        else:
            yield from _sum(report, one, offence)


def _sum(report: Report, one: Charge, offence: Offence | None) -> Iterator[Finding]:
    most = warnings.threatened(maximum(one, offence), report.guilt)
    asked = amount(report, one, offence)
    if not 0 < most <= HIGHEST_FINE:
        yield _finding("charges", "fine.maximum", _("The maximum must be more than nothing."))
    elif asked <= 0:
        yield _finding("amount", "fine.amount", _("The amount must be more than nothing."))
    elif asked > most:
        said = _("The amount is more than the law allows here: {most} at most.")
        yield _finding("amount", "fine.amount", said.format(most=euros(most)))


def _known(db: "Connection", report: Report) -> Iterator[Finding]:
    if report.external_id is None:
        return
    if other := fines.number_of_external(db, report.external_id):
        said = _("It is recorded already: {number}.").format(number=other)
        yield _finding("external_id", "fine.known", said)


def _young(db: "Connection", report: Report, day: date | None) -> Iterator[Finding]:
    for person in _offenders(db, report):
        if (years := _age(person, day)) is not None and years < AGE_OF_RESPONSIBILITY:
            said = _("{name} was {n} years old: under 14 nobody is prosecuted (OWiG 12).")
            yield _finding("parties", "fine.child", said.format(name=_name(person), n=years))


# What a clerk should know


def _gaps(report: Report, found: Sequence[Offence | None]) -> Iterator[Finding]:
    for one, offence in zip(report.charges, found, strict=True):
        text = one.charge or (offence.charge if offence else "")
        if gaps := charges.missing(text, one.details):
            said = _("Not said yet: {what}.").format(what=", ".join(gaps))
            yield _finding("charges", "fine.gaps", said)


def _youth(db: "Connection", report: Report, day: date | None) -> Iterator[Finding]:
    for person in _offenders(db, report):
        if (years := _age(person, day)) is not None and years < YOUNG_UNTIL:
            said = _(
                "{name} was {n} years old: the youth judge decides, tasks go before detention."
            )
            yield _finding("parties", "fine.youth", said.format(name=_name(person), n=years))
        if person.died_on:
            said = _("{name} has died.").format(name=_name(person))
            yield _finding("parties", "fine.dead", said)


def _doubles(db: "Connection", report: Report, but: str) -> Iterator[Finding]:
    begin = _moment(report.acted_from)
    if begin is None:
        return
    since, until = (begin.date() + timedelta(days=n) for n in (-1, 2))
    window = since.isoformat(), until.isoformat()
    near: list[fines.NearRow] = []
    if plate := plates.folded(report.plate):
        near += fines.with_plate(db, plate, *window)
    for person in _offenders(db, report):
        near += fines.of_offender(db, person.id, *window)
    street = doubles.street(report.place)
    for row in {row.case_id: row for row in near}.values():
        same = doubles.street(row.place) == street
        if same and row.case_id != but and doubles.is_near(row.acted_from, report.acted_from):
            said = _("Perhaps recorded already: {number}, {place}.")
            said = said.format(number=row.number, place=row.place)
            yield _finding("doubles", "fine.double", said)


def _offenders(db: "Connection", report: Report) -> list[Person]:
    return [
        found
        for one in report.parties
        if one.role == ParticipantRole.OFFENDER
        and (found := known_or_new(db, one.person)) is not None
    ]


def known_or_new(db: "Connection", person: Person | str) -> Person | None:
    """The person meant: known by id, or alike in name and birth or address; else the new one.
    None for an id that nobody has."""
    if isinstance(person, str):
        return persons.by_id(db, person)
    return same_person(db, person) or person


def _moment(text: str) -> datetime | None:
    """The begin of a day or minute; None where the text is neither."""
    try:
        return datetime.fromisoformat(text) if len(text) >= _DAY else None
    except ValueError:
        return None


def _day_of(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if moment else None


def _is_later(text: str, moment: datetime, present: datetime) -> bool:
    """Whether it lies behind the present; a day without a time is so only from tomorrow on."""
    return moment.date() > present.date() if len(text) == _DAY else moment > present


def _before(end_text: str, end: datetime, begin_text: str, begin: datetime) -> bool:
    days = len(end_text) == _DAY or len(begin_text) == _DAY
    return end.date() < begin.date() if days else end < begin


def _age(person: Person, day: date | None) -> int | None:
    """How old a person was on a day, None where that is not known."""
    if day is None or not person.born_on:
        return None
    return age(date.fromisoformat(person.born_on), day)


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip()


def _finding(about: str, code: str, sentence: str) -> Finding:
    return Finding(about, Refusal(code, sentence))
