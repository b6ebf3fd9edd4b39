"""The owi21 form (xOWi 1.1): ``Datenstrom/Bestaende/Hinzufuegen/Bestand`` with the data in
attributes.

Days are ISO. The lengths are those of the published schema. Numbers that stand for kinds of persons
are taken where their meaning is known; others are named in a note, for a clerk to decide.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping

from clerk.i18n import _
from clerk.intake.devices.cells import cents, clock_time, day, joined, moment, text
from clerk.intake.devices.document import Element, line_of, local
from clerk.intake.devices.record import FieldRecord, Named, Picture, Seen, WrongRecord
from clerk.text import clip
from storage.terms import FineSource, Guilt, ParticipantRole, Unity

RECORD = "Bestand"
ROOTS = ("Datenstrom",)

_LENGTHS: Mapping[str, int] = {
    "GUID": 36, "AZ": 32, "GMK": 8, "TBNr1": 6, "TBNr": 6, "Gemarkung": 50, "Tatort": 200,
    "Tatzeit_Angaben": 60, "Beweis_Sonstige": 100, "Fahrzeugtyp_Sonstige": 100,
    "KFZ_Hersteller": 24, "KFZ_Typ": 24, "KFZ_Farbe": 24, "KFZ_Kennzeichen": 12,
    "KFZ_Kennzeichen_Nation": 3, "Bemerkung": 2_000, "Bemerkung_Zur_Tat": 2_000,
    "Textergaenzung": 1_000, "Konkretisierung": 2_000, "Ventilstand": 50, "Vorname": 50,
    "Nachname": 100, "PLZ": 12, "Ort": 60, "Strasse": 60, "Hausnummer": 10, "ZusatzStrasse": 50,
    "Geburtsdatum": 12, "Geburtsort": 60, "Geburtsname": 50, "Telefon": 20, "EMail": 255,
    "Staatsangehoerigkeit1": 3, "Dateiname": 200, "Datei": 200, "Titel": 200, "Name": 255,
}  # fmt: skip
_ROLES = {"10": ParticipantRole.WITNESS}
_PROOFS = {"1": "Zeugin/Zeuge", "4": "Foto"}
_IN_A_FILE = ("", "0")  # SpeicherTyp: the file lies beside the record
_KEY = 8


def record(case: Element) -> FieldRecord:
    """One ``Bestand``; WrongRecord with its line and why it cannot be taken."""
    facts = _Cells(case)
    parent = case.getparent()
    if parent is None or local(parent) != "Hinzufuegen":
        raise WrongRecord(facts.line, _("Only records to add (Hinzufuegen) can be taken."))
    key = facts.get("GMK")
    if key and not (len(key) == _KEY and key.isdecimal()):
        raise WrongRecord(facts.line, _("GMK is no key of eight digits."))
    on = day("Tattag", facts.needed("Tattag"), facts.line)
    began, ended = facts.get("Tatzeit"), facts.get("Tatzeit_Ende")
    people, others = _people(case)
    offences = tuple(_offences(case, facts))
    return FieldRecord(
        line=facts.line,
        source=FineSource.XOWI,
        number=facts.get("GUID") or facts.get("AZ"),
        municipality=key,
        offences=offences,
        acted_from=moment(on, clock_time("Tatzeit", began, facts.line) if began else None),
        acted_to=moment(on, clock_time("Tatzeit_Ende", ended, facts.line)) if ended else None,
        place=facts.get("Tatort"),
        district=facts.get("Gemarkung"),
        unity=Unity.SEVERAL_ACTS if facts.get("Tatmehrheit") == "1" else Unity.SAME_ACT,
        guilt=Guilt.INTENT
        if any(one.get("Vorsatz") == "1" for one in case.findall("{*}Tatbestand"))
        else Guilt.NEGLIGENT,
        plate=facts.get("KFZ_Kennzeichen"),
        plate_country=facts.get("KFZ_Kennzeichen_Nation"),
        vehicle=joined(
            facts.get("KFZ_Hersteller"),
            facts.get("KFZ_Typ"),
            facts.get("KFZ_Farbe"),
            facts.get("Fahrzeugtyp_Sonstige"),
            *(_Cells(one).get("Ventilstand") for one in case.findall("{*}Tatbestand")),
        )[:200],
        evidence=joined(
            *(_PROOFS.get(facts.get(f"Beweis_Schluessel_{n}"), "") for n in (1, 2, 3)),
            facts.get("Beweis_Sonstige"),
        ),
        note=joined(
            facts.get("Tatzeit_Angaben"),
            facts.get("Bemerkung"),
            facts.get("Bemerkung_Zur_Tat"),
            facts.get("Textergaenzung"),
            *others,
            by="\n",
        ),
        people=people,
        pictures=tuple(_pictures(case)),
    )


def number(case: Element) -> str:
    """The device's own number for a record, '' where it has none; also of a record that is
    wrong."""
    return clip(" ".join((case.get("GUID") or case.get("AZ") or "").split()), _LENGTHS["GUID"])


class _Cells:
    """The attributes of an element."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self.line = line_of(element)

    def get(self, name: str) -> str:
        return text(name, self._element.get(name) or "", self.line, _LENGTHS)

    def needed(self, name: str) -> str:
        found = self.get(name)
        if not found:
            raise WrongRecord(self.line, _("{name} is missing.").format(name=name))
        return found


