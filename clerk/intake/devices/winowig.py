"""The WiNOWiG form (XMLMDE): ``OWIGMDEData/Mandant/Fall`` with the data in elements.

Days are ``dd.mm.yyyy``, times ``HH:MM[:SS]``. An element that is there has to say something, and
nothing may be longer than the form allows.
"""

from collections.abc import Iterator, Mapping

from clerk.i18n import _
from clerk.intake.devices.cells import cents, clock_time, day, joined, moment, text
from clerk.intake.devices.document import Element, line_of, local, root_of
from clerk.intake.devices.record import FieldRecord, Named, Picture, Seen, WrongRecord
from clerk.text import clip
from storage.terms import FineSource, ParticipantRole, Unity

RECORD = "Fall"
ROOTS = ("OWIGMDEData", RECORD)

_LENGTHS: Mapping[str, int] = {
    "Aktenzeichen": 32, "Kassenzeichen": 32, "Tatbestandsnummer": 20, "Konkretisierungen": 500,
    "Kennzeichen": 15, "Nationalitaet": 3, "Fabrikat": 50, "Farbe": 30, "Verkehrsbeteiligung": 100,
    "Tatort": 100, "Ortsteil": 60, "Name": 100, "Vorname": 60, "Strasse": 60, "Hausnummer": 10,
    "PLZ": 10, "Ort": 60, "Adresszusatz": 60, "Telefon": 30, "EMail": 255, "Geburtsname": 60,
    "Geburtsort": 60, "Staatsangehoerigkeit": 60, "Titel": 30, "Anrede": 30, "Beweis": 100,
    "Zeile": 100, "Bemerkung": 2_000, "Notiz": 2_000, "NotizAussendienst": 2_000, "Text": 60,
    "Wagenseite": 20, "Dateiname": 200,
}  # fmt: skip
_MOST_PLACES = 3
_KINDS = {"Gesamtbild": "overall", "Fahrerbild": "driver", "KFZKennzeichenbild": "plate"}
_ROLES = {
    "Betroffener": ParticipantRole.OFFENDER,
    "Beschuldigter": ParticipantRole.OFFENDER,
    "Halter": ParticipantRole.KEEPER,
    "Fahrer": ParticipantRole.DRIVER,
    "Fahrzeugfuehrer": ParticipantRole.DRIVER,
    "Fahrzeugführer": ParticipantRole.DRIVER,
    "Zeuge": ParticipantRole.WITNESS,
    "Anzeigenerstatter": ParticipantRole.INFORMANT,
    "GesetzlicherVertreter": ParticipantRole.REPRESENTATIVE,
    "Gesetzlicher Vertreter": ParticipantRole.REPRESENTATIVE,
    "Verteidiger": ParticipantRole.DEFENDER,
    "Rechtsanwalt": ParticipantRole.DEFENDER,
    "Zustellungsbevollmaechtigter": ParticipantRole.SERVICE_AGENT,
    "Zustellungsbevollmächtigter": ParticipantRole.SERVICE_AGENT,
    "Behoerde": ParticipantRole.AUTHORITY,
    "Behörde": ParticipantRole.AUTHORITY,
    "Sachverstaendiger": ParticipantRole.EXPERT,
    "Sachverständiger": ParticipantRole.EXPERT,
}
_TRUE = frozenset({"true", "1", "ja"})


def record(case: Element) -> FieldRecord:
    """One ``Fall``; WrongRecord with its line and why it cannot be taken."""
    _nothing_empty(case)
    facts = _Part(case)
    on = day("Tattag/Von", facts.needed("Falldaten/Tattag/Von"), facts.line)
    until = facts.get("Falldaten/Tattag/Bis")
    began = facts.get("Falldaten/Tatzeit/Von")
    ended = facts.get("Falldaten/Tatzeit/Bis")
    places = [one for one in facts.all("Tatorte/Tatort") if one]
    if len(places) > _MOST_PLACES:
        raise WrongRecord(facts.line, _("More than three lines for the place."))
    latitude, _sign, longitude = (case.get("GPS") or "").partition(";")
    last = day("Tattag/Bis", until, facts.line) if until else on
    return FieldRecord(
        line=facts.line,
        source=FineSource.XMLMDE,
        number=facts.get("Falldaten/Aktenzeichen"),
        reference=facts.get("Falldaten/Kassenzeichen"),
        municipality=_municipality(case),
        offences=tuple(_offences(facts)),
        acted_from=moment(on, clock_time("Tatzeit/Von", began, facts.line) if began else None),
        acted_to=moment(last, clock_time("Tatzeit/Bis", ended, facts.line) if ended else None)
        if ended or until
        else None,
        place=places[0] if places else "",
        place_more="\n".join(places[1:]),
        district=facts.get("Tatorte/Ortsteil"),
        latitude=latitude.strip()[:30],
        longitude=longitude.strip()[:30],
        officer=_officer(case),
        unity=Unity.SEVERAL_ACTS
        if facts.get("Falldaten/Tatmehrheit").lower() in _TRUE
        else Unity.SAME_ACT,
        plate=facts.get("Falldaten/Fahrzeug/Kennzeichen"),
        plate_country=facts.get("Falldaten/Fahrzeug/Nationalitaet"),
        vehicle=_vehicle(facts),
        evidence=joined(*facts.all("Beweise/Beweis"), _witness(facts), by="; "),
        note=joined(
            *facts.all("Bemerkungen/Bemerkung"),
            facts.get("Falldaten/Notiz"),
            facts.get("Falldaten/NotizAussendienst"),
            by="\n",
        ),
        people=tuple(_people(facts)),
        pictures=tuple(_pictures(facts)),
    )


