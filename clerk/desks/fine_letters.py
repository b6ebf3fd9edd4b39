"""What the letters of a fine say: their details from the record. The words are the templates'."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from clerk.desks.fine_answers import Answers
from clerk.desks.fine_course import reminded_until, until
from clerk.desks.fine_facts import Matter
from clerk.i18n import _
from clerk.letters.details import (
    Accused,
    Act,
    Address,
    Charge,
    ClosedFor,
    Closing,
    Details,
    Enforcement,
    Hearing,
    HearingRole,
    Instalments,
    Notice,
    ObjectionRejected,
    Part,
    Referral,
    ReferredFor,
    RejectedFor,
    Reminder,
    Sum,
    WarningOffer,
)
from clerk.refusal import refuse
from clerk.rules.finality import after_finality, objection_until
from clerk.rules.fine_guards import is_late
from clerk.rules.limitation import finality
from storage.records import Case, Claim, FineOffence, Participant, Person
from storage.terms import ClaimKind, FineState, Guilt, ParticipantRole, Unity

if TYPE_CHECKING:
    from clerk.office_settings import OfficeSettings

# German, as the letters are.
_LABELS: Mapping[ClaimKind, str] = {
    ClaimKind.WARNING: "Verwarnungsgeld",
    ClaimKind.FINE: "Geldbuße",
    ClaimKind.SIDE: "Nebenfolgen",
    ClaimKind.FEE: "Gebühr",
    ClaimKind.EXPENSES: "Auslagen",
    ClaimKind.OTHER: "Mahngebühr",  # the only other sum that a fine claims
}
_PROSECUTOR = "Staatsanwaltschaft"
_ENFORCES = "Vollstreckungsbehörde"
_GROUNDS: Mapping[str, ClosedFor] = {
    "no_suspicion": ClosedFor.INSUFFICIENT,
    "not_expedient": ClosedFor.DISCRETION,
    "time_barred": ClosedFor.LIMITED,
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """A letter that a step asks for. ``matter`` is how the fine stands after the step; ``to`` has
    the part to whom the step is addressed."""

    matter: Matter
    case: Case
    offences: Sequence[FineOffence]
    claims: Sequence[Claim]
    settings: "OfficeSettings"
    contact: str
    said: Answers
    on: date
    to: tuple[Participant, Person] | None

    @property
    def offender(self) -> Person:
        """The person charged. Refused ``fine.no_offender``."""
        found = self.matter.party(ParticipantRole.OFFENDER)
        if found is None:
            raise refuse("fine.no_offender", _("The person charged is not known yet."))
        return found[1]

    @property
    def recipient(self) -> Person:
        """To whom it goes: the one named, else the person charged."""
        return self.to[1] if self.to else self.offender

    def day_of(self, *actions: str) -> date:
        """The day of the last step with one of these actions, else that of this one."""
        return self.matter.facts.last(*actions) or self.on


def letter_of(template: str, occasion: Occasion) -> Details:
    """The details of a letter. KeyError for a template that no step of a fine asks for."""
    return _BUILDERS[template](occasion)


def _warning(one: Occasion) -> Details:
    return WarningOffer(
        **_head(one),
        act=_act(one),
        amount=one.matter.fine.amount,
        pay_by=until(one.matter.steps, FineState.WARNING_OFFERED, one.settings) or one.on,
        reference=one.matter.fine.reference or "",
    )


def _hearing(one: Occasion) -> Details:
    person = one.recipient
    charged = person.id == one.matter.facts.offender
    return Hearing(
        **_head(one),
        act=_act(one),
        respond_by=until(one.matter.steps, FineState.HEARING, one.settings) or one.on,
        role=HearingRole.ACCUSED if charged else HearingRole.WITNESS,
        born_on=_day(person.born_on),
        birth_place=person.birth_place or "",
    )


def _notice(one: Occasion) -> Details:
    fine = one.matter.fine
    defender = one.matter.party(ParticipantRole.DEFENDER)
    return Notice(
        **_head(one),
        accused=_accused(one),
        defender=_address(defender[1]) if defender else None,
        act=_act(one),
        fine=fine.amount,
        fee=fine.fee,
        expenses=fine.expenses,
        reference=fine.reference or "",
    )


def _objection_rejected(one: Occasion) -> Details:
    facts = one.matter.facts
    served, objected = one.day_of("fine.serve"), one.day_of("fine.object")
    ground = RejectedFor.LATE if is_late(facts, objected) else RejectedFor.FORM
    return ObjectionRejected(
        **_head(one),
        notice_of=one.day_of("fine.issue"),
        served_on=served,
        objected_on=objected,
        period_ended_on=objection_until(served, facts.seat),
        ground=ground,
        reason=one.said.text("text"),
    )


def _referral(one: Occasion) -> Details:
    facts = one.matter.facts
    objected = facts.last("fine.object")
    authority = one.matter.party(ParticipantRole.AUTHORITY)
    head = _head(one)
    head["to"] = _address(authority[1]) if authority else Address(name=_PROSECUTOR)
    defender = one.matter.party(ParticipantRole.DEFENDER)
    return Referral(
        **head,
        ground=ReferredFor.OBJECTION if objected else ReferredFor.CRIME,
        accused=_accused(one),
        defender=_address(defender[1]) if defender else None,
        act=_act(one),
        reason=one.said.text("text"),
        notice_of=facts.last("fine.issue"),
        served_on=facts.last("fine.serve"),
        objected_on=objected,
    )


def _reminder(one: Occasion) -> Details:
    return Reminder(
        **_head(one),
        about=_about(one),
        items=_items(one),
        paid=sum(each.paid for each in one.claims),
        pay_by=reminded_until(one.on, one.settings),
        reference=one.matter.fine.reference or "",
    )


def _instalments(one: Occasion) -> Details:
    plan = one.said.instalments
    return Instalments(
        **_head(one),
        about=_about(one),
        owed=sum(each.amount - each.paid for each in one.claims),
        plan=tuple(Part(due_on=day, amount=cents) for day, cents in plan),
        reference=one.matter.fine.reference or "",
    )


def _enforcement(one: Occasion) -> Details:
    facts = one.matter.facts
    final_on = finality(facts.steps) or one.on
    due_on, _until = after_finality(final_on, facts.seat, facts.grace_periods)
    head = _head(one)
    head["to"] = Address(name=_ENFORCES)
    return Enforcement(
        **head,
        debtor=_accused(one),
        notice_of=one.day_of("fine.issue"),
        served_on=one.day_of("fine.serve"),
        final_on=final_on,
        due_on=due_on,
        items=_items(one),
        paid=sum(each.paid for each in one.claims),
        reference=one.matter.fine.reference or "",
    )


def _closing(one: Occasion) -> Details:
    return Closing(
        **_head(one),
        act=_act(one),
        ground=_GROUNDS.get(one.said.text("reason"), ClosedFor.INSUFFICIENT),
        reason=one.said.text("text"),
    )


_BUILDERS: Mapping[str, Callable[[Occasion], Details]] = {
    "warning": _warning,
    "hearing": _hearing,
    "notice": _notice,
    "objection_rejected": _objection_rejected,
    "referral": _referral,
    "reminder": _reminder,
    "instalments": _instalments,
    "enforcement": _enforcement,
    "closing": _closing,
}


# Parts of letters


class _Head(TypedDict):
    to: Address
    number: str
    contact: str


def _head(one: Occasion) -> _Head:
    return _Head(to=_address(one.recipient), number=one.case.number, contact=one.contact)


def _address(person: Person) -> Address:
    return Address(
        name=_name(person), street=person.street, postcode=person.postcode, city=person.city
    )


def _accused(one: Occasion) -> Accused:
    person = one.offender
    stands_for = one.matter.party(ParticipantRole.REPRESENTATIVE)
    return Accused(
        family_name=person.family_name,
        given_name=person.given_name,
        birth_name=person.birth_name or "",
        born_on=_day(person.born_on),
        birth_place=person.birth_place or "",
        nationality=person.nationality or "",
        street=person.street,
        postcode=person.postcode,
        city=person.city,
        representative=_in_line(stands_for[1]) if stands_for else "",
    )


def _act(one: Occasion) -> Act:
    fine = one.matter.fine
    place = ", ".join(part for part in (fine.place, fine.place_more, fine.district) if part)
    return Act(
        acted_from=fine.acted_from,
        acted_to=fine.acted_to,
        place=place,
        charges=tuple(
            Charge(text=each.charge, provisions=each.provisions, code=each.code)
            for each in one.offences
        ),
        several_acts=fine.unity == Unity.SEVERAL_ACTS,
        intent=fine.guilt == Guilt.INTENT,
        plate=fine.plate_shown,
        vehicle=fine.vehicle,
        evidence=tuple(line.strip() for line in fine.evidence.splitlines() if line.strip()),
        witnesses=(
            *([fine.officer] if fine.officer else []),
            *(
                _name(person)
                for part, person in one.matter.parties
                if part.role == ParticipantRole.WITNESS
            ),
        ),
    )


def _items(one: Occasion) -> tuple[Sum, ...]:
    return tuple(Sum(label=_LABELS[each.kind], amount=each.amount) for each in one.claims)


def _about(one: Occasion) -> str:
    day = one.day_of("fine.issue")
    return f"Bußgeldbescheid vom {day:%d.%m.%Y}"


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip()


def _in_line(person: Person) -> str:
    place = f"{person.postcode} {person.city}".strip()
    return ", ".join(part for part in (_name(person), person.street, place) if part)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
