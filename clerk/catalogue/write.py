"""Writing a catalogue as CSV: what ``read.py`` reads again."""

import csv
import io
from collections.abc import Iterable

from clerk.catalogue.entry import AREAS, CLASSES, COLUMNS, Entry

EXCEL = "cp1252"
"""The encoding in which a German Excel opens a CSV file by a double click."""


def as_csv(entries: Iterable[Entry], encoding: str = "utf-8") -> bytes:
    """The file: semicolons, days and amounts as they are written in Germany.

    Raises UnicodeEncodeError for a text that the encoding cannot hold.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for one in entries:
        writer.writerow(
            (
                one.code,
                AREAS[one.area],
                one.subject,
                one.title,
                one.charge,
                one.provisions,
                _euros(one.rate),
                _euros(one.rate_repeat),
                _euros(one.rate_intent),
                _euros(one.maximum),
                CLASSES[one.limitation],
                one.words,
                f"{one.valid_from:%d.%m.%Y}",
                f"{one.valid_to:%d.%m.%Y}" if one.valid_to else "",
            )
        )
    return out.getvalue().encode(encoding)


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02}"
