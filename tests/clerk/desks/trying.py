"""A use case about to be tried in the permission matrix."""

from collections.abc import Callable
from dataclasses import dataclass

from clerk.refusal import Refusal
from clerk.session import Session
from storage.actor import Actor


@dataclass(frozen=True)
class Try:
    """A use case about to be run on a record, and what its guard says of it."""

    run: Callable[[], object]
    guard: Callable[[], Refusal | None] | None = None
    entry: str = ""
    """The action its entry names, where that is not the scenario's own."""


Scenario = Callable[[Session, Actor, str | None], Try | None]
"""Makes the record in an office (None: in none) and says what the actor tries; None where there
is no such record."""
