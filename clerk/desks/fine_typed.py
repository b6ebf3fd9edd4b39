"""From what a clerk types to a report: the fields of the entry screen and of the command line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from clerk.desks.fine_report import Charge, DogFacts, Finding, Party, Photo, Report
from clerk.i18n import _
from clerk.money import parse_euros
from clerk.refusal import Refusal
from clerk.rules.charges import placeholders
from clerk.rules.contact import split_name
from clerk.rules.shorthand import parse_date, parse_time
from storage.records import Person
from storage.terms import Guilt, ParticipantRole, Unity

if TYPE_CHECKING:
    from storage.records import Offence

_TIMES = re.compile(r"(?P<begin>[0-9:.]+)(?: ?(?:-|–|bis) ?(?P<end>[0-9:.]+))?")
_POSTCODE = re.compile(r"(?P<postcode>[0-9]{5}) (?P<city>.+)")
_YES = {"j", "ja", "y", "yes", "x"}
_NO = {"", "n", "nein", "no"}
# What a placeholder of the catalogue may take from the record where nobody says it.
_OF_PLACE, _OF_TIME = ("Ort", "Tatort", "Grundstück"), ("Uhrzeit",)


@dataclass(frozen=True, slots=True)
class TypedCharge:
    """An offence by its code, with what was typed for its placeholders; or in one's own words."""

    code: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    provisions: str = ""
    maximum: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class TypedParty:
    """Somebody by the id of a person known, else by what was typed of them. ``row``: the field
    that names them."""

    role: ParticipantRole
    row: str
    person_id: str = ""
    name: str = ""
    address: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """All fields as text. ``home``: postcode and town that an address without them has."""

    charges: Sequence[TypedCharge]
    fields: Mapping[str, str]
    parties: Sequence[TypedParty] = ()
    dog: Mapping[str, str] = field(default_factory=dict)
    photos: Sequence[Photo] = ()
    home: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Read:
    """The report, and what could not be read, by the field's name."""

    report: Report
    errors: tuple[Finding, ...]


def read(typed: Typed, offences: Sequence["Offence | None"], today: date) -> Read:
    """The report that was typed. ``offences``: of each charge the one of the catalogue."""
    reader = _Reader(typed, today)
    report = reader.report(offences)
    return Read(report, tuple(reader.errors))


