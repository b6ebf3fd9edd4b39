"""What each template is filled with, as JSON in and out.

Amounts are cents, days are dates. Times of an act are as in its record: ``2026-07-04T14:30`` or
``2026-07-04``, local. Names, streets and charges are foreign text: text, never markup.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

import msgspec

D = TypeVar("D", bound="Details")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Whom a letter goes to, or where somebody lives. ``more``: lines between name and street."""

    name: str
    more: tuple[str, ...] = ()
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accused:
    """The person a proceeding is against (OWiG 66(1) no. 1); a firm has a family name alone."""

    family_name: str
    given_name: str = ""
    birth_name: str = ""
    born_on: date | None = None
    birth_place: str = ""
    nationality: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    representative: str = ""
    """Statutory representative or body, with address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One offence as charged: "Sie haben …" with its placeholders filled, and its provisions."""

    text: str
    provisions: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody is charged with: when, where, what, and what proves it."""

    acted_from: str
    acted_to: str | None = None
    place: str
    charges: tuple[Charge, ...]
    several_acts: bool = False
    """Several acts (OWiG 20) instead of one (OWiG 19)."""
    intent: bool = False
    plate: str = ""
    vehicle: str = ""
    evidence: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One line of an account: what for and how much."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One instalment."""

    due_on: date
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What every letter needs. ``number``: our reference (Aktenzeichen)."""

    to: Address
    number: str
    your_reference: str = ""
    contact: str = ""
    """Who can be asked, by name."""

    @property
    def own_subject(self) -> str:
        """Its subject line where it is not the template's usual one, else ''."""
        return ""

    @property
    def asks_for(self) -> tuple[int, str] | None:
        """What its payment slip asks for: cents, and the reference to write."""
        return None

    @property
    def names_account(self) -> bool:
        """Whether it says to which account something is to be paid."""
        return self.asks_for is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain(Details):
    """A letter in one's own words; an empty line begins a paragraph."""

    subject: str
    text: str

    @property
    def own_subject(self) -> str:
        """As it was written."""
        return self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningOffer(Details):
    """Warning with money and payment slip (OWiG 56): ``pay_by`` is the last day to accept it."""

    act: Act
    amount: int
    pay_by: date
    reference: str

    @property
    def asks_for(self) -> tuple[int, str]:
        """The warning money."""
        return self.amount, self.reference


class HearingRole(StrEnum):
    """As whom somebody is heard."""

    ACCUSED = "accused"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing(Details):
    """Hearing form (OWiG 55), or questions to a witness."""

    act: Act
    respond_by: date
    role: HearingRole = HearingRole.ACCUSED
    born_on: date | None = None
    birth_place: str = ""

    @property
    def own_subject(self) -> str:
        """Of the questions to a witness."""
        witness = self.role is HearingRole.WITNESS
        return "Befragung als Zeugin oder Zeuge" if witness else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Details):
    """Notice of a fine (Bußgeldbescheid, OWiG 65, 66). ``side``: side consequences in words.

    ``defender`` where there is one; ``due_on`` only where a later day than two weeks after finality
    is granted (OWiG 18). A defender who is served gets it by ``to``.
    """

    accused: Accused
    defender: Address | None = None
    act: Act
    fine: int
    side: tuple[str, ...] = ()
    fee: int
    expenses: int
    reference: str
    due_on: date | None = None
    grounds: str = ""

    @property
    def asks_for(self) -> tuple[int, str]:
        """Fine and costs."""
        return self.fine + self.fee + self.expenses, self.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder(Details):
    """What is still owed: ``items`` less ``paid``. ``about``: "Bußgeldbescheid vom 01.07.2026"."""

    about: str
    items: tuple[Sum, ...]
    paid: int = 0
    pay_by: date
    reference: str
    enforcement: bool = True
    """Announce enforcement where nothing is paid."""

    @property
    def asks_for(self) -> tuple[int, str]:
        """What is still owed."""
        return sum(one.amount for one in self.items) - self.paid, self.reference


