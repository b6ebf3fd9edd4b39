"""One replica and a model of a shared store that others write to as well: random work on both
sides, answers that are cut, repeated or lost. Whenever both have told each other everything, the
replica is what the shared store says; at any time it is what its shadows and entries say."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from storage import overlay
from storage.errors import StoreError
from storage.ids import uuid7
from storage.overlay import PENDING, stripped
from storage.patches import Patch
from storage.record import Record, Value, values_of
from storage.records import RECORDS, Case, Clerk, Item, Note, Office, Person
from storage.store import Store, open_store
from storage.sync import own
from storage.sync.apply import apply_all
from storage.sync.wire import to_wire
from storage.terms import Channel
from storage.undo import redo, undo
from storage.verify import verify
from tests.storage.making import ANNA, KEY, dump
from tests.storage.sync.model import Hub, Key

MINE = {"town", "inbox", "amt"}
TEXTS = ("Laterne", "Müll", "", "x\x00y")
numbers = st.integers(0, 30)
texts = st.sampled_from(TEXTS)


class Joined(RuleBasedStateMachine):
    """Rules of both sides; ids are drawn from what the shared store or the replica has."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder / "0")
        self.store: Store = open_store(self.folder / "0", KEY)
        self.store.db.execute("PRAGMA synchronous = OFF")
        self.hub = Hub(reads={self.store.device: MINE})
        self.held: list[object] = []

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize()
    def join(self) -> None:
        with self.store.beneath() as (db, _index):
            overlay.begin_high_band(db)
        self.store.set_local("shared", "1")
        self.theirs(
            Office(id="amt", name="Amt", prefix="10"),
            Office(id="bau", name="Bauamt", prefix="60"),
            Clerk(id="anna", login="anna", name="Anna Amt"),
        )
        for number in range(3):
            self.theirs_new("items", number, "Laterne")
            self.theirs_new("cases", number, "Laterne")
        self.pull(100)

    # others, on the server

    def theirs(self, *records: Record) -> None:
        self.write_theirs(
            *(
                Patch(
                    r.TABLE, r.id, "add", {k: [None, v] for k, v in stripped(values_of(r)).items()}
                )
                for r in records
            )
        )

    def write_theirs(self, *patches: Patch) -> None:
        entry: dict[str, object] = {
            "id": uuid7(),
            "clerk_id": "ben",
            "action": "test.theirs",
            "kind": "do",
            "patches": [to_wire(patch) for patch in patches],
        }
        self.hub.write("other", entry)

    def chosen(self, rows: dict[Key, dict[str, Value]], table: str, number: int) -> str | None:
        ids = sorted(row_id for t, row_id in rows if t == table)
        return ids[number % len(ids)] if ids else None

    def record(
        self, table: str, number: int, text: str, rows: dict[Key, dict[str, Value]]
    ) -> Record:
        office = ("amt", "bau", None)[number % 3]
        person = self.chosen(rows, "persons", number)
        if table == "items":
            return Item(
                channel=Channel.MAIL, external_id=f"x{number}", thread_key="t", received_at=1,
                subject=text, office_id=office, case_id=self.chosen(rows, "cases", number)
                if number % 5 == 0 else None, person_id=person if number % 4 == 0 else None,
            )  # fmt: skip
        if table == "cases":
            return Case(
                number=f"N{number}", office_id=office or "amt", subject=text, opened_at=1,
                person_id=person if number % 2 else None,
            )  # fmt: skip
        if table == "persons":
            return Person(family_name=text)
        return Note(
            clerk_id="anna", at=1, text=text, case_id=self.chosen(rows, "cases", number),
            item_id=self.chosen(rows, "items", number) if number % 2 else None,
        )  # fmt: skip

    def fields(
        self, table: str, number: int, text: str, rows: dict[Key, dict[str, Value]]
    ) -> dict[str, Value]:
        office = ("amt", "bau")[number % 2]
        choices: dict[str, list[dict[str, Value]]] = {
            "items": [
                {"subject": text}, {"priority": number}, {"office_id": office},
                {"claimed_by": ("anna", None)[number % 2]}, {"office_id": None},
                {"case_id": self.chosen(rows, "cases", number)},
                {"person_id": self.chosen(rows, "persons", number)},
            ],
            "cases": [
                {"subject": text}, {"office_id": office}, {"result": text or None},
                {"person_id": self.chosen(rows, "persons", number)},
            ],
            "persons": [{"city": text}, {"phone": text}],
            "notes": [{"text": text}],
        }  # fmt: skip
        return choices[table][number % len(choices[table])]

    @rule(table=st.sampled_from(["items", "cases", "persons", "notes"]), number=numbers, text=texts)
    def theirs_new(self, table: str, number: int, text: str) -> None:
        record = self.record(table, number, text.replace("\x00", ""), self.hub.rows)
        self.theirs(record)

    @rule(table=st.sampled_from(["items", "cases", "persons", "notes"]), number=numbers, text=texts)
    def theirs_set(self, table: str, number: int, text: str) -> None:
        row_id = self.chosen(self.hub.rows, table, number)
        if row_id is None:
            return
        row = self.hub.rows[table, row_id]
        fields = self.fields(table, number // 2, text.replace("\x00", ""), self.hub.rows)
        changed = {k: [row.get(k), v] for k, v in fields.items() if row.get(k) != v}
        if changed:
            self.write_theirs(Patch(table, row_id, "set", changed))

    @rule(table=st.sampled_from(["items", "notes", "persons"]), number=numbers)
    def theirs_drop(self, table: str, number: int) -> None:
        row_id = self.chosen(self.hub.rows, table, number)
        if row_id is None or any(row_id in row.values() for row in self.hub.rows.values()):
            return
        row = self.hub.rows[table, row_id]
        self.write_theirs(Patch(table, row_id, "drop", {k: [v, None] for k, v in row.items()}))

    # me, at the replica

    steps = st.tuples(
        st.sampled_from(["new", "set", "set", "drop"]),
        st.sampled_from(["items", "cases", "persons", "notes"]),
        numbers,
        texts,
    )

    @rule(todo=st.lists(steps, min_size=1, max_size=3), claim=st.booleans())
    def work(self, todo: list[tuple[str, str, int, str]], claim: bool) -> None:
        with (
            suppress(StoreError, Again),
            self.store.change(ANNA, "test.work", claim=claim) as change,
        ):
            for op, table, number, text in todo:
                rows = dump(self.store.db)
                row_id = self.chosen(rows, table, number)
                if op == "new":
                    record = self.record(table, number, text, rows)
                    column = {"cases": "number", "items": "external_id"}.get(table, "")
                    if column and any(
                        getattr(record, column) == r.get(column)
                        for (t, _), r in rows.items()
                        if t == table
                    ):
                        raise Again
                    change.add(record)
                elif row_id is not None:
                    here = change.get(RECORDS[table], row_id)
                    if op == "set":
                        change.set(here, **self.fields(table, number // 2, text, rows))
                    elif not any(row_id in row.values() for row in rows.values()):
                        change.drop(here)

    @rule()
    def take_back(self) -> None:
        with suppress(StoreError):
            undo(self.store, ANNA)

    @rule()
    def do_again(self) -> None:
        with suppress(StoreError):
            redo(self.store, ANNA)

    # between both

    @rule(most=st.integers(1, 5))
    def pull(self, most: int) -> None:
        rows = self.hub.pull({*MINE, f"device:{self.store.device}"}, self.cursors(), most)
        self.held = list(rows)
        apply_all(self.store, rows)

    @rule()
    def pull_the_same_again(self) -> None:
        apply_all(self.store, self.held)  # type: ignore[arg-type]

    @rule(most=st.integers(1, 4), answered=st.booleans())
    def push(self, most: int, answered: bool) -> None:
        seqs = [
            r[0]
            for r in self.store.db.execute("SELECT seq FROM outbox ORDER BY seq LIMIT ?", (most,))
        ]
        wires = [own.wire_of(self.store.db, seq) for seq in seqs]
        assert None not in wires
        verdicts = self.hub.push(self.store.device, [w for w in wires if w])
        if answered:
            judged = [
                (PENDING + dseq, wire) for (dseq, _o), wire in zip(verdicts, wires, strict=True)
            ]
            with self.store.beneath() as (db, _index):
                own.acknowledged(db, judged)  # type: ignore[arg-type]

    def cursors(self) -> dict[str, int]:
        return dict(self.store.db.execute("SELECT scope, cursor FROM streams").fetchall())

    @rule()
    def quiet(self) -> None:
        """Everything is told: both are equal, and nothing waits."""
        self.push(1_000_000, answered=True)
        self.pull(1_000_000)
        db = self.store.db
        for table in ("outbox", "shadow"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM entries WHERE seq > ?", (PENDING,)).fetchone() == (
            0,
        )
        here = {key: stripped(row) for key, row in dump(db).items()}
        assert here == self.hub.visible(MINE)

    @invariant()
    def it_holds(self) -> None:
        assert verify(self.store.db).difference is None


class Again(Exception):
    """A step that a use case would not have begun."""


@pytest.mark.timeout(900)  # as the journal's machine
def test_a_joined_replica(empty: Path) -> None:
    Joined.template = empty
    run_state_machine_as_test(Joined, settings=settings(max_examples=60, stateful_step_count=40))
