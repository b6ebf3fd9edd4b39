"""Fines: recording one, as typed at the desk or read from a field device."""

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.cases import open_case
from clerk.desks.fine_course import begin
from clerk.desks.fine_report import (
    Examined,
    Finding,
    Party,
    Report,
    amount,
    examine,
    known_or_new,
    maximum,
)
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules import charges, plates, references, warnings
from clerk.rules.permissions import may
from clerk.text import clip
from storage.actor import Actor
from storage.journal import Change
from storage.pages import offences
from storage.records import (
    Case,
    Document,
    Dog,
    Fine,
    FineOffence,
    FineStep,
    Note,
    Participant,
    Person,
)
from storage.store import Store
from storage.terms import LimitationClass, OffenceArea, ParticipantRole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clerk.office_settings import ReferenceSettings
    from storage.records import Offence

_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fine as it was recorded, and what a clerk should know about it."""

    case: Case
    fine: Fine
    warnings: tuple[Finding, ...]


def office_of(store: Store, actor: Actor, office_id: str | None = None) -> str:
    """Where the actor records fines: the office asked for, else the first of theirs that has a
    catalogue, else the first where they may. Refused ``fine.not_yours``."""
    own = [one for one in actor.offices if may("fine.new", actor.roles, one)]
    wanted = office_id or next((one for one in own if offences.has_catalogue(store.db, one)), None)
    wanted = wanted or next(iter(own), None)
    if wanted is None or wanted not in own:
        raise refuse("fine.not_yours", _("You record no fines for this office."))
    return wanted


def can_record(actor: Actor) -> Refusal | None:
    """Whether the actor records fines anywhere."""
    if any(may("fine.new", actor.roles, office) for office in actor.roles):
        return None
    return Refusal("fine.not_yours", _("You record no fines for this office."))


def record(store: Store, actor: Actor, report: Report, *, office_id: str | None = None) -> Recorded:
    """Record a fine, as one action. Refused with the first thing that is wrong with the report."""
    with store.change(actor, "fine.new") as change:
        return new_fine(store, change, actor, report, office_id=office_id)


def new_fine(
    store: Store, change: Change, actor: Actor, report: Report, *, office_id: str | None = None
) -> Recorded:
    """Within a running change: case, fine, offences, participants, dog, photos, first step.

    Numbers come from the office's ranges (``case:…``, ``fine:<office>``). Refused with the first
    error of :func:`clerk.desks.fine_report.examine`, and ``fine.not_yours``.
    """
    home = office_of(store, actor, office_id)
    found = examine(store.db, home, report, change.at)
    if found.errors:
        raise Refused(found.errors[0].said)
    parties = [(one, person_of(store, change, one)) for one in report.parties]
    offender = next((p for one, p in parties if one.role == ParticipantRole.OFFENDER), None)
    case = open_case(
        store,
        change,
        actor,
        service_id=None,
        office_id=home,
        subject=subject_of(report, found.offences),
        person_id=offender.id if offender else None,
    )
    settings = settings_of(store.db, home)
    fine = _fine(change, settings.reference, case, report, found)
    step = FineStep(
        case_id=case.id,
        action="fine.new",
        state=fine.state,
        on_date=clock.local(change.at).date().isoformat(),
        at=change.at,
        clerk_id=actor.clerk_id,
    )
    roles = [
        Participant(case_id=case.id, person_id=person.id, role=party.role, note=party.note)
        for party, person in parties
    ]
    fine = begin(
        change,
        case,
        fine,
        settings=settings,
        parties=roles,
        charged=charged(case.id, report, found),
        step=step,
    )
    _enclose(change, actor, case, report)
    return Recorded(case, fine, found.warnings)


def _fine(
    change: Change, settings: "ReferenceSettings", case: Case, report: Report, found: Examined
) -> Fine:
    running = change.next_number(f"fine:{case.office_id}")
    made = references.make(settings.method, settings.prefix, running)
    return replace(
        fields_of(report, found),
        case_id=case.id,
        office_id=case.office_id,
        reference=report.reference or made,
        external_id=report.external_id,
        source=report.source,
    )


def fields_of(report: Report, found: Examined) -> Fine:
    """What a report says of a fine; the case is not known yet."""
    each = [
        amount(report, one, offence)
        for one, offence in zip(report.charges, found.offences, strict=True)
    ]
    first = next((one for one in found.offences if one is not None), None)
    return Fine(
        case_id="",
        office_id="",
        area=report.area or (OffenceArea(first.area) if first else OffenceArea.MUNICIPAL),
        acted_from=report.acted_from,
        acted_to=report.acted_to,
        place=report.place.strip(),
        place_more=report.place_more,
        district=report.district,
        latitude=report.latitude,
        longitude=report.longitude,
        officer=report.officer,
        unity=report.unity,
        guilt=report.guilt,
        amount=warnings.together(each, report.unity),
        plate=plates.folded(report.plate),
        plate_shown=report.plate.strip(),
        plate_country=report.plate_country,
        vehicle=report.vehicle,
        evidence=report.evidence,
    )


def charged(case_id: str, report: Report, found: Examined) -> list[FineOffence]:
    """The offences of a report as they are charged."""
    made = []
    for position, (one, offence) in enumerate(zip(report.charges, found.offences, strict=True), 1):
        words = one.charge or (offence.charge if offence else "")
        by_catalogue = offence.limitation if offence else LimitationClass.BY_MAXIMUM
        made.append(
            FineOffence(
                case_id=case_id,
                offence_id=offence.id if offence else None,
                position=position,
                code=one.code,
                charge=charges.fill(words, one.details),
                provisions=one.provisions or (offence.provisions if offence else ""),
                details=json.dumps(dict(one.details), ensure_ascii=False),
                amount=amount(report, one, offence),
                maximum=maximum(one, offence),
                limitation=one.limitation or LimitationClass(by_catalogue),
            )
        )
    return made


def person_of(store: Store, change: Change, party: Party) -> Person:
    """The person meant, made where it is a new one. StoreError ``record.gone`` for no id."""
    if isinstance(party.person, str):
        return change.get(Person, party.person)
    found = known_or_new(store.db, party.person)
    return change.add(party.person) if found is None or found is party.person else found


def _enclose(change: Change, actor: Actor, case: Case, report: Report) -> None:
    """Dog, photos and the note."""
    if report.dog is not None:
        change.add(Dog(case_id=case.id, **asdict(report.dog)))
    for photo in report.photos:
        change.add(
            Document(
                case_id=case.id,
                name=photo.name,
                media_type=photo.media_type,
                content_sha256=change.content(photo.data),
                size=len(photo.data),
                created_at=change.at,
                kind=photo.kind,
            )
        )
    if report.note.strip():
        change.add(Note(case_id=case.id, clerk_id=actor.clerk_id, at=change.at, text=report.note))


def subject_of(report: Report, found: "Sequence[Offence | None]") -> str:
    """What the case is about: the first offence and the place, no name and no plate."""
    first, offence = report.charges[0], found[0]
    what = offence.title if offence else first.charge
    what = what.strip().rstrip(".")
    return clip(", ".join(filter(None, (what, report.place.strip()))), _LONGEST_SUBJECT)
