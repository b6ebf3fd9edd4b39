"""Changing the facts of a fine, as long as no notice rests on them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from clerk.desks import fine_facts
from clerk.desks.fine_acts import day_of, fine_of
from clerk.desks.fine_answers import Answers
from clerk.desks.fine_facts import Matter, matter
from clerk.desks.fine_report import Charge, DogFacts, Finding, Party, Report, examine
from clerk.desks.fine_steps import take
from clerk.desks.fine_work import Work
from clerk.desks.fines import charged, fields_of, person_of, subject_of
from clerk.i18n import _
from clerk.refusal import Refused, refuse
from storage.actor import Actor
from storage.pages import fines
from storage.record import Record, values_of
from storage.records import Case, Dog, Fine, Participant
from storage.store import Store
from storage.terms import Guilt, LimitationClass, OffenceArea, ParticipantRole, Unity

if TYPE_CHECKING:
    from sqlite3 import Connection

ACTION = "fine.edit"


def facts(db: "Connection", case_id: str) -> Report:
    """The facts of the fine of a case. Refused ``fine.none``."""
    return report_of(db, fine_of(db, case_id))


def report_of(db: "Connection", fine: Fine) -> Report:
    """The fine as it would be reported today, without its photos."""
    dogs = fines.dogs(db, fine.case_id)
    return Report(
        charges=[
            Charge(
                code=one.code,
                details=json.loads(one.details),
                amount=one.amount,
                charge=one.charge,
                provisions=one.provisions,
                maximum=one.maximum,
                limitation=LimitationClass(one.limitation),
            )
            for one in fines.offences(db, fine.case_id)
        ],
        acted_from=fine.acted_from,
        acted_to=fine.acted_to,
        place=fine.place,
        parties=[
            Party(role=ParticipantRole(one.role), person=person.id, note=one.note)
            for one, person in fines.participants(db, fine.case_id)
        ],
        area=OffenceArea(fine.area),
        place_more=fine.place_more,
        district=fine.district,
        latitude=fine.latitude,
        longitude=fine.longitude,
        officer=fine.officer,
        unity=Unity(fine.unity),
        guilt=Guilt(fine.guilt),
        plate=fine.plate_shown,
        plate_country=fine.plate_country,
        vehicle=fine.vehicle,
        evidence=fine.evidence,
        dog=_dog(dogs[0]) if dogs else None,
    )


def _dog(one: Dog) -> DogFacts:
    said = values_of(one)
    return DogFacts(**{name: said[name] for name in DogFacts.__slots__})  # type: ignore[arg-type]  # the fields of a dog


# What a report does not say stays as it is.
_KEPT = ("id", "case_id", "office_id", "state", "reference", "external_id", "source", "fee",
         "expenses", "limitation_on", "absolute_on", "restricted", "review_on")  # fmt: skip


def edit(store: Store, actor: Actor, case_id: str, report: Report) -> tuple[Finding, ...]:
    """The facts are these from now on; returns what a clerk should know about them.

    Photos are left as they are, those of the report come to them. Refused as an action of the table
    ``fine.edit``, and with the first error of the report; ``fine.participant`` where somebody would
    leave to whom a step was addressed.
    """
    with store.change(actor, ACTION) as change:
        work = Work(store, change, actor)
        fine = fine_of(store.db, case_id)
        before = matter(store.db, fine)
        said = Answers().dated(day_of(ACTION, before, Answers()))
        refusal = fine_facts.accepts(
            actor, ACTION, before, said.given(day_of(ACTION, before, said))
        )
        if refusal is not None:
            raise Refused(refusal)
        found = examine(store.db, fine.office_id, report, change.at, but=case_id)
        if found.errors:
            raise Refused(found.errors[0].said)
        new = {n: v for n, v in values_of(fields_of(report, found)).items() if n not in _KEPT}
        fine = change.set(fine, **new)
        _match(work, fines.offences(store.db, case_id), charged(case_id, report, found))
        offender = _people(work, before, report.parties)
        case = change.get(Case, case_id)
        change.set(case, subject=subject_of(report, found.offences), person_id=offender)
        dog = [Dog(case_id=case_id, **asdict(report.dog))] if report.dog else []
        _match(work, fines.dogs(store.db, case_id), dog)
        take(work, matter(store.db, fine), ACTION, said)
    return found.warnings


def _match(work: Work, old: Sequence[Record], new: Sequence[Record]) -> None:
    """Make the old records say what the new ones say, in their order."""
    for one, other in zip(old, new, strict=False):
        work.change.set(one, **{n: v for n, v in values_of(other).items() if n != "id"})
    for one in old[len(new) :]:
        work.change.drop(one)
    for other in new[len(old) :]:
        work.change.add(other)


def _people(work: Work, before: Matter, parties: Sequence[Party]) -> str | None:
    """Who has a part in the matter, and as what; returns the id of the person charged."""
    change, known = work.change, {person.id: one for one, person in before.parties}
    offender: str | None = None
    for party in parties:
        person = person_of(work.store, change, party)
        if party.role == ParticipantRole.OFFENDER:
            offender = offender or person.id
        if one := known.pop(person.id, None):
            change.set(one, role=party.role, note=party.note)
        else:
            change.add(
                Participant(
                    case_id=before.fine.case_id,
                    person_id=person.id,
                    role=party.role,
                    note=party.note,
                )
            )
    addressed = {one.participant_id for one in before.steps}
    for one in known.values():
        if one.id in addressed:
            raise refuse(
                "fine.participant",
                _("Somebody to whom a step was addressed stays: change their part instead."),
            )
        change.drop(one)
    return offender
