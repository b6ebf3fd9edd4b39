"""What is said of a fine on the command line: options and a JSON document in one form.

The names are those of the entry screen, the values what one types there (``day``: ``gestern``,
``time``: ``1430-1510``, ``amount``: ``35,50``); the document of ``clerk fine new --from``::

    {"offences": [{"code": "HUN01", "details": {"Ort": "Park"}}], "place": "Am Markt 3",
     "day": "4.7.", "people": [{"role": "offender", "name": "Hans Müller", "born": "4.5.80"}],
     "dog": {"name": "Rex"}, "photos": ["a.jpg"]}
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from clerk.cli import find
from clerk.desks.fine_photos import read_photos
from clerk.desks.fine_report import DogFacts, Finding, Report
from clerk.desks.fine_typed import Typed, TypedCharge, TypedParty, read
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.money import parse_euros
from clerk.refusal import Refused, refuse
from clerk.rules.charges import placeholders
from clerk.rules.shorthand import parse_date
from clerk.text import display
from storage.pages import offences
from storage.terms import ParticipantRole

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.records import Offence

TEXTS = (
    "place", "day", "time", "plate", "plate_country", "evidence", "amount", "officer", "district",
    "vehicle", "intent", "repeated", "several", "note",
)  # fmt: skip
_OFFENCE = ("code", "details", "words", "provisions", "maximum", "amount")
_PERSON = ("role", "id", "name", "address", "born")
_DOG = tuple(DogFacts.__slots__)
_MOST = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What was said; what was not is left out, or None."""

    texts: Mapping[str, str] = field(default_factory=dict)
    charges: tuple[TypedCharge, ...] | None = None
    people: tuple[TypedParty, ...] | None = None
    dog: Mapping[str, str] | None = None
    photos: tuple[str, ...] = ()


