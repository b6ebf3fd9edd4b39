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
        one = object.__new__(cls)  # nothing has a default where everything is said
        for place, value in zip(_places_of(cls), values, strict=True):
            place(one, value)
        return one


_columns: dict[type[Record], tuple[str, ...]] = {}


def columns(record: type[Record]) -> tuple[str, ...]:
    """The column names of a record in a fixed order, ``id`` first."""
    names = _columns.get(record)
    if names is None:
        names = _columns[record] = tuple(f.name for f in fields(record))
    return names


_places: dict[type[Record], tuple[Callable[[Record, Value], None], ...]] = {}


def _places_of(record: type[Record]) -> tuple[Callable[[Record, Value], None], ...]:
    """What puts a value into its place, for each column: the frozen record lets nobody else."""
    places = _places.get(record)
    if places is None:
        places = tuple(getattr(record, name).__set__ for name in columns(record))
        _places[record] = places
    return places


_values: dict[type[Record], Callable[[Record], tuple[Value, ...]]] = {}


def values_of(record: Record) -> dict[str, Value]:
    """All fields of a record by name."""
    kind = type(record)
    values = _values.get(kind)
    if values is None:
        values = _values[kind] = attrgetter(*columns(kind))
    return dict(zip(columns(kind), values(record), strict=True))
