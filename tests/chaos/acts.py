"""What clerks do all day, at random, by the use cases of the program."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random

from clerk.desks import cases, conflicts, inbox, presence, returned, undoing
from clerk.desks.people import actor_of
from clerk.desks.returned import Side
from clerk.refusal import Refused
from storage.actor import Actor
from storage.errors import StoreError
from storage.pages.names import Names
from storage.records import Item
from storage.store import Store
from storage.terms import Channel

WORDS = ("Laterne", "Müll", "Straße", "Lärm", "Hund", "x\x00y", "Böschung 12", "ﬁ \u202e[b]")


class Day:
    """A clerk at work. Each act is one use case, and may be refused as for anybody; ``alone``:
    none that concerns more than the office of their own."""

    def __init__(self, store: Store, rng: Random, *, alone: bool) -> None:
        self._store = store
        self._rng = rng
        self._alone = alone
        self._acts: list[Callable[[Actor], object]] = [
            *[self._receive] * 3, *[self._of_an_item] * 6, *[self._of_a_case] * 7,
            self._open, self._open, self._take_back, self._decide, self._look_at,
        ]  # fmt: skip
        if alone:
            self._acts = [self._open]

    def act(self) -> bool:
        """Do something; whether it could be done."""
        with suppress(Refused, StoreError):
            actor = actor_of(self._store)
            self._rng.choice(self._acts)(actor)
            return True
        return False

    def _id(self, table: str) -> str:
        rows = self._store.db.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()
        if not rows:
            raise StoreError("nothing", "nothing")
        return str(self._rng.choice(rows)[0])

    def _text(self) -> str:
        return f"{self._rng.choice(WORDS)} {self._rng.randrange(1000)}"

    def _office(self) -> str:
        return self._id("offices")

    def _receive(self, actor: Actor) -> None:
        office = self._rng.choice([*actor.offices, None])
        # Now and then the same mail at two workstations.
        external_id = f"mail:{self._rng.randrange(400)}"
        with self._store.change(actor, "item.receive", undoable=False) as change:
            known = "SELECT 1 FROM items WHERE external_id = ?"
            if self._store.db.execute(known, (external_id,)).fetchone():
                return
            change.add(
                Item(
                    channel=Channel.MAIL,
                    external_id=external_id,
                    thread_key="t",
                    received_at=change.at,
                    subject=self._text(),
                    sender_name=f"{self._rng.choice('ABC')} Quandt",
                    sender_address=f"{self._rng.choice('abc')}@example.org",
                    text_sha256=change.content(f"{self._text()}\n".encode() * 20),
                    office_id=office,
                )
            )

    def _of_an_item(self, actor: Actor) -> None:
        store, one, rng = self._store, self._id("items"), self._rng
        due = date(2031, 1, 1) + timedelta(rng.randrange(500))
        acts: list[Callable[[], object]] = [
            lambda: inbox.take(store, actor, [one]),
            lambda: inbox.take(store, actor, [one]),
            lambda: inbox.release(store, actor, [one]),
            lambda: inbox.hand_over(store, actor, [one], self._office()),
            lambda: inbox.file_into(store, actor, [one], self._id("cases")),
            lambda: inbox.file_into_new(store, actor, [one], service_id=None),
            lambda: inbox.finish(store, actor, "item.done", [one]),
            lambda: inbox.reopen(store, actor, [one]),
            lambda: inbox.prioritise(store, actor, [one], rng.choice((-1, 1))),
            lambda: inbox.note(store, actor, one, self._text()),
            lambda: inbox.follow_up(store, actor, [one], due, self._text()),
        ]
        rng.choice(acts)()

    def _open(self, actor: Actor) -> None:
        office = self._office() if not self._alone and self._rng.random() < 0.2 else None
        cases.create(self._store, actor, subject=self._text(), office_id=office)

    def _of_a_case(self, actor: Actor) -> None:
        store, one, rng = self._store, self._id("cases"), self._rng
        due = date(2031, 1, 1) + timedelta(rng.randrange(500))
        acts: list[Callable[[], object]] = [
            lambda: cases.take(store, actor, one),
            lambda: cases.hand_over(store, actor, one, self._office()),
            *[lambda: cases.note(store, actor, one, self._text())] * 3,
            lambda: cases.follow_up(store, actor, one, due, self._text()),
            lambda: cases.wait(store, actor, one, self._text(), due),
            lambda: cases.go_on(store, actor, one),
            lambda: cases.close(store, actor, one, self._text()),
            lambda: cases.reopen(store, actor, one),
        ]
        rng.choice(acts)()

    def _take_back(self, actor: Actor) -> None:
        undoing.take_back(self._store, actor, again=self._rng.random() < 0.3)

    def _decide(self, actor: Actor) -> None:
        found = returned.open_ones(self._store, Names(self._store.db))
        if found:
            one = self._rng.choice(found)
            if self._rng.random() < 0.5:
                conflicts.again(self._store, actor, one.entry_id)
            else:
                sides: tuple[Side, Side] = ("mine", "theirs")
                choices = {point.key: self._rng.choice(sides) for point in one.points}
                conflicts.resolve(self._store, actor, one.entry_id, choices)

    def _look_at(self, _actor: Actor) -> None:
        (presence.attend if self._rng.random() < 0.6 else presence.leave)(
            self._store, self._id("cases")
        )
