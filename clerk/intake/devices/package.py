"""Where a device's files lie: a folder or a ZIP, read in place. Nothing is ever unpacked to a disk.

Names are those of the package, with ``/``, and compared as they are written, capitals and all.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from clerk.i18n import _
from clerk.refusal import refuse
from clerk.system_words import in_our_words

MAX_FILES = 100_000
MAX_FILE = 64_000_000  # bytes of one file
MAX_TOTAL = 8_000_000_000  # bytes of all files of a ZIP, unpacked
_MAX_RATIO = 200  # unpacked to packed; a photo has 1, XML some 20
_RATIO_FROM = 5_000_000  # bytes from which on it is looked at
_CHUNK = 1_000_000


class Unreadable(Exception):  # noqa: N818 - it becomes a refused record
    """Raised where a file of a package cannot be read; the message is a sentence."""


class Package(Protocol):
    """Files by name."""

    @property
    def name(self) -> str: ...
    @property
    def names(self) -> frozenset[str]: ...
    def read(self, name: str) -> bytes:
        """The bytes of a file; Unreadable where it is none of them or cannot be read."""
        ...


class Folder:
    """A folder with all that lies in it, or below it too; what a link leads to is no part of it."""

    def __init__(self, root: Path, *, deep: bool = True) -> None:
        self._root = root
        self._names = frozenset(_below(root, deep))

    @property
    def name(self) -> str:
        return self._root.name

    @property
    def names(self) -> frozenset[str]:
        return self._names

    def read(self, name: str) -> bytes:
        if name not in self._names:
            raise Unreadable(_("{name} is missing.").format(name=name))
        path = self._root / name
        try:
            if path.stat().st_size > MAX_FILE:
                raise Unreadable(_("{name} is too large.").format(name=name))
            return path.read_bytes()
        except OSError as error:
            why = in_our_words(error.strerror)
            raise Unreadable(
                _("{name} cannot be read: {why}.").format(name=name, why=why)
            ) from None


class Zip:
    """A ZIP. Refused ``devices.zip`` and ``devices.bomb`` for one that is not what it seems."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise refuse(
                "devices.zip", _("{file} is no ZIP, or a damaged one.").format(file=path.name)
            ) from None
        self._files = {one.filename: one for one in self._zip.infolist() if not one.is_dir()}
        try:
            self._check()
        except BaseException:
            self._zip.close()
            raise

    def _check(self) -> None:
        packed = self._path.stat().st_size
        total = sum(one.file_size for one in self._files.values())
        if len(self._files) > MAX_FILES or total > MAX_TOTAL:
            raise refuse("devices.bomb", _("The ZIP holds more than a device ever wrote."))
        if total > _RATIO_FROM and total > packed * _MAX_RATIO:
            raise refuse("devices.bomb", _("The ZIP would unpack to far more than it can hold."))
        for name in self._files:
            parts = name.replace("\\", "/").split("/")
            if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or "\x00" in name:
                raise refuse(
                    "devices.path",
                    _("The ZIP holds a name that leads out of it: {name}").format(name=name) + ".",
                )

    @property
    def name(self) -> str:
        return self._path.name

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._files)

    def read(self, name: str) -> bytes:
        entry = self._files.get(name)
        if entry is None:
            raise Unreadable(_("{name} is missing.").format(name=name))
        if entry.flag_bits & 1:
            raise Unreadable(_("{name} is locked with a password.").format(name=name))
        try:
            with self._zip.open(entry) as file:
                data = file.read(MAX_FILE + 1)  # whatever its head says
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
            raise Unreadable(
                _("{name} cannot be read: {why}.").format(name=name, why=error)
            ) from None
        if len(data) > MAX_FILE:
            raise Unreadable(_("{name} is too large.").format(name=name))
        return data

    def close(self) -> None:
        """Close the file."""
        self._zip.close()


def _below(root: Path, deep: bool) -> Iterator[str]:
    """The names of the plain files in or below a folder; Refused for too many."""
    count = 0
    for folder, folders, files in os.walk(root):
        if not deep:
            folders.clear()
        for name in files:
            path = Path(folder, name)
            if not stat.S_ISREG(path.lstat().st_mode):
                continue
            count += 1
            if count > MAX_FILES:
                raise refuse("devices.bomb", _("The folder holds more than a device ever wrote."))
            yield path.relative_to(root).as_posix()
