"""A service and an office as the library describes them: frozen, checked, German content."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clerk.rules.periods import Period
from storage.terms import ServiceState


class TermKind(StrEnum):
    """Whether a term is a promise of the town or the law's."""

    SERVICE = "service"
    LEGAL = "legal"


class Binds(StrEnum):
    """Who has to keep a term: a case's due date comes only from terms that bind the office."""

    OFFICE = "office"
    PERSON = "person"


class FieldKind(StrEnum):
    """What a form field takes."""

    TEXT = "text"
    LINES = "lines"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    YESNO = "yesno"
    CHOICE = "choice"
    ADDRESS = "address"
    PLACE = "place"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    PLATE = "plate"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages of the program."""

    de: str
    en: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase for the finder, as written in the file; ``weight`` 0.1 to 5, normally 1."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the work; ``norm_minutes`` is the working time it should take."""

    id: str
    title: str
    norm_minutes: int
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term: the period, the rule in words (from when, until when) and where it stands."""

    kind: TermKind
    binds: Binds
    period: Period
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form; ``choices`` is filled for kind ``choice`` and only there."""

    id: str
    label: str
    kind: FieldKind
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How a case can end and how long it is kept after that."""

    id: str
    title: str
    retention: Period
    source: str


@dataclass(frozen=True, slots=True)
class Fee:
    """What it costs, in euro cents."""

    id: str
    title: str
    cents: int
    source: str


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """One version of a service. ``id`` is ASCII and never changes; ``slots`` are 5 minutes each.

    ``quantity`` is how many of it one visit may ask for; ``slots`` 0 means no appointment is
    needed. ``valid_to`` is the last day, ``None`` until further notice.
    """

    id: str
    version: int
    state: ServiceState
    valid_from: date
    valid_to: date | None
    title: Title
    office: str
    slots: int
    quantity: int
    steps: tuple[Step, ...]
    terms: tuple[Term, ...]
    form: tuple[Field, ...]
    results: tuple[Result, ...]
    letters: tuple[str, ...]
    fees: tuple[Fee, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class OfficeDefinition:
    """An office: ``prefix`` is its number in the town's plan and heads its case numbers."""

    id: str
    name: str
    prefix: str
    intake: bool
    words: tuple[Word, ...]


def in_force(services: tuple[ServiceDefinition, ...], day: date) -> tuple[ServiceDefinition, ...]:
    """Of each service the published version that is valid on ``day``, in order of id."""
    valid = {
        service.id: service
        for service in sorted(services, key=lambda service: service.version)
        if service.state is ServiceState.PUBLISHED
        and service.valid_from <= day
        and (service.valid_to is None or day <= service.valid_to)
    }
    return tuple(valid[id_] for id_ in sorted(valid))
