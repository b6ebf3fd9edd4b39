"""A folder of ``.eml`` files with all its subfolders, or a single such file."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from clerk.intake.sources.source import Raw, id_text, source_key

SUFFIX = ".eml"


class Folder:
    """The ``.eml`` files under a folder by their relative paths."""

    waits = False

    def __init__(self, path: Path) -> None:
        """``path`` is a folder or one file. Raises OSError where it cannot be listed."""
        self._root = path.parent if path.is_file() else path
        self._key = source_key("folder", str(self._root.resolve()))
        self._files = [path] if path.is_file() else list(_below(path))

    def count(self) -> int | None:
        """How many files were there when it was opened."""
        return len(self._files)

    def messages(self) -> Iterator[Raw]:
        """The messages by relative path. A file's time says nothing of when its mail came."""
        for file in self._files:
            name = id_text(file.relative_to(self._root).as_posix())
            yield Raw(f"{self._key}:{name}", None, path=str(file), size=_size(file))

    def resume(self, last: Raw) -> Mapping[str, str]:
        """Nothing: the names tell what is known."""
        return {}

    def close(self) -> None:
        """Nothing is held open."""


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # gone by now, which is found out when its turn comes
        return 0


def _below(path: Path) -> Iterator[Path]:
    """All ``.eml`` files in a stable order; links to folders are not followed."""

    def stop(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(path, onerror=stop):
        folders.sort()
        for name in sorted(files):
            file = Path(parent, name)
            # A link may lead out of the folder, to files that whoever fills it could not read.
            if file.suffix.lower() == SUFFIX and file.is_file() and not file.is_symlink():
                yield file
