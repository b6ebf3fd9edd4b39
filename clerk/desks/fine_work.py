"""A running change of the fines desk."""

from dataclasses import dataclass

from storage.actor import Actor
from storage.journal import Change
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Work:
    """Where something is changed, the change itself, and who does it."""

    store: Store
    change: Change
    actor: Actor
