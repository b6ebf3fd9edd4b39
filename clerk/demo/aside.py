"""A store is built in a folder of its own and moved into its home when it is whole.

So whatever cuts a build off, a full disk, the power, a kill, the home has a whole demo or none.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from clerk.session import DEMO_FOLDER
from storage.store import FILE_NAME

_FILES = tuple(FILE_NAME + ending for ending in ("-wal", "-shm", ""))


@contextmanager
def aside(home: Path) -> Iterator[Path]:
    """A new folder for the block, which closes the store that it makes there; then the store stands
    in ``home``, in place of what is there. Where the block fails nothing of it is left."""
    folder = home / DEMO_FOLDER
    rmtree(folder, ignore_errors=True)  # of a build that was cut off
    try:
        folder.mkdir(mode=0o700)
        yield folder
        _move(folder, home)
    finally:
        rmtree(folder, ignore_errors=True)


def _move(folder: Path, home: Path) -> None:
    for name in _FILES:  # the file itself last: without it all is gone
        (home / name).unlink(missing_ok=True)
    if (folder / _FILES[0]).exists():  # what could not be brought into the file when it was closed
        (folder / _FILES[0]).replace(home / _FILES[0])
    (folder / FILE_NAME).replace(home / FILE_NAME)
    opened = os.open(home, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
