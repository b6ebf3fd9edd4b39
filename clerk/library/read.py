"""From a checked table to a definition: which keys a service and an office have.

This is the description of the file format; ``table.py`` knows the kinds of values.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Protocol, TypeVar

from clerk.i18n import _
from clerk.library.definition import (
    Binds,
    Fee,
    Field,
    FieldKind,
    OfficeDefinition,
    Result,
    ServiceDefinition,
    Step,
    Term,
    TermKind,
    Title,
    Word,
)
from clerk.library.table import Table, near
from clerk.rules.periods import Period
from storage.folding import words as folded_words
from storage.terms import ServiceState

MAX_SLOTS = 96  # eight hours: nothing at a counter lasts longer
MAX_WEIGHT = 5.0
_PREFIX = re.compile(r"[0-9]{2}(\.[0-9]{1,2})?")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


RowT = TypeVar("RowT", bound=_HasId)


def read_service(table: Table, offices: Collection[str]) -> ServiceDefinition:
    """The service of a file; what is wrong is reported to the table, with stand-ins returned."""
    valid_from = table.day("valid_from")
    valid_to = table.day("valid_to", required=False)
    if valid_from and valid_to and valid_to < valid_from:
        table.wrong("valid_to", _("“valid_to” is before “valid_from”"))
    office = table.ascii_id("office")
    if office and office not in offices:
        reason = _("there is no office “{id}”").format(id=office)
        table.wrong("office", reason + near(office, offices))
    service = ServiceDefinition(
        id=table.ascii_id("id"),
        version=table.number("version", 1, 9999),
        state=table.choice("state", ServiceState),
        valid_from=valid_from or date.min,
        valid_to=valid_to,
        title=_title(table.table("title")),
        office=office,
        slots=table.number("slots", 0, MAX_SLOTS),
        quantity=table.number("quantity", 1, 100, default=1),
        steps=_rows(table, "steps", _step),
        terms=tuple(_term(entry) for entry in table.tables("terms")),
        form=_rows(table, "form", _field),
        results=_rows(table, "results", _result),
        letters=table.texts("letters", ids=True),
        fees=_rows(table, "fees", _fee, required=False),
        words=read_words(table),
    )
    table.close()
    return service


def read_office(table: Table) -> OfficeDefinition:
    """An office of ``[[offices]]``."""
    prefix = table.text("prefix")
    if prefix and not _PREFIX.fullmatch(prefix):
        table.wrong("prefix", _("“{value}” is no office number such as 32.1").format(value=prefix))
    office = OfficeDefinition(
        id=table.ascii_id("id"),
        name=table.text("name"),
        prefix=prefix,
        intake=table.flag("intake"),
        words=read_words(table),
    )
    table.close()
    return office


def read_words(table: Table) -> tuple[Word, ...]:
    """``words``: texts, or ``{ word = "…", weight = 2 }``; none empty, none twice."""
    found: dict[tuple[str, ...], Word] = {}
    for index, entry in enumerate(table.array("words", required=True)):
        if isinstance(entry, str):
            word = Word(entry)
        elif isinstance(entry, dict):
            inner = table.inner("words", index, entry)
            word = Word(inner.text("word"), inner.decimal("weight", 0.1, MAX_WEIGHT, default=1.0))
            inner.close()
        else:
            table.wrong_at("words", index, _("a word is a text in quotes or a table"))
            continue
        key = tuple(folded_words(word.text))
        if not key:
            table.wrong_at("words", index, _("“{word}” has no letters").format(word=word.text))
        elif key in found:
            reason = _("“{word}” is there already, as “{other}”")
            reason = reason.format(word=word.text, other=found[key].text)
            table.wrong_at("words", index, reason)
        else:
            found[key] = word
    return tuple(found.values())


def once(rows: Iterable[tuple[Table, str, str]]) -> None:
    """Report each row ``(table, key, value)`` whose value another row before it has."""
    seen: set[str] = set()
    for table, key, value in rows:
        if value and value in seen:
            reason = _("“{key}” “{value}” is there twice").format(key=key, value=value)
            table.wrong(key, reason)
        seen.add(value)


def _rows(
    table: Table, key: str, read: Callable[[Table], RowT], required: bool = True
) -> tuple[RowT, ...]:
    """The rows of ``[[key]]``, no id twice."""
    rows = []
    for entry in table.tables(key, required):
        rows.append((entry, read(entry)))
        entry.close()
    once((entry, "id", row.id) for entry, row in rows)
    return tuple(row for _entry, row in rows)


def _period(table: Table, key: str) -> Period:
    text = table.text(key)
    try:
        return Period.parse(text)
    except ValueError:
        if text:
            reason = _("“{value}” is no period: a number and T (days), W (weeks), M (months) or J")
            table.wrong(key, reason.format(value=text))
        return Period(1, "D")


def _title(table: Table) -> Title:
    title = Title(table.text("de"), table.text("en"))
    table.close()
    return title


def _step(table: Table) -> Step:
    return Step(
        id=table.ascii_id("id"),
        title=table.text("title"),
        norm_minutes=table.number("norm_minutes", 1, 10_000),
        checklist=table.texts("checklist"),
    )


def _term(table: Table) -> Term:
    term = Term(
        kind=table.choice("kind", TermKind),
        binds=table.choice("binds", Binds, default=Binds.OFFICE),
        period=_period(table, "period"),
        rule=table.text("rule"),
        source=table.text("source"),
    )
    table.close()
    return term


def _field(table: Table) -> Field:
    kind = table.choice("kind", FieldKind)
    choices = table.texts("choices", required=kind is FieldKind.CHOICE)
    if choices and kind is not FieldKind.CHOICE:
        table.wrong("choices", _("“choices” is only for kind “choice”"))
    return Field(
        id=table.ascii_id("id"),
        label=table.text("label"),
        kind=kind,
        required=table.flag("required"),
        choices=choices,
    )


def _result(table: Table) -> Result:
    return Result(
        id=table.ascii_id("id"),
        title=table.text("title"),
        retention=_period(table, "retention"),
        source=table.text("source"),
    )


def _fee(table: Table) -> Fee:
    return Fee(
        id=table.ascii_id("id"),
        title=table.text("title"),
        cents=table.number("cents", 0, 10_000_000),
        source=table.text("source"),
    )
