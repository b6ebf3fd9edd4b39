"""An opened replica: reading by its connection, writing only through the journal."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from storage import driver, schema
from storage.actor import Actor
from storage.errors import N_, StoreError
from storage.exchange import is_settled, settle
from storage.home import FILE_NAME as FILE_NAME  # noqa: PLC0414 - known from here, as the two below
from storage.home import exists as exists  # noqa: PLC0414
from storage.home import make_home as make_home  # noqa: PLC0414
from storage.home import narrow, unreadable
from storage.ids import uuid7
from storage.indexing import Index
from storage.turns import Turns

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.journal import Change, Kind

_PLAIN_HEADER = b"SQLite format 3\x00"
_SMALLEST = 512  # SQLite takes a shorter file for an empty one and would write over it


def _now() -> int:
    return time.time_ns() // 1_000_000


class Store:
    """The replica in ``home``. ``db`` is for reading; whoever writes uses :meth:`change`.

    One thread writes at a time, the others wait; a reading thread takes a :meth:`reader`.
    """

    def __init__(
        self,
        home: Path,
        key: bytes,
        db: "Connection",
        clock: Callable[[], int],
        *,
        frozen: bool = False,
    ) -> None:
        self.home = home
        self.db = db
        self.clock = clock
        self._key = key
        self._frozen = frozen
        self._opened = self._inode()
        self._lock = threading.RLock()
        self._index = Index(db)
        self._turns = Turns(home)
        self._in_bulk = False
        self._in_group = False
        self._in_change = False
        self._spoiled = False
        self._joined: bool | None = None
        self.device = self._device()

    def _device(self) -> str:
        """The id of this replica's device; of two programs that start at once, one names it."""
        if self.local("device") is None:
            with self._write():
                self.db.execute(
                    "INSERT OR IGNORE INTO local (name, value) VALUES ('device', ?)", (uuid7(),)
                )
        return str(self.local("device"))

    @contextmanager
    def change(
        self,
        actor: Actor,
        action: str,
        *,
        on_behalf_of: str | None = None,
        office_id: str | None = None,
        undoable: bool = True,
        kind: "Kind" = "do",
        undoes: str | None = None,
        claim: bool = False,
    ) -> "Iterator[Change]":
        """One action: all its changes and its entry, durable when the block ends, or nothing.

        ``claim``: only one can have it (an item taken); where somebody else was first in the shared
        store, the whole action is rejected there and taken back here.

        Raises StoreError in words when the disk is full, the file is busy or read-only. A change
        within a change is a RuntimeError: their patches would be replayed in the wrong order.
        """
        from storage.journal import Change  # reading starts without it

        with self._lock, nullcontext() if self._in_group else self._write():
            if self._in_change:
                raise RuntimeError("a change within a change")
            self._in_change = True
            before = self.db.total_changes
            try:
                change = Change(
                    self.db,
                    self._index,
                    actor,
                    action,
                    device=self.device,
                    at=self.clock(),
                    on_behalf_of=on_behalf_of,
                    office_id=office_id,
                    undoable=undoable,
                    kind=kind,
                    undoes=undoes,
                    claim=claim,
                    joined=self._joins(),
                )
                yield change
                change.close()
            except BaseException:
                self._spoil(before)
                raise
            finally:
                self._in_change = False

    def _joins(self) -> bool:
        """Whether this replica belongs to a shared store; asked once in a transaction."""
        if self._joined is None:
            from storage.overlay import is_joined

            self._joined = is_joined(self.db)
        return self._joined

    @contextmanager
    def group(self) -> Iterator[None]:
        """Many actions in one transaction, for bulk work (intake, demo): all of them or none.

        An action that fails after it has written something spoils the group, even if its error is
        caught: the group ends with StoreError ``store.spoiled`` and nothing of it is kept. (A
        savepoint per action would keep the rest, but costs bulk work a fifth: FTS5 flushes then.)
        """
        with self._write():
            yield

    @contextmanager
    def _write(self) -> Iterator[None]:
        with self._lock:
            if self._in_group:
                yield from self._within()
                return
            self._spoiled = False
            self._joined = None
            try:
                with self._turn(), self._place(), driver.transaction(self.db):
                    self._in_group = True
                    try:
                        yield
                    finally:
                        self._in_group = False
                    self._index.flush()
                    if self._spoiled:
                        raise StoreError(
                            "store.spoiled",
                            N_("A part of this work failed, so nothing of it was kept."),
                        )
            except BaseException:
                self._index.forget()
                raise

    @contextmanager
    def _place(self) -> Iterator[None]:
        """The file stays in its place while it is written to; an exchanged one is opened first."""
        path = self.home / FILE_NAME
        while True:
            can_write = settle(path)
            with self._turns.in_place():
                if is_settled(path) or not can_write:
                    self.follow()
                    yield
                    return

    def follow(self) -> bool:
        """Go on with the file that took the place of the one that is open, if one did (a replica
        that was filled anew). Whether it was so: connections of :meth:`reader` are of the old one.
        """
        place = self._inode()
        if place in (self._opened, None):
            return False
        old, self.db = self.db, driver.connect(self.home / FILE_NAME, self._key)
        old.close()
        self._index = Index(self.db)
        self._opened = place
        return True

    def _inode(self) -> int | None:
        try:
            return os.stat(self.home / FILE_NAME).st_ino  # noqa: PTH116 - 1 us, at every change
        except OSError:
            return None

    @contextmanager
    def exchanging(self) -> Iterator[None]:
        """Nobody writes while the file is exchanged for another one in the block."""
        with self._lock, self._turns.alone():
            yield

    @property
    def key(self) -> bytes:
        """The raw key, for a file that shall take this one's place."""
        return self._key

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Bulk work waits for the acts of other programs; an act shows that it waits or writes."""
        if self._in_bulk:
            self._turns.give_way()
            yield
        else:
            with self._turns.act():
                yield

    def is_wanted(self) -> bool:
        """Whether another program wants to write: bulk work then ends its group and begins
        another one. Cheap enough to be asked after each record."""
        return self._turns.wanted()

    def _within(self) -> Iterator[None]:
        """Part of a group: its failure counts when it has written already."""
        before = self.db.total_changes
        try:
            yield
        except BaseException:
            self._spoil(before)
            raise

    def _spoil(self, before: int) -> None:
        """A part of a group failed: nothing of the group is kept if it had written already."""
        self._spoiled = self._spoiled or self.db.total_changes != before

    def learn(self, words: Iterable[str]) -> None:
        """Within a group: words for the vocabulary of the search that workers have found in what
        is added (``texts`` of :meth:`storage.journal.Change.add`)."""
        self._index.learn(words)

    @contextmanager
    def beneath(self) -> "Iterator[tuple[Connection, Index]]":
        """Write beneath the journal, in one transaction: only for what the shared store says
        (``storage.sync``). Rows go with the search index that is yielded, as a Change does it."""
        with self._write():
            yield self.db, self._index

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """More cache and rarer checkpoints while much is written. Durability stays as it is.

        Groups then begin when no other program wants to write (see :meth:`is_wanted`).
        """
        self.db.execute(f"PRAGMA cache_size = -{driver.BULK_CACHE_KIB}")
        self.db.execute("PRAGMA wal_autocheckpoint = 16000")
        self._in_bulk = True
        try:
            yield
        finally:
            self._in_bulk = False
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
        path = self.home / FILE_NAME
        return driver.connect(path, self._key, readonly=True, frozen=self._frozen)

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        self.db.close()
        self._turns.close()


def open_store(
    home: Path,
    key: bytes,
    *,
    create: bool = False,
    clock: Callable[[], int] = _now,
    busy_ms: int = driver.BUSY_TIMEOUT_MS,
) -> Store:
    """Open the replica in ``home`` with its raw 32-byte key.

    With ``create`` a missing one is made. Folder and files are narrowed to 0700 and 0600.
    ``busy_ms``: how long a change waits for another program's. One that cannot be written to is
    opened for reading; a change is then refused (``store.readonly``). Raises StoreError:
    ``store.missing``, ``store.not_a_replica``, ``store.newer``, ``store.unreadable``,
    ``store.left_open``, ``store.older`` and those of the driver.
    """
    path = home / FILE_NAME
    if exists(home):
        if not (os.access(path, os.W_OK) and os.access(home, os.W_OK | os.X_OK)):
            return _open_to_read(home, key, clock)
        _refuse_foreign(path, key)
        narrow(home)
    elif create:
        make_home(home)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise unreadable(home, error) from error
    else:
        raise StoreError(
            "store.missing",
            N_("There is no store in {home} yet. `clerk demo` or `clerk` makes one."),
            home=str(home),
        )
    db = driver.connect(path, key, busy_ms=busy_ms)
    try:
        version = schema.check(db)
        db.execute("PRAGMA journal_mode = WAL")
        if version < schema.SCHEMA:
            schema.migrate(db, version)
        return Store(home, key, db, clock)
    except driver.DatabaseError as error:
        db.close()
        raise driver.in_words(error, home) from error
    except BaseException:
        db.close()
        raise


def _open_to_read(home: Path, key: bytes, clock: Callable[[], int]) -> Store:
    """The replica where nothing can be written: of another user, on a read-only mount, a backup."""
    path = home / FILE_NAME
    frozen = _is_frozen(path)
    try:
        _refuse_foreign(path, key, frozen=frozen)
        db = driver.connect(path, key, readonly=True, frozen=frozen)
    except StoreError as error:
        if not frozen and error.code in ("store.unreadable", "store.readonly"):
            raise StoreError(
                "store.left_open",
                N_(
                    "This store was not closed properly, and nothing can be written in {home}. Copy"
                    " the folder and name the copy with --home."
                ),
                home=str(home),
            ) from error
        raise
    try:
        if schema.check(db) < schema.SCHEMA:
            raise StoreError(
                "store.older",
                N_(
                    "This store is of an older version and cannot be brought up to date in {home},"
                    " where nothing can be written. Copy the folder and name the copy with --home."
                ),
                home=str(home),
            )
        return Store(home, key, db, clock, frozen=frozen)
    except BaseException:
        db.close()
        raise


def _is_frozen(path: Path) -> bool:
    """Whether the file alone holds everything and nobody is at it: no ``-shm``, nothing in
    ``-wal``."""
    wal, shm = (path.with_name(FILE_NAME + ending) for ending in ("-wal", "-shm"))
    return not shm.exists() and not (wal.exists() and wal.stat().st_size)


def _refuse_foreign(path: Path, key: bytes, *, frozen: bool = False) -> None:
    """Refuse a file that is no replica of ours, or a newer one, before anything could write to it.

    A writing connection would do so by itself: it spoils an unencrypted or a very short file, and
    it moves what lies in ``-wal`` into the file when it closes. ``frozen`` as in driver.connect.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SMALLEST)
    except IsADirectoryError:
        head = b""
    except OSError as error:
        raise unreadable(path.parent, error) from error
    if len(head) < _SMALLEST or head.startswith(_PLAIN_HEADER):
        raise StoreError(
            "store.not_a_replica",
            N_("The file is damaged or is no store of clerk. It was left untouched."),
        )
    db = driver.connect(path, key, readonly=True, frozen=frozen)
    try:
        schema.check(db)
    except driver.DatabaseError as error:
        raise driver.in_words(error, path.parent) from error
    finally:
        db.close()
