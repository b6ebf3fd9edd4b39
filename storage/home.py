"""The folder of a replica: whether one is there, making it, and keeping it to its owner."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from storage.errors import N_, StoreError

FILE_NAME = "replica.db"


def exists(home: Path) -> bool:
    """Whether there is a replica in this folder; an empty file is what a cut-off start leaves."""
    path = home / FILE_NAME
    try:
        return path.exists() and not (path.is_file() and path.stat().st_size == 0)
    except OSError as error:
        raise unreadable(home, error) from error


def make_home(home: Path) -> None:
    """The folder of a replica and its parents, for nobody but its owner.

    Raises StoreError ``store.shared_folder`` for a folder like /tmp, which must not be narrowed,
    and ``store.unreadable``.
    """
    try:
        for folder in (*reversed(home.parents), home):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
        if not home.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if home.stat().st_mode & stat.S_ISVTX:
            raise StoreError(
                "store.shared_folder",
                N_("{home} is a folder that others use too. Name one of your own."),
                home=str(home),
            )
        _take_from_others(home)
    except OSError as error:
        raise unreadable(home, error) from error


def narrow(home: Path) -> None:
    """Take the rights of others from an existing home, where they are ours to take."""
    for path in (home, *(home / (FILE_NAME + end) for end in ("", "-wal", "-shm"))):
        with suppress(OSError):
            _take_from_others(path)


def _take_from_others(path: Path) -> None:
    """Only take: what is closed to its owner as well is meant so."""
    mode = path.stat().st_mode
    if mode & 0o077 and not mode & stat.S_ISVTX:
        path.chmod(mode & (0o700 if stat.S_ISDIR(mode) else 0o600))


def unreadable(home: Path, error: OSError) -> StoreError:
    return StoreError(
        "store.unreadable",
        N_("The folder {home} cannot be used: {reason}."),
        home=str(home),
        reason=error.strerror or "?",
    )