def _offences(case: Element, facts: _Cells) -> Iterator[Seen]:
    found = [_Cells(one) for one in case.findall("{*}Tatbestand")]
    whole = facts.get("Busse")
    if not found:
        code = facts.get("TBNr1")
        if not code:
            raise WrongRecord(facts.line, _("{name} is missing.").format(name="Tatbestand"))
        yield Seen(code, amount=cents("Busse", whole, facts.line) if whole else None)
    for one in found:
        amount = one.get("Tatbestand_Busse") or (whole if len(found) == 1 else "")
        yield Seen(
            one.needed("TBNr"),
            one.get("Konkretisierung"),
            cents("Busse", amount, one.line) if amount else None,
        )


def _people(case: Element) -> tuple[tuple[Named, ...], list[str]]:
    """Who takes part, and what is to be said of those whose part is not known."""
    people: list[Named] = []
    others: list[str] = []
    for element in case.findall("{*}Person"):
        one = _Cells(element)
        kind = one.get("PersonenTypId")
        role = _ROLES.get(kind)
        born = one.get("Geburtsdatum")
        named = Named(
            role=role or ParticipantRole.WITNESS,
            family_name=one.needed("Nachname"),
            given_name=one.get("Vorname"),
            born_on=day("Geburtsdatum", born, one.line).isoformat() if born else None,
            street=joined(
                one.get("Strasse"), one.get("Hausnummer"), one.get("ZusatzStrasse"), by=" "
            ),
            postcode=one.get("PLZ"),
            city=one.get("Ort"),
            email=one.get("EMail"),
            phone=one.get("Telefon"),
            birth_name=one.get("Geburtsname") or None,
            birth_place=one.get("Geburtsort") or None,
            nationality=one.get("Staatsangehoerigkeit1") or None,
        )
        if role is None:
            name = joined(named.given_name, named.family_name, by=" ")
            where = joined(name, named.street, joined(named.postcode, named.city, by=" "))
            others.append(_("Person of kind {kind}: {who}").format(kind=kind or "?", who=where))
        else:
            people.append(named)
    return tuple(people), others


def _pictures(case: Element) -> Iterator[Picture]:
    for element in case.findall("{*}BeweisBild"):
        one = _Cells(element)
        try:
            data = base64.b64decode("".join((element.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            raise WrongRecord(one.line, _("A picture within the record is damaged.")) from None
        name = one.get("Dateiname") or one.get("Nummer") or "BeweisBild"
        yield Picture(name, _kind(name), one.line, data=data)
    for element in case.findall("{*}Dokumente/{*}Dokument"):
        one = _Cells(element)
        if one.get("SpeicherTyp") not in _IN_A_FILE:
            raise WrongRecord(
                one.line, _("A document lies in another system, not beside the record.")
            )
        yield Picture(one.needed("Datei"), _kind(one.get("Titel") or one.get("Datei")), one.line)


def _kind(title: str) -> str:
    """What a picture shows, as far as its title says."""
    title = title.lower()
    for word, kind in (("kennzeichen", "plate"), ("fahrer", "driver"), ("gesamt", "overall")):
        if word in title:
            return kind
    return "extra"
