"""Addresses that must not be given out (Auskunftssperre, BMG 51). Pure."""

from datetime import date
from typing import Protocol


class Shielded(Protocol):
    """A person, as far as this asks."""

    @property
    def shielded_until(self) -> str | None: ...


def is_shielded(person: Shielded, today: date) -> bool:
    """Whether the person's address must not be shown on this day; the last day counts."""
    until = person.shielded_until
    return until is not None and until >= today.isoformat()
