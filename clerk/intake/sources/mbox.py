"""An mbox file: messages one after the other, each begun by a ``From `` line."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from clerk.intake.dates import moment
from clerk.intake.limits import MAX_RAW
from clerk.intake.message import TOO_LARGE
from clerk.intake.sources.source import Raw, source_key

MARK: Final = b"From "
_FROM_LINE: Final = re.compile(rb"From \S.*\d\d:\d\d")
_QUOTED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_CHUNK: Final = 1024 * 1024


class Mbox:
    """The messages of one mbox file by their offset and content."""

    waits = False

    def __init__(self, path: Path) -> None:
        """Opens the file for reading. Raises OSError where that fails."""
        self._key = source_key("mbox", str(path.resolve()))
        self._file = path.open("rb")

    def count(self) -> int | None:
        """How many messages, by one pass over the file."""
        return sum(is_start for _offset, is_start, _line in _lines(self._file))

    def messages(self) -> Iterator[Raw]:
        """The messages; the ``From `` line gives the time of delivery, taken as UTC."""
        start = 0
        opening = b""
        body: list[bytes] = []
        size = 0
        begun = False
        for offset, is_start, line in _lines(self._file):
            if is_start:
                if begun:
                    yield self._raw(start, opening, body, size)
                start, opening, body, size, begun = offset, line, [], 0, True
            elif begun:
                size += len(line)
                if size <= MAX_RAW:
                    body.append(line)
                else:
                    body.clear()
        if begun:
            yield self._raw(start, opening, body, size)

    def _raw(self, start: int, opening: bytes, body: list[bytes], size: int) -> Raw:
        if size > MAX_RAW:
            return Raw(f"{self._key}:{start}:{size}", _delivered(opening), code=TOO_LARGE)
        data = b"".join(body)
        # The blank line before the next message is the mailbox's, not the mail's.
        if data.endswith(b"\r\n\r\n"):
            data = data[:-2]
        elif data.endswith(b"\n\n"):
            data = data[:-1]
        if b">From " in data:
            data = _QUOTED.sub(rb"\1", data)
        digest = hashlib.sha256(data).hexdigest()
        return Raw(f"{self._key}:{start}:{digest[:16]}", _delivered(opening), data=data)

    def resume(self, last: Raw) -> Mapping[str, str]:
        """Nothing: offset and content tell what is known."""
        return {}

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _lines(file: BinaryIO) -> Iterator[tuple[int, bool, bytes]]:
    """Offset, whether a message begins there, and the line (in pieces of a megabyte at most).

    Read line by line: a mapped file that a mail server cuts short would end the program.
    """
    file.seek(0)
    offset = 0
    after_blank = at_start = True
    while line := file.readline(_CHUNK):
        is_start = at_start and after_blank and line.startswith(MARK)
        is_start = is_start and (offset == 0 or bool(_FROM_LINE.match(line)))
        yield offset, is_start, line
        after_blank = at_start and line in (b"\n", b"\r\n")
        at_start = line.endswith(b"\n")
        offset += len(line)


def _delivered(line: bytes) -> int | None:
    """Milliseconds of a line such as ``From a@b Thu Aug 22 12:46:39 2002``."""
    date = line.decode("ascii", "replace").partition(" ")[2].lstrip().partition(" ")[2]
    return moment(date.strip())
