"""Writing what happened: actions at their own time, by their own clerk, through the journal.

The entries carry the id of another workstation, and none can be taken back: on the workstation
that shows the demo nobody has done anything yet.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

from clerk.demo.days import Days
from clerk.demo.ids import demo_id
from clerk.demo.people import Townsperson
from clerk.demo.streets import TOWN
from storage.actor import Actor
from storage.journal import Change
from storage.record import Record, Value
from storage.records import Case, Item, Person
from storage.store import Store


class Text(NamedTuple):
    """Bytes for the content store, with their hash."""

    sha256: str
    data: bytes


class Edit(NamedTuple):
    """Fields of a record that stands already."""

    record: Record
    fields: Mapping[str, Value]


Op = Record | Edit | Text | Townsperson
"""A record to add, an edit, content to keep, or a townsperson to record unless they are known."""


@dataclass(slots=True)
class Action:
    """One thing a clerk did, at a moment; ``number`` orders those of one moment."""

    at: int
    number: int
    clerk_id: str
    name: str
    office_id: str | None
    ops: tuple[Op, ...]


@dataclass(slots=True)
class Deed:
    """Something that a use case does at a moment."""

    at: int
    do: Callable[[], None]


class Past:
    """The journal with a clock that is set to each action's moment. ``items``: written so far;
    ``rng``: draws the ids of entries."""

    def __init__(self, store: Store, rng: Random, days: Days) -> None:
        self._store = store
        self.rng = rng
        self._days = days
        self._recorded: set[str] = set()
        self._actors: dict[str, Actor] = {}
        self.prefixes: dict[str, str] = {}
        self.now = days.begin
        self.items = 0
        store.clock = lambda: self.now
        store.device = demo_id(rng, days.begin)

    @contextmanager
    def change(
        self,
        at: int,
        clerk_id: str,
        name: str,
        office_id: str | None = None,
        actor: Actor | None = None,
    ) -> Iterator[Change]:
        """A change of that moment; ``actor`` where their roles are asked for."""
        self.now = at
        actor = actor or self._actors.setdefault(clerk_id, Actor(clerk_id, ""))
        with self._store.change(actor, name, office_id=office_id, undoable=False) as change:
            change.entry_id = demo_id(self.rng, at)
            yield change

    def record(self, change: Change, one: Townsperson) -> str:
        """The id of a townsperson, who is recorded unless they are known."""
        self._do(change, one)
        return one.id

    def write(self, actions: Iterable[Action | Deed]) -> None:
        """All of them as one transaction, an entry each."""
        with self._store.group():
            for one in actions:
                if isinstance(one, Deed):
                    self.now = one.at
                    one.do()
                    continue
                with self.change(one.at, one.clerk_id, one.name, one.office_id) as change:
                    for op in one.ops:
                        self._do(change, op)

    def _do(self, change: Change, op: Op) -> None:
        if isinstance(op, Text):
            change.content(op.data)
        elif isinstance(op, Edit):
            change.set(op.record, **op.fields)
        elif isinstance(op, Townsperson):
            if op.id not in self._recorded:
                self._recorded.add(op.id)
                change.add(_person(op))
        elif isinstance(op, Item):
            self.items += 1
            change.add(op)
        elif isinstance(op, Case):
            change.add(replace(op, number=self._case_number(change, op)))
        else:
            change.add(op)

    def _case_number(self, change: Change, case: Case) -> str:
        """The next of the office's numbers of that year, given out in the order of the journal."""
        name = f"{self.prefixes[case.office_id]}-{self._days.year(case.opened_at)}"
        return f"{name}-{change.next_number(f'case:{name}'):06}"


def _person(one: Townsperson) -> Person:
    return Person(
        id=one.id,
        family_name=one.family,
        given_name=one.given,
        born_on=one.born.isoformat() if one.born else None,
        street=one.street,
        postcode=one.postcode,
        city=TOWN,
        email=one.email,
        phone=one.phone,
    )