def number(case: Element) -> str:
    """The device's own number for a record, '' where it has none; also of a record that is
    wrong."""
    found = case.findtext("{*}Falldaten/{*}Aktenzeichen") or ""
    return clip(" ".join(found.split()), _LENGTHS["Aktenzeichen"])


class _Part:
    """An element whose descendants are found by path, whatever their namespace."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.line = line_of(element)
        self._below: dict[str, list[Element]] = {}
        self._learn(element, "")

    def _learn(self, element: Element, prefix: str) -> None:
        """One walk for all paths: looking for each by itself costs ten times as much."""
        for one in element.iterchildren("*"):
            path = prefix + local(one)
            self._below.setdefault(path, []).append(one)
            self._learn(one, f"{path}/")

    def find(self, path: str) -> list[Element]:
        return self._below.get(path, [])

    def all(self, path: str) -> list[str]:
        name = path.rpartition("/")[2]
        return [text(name, one.text or "", line_of(one), _LENGTHS) for one in self.find(path)]

    def get(self, path: str) -> str:
        found = self.all(path)
        return found[0] if found else ""

    def needed(self, path: str) -> str:
        found = self.get(path)
        if not found:
            raise WrongRecord(self.line, _("{name} is missing.").format(name=path))
        return found

    def parts(self, path: str) -> "Iterator[_Part]":
        yield from map(_Part, self.find(path))

    def attribute(self, name: str) -> str:
        return text(name, self.element.get(name) or "", self.line, _LENGTHS)


def _nothing_empty(case: Element) -> None:
    """An element without content is an error of the device that wrote it."""
    for one in case.iter("*"):
        if len(one) == 0 and not one.attrib and not (one.text or "").strip():
            line = line_of(one)
            raise WrongRecord(line, _("{name} is there but empty.").format(name=local(one)))


def _offences(facts: _Part) -> Iterator[Seen]:
    found = list(facts.parts("Tatbestaende/Tatbestand"))
    if not found:
        raise WrongRecord(facts.line, _("{name} is missing.").format(name="Tatbestand"))
    for one in found:
        amount = one.get("Verwarnungsgeld") or one.get("Betrag")
        yield Seen(
            one.needed("Tatbestandsnummer"),
            one.get("Konkretisierungen"),
            cents("Betrag", amount, one.line) if amount else None,
        )


def _vehicle(facts: _Part) -> str:
    """Make, colour, kind of part in traffic, valves, first check."""
    valves = facts.get("Falldaten/Ventilstellung/Text")
    for seen in facts.parts("Tatbestaende/Tatbestand/Tatdaten"):
        front, back = seen.get("Ventilstellung/Vorne"), seen.get("Ventilstellung/Hinten")
        pair = joined(front, back, by="/")
        valves = valves or joined(seen.get("Wagenseite"), pair, by=" ")
        first = seen.get("ErsteKontrollzeit")
        if first:
            at = clock_time("ErsteKontrollzeit", first, seen.line)
            valves = joined(valves, _("first check {time}").format(time=f"{at:%H:%M}"))
    return joined(
        facts.get("Falldaten/Fahrzeug/Fabrikat"),
        facts.get("Falldaten/Fahrzeug/Farbe"),
        facts.get("Falldaten/Fahrzeug/Verkehrsbeteiligung"),
        valves,
    )[:200]


def _witness(facts: _Part) -> str:
    """The lines about the witness; a line of numbers alone are keys of the device."""
    lines = [one for one in facts.all("Zeuge/Zeilen/Zeile") if any(c.isalpha() for c in one)]
    return _("Witness: {names}").format(names=", ".join(lines)) if lines else ""


def _officer(case: Element) -> str:
    header = root_of(case).find("{*}Header")
    return (
        "" if header is None else " ".join((header.get("Sachbearbeitername") or "").split())[:100]
    )


def _municipality(case: Element) -> str:
    parent = case.getparent()
    return "" if parent is None else (parent.get("Gemeindeschluessel") or "").strip()


def _people(facts: _Part) -> Iterator[Named]:
    for one in facts.parts("Beteiligte/Beteiligter"):
        kind = one.attribute("Typ")
        role = _ROLES.get(kind)
        if role is None:
            said = _("Nobody takes part as “{kind}”.").format(kind=kind)
            raise WrongRecord(one.line, said)
        born = one.get("Zusatzdaten/Geburtsdatum")
        address = "Kontakt/Anschrift"
        yield Named(
            role=role,
            family_name=one.needed(f"{address}/Name"),
            given_name=one.get(f"{address}/Vorname"),
            born_on=day("Geburtsdatum", born, one.line).isoformat() if born else None,
            street=joined(
                one.get(f"{address}/Strasse"),
                one.get(f"{address}/Hausnummer"),
                one.get(f"{address}/Adresszusatz"),
                by=" ",
            ),
            postcode=one.get(f"{address}/PLZ"),
            city=one.get(f"{address}/Ort"),
            email=one.get("Kontakt/EMail"),
            phone=one.get("Kontakt/Telefon"),
            birth_name=one.get("Zusatzdaten/Geburtsname") or None,
            birth_place=one.get("Zusatzdaten/Geburtsort") or None,
            nationality=one.get("Zusatzdaten/Staatsangehoerigkeit") or None,
        )


def _pictures(facts: _Part) -> Iterator[Picture]:
    for one in facts.parts("Bilder/Bild"):
        name = one.attribute("Dateiname")
        if not name:
            raise WrongRecord(one.line, _("{name} is missing.").format(name="Dateiname"))
        length = one.attribute("Length")
        if length and not length.isdecimal():
            raise WrongRecord(one.line, _("{name} is no number.").format(name="Length"))
        kind = _KINDS.get(one.attribute("Inhalt"), "extra")
        yield Picture(name, kind, one.line, int(length) if length else None)
