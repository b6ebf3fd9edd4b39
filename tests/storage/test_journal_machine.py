"""Random work of several clerks, undo, redo and crashes: rows = replayed journal = the model."""

import copy
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clerk.desks import cases, follow_ups, inbox
from clerk.refusal import Refused
from storage.actor import Actor
from storage.errors import StoreError
from storage.journal import Change
from storage.record import Record, Value, values_of
from storage.records import RECORDS, Case, FollowUp, Note, Person, Relation
from storage.store import Store, open_store
from storage.terms import CaseState, FollowUpState, ItemState
from storage.undo import redo, undo
from storage.verify import verify
from tests.storage.faulty import Crash, faults, faulty_connections
from tests.storage.making import ANNA, KEY, Rows, after_power_cut, dump, item, people
from tests.storage.model import Action, Model

ACTORS = {
    "anna": Actor("anna", "Anna Amt", {"amt": "supervisor", "bau": "supervisor"}),
    "ben": Actor("ben", "Ben Büro", {"amt": "clerk"}),
}
TEXTS = (
    "Straßenlaterne",
    "Müll an der Böschung",
    "",
    "x\x00y",
    "[/nope] „Zitat“ \u202e",
    "neue Akte",
)
OFFICES = (None, "amt", "bau")

actors = st.sampled_from(sorted(ACTORS))
texts = st.sampled_from(TEXTS)
seeds = st.integers(0, 10_000)
OPS: tuple[str, ...] = (
    "add_item",
    "add_case",
    "add_note",
    "add_person",
    "add_follow_up",
    "add_relation",
)
OPS += ("set", "set", "set", "drop", "drop_added", "content")
# (which, a number that chooses rows and values, a text): enough to build any change from
ops = st.lists(st.tuples(st.sampled_from(OPS), seeds, texts), min_size=1, max_size=5)


def fields_of(record: Record) -> dict[str, Value]:
    """The fields of a record but its id."""
    return {name: value for name, value in values_of(record).items() if name != "id"}


class Aborted(Exception):
    """A use case that fails half way."""