def of_document(text: str) -> Said:
    """What a JSON document says. Refused ``fine.said`` with the name that is wrong."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(_("This is no JSON document: {reason}"), reason=str(error)) from error
    top = _named(document, (*TEXTS, "offences", "people", "dog", "photos"), "")
    return Said(
        {name: _text(top[name], name) for name in TEXTS if name in top},
        tuple(map(_charge, _listed(top, "offences"))) if "offences" in top else None,
        tuple(map(_party, _listed(top, "people"))) if "people" in top else None,
        dog_of(top["dog"]) if "dog" in top else None,
        tuple(_text(one, "photos") for one in _listed(top, "photos")),
    )


def dog_of(value: object) -> Mapping[str, str]:
    """What is said of a dog. Refused ``fine.said`` for what is not asked of one."""
    return {name: _text(said, name) for name, said in _named(value, _DOG, "dog").items()}


def joined(one: Said, other: Said) -> Said:
    """Both; what ``other`` says goes before."""
    return Said(
        {**one.texts, **other.texts},
        one.charges if other.charges is None else other.charges,
        one.people if other.people is None else other.people,
        one.dog if other.dog is None else other.dog,
        (*one.photos, *other.photos),
    )


def report_of(
    db: "Connection", office_id: str, said: Said, today: date
) -> tuple[Report, tuple[Finding, ...]]:
    """The report that is said, and what could not be read. Refused as the photos are, and
    ``fine.said`` for details that no offence asks for."""
    letterhead = settings_of(db, office_id).letterhead
    day = parse_date(said.texts.get("day") or "0t", today, past=True)
    on = (day if isinstance(day, date) else today).isoformat()
    charges = said.charges or ()
    found = [offences.by_code(db, office_id, one.code, on) if one.code else None for one in charges]
    people = [
        replace(one, person_id=find.record_id(db, "persons", one.person_id))
        if one.person_id
        else one
        for one in said.people or ()
    ]
    typed = Typed(
        charges=_asked(charges, found),
        fields=said.texts,
        parties=people,
        dog=said.dog or {},
        photos=read_photos("; ".join(said.photos)) if said.photos else (),
        home=(letterhead.postcode, letterhead.city),
    )
    made = read(typed, found, today)
    return made.report, made.errors


def upon(
    db: "Connection", office_id: str, base: Report, said: Said, today: date
) -> tuple[Report, tuple[Finding, ...]]:
    """The facts of a fine, with what is said in place of what was."""
    begin, _t, at = base.acted_from.partition("T")
    end = (base.acted_to or "").partition("T")[2]
    when = {"day": begin, "time": f"{at}-{end}" if end else at}
    new, errors = report_of(db, office_id, replace(said, texts=when | dict(said.texts)), today)
    names = [name for name in said.texts if name in Report.__slots__]
    if {"day", "time"} & set(said.texts):
        names += ["acted_from", "acted_to"]
    for text, name in (("intent", "guilt"), ("several", "unity")):
        if text in said.texts:
            names.append(name)
    for name, value in (("charges", said.charges), ("parties", said.people), ("dog", said.dog)):
        if value is not None:
            names.append(name)
    changed = replace(base, photos=new.photos, **{name: getattr(new, name) for name in names})
    if "amount" in said.texts and said.charges is None:
        first, *rest = base.charges
        cents = parse_euros(said.texts["amount"])
        changed = replace(changed, charges=[replace(first, amount=cents), *rest])
    return changed, errors


def _asked(
    charges: Sequence[TypedCharge], found: "Sequence[Offence | None]"
) -> Sequence[TypedCharge]:
    """To each charge the details that its offence asks for; every detail must be asked for."""
    asked: set[str] = set()
    fitted = []
    for one, offence in zip(charges, found, strict=True):
        names = placeholders(offence.charge) if offence else ()
        asked |= set(names)
        details = {name: value for name, value in one.details.items() if name in names}
        fitted.append(replace(one, details=details))
    for one in charges:
        if unknown := next((name for name in one.details if name not in asked), None):
            raise _wrong(
                _("No offence asks for “{name}”, only for: {names}."),
                name=unknown,
                names=", ".join(sorted(asked)) or "–",
            )
    return fitted


# Reading the document


def _named(value: object, known: Sequence[str], where: str) -> Mapping[str, object]:
    """An object with these names and no other."""
    if not isinstance(value, dict):
        raise _wrong(_("“{name}” must be an object."), name=where or "JSON")
    if unknown := next((name for name in value if name not in known), None):
        raise _wrong(
            _("“{name}” is not known here, only: {names}."), name=unknown, names=", ".join(known)
        )
    return value


def _listed(top: Mapping[str, object], name: str) -> Sequence[object]:
    found = top.get(name, [])
    if not isinstance(found, list) or len(found) > _MOST:
        raise _wrong(_("“{name}” must be a list of at most {n}."), name=name, n=_MOST)
    return found


def _text(value: object, name: str) -> str:
    """A value as one would type it."""
    if isinstance(value, bool):
        return "j" if value else "n"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    if not isinstance(value, str):
        raise _wrong(_("“{name}” must be a text."), name=name)
    return value


def _charge(value: object) -> TypedCharge:
    if isinstance(value, str):
        return TypedCharge(value)
    said = _named(value, _OFFENCE, "offences")
    details = said.get("details", {})
    if not isinstance(details, dict):
        raise _wrong(_("“{name}” must be an object."), name="details")
    texts = {name: _text(said[name], name) for name in said if name != "details"}
    return TypedCharge(**texts, details={k: _text(v, k) for k, v in details.items()})


def _party(value: object) -> TypedParty:
    said = _named(value, _PERSON, "people")
    texts = {name: _text(said.get(name, ""), name) for name in _PERSON}
    return party(texts["role"] or ParticipantRole.OFFENDER, **{k: texts[k] for k in _PERSON[1:]})


def party(
    role: str, *, id: str = "", name: str = "", address: str = "", born: str = ""
) -> TypedParty:
    """Somebody with a part in the matter. Refused ``fine.said`` for an unknown role."""
    if role not in set(ParticipantRole):
        raise _wrong(
            _("There is no role “{name}”, only: {names}."),
            name=role,
            names=", ".join(ParticipantRole),
        )
    return TypedParty(ParticipantRole(role), role, id, name, address, born)


def _wrong(sentence: str, **values: object) -> Refused:
    shown = {name: display(str(value)) for name, value in values.items()}
    return refuse("fine.said", sentence.format(**shown))
