"""A maildir: each message a file in ``cur`` or ``new``. ``tmp`` is not ours to look at."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from clerk.intake.sources.source import Raw, id_text, source_key


def is_maildir(path: Path) -> bool:
    """Whether a folder is laid out as a maildir."""
    return (path / "cur").is_dir() and (path / "new").is_dir()


class Maildir:
    """The messages of one maildir by their unique names."""

    waits = False

    def __init__(self, path: Path) -> None:
        """``path`` holds ``cur`` and ``new``. Raises OSError where they cannot be listed."""
        self._key = source_key("maildir", str(path.resolve()))
        found: dict[str, str] = {}
        for folder in ("cur", "new"):
            with os.scandir(path / folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or not entry.is_file():
                        continue
                    # A program that marks it read while we list shows it in both.
                    unique = entry.name.partition(":2,")[0]
                    found[unique] = entry.path
        self._found = sorted(found.items())

    def count(self) -> int | None:
        """How many messages were there when it was opened."""
        return len(self._found)

    def messages(self) -> Iterator[Raw]:
        """The messages by unique name; the file's time is the time of delivery."""
        for unique, path in self._found:
            try:
                about = _about(path)
            except FileNotFoundError:
                continue
            received_at, size = about.st_mtime_ns // 1_000_000, about.st_size
            yield Raw(f"{self._key}:{id_text(unique)}", received_at, path=path, size=size)

    def resume(self, last: Raw) -> Mapping[str, str]:
        """Nothing: the unique names tell what is known."""
        return {}

    def close(self) -> None:
        """Nothing is held open."""


def _about(path: str) -> os.stat_result:
    try:
        return os.stat(path)  # noqa: PTH116 - a Path for each would take three times as long
    except FileNotFoundError:
        elsewhere = moved(path)
        if elsewhere is None:
            raise
        return os.stat(elsewhere)  # noqa: PTH116


def moved(path: str) -> str | None:
    """Where a message went that another program has marked or moved since it was listed."""
    was = Path(path)
    if was.parent.name not in ("cur", "new"):
        return None
    unique = was.name.partition(":2,")[0]
    for folder in ("cur", "new"):
        try:
            with os.scandir(was.parent.parent / folder) as entries:
                for entry in entries:
                    if entry.name.partition(":2,")[0] == unique:
                        return entry.path
        except OSError:
            continue
    return None
