"""One library file: its bytes, its TOML values and what is wrong with it."""

import re
import tomllib
from pathlib import Path

from clerk.i18n import _
from clerk.library import lines
from clerk.library.problems import Problem
from clerk.library.table import Table
from clerk.system_words import in_our_words

MAX_BYTES = 1_000_000
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Source:
    """A file that was read. ``table`` is ``None`` where it is no TOML at all; ``problems`` grow."""

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        """``data``: what stands in it, where that was read already."""
        self.path = path
        self.problems: list[Problem] = []
        self.table: Table | None = None
        self._text = ""
        self._lines: dict[lines.Path, int] | None = None
        self._read(data)

    def report(self, where: lines.Path, reason: str) -> None:
        """Note a problem at a value, or at the nearest table around it that has a line."""
        if self._lines is None:
            self._lines = lines.line_table(self._text)
        while where not in self._lines:
            where = where[:-1]
        self._note(self._lines[where], reason)

    def _note(self, line: int, reason: str) -> None:
        self.problems.append(Problem(self.path, line, reason))

    def _read(self, given: bytes | None) -> None:
        try:
            data = self.path.read_bytes() if given is None else given
        except OSError as error:
            reason = in_our_words(error.strerror)
            return self._note(1, _("cannot be read: {reason}").format(reason=reason))
        if len(data) > MAX_BYTES:
            return self._note(1, _("is larger than a megabyte: not a library file"))
        try:
            self._text = data.decode()
            self.table = Table(tomllib.loads(self._text), (), self.report)
        except UnicodeDecodeError as error:
            self._note(data.count(b"\n", 0, error.start) + 1, _("is not UTF-8 here"))
        except tomllib.TOMLDecodeError as error:
            where = _WHERE.search(str(error))
            last = self._text.rstrip().count("\n") + 1
            reason = _("is not valid TOML: {reason}").format(reason=_WHERE.sub("", str(error)))
            self._note(int(where[1]) if where and where[1] else last, reason)
        except (RecursionError, ValueError) as error:
            # What tomllib lets through: nesting without end, numbers of thousands of digits.
            self._note(1, _("is not valid TOML: {reason}").format(reason=str(error)))
        return None
