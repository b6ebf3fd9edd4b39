"""The base of all records: which table, which fields, what refers to what."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import ClassVar, Self

from storage.values import Value as Value  # noqa: PLC0414 - known from here


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of one table, as it was when it was read. Every field is text, int or None."""

    TABLE: ClassVar[str] = ""
    REFERENCES: ClassVar[dict[str, str]] = {}
    id: str

    @classmethod
    def of(cls, values: tuple[Value, ...]) -> Self:
        """The record of a row selected in the order of :func:`columns`."""
        return cls(**dict(zip(columns(cls), values, strict=True)))  # type: ignore[arg-type]  # the columns are the fields


_columns: dict[type[Record], tuple[str, ...]] = {}


def columns(record: type[Record]) -> tuple[str, ...]:
    """The column names of a record in a fixed order, ``id`` first."""
    names = _columns.get(record)
    if names is None:
        names = _columns[record] = tuple(f.name for f in fields(record))
    return names


_values: dict[type[Record], Callable[[Record], tuple[Value, ...]]] = {}


def values_of(record: Record) -> dict[str, Value]:
    """All fields of a record by name."""
    kind = type(record)
    values = _values.get(kind)
    if values is None:
        values = _values[kind] = attrgetter(*columns(kind))
    return dict(zip(columns(kind), values(record), strict=True))
