"""A replica's file takes another one's place while programs have it open.

Beside the file lie its ``-wal`` and ``-shm``, and they go by its name: whoever opened the new file
with the old one's ``-shm``, in the moment between the renaming and the removing or after somebody
died in it, would find it damaged. A mark stands beside them for as long, and opening waits for it.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from storage.errors import StoreError
from storage.turns import PLACE_NAME

if TYPE_CHECKING:
    from sqlite3 import Connection

_BESIDE: Final = ("-wal", "-shm")
_END: Final = "-exchange"


def exchange(new: Path, path: Path) -> None:
    """Put a closed replica in the place of ``path``, all of which is in that one file (an emptied
    WAL) and to which nobody writes now."""
    mark = _mark(path)
    mark.touch(mode=0o600)
    mark.write_text(f"{_inode(new)}", encoding="ascii")
    os.replace(new, path)  # noqa: PTH105 - replaces what is there
    _finish(path, mark)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def opened(path: Path, connect: "Callable[[], Connection]") -> "Connection":
    """Open a replica, but not in the middle of an exchange: then once more."""
    while True:
        settle(path)
        before = _stand(path)
        try:
            db = connect()
        except StoreError:
            if _stand(path) == before:
                raise
            continue
        if _stand(path) == before:
            return db
        db.close()


def is_settled(path: Path) -> bool:
    """Whether no exchange is under way or was left so. Takes 1 µs."""
    return not os.path.exists(f"{path}{_END}")  # noqa: PTH110 - at every change


def settle(path: Path) -> bool:
    """Wait until no exchange is under way; one whose program died is brought to its end, unless
    nothing can be written there: then False. Not within :meth:`storage.turns.Turns.in_place`, which
    would wait for itself."""
    if is_settled(path):
        return True
    mark = _mark(path)
    try:
        with _alone(path.parent):
            with suppress(FileNotFoundError, ValueError):
                if int(mark.read_text(encoding="ascii")) == _inode(path):
                    _finish(path, mark)
            mark.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _finish(path: Path, mark: Path) -> None:
    for end in _BESIDE:
        path.with_name(path.name + end).unlink(missing_ok=True)
    mark.unlink(missing_ok=True)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Nobody exchanges the file meanwhile (see :meth:`storage.turns.Turns.alone`)."""
    file = os.open(home / PLACE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _stand(path: Path) -> tuple[int | None, bool]:
    return _inode(path), is_settled(path)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _mark(path: Path) -> Path:
    return path.with_name(path.name + _END)