class RejectedFor(StrEnum):
    """Why an objection is inadmissible (OWiG 69(1))."""

    LATE = "late"
    FORM = "form"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRejected(Details):
    """An objection rejected as inadmissible; the court may be asked within two weeks (OWiG 62)."""

    notice_of: date
    served_on: date
    objected_on: date
    period_ended_on: date
    ground: RejectedFor
    reason: str = ""
    court: str = ""


class ReferredFor(StrEnum):
    """Why a matter goes to the prosecutor: signs of a crime (OWiG 41), an objection (OWiG 69)."""

    CRIME = "crime"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Details):
    """Hand-over to the prosecutor, who is ``to``."""

    ground: ReferredFor
    accused: Accused
    defender: Address | None = None
    act: Act
    reason: str = ""
    notice_of: date | None = None
    served_on: date | None = None
    objected_on: date | None = None
    enclosures: tuple[str, ...] = ()

    @property
    def own_subject(self) -> str:
        """Of the files sent after an objection."""
        objected = self.ground is ReferredFor.OBJECTION
        return "Übersendung der Akten nach Einspruch" if objected else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalments(Details):
    """Payment made easier (OWiG 18, 93): a plan whose relief lapses with the first part missed."""

    about: str
    owed: int
    plan: tuple[Part, ...]
    reference: str

    @property
    def asks_for(self) -> tuple[int, str] | None:
        """The first part."""
        return (self.plan[0].amount, self.reference) if self.plan else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforcement(Details):
    """Request to the enforcing authority, which is ``to`` (OWiG 90)."""

    debtor: Accused
    notice_of: date
    served_on: date
    final_on: date
    due_on: date
    items: tuple[Sum, ...]
    paid: int = 0
    reference: str

    @property
    def names_account(self) -> bool:
        """What is collected goes there."""
        return True


class ClosedFor(StrEnum):
    """Why a proceeding ends or rests."""

    INSUFFICIENT = "insufficient"
    """No sufficient suspicion (OWiG 46(1), StPO 170(2))."""
    DISCRETION = "discretion"
    """OWiG 47(1)."""
    LIMITED = "limited"
    """Prosecution is time-barred (OWiG 31)."""
    SETTLED = "settled"
    """All is paid."""
    SUSPENDED = "suspended"
    """Rests for an obstacle (OWiG 46(1), StPO 205)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing(Details):
    """A proceeding is discontinued, settled or rests."""

    act: Act
    ground: ClosedFor
    reason: str = ""

    @property
    def own_subject(self) -> str:
        """Whether it ends or rests."""
        return {
            ClosedFor.SETTLED: "Abschluss des Bußgeldverfahrens",
            ClosedFor.SUSPENDED: "Vorläufige Einstellung des Bußgeldverfahrens",
        }.get(self.ground, "Einstellung des Bußgeldverfahrens")


def to_json(details: Details) -> str:
    """As it is kept in the letter: the same details always give the same text."""
    return msgspec.json.encode(details, order="deterministic").decode()


def as_values(details: Details) -> dict[str, object]:
    """As JSON types."""
    found = msgspec.to_builtins(details)
    return found if isinstance(found, dict) else {}


def from_json(text: str | bytes, kind: type[D]) -> D:
    """Details of a kind. ValueError says in English what is wrong and where; what is unknown is
    wrong, too: a misspelt field would be missing in the letter."""
    found = msgspec.json.decode(text, type=kind)
    if extra := _unknown(msgspec.json.decode(text), msgspec.to_builtins(found), "$"):
        raise ValueError(f"unknown field `{extra}`")
    return found


def _unknown(given: object, known: object, where: str) -> str:
    """The first field that was given and not taken, '' if there is none."""
    if isinstance(given, dict) and isinstance(known, dict):
        for name, value in given.items():
            place = f"{where}.{name}"
            found = _unknown(value, known[name], place) if name in known else place
            if found:
                return found
    elif isinstance(given, list) and isinstance(known, list | tuple):
        for n, (one, other) in enumerate(zip(given, known, strict=True)):
            if found := _unknown(one, other, f"{where}[{n}]"):
                return found
    return ""
