"""Records and replicas for the tests of the storage room."""

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from storage.actor import Actor
from storage.ids import uuid7
from storage.record import Value, columns
from storage.records import RECORDS, Case, Clerk, Item, Note, Office
from storage.store import FILE_NAME, Store, open_store
from storage.terms import Channel

if TYPE_CHECKING:
    from sqlite3 import Connection

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
ANNA = Actor("anna", "Anna Amt", {"amt": "supervisor"})
BEN = Actor("ben", "Ben Büro", {"amt": "clerk"})

Rows = dict[tuple[str, str], dict[str, Value]]
"""(table, id) -> the row's fields."""


def dump(db: "Connection") -> Rows:
    """Every record of the store."""
    rows: Rows = {}
    for table, record in RECORDS.items():
        names = columns(record)
        for row in db.execute(f"SELECT {', '.join(names)} FROM {table}"):
            rows[table, str(row[0])] = dict(zip(names[1:], row[1:], strict=True))
    return rows


def files(home: Path) -> dict[str, bytes]:
    """What the replica is made of, byte by byte.

    Not ``-shm``, which holds locks, nor an empty ``-wal``: reading leaves them behind.
    """
    kept = (p for p in sorted(home.iterdir()) if not p.name.endswith("-shm") and p.stat().st_size)
    return {p.name: p.read_bytes() for p in kept}


def after_power_cut(store: Store, home: Path, *, busy_ms: int = 5_000) -> Store:
    """The replica as it is found when the machine dies now: its files, without its memory."""
    home.mkdir()
    for end in ("", "-wal"):
        if (file := store.home / (FILE_NAME + end)).exists():
            shutil.copyfile(file, home / file.name)
    return open_store(home, KEY, clock=store.clock, busy_ms=busy_ms)


def people(store: Store) -> None:
    """The office ``amt`` with Anna and Ben."""
    with store.change(ANNA, "town.found", undoable=False) as change:
        change.add(Office(id="amt", name="Amt", prefix="10"))
        change.add(Office(id="bau", name="Bauamt", prefix="60"))
        change.add(Clerk(id="anna", login="anna", name="Anna Amt"))
        change.add(Clerk(id="ben", login="ben", name="Ben Büro"))


def new_item(store: Store, subject: str = "Laterne", text: str = "Sie flackert.") -> str:
    """An item with a text; returns its id."""
    with store.change(ANNA, "item.receive", undoable=False) as change:
        sha256 = change.content(text.encode())
        return change.add(item(subject, sha256)).id


def item(subject: str = "Laterne", text_sha256: str | None = None) -> Item:
    """An item that is in no store yet."""
    return Item(
        channel=Channel.MAIL,
        external_id=hashlib.sha256(uuid7().encode()).hexdigest(),
        thread_key="t",
        received_at=1,
        subject=subject,
        text_sha256=text_sha256,
        office_id="amt",
    )


def new_case(store: Store, actor: Actor = ANNA, number: str = "10-2026-000001") -> Case:
    """A case of the office ``amt``."""
    with store.change(actor, "case.open") as change:
        return change.add(Case(number=number, office_id="amt", subject="Laterne", opened_at=1))


def new_note(store: Store, actor: Actor, case: Case, text: str = "Notiz") -> Note:
    """A note on a case."""
    with store.change(actor, "case.note") as change:
        return change.add(Note(case_id=case.id, clerk_id=actor.clerk_id, at=1, text=text))