class Journal(RuleBasedStateMachine):
    """Each rule acts on the store and on the model; the invariant compares them."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.homes = 0
        shutil.copytree(self.template, self.folder / "0")
        self.numbers = 0
        self.model = Model()
        with faulty_connections():
            self.store = self.opened(open_store(self.folder / "0", KEY))

    def opened(self, store: Store) -> Store:
        # Durability is proved by killing programs; here every commit would wait for the disk.
        store.db.execute("PRAGMA synchronous = OFF")
        store.db.execute("PRAGMA cache_size = 20")  # so that much is written before its commit
        return store

    @initialize()
    def town(self) -> None:
        people(self.store)
        self.model.record("anna", "do", dump(self.store.db), undoable=False)
        for who in sorted(
            ACTORS
        ):  # something to work upon, little enough to get in each other's way
            self.work(who, [(op, 1, TEXTS[0]) for op in OPS[:5]], fails=False)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    # what is done to the store, and to the model

    def chosen(self, table: str, number: int) -> str | None:
        """The id of one of the rows of a table, by a number; now and then none."""
        ids = sorted(i for t, i in self.rows if t == table)
        return ids[number % len(ids)] if ids and number % 7 else None

    def fields(self, table: str, number: int, text: str) -> dict[str, Value]:
        """New values for a row."""
        state: dict[str, tuple[str, ...]] = {
            "items": tuple(ItemState),
            "cases": tuple(CaseState),
            "follow_ups": tuple(FollowUpState),
        }
        states = state.get(table, ("",))
        fields: dict[str, dict[str, Value]] = {
            "items": {
                "subject": text,
                "office_id": OFFICES[number % 3],
                "state": states[number % len(states)],
                "case_id": self.chosen("cases", number),
                "claimed_by": (None, "anna", "ben")[number % 3],
            },
            "cases": {"subject": text, "state": states[number % len(states)], "result": text},
            "notes": {"text": text},
            "persons": {"city": text, "born_on": (None, "1970-01-01")[number % 2]},
            "follow_ups": {
                "state": states[number % len(states)],
                "clerk_id": (None, "ben")[number % 2],
            },
            "relations": {"kind": "follows"},
        }
        return fields[table]

    def new(self, op: str, number: int, text: str) -> Record | None:
        """A record to be added; None where it would need another one first."""
        case_id, item_id = self.chosen("cases", number), self.chosen("items", number + 1)
        self.numbers += 1
        if op == "add_item":
            return item(text)
        if op == "add_case":
            # From a small range: undo may find the number taken.
            return Case(number=f"N{number % 40}", office_id="amt", subject=text, opened_at=1)
        if op == "add_note":
            return Note(clerk_id="ben", at=1, text=text, case_id=case_id, item_id=item_id)
        if op == "add_person":
            return Person(family_name=text)
        if op == "add_follow_up":
            return FollowUp(due_on="2026-01-01", created_at=1, created_by="ben", case_id=case_id)
        if case_id and (other := self.chosen("cases", number + 1)):
            return Relation(case_id=case_id, other_id=other)
        return None

    def do(self, change: Change, op: str, number: int, text: str) -> None:
        """One step of a change, to ``self.rows`` as well."""
        if op == "content":
            change.content(text.encode())
        elif op in ("set", "drop"):
            tables = ("items", "cases", "notes", "persons", "follow_ups", "relations")
            row = next((r for t in tables[number % 6 :] if (r := self.chosen(t, number))), None)
            table = next((t for t, i in self.rows if i == row), None)
            if row is None or table is None:
                return
            record = change.get(RECORDS[table], row)
            if op == "set":
                fields = self.fields(table, number, text)
                change.set(record, **fields)
                self.rows[table, row].update(fields)
            else:
                change.drop(record)
                del self.rows[table, row]
        elif (record_ := self.new(op, number, text)) is not None:
            table = record_.TABLE
            if isinstance(record_, Case) and any(
                t == "cases" and f["number"] == record_.number for (t, _), f in self.rows.items()
            ):
                return
            change.add(record_)
            self.rows[table, record_.id] = fields_of(record_)

    @property
    def rows(self) -> Rows:
        return self._rows

    def begin(self) -> None:
        self._rows: Rows = copy.deepcopy(self.model.rows)

    # rules

    @rule(who=actors, steps=ops, fails=st.sampled_from([False, False, False, True]))
    def work(self, who: str, steps: list[tuple[str, int, str]], fails: bool) -> None:
        self.begin()
        with suppress(Aborted):
            with self.store.change(ACTORS[who], "test.work") as change:
                for step in steps:
                    self.do(change, *step)
                if fails:
                    raise Aborted
            self.model.record(who, "do", self.rows)

    @rule(one=ops, other=ops, aborts=st.booleans())
    def group(
        self, one: list[tuple[str, int, str]], other: list[tuple[str, int, str]], aborts: bool
    ) -> None:
        before = copy.deepcopy(self.model)
        self.begin()
        try:
            with self.store.group():
                for who, steps in (("anna", one), ("ben", other)):
                    with self.store.change(ACTORS[who], "test.group") as change:
                        for step in steps:
                            self.do(change, *step)
                    self.model.record(who, "do", self.rows)
                if aborts:
                    raise Aborted
        except Aborted:
            self.model = before

    @rule(who=actors, number=seeds, text=texts)
    def desk(self, who: str, number: int, text: str) -> None:
        """A use case; its effect on the rows is taken from them, its entry must still equal it."""
        actor = ACTORS[who]
        self.begin()
        rows = [self.chosen("items", number + k) for k in (0, 1)]
        ids = [one for one in rows if one is not None]
        case = self.chosen("cases", number) or "none"
        due = self.chosen("follow_ups", number) or "none"
        day = date(2026, 1, 2)
        store = self.store
        use_cases: list[Callable[[], object]] = [
            lambda: inbox.take(store, actor, ids),
            lambda: inbox.release(store, actor, ids),
            lambda: inbox.hand_over(store, actor, ids, "bau"),
            lambda: inbox.file_into(store, actor, ids, case),
            lambda: inbox.file_into_new(store, actor, ids, service_id=None, office_id="amt"),
            lambda: inbox.finish(store, actor, "item.done", ids),
            lambda: inbox.reopen(store, actor, ids),
            lambda: inbox.prioritise(store, actor, ids, 1),
            lambda: inbox.note(store, actor, (ids or ["none"])[0], text),
            lambda: inbox.follow_up(store, actor, ids, day, text),
            lambda: cases.close(store, actor, case, text),
            lambda: cases.reopen(store, actor, case),
            lambda: cases.hand_over(store, actor, case, "bau"),
            lambda: follow_ups.finish(store, actor, [due]),
        ]
        try:
            use_cases[number % len(use_cases)]()
        except Refused:
            return
        except StoreError as error:
            if error.code != "record.gone":
                raise
            return
        self.model.record(who, "do", dump(store.db))

    @rule(who=actors, text=texts)
    def build_upon(self, who: str, text: str) -> None:
        """A note on what came last: that is what undo has to look out for."""
        self.begin()
        rows = [(t, i) for t, i in self.rows if t in ("items", "cases")]
        if not rows:
            return
        table, newest = max(rows, key=lambda row: row[1])
        note = Note(
            clerk_id=who,
            at=1,
            text=text,
            case_id=newest if table == "cases" else None,
            item_id=newest if table == "items" else None,
        )
        with self.store.change(ACTORS[who], "test.note") as change:
            change.add(note)
        self.rows["notes", note.id] = fields_of(note)
        self.model.record(who, "do", self.rows)

    @rule(who=actors, back=st.integers(1, 4), forth=st.integers(0, 4))
    def back_and_forth(self, who: str, back: int, forth: int) -> None:
        for _ in range(back):
            self.undo(who)
        for _ in range(forth):
            self.redo(who)

    def undo(self, who: str) -> None:
        action = self.model.to_undo(who)
        if action is None or not action.undoable:
            with pytest.raises(StoreError) as refused:
                undo(self.store, ACTORS[who])
            assert refused.value.code == ("undo.fixed" if action else "undo.nothing")
            return
        self.take_back(who, "undo", undo, action)

    def redo(self, who: str) -> None:
        action = self.model.to_redo(who)
        if action is None:
            with pytest.raises(StoreError) as refused:
                redo(self.store, ACTORS[who])
            assert refused.value.code == "redo.nothing"
            return
        self.take_back(who, "redo", redo, action)

    def take_back(
        self, who: str, kind: str, do: Callable[[Store, Actor], object], action: Action
    ) -> None:
        rows = self.model.without(action)
        if rows is None:
            with pytest.raises(StoreError) as refused:
                do(self.store, ACTORS[who])
            assert refused.value.code in ("undo.later", "undo.taken")
            return
        do(self.store, ACTORS[who])
        action.undone = True
        self.model.record(who, kind, rows)

    @rule(who=actors, steps=ops, n=st.integers(0, 40), after=st.booleans())
    def crash(self, who: str, steps: list[tuple[str, int, str]], n: int, after: bool) -> None:
        """The machine dies at the n-th statement of a change."""
        self.begin()
        connection = faults(self.store.db)
        connection.arm(n, after=after)
        with suppress(Crash), self.store.change(ACTORS[who], "test.crash") as change:
            for step in steps:
                self.do(change, *step)
        self.homes += 1
        with faulty_connections():
            found = after_power_cut(self.store, self.folder / str(self.homes))
        connection.real.close()
        self.store = self.opened(found)
        rows = dump(found.db)
        assert rows in (self.model.rows, self.rows)
        self.model.record(who, "do", rows)

    @rule()
    def open_again(self) -> None:
        self.store.close()
        with faulty_connections():
            self.store = self.opened(open_store(self.store.home, KEY))

    @precondition(lambda self: self.model.actions)
    @invariant()
    def all_is_one(self) -> None:
        assert dump(self.store.db) == self.model.rows
        assert verify(self.store.db).difference is None
        entries = self.store.db.execute(
            "SELECT clerk_id, kind FROM entries ORDER BY seq"
        ).fetchall()
        assert entries == [(a.clerk, a.kind) for a in self.model.actions]
        assert self.store.db.execute("SELECT count(*) FROM outbox").fetchone() == (len(entries),)


@pytest.mark.timeout(900)  # three thousand steps, each with all its checks
def test_the_journal(empty: Path) -> None:
    Journal.template = empty
    run_state_machine_as_test(Journal, settings=settings(max_examples=80, stateful_step_count=40))


def test_the_machine_notices_a_writer_beside_the_journal(empty: Path) -> None:
    """The invariant is no formality: one UPDATE past the journal, and it fails."""
    Journal.template = empty
    machine = Journal()
    machine.town()
    machine.all_is_one()
    machine.store.db.execute("UPDATE clerks SET name = 'Mallory' WHERE id = 'ben'")
    with pytest.raises(AssertionError):
        machine.all_is_one()
    assert ANNA.clerk_id in {a.clerk for a in machine.model.actions}
    machine.teardown()