class _Reader:
    """Reads the fields one by one and collects what is wrong with them."""

    def __init__(self, typed: Typed, today: date) -> None:
        self._typed = typed
        self._today = today
        self.errors: list[Finding] = []

    def _text(self, name: str) -> str:
        return self._typed.fields.get(name, "").strip()

    def _wrong(self, name: str, said: Refusal) -> None:
        self.errors.append(Finding(name, said))

    def report(self, offences: Sequence["Offence | None"]) -> Report:
        begin, end = self._when()
        repeated = self._flag("repeated")
        amount = self._cents("amount", self._text("amount"))
        charges = [
            Charge(
                code=one.code,
                details=self._details(one, offence),
                repeated=repeated,
                amount=self._cents("amount", one.amount) if one.amount else None if n else amount,
                charge=one.words.strip(),
                provisions=one.provisions.strip(),
                maximum=self._cents(f"charge{n + 1}_maximum", one.maximum),
            )
            for n, (one, offence) in enumerate(zip(self._typed.charges, offences, strict=True))
        ]
        parties = (self._party(one) for one in self._typed.parties)
        return Report(
            charges=charges,
            acted_from=begin,
            acted_to=end,
            place=self._text("place"),
            parties=[one for one in parties if one is not None],
            officer=self._text("officer"),
            unity=Unity.SEVERAL_ACTS if self._flag("several") else Unity.SAME_ACT,
            guilt=Guilt.INTENT if self._flag("intent") else Guilt.NEGLIGENT,
            plate=self._text("plate"),
            plate_country=self._text("plate_country"),
            vehicle=self._text("vehicle"),
            evidence=self._text("evidence"),
            district=self._text("district"),
            dog=self._dog(),
            photos=self._typed.photos,
            note=self._text("note"),
        )

    def _when(self) -> tuple[str, str | None]:
        """Begin and end of the act: a day, and a time ``1430`` or ``1430-1510``; an end before the
        begin is of the next day."""
        day = parse_date(self._text("day") or "0t", self._today, past=True)
        if isinstance(day, Refusal):
            self._wrong("day", day)
            return "", None
        typed = self._text("time")
        if not typed:
            return day.isoformat(), None
        match = _TIMES.fullmatch(typed)
        times = [parse_time(one) for one in match.groups() if one] if match else []
        found = [one for one in times if isinstance(one, time)]
        if not found or len(found) < len(times):
            said = next((one for one in times if isinstance(one, Refusal)), None)
            self._wrong("time", said or _no_time())
            return day.isoformat(), None
        last = day + timedelta(days=1) if found[-1] < found[0] else day
        begin = f"{day.isoformat()}T{found[0]:%H:%M}"
        return begin, f"{last.isoformat()}T{found[-1]:%H:%M}" if len(found) > 1 else None

    def _cents(self, name: str, typed: str) -> int | None:
        cents = parse_euros(typed) if typed.strip() else None
        if typed.strip() and cents is None:
            said = Refusal("amount.unreadable", _("Not an amount. Try 35 or 88,50."))
            self._wrong(name, said)
        return cents

    def _flag(self, name: str, *, of: Mapping[str, str] | None = None) -> bool:
        typed = (self._typed.fields if of is None else of).get(name, "").strip().lower()
        if typed not in _YES and typed not in _NO:
            self._wrong(name, Refusal("fine.answer", _("Say yes or no.")))
        return typed in _YES

    def _details(self, one: TypedCharge, offence: "Offence | None") -> dict[str, str]:
        """What was typed for the placeholders; place and time of the act where they ask for it."""
        said = {name: value.strip() for name, value in one.details.items() if value.strip()}
        at = self._text("time")
        for name in placeholders(offence.charge) if offence else ():
            if name in _OF_PLACE:
                said.setdefault(name, self._text("place"))
            elif name in _OF_TIME and at:
                moment = parse_time(at.split("-")[0])
                said.setdefault(name, f"{moment:%H:%M}" if isinstance(moment, time) else at)
        return said

    def _party(self, one: TypedParty) -> Party | None:
        if one.person_id:
            return Party(role=one.role, person=one.person_id)
        given, family = split_name(one.name)
        if not family:
            return None
        street, postcode, city = self._address(one.address)
        return Party(
            role=one.role,
            person=Person(
                family_name=family,
                given_name=given,
                born_on=self._born(one),
                street=street,
                postcode=postcode,
                city=city,
            ),
        )

    def _address(self, typed: str) -> tuple[str, str, str]:
        """``Am Markt 3, 12345 Ort``; without a town it is the office's own."""
        *lines, last = [part.strip() for part in typed.split(",")]
        match = _POSTCODE.fullmatch(last)
        if match:
            return ", ".join(lines), match["postcode"], match["city"]
        return typed.strip(), *(self._typed.home if typed.strip() else ("", ""))

    def _born(self, one: TypedParty) -> str | None:
        if not one.born.strip():
            return None
        day = parse_date(one.born, self._today, past=True)
        if isinstance(day, Refusal):
            self._wrong(f"{one.row}_born", day)
            return None
        if day > self._today:
            said = Refusal("fine.future", _("The date lies in the future."))
            self._wrong(f"{one.row}_born", said)
            return None
        return day.isoformat()

    def _dog(self) -> DogFacts | None:
        said = {name: value.strip() for name, value in self._typed.dog.items() if value.strip()}
        if not said:
            return None
        flags = {
            name: int(self._flag(name, of=said)) if name in said else None
            for name in ("on_leash", "muzzled")
        }
        texts = {name: said.get(name, "") for name in DogFacts.__slots__ if name not in flags}
        return DogFacts(**texts, **flags)  # type: ignore[arg-type]  # the fields of a dog


def _no_time() -> Refusal:
    return Refusal("time.unreadable", _("Not a time. Try 930, 1430 or 1430-1510."))
