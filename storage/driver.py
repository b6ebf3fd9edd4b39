"""The SQLite driver (SQLCipher) with types, its errors in words, and the pragmas in their order."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlcipher3 import dbapi2

from storage.errors import N_, StoreError
from storage.exchange import opened
from storage.sqlfunctions import register

if TYPE_CHECKING:  # the driver has the interface of the standard library's module
    from sqlite3 import Connection

DatabaseError: type[Exception] = dbapi2.DatabaseError
IntegrityError: type[Exception] = dbapi2.IntegrityError
OperationalError: type[Exception] = dbapi2.OperationalError

BUSY_TIMEOUT_MS = 5_000
_LEAST_ROOM = 65_536  # bytes: the first -shm takes half of it
# 4 MB hold the upper levels of every index of a million items; bulk work asks for more.
CACHE_KIB = 4_000
BULK_CACHE_KIB = 64_000
# Room for every statement of the program: the driver drops the rarest one, so a cache that is full
# of used-up statements (of migrations) would prepare each new one again and again.
_STATEMENTS = 1_000

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "full",
        "store.full",
        N_("The disk is full. Nothing of this change was kept. Make room, then do it again."),
    ),
    (
        "no space left",  # the system's word, for a file that is not SQLite's
        "store.full",
        N_("The disk is full. Nothing of this change was kept. Make room, then do it again."),
    ),
    (
        "locked",
        "store.busy",
        N_("Another program is writing to this store. Nothing was changed; try again."),
    ),
    (
        "readonly",
        "store.readonly",
        N_("The store cannot be written to. Check the rights of its folder."),
    ),
    (
        "disk i/o",
        "store.io",
        N_("The disk reported an error. Nothing of this change was kept."),
    ),
    (
        "unable to open",
        "store.unreadable",
        N_("The store cannot be opened. Check the rights of its folder."),
    ),
    (
        "not a database",
        "store.not_a_replica",
        N_("The file is damaged or is no store of clerk. It was left untouched."),
    ),
    (
        "image is malformed",
        "store.damaged",
        N_("The store is damaged. Leave it as it is and call your IT."),
    ),
)


def connect(
    path: Path,
    key: bytes,
    *,
    readonly: bool = False,
    frozen: bool = False,
    busy_ms: int = BUSY_TIMEOUT_MS,
) -> "Connection":
    """Open the encrypted file with its raw 32-byte key; wait ``busy_ms`` for another writer.

    ``frozen``, with ``readonly``: nobody writes to the file, so it is read without locks and
    without the files beside it, which could not be made in a folder that cannot be written.

    Autocommit mode: transactions are explicit. The key goes first (SQLCipher derives nothing from
    a raw key, so this takes 0.1 ms), and SQLCipher's own log is off because it would write over
    the screen.
    """
    if len(key) != 32:  # SQLCipher would take it for a passphrase and derive another key
        raise ValueError("a raw key has 32 bytes")
    return opened(path, lambda: _connect(path, key, readonly, frozen, busy_ms))


def _connect(path: Path, key: bytes, readonly: bool, frozen: bool, busy_ms: int) -> "Connection":
    mode = "ro" if readonly else "rw"
    uri = path.absolute().as_uri() + f"?mode={mode}" + ("&immutable=1" if frozen else "")
    try:
        db = cast(
            "Connection",
            dbapi2.connect(
                uri,
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=_STATEMENTS,
            ),
        )
    except OperationalError as error:
        raise in_words(error, path.parent) from error
    try:
        db.execute("PRAGMA cipher_log_level = NONE")
        db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        db.execute(f"PRAGMA busy_timeout = {busy_ms}")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("PRAGMA synchronous = FULL")
        register(db)
    except DatabaseError as error:
        db.close()
        raise in_words(error, path.parent) from error
    return db


def cipher_version() -> str:
    """The version of SQLCipher, such as ``4.6.1 community``; '' where the driver has none."""
    db = dbapi2.connect(":memory:")
    try:
        row = db.execute("PRAGMA cipher_version").fetchone()
    finally:
        db.close()
    return str(row[0]) if row else ""


def in_words(error: Exception, folder: Path | None = None) -> Exception:
    """The driver's error as a StoreError where we have words for it, else the error itself.

    ``folder``, where a replica is being opened in it: a full disk is named, of which the driver
    only says there that it could not make the files beside the replica.
    """
    if isinstance(error, IntegrityError):  # names a column, and that could contain one of our words
        return error
    text = str(error).lower()
    if folder is not None and "disk i/o" in text and _room(folder) < _LEAST_ROOM:
        text = "full"
    for part, code, message in _WORDS:
        if part in text:
            return StoreError(code, message)
    return error


def _room(folder: Path) -> int:
    """Bytes that the disk has left for us."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


@contextmanager
def transaction(db: "Connection") -> Iterator[None]:
    """One write transaction: all or nothing, errors in words."""
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    except DatabaseError as error:
        raise in_words(error) from error
