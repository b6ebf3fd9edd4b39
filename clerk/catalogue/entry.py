"""One version of an offence as a file holds it, and the columns of the file."""

from dataclasses import dataclass, field
from datetime import date

from storage.terms import LimitationClass, OffenceArea


@dataclass(frozen=True, slots=True)
class Entry:
    """Amounts in cents. Two are alike by what they say; ``line`` is only where it stood, 0:
    nowhere."""

    code: str
    area: OffenceArea
    subject: str
    title: str
    charge: str
    provisions: str
    rate: int
    rate_repeat: int | None
    rate_intent: int | None
    maximum: int
    limitation: LimitationClass
    words: str
    valid_from: date
    valid_to: date | None
    line: int = field(default=0, compare=False)


COLUMNS: dict[str, str] = {
    "code": "Tatbestandsnummer",
    "area": "Bereich",
    "subject": "Sachgebiet",
    "title": "Bezeichnung",
    "charge": "Tatvorwurf",
    "provisions": "Vorschriften",
    "rate": "Regelsatz",
    "rate_repeat": "Wiederholung",
    "rate_intent": "Vorsatz",
    "maximum": "Höchstmaß",
    "limitation": "Verjährung",
    "words": "Suchwörter",
    "valid_from": "gültig ab",
    "valid_to": "gültig bis",
}
"""The heads of the columns: German in every language, since files go from town to town."""

OPTIONAL = ("rate_repeat", "rate_intent", "limitation", "words", "valid_to")
"""Columns that a file may leave out."""

AREAS = {OffenceArea.MUNICIPAL: "kommunal", OffenceArea.TRAFFIC: "Verkehr"}
CLASSES = {
    LimitationClass.BY_MAXIMUM: "nach Höchstmaß",
    LimitationClass.TRAFFIC: "Verkehr",
}
LENGTHS = {"code": 20, "subject": 60, "title": 120, "charge": 1000, "provisions": 500, "words": 300}
"""The longest text of a column, in characters."""
