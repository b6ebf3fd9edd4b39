"""An opened replica: reading by its connection, writing only through the journal."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from storage import driver, schema
from storage.actor import Actor
from storage.errors import N_, StoreError
from storage.ids import uuid7
from storage.journal import Change, Kind
from storage.sqlfunctions import forget_words

if TYPE_CHECKING:
    from sqlite3 import Connection

FILE_NAME = "replica.db"
_PLAIN_HEADER = b"SQLite format 3\x00"


def _now() -> int:
    return time.time_ns() // 1_000_000


class Store:
    """The replica in ``home``. ``db`` is for reading; whoever writes uses :meth:`change`."""

    def __init__(self, home: Path, key: bytes, db: "Connection", clock: Callable[[], int]) -> None:
        self.home = home
        self.db = db
        self.clock = clock
        self._key = key
        self._in_group = False
        self.device = self._device()

    def _device(self) -> str:
        row = self.db.execute("SELECT value FROM local WHERE name = 'device'").fetchone()
        if row:
            return str(row[0])
        device = uuid7()
        self.set_local("device", device)
        return device

    @contextmanager
    def change(
        self,
        actor: Actor,
        action: str,
        *,
        on_behalf_of: str | None = None,
        office_id: str | None = None,
        undoable: bool = True,
        kind: Kind = "do",
        undoes: str | None = None,
    ) -> Iterator[Change]:
        """One action: all its changes and its entry, durable when the block ends, or nothing.

        Raises StoreError in words when the disk is full, the file is busy or read-only.
        """
        with self._write():
            change = Change(
                self.db,
                actor,
                action,
                device=self.device,
                at=self.clock(),
                on_behalf_of=on_behalf_of,
                office_id=office_id,
                undoable=undoable,
                kind=kind,
                undoes=undoes,
            )
            yield change
            change.close()

    @contextmanager
    def group(self) -> Iterator[None]:
        """Many actions in one transaction, for bulk work (intake, demo): all of them or none."""
        with self._write():
            self._in_group = True
            try:
                yield
            finally:
                self._in_group = False

    @contextmanager
    def _write(self) -> Iterator[None]:
        if self._in_group:
            yield
            return
        try:
            with driver.transaction(self.db):
                yield
        except BaseException:
            forget_words(self.db)
            raise

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """More cache and rarer checkpoints while much is written. Durability stays as it is."""
        self.db.execute(f"PRAGMA cache_size = -{driver.BULK_CACHE_KIB}")
        self.db.execute("PRAGMA wal_autocheckpoint = 16000")
        try:
            yield
        finally:
            self.db.execute(f"PRAGMA cache_size = -{driver.CACHE_KIB}")
            self.db.execute("PRAGMA wal_autocheckpoint = 1000")

    def local(self, name: str) -> str | None:
        """A value of this workstation alone (which clerk sits here, what the store is for)."""
        row = self.db.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_local(self, name: str, value: str) -> None:
        """Keep a value of this workstation alone; never journaled, never shared."""
        with self._write():
            self.db.execute(
                "INSERT OR REPLACE INTO local (name, value) VALUES (?, ?)",
                (name, value),
            )

    def keep_draft(self, clerk_id: str, place: str, text: str) -> None:
        """Keep half-typed text of a clerk; empty text forgets it. Local, never journaled."""
        with self._write():
            if text:
                self.db.execute(
                    "INSERT OR REPLACE INTO drafts (clerk_id, place, at, text) VALUES (?, ?, ?, ?)",
                    (clerk_id, place, self.clock(), text),
                )
            else:
                self.db.execute(
                    "DELETE FROM drafts WHERE clerk_id = ? AND place = ?",
                    (clerk_id, place),
                )

    def draft(self, clerk_id: str, place: str) -> str:
        """The half-typed text kept for this place, or ''."""
        row = self.db.execute(
            "SELECT text FROM drafts WHERE clerk_id = ? AND place = ?",
            (clerk_id, place),
        ).fetchone()
        return "" if row is None else str(row[0])

    def reader(self) -> "Connection":
        """A second, read-only connection, for a thread of its own. The caller closes it."""
        return driver.connect(self.home / FILE_NAME, self._key, readonly=True)

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self.db.close()


def exists(home: Path) -> bool:
    """Whether there is a replica in this folder."""
    return (home / FILE_NAME).exists()


def open_store(
    home: Path, key: bytes, *, create: bool = False, clock: Callable[[], int] = _now
) -> Store:
    """Open the replica in ``home`` with its raw 32-byte key.

    With ``create`` a missing one is made (folder 0700, file 0600). Raises StoreError:
    ``store.missing``, ``store.not_a_replica``, ``store.newer`` and those of the driver.
    """
    path = home / FILE_NAME
    if not path.exists():
        if not create:
            raise StoreError(
                "store.missing",
                N_("There is no store in {home} yet. `clerk demo` or `clerk` makes one."),
                home=str(home),
            )
        make_home(home)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    elif _is_plain(path):
        raise StoreError(
            "store.not_a_replica",
            N_("The file is damaged or is no store of clerk. It was left untouched."),
        )
    db = driver.connect(path, key)
    try:
        version = schema.check(db)
        db.execute("PRAGMA journal_mode = WAL")  # only now: a foreign file was refused untouched
        if version < schema.SCHEMA:
            schema.migrate(db, version)
        return Store(home, key, db, clock)
    except driver.DatabaseError as error:
        db.close()
        raise driver.in_words(error) from error
    except BaseException:
        db.close()
        raise


def make_home(home: Path) -> None:
    """The folder of a replica and its parents, for nobody but its owner."""
    for folder in (*reversed(home.parents), home):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    home.chmod(0o700)


def _is_plain(path: Path) -> bool:
    """An unencrypted SQLite file would be opened, and then spoiled, by a keyed connection."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER
