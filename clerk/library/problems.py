"""What is wrong with a library file: the file, the line and the reason, all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One reason. ``line`` counts from 1; a missing key has the line of the table that lacks it."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


class LibraryError(Exception):
    """Raised when files are not right. ``problems`` is never empty, in order of file and line.

    ``path``, ``line`` and ``reason`` are those of the first. The texts may hold what stands in the
    file: pass them through ``clerk.text.display`` before they reach a screen.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def path(self) -> Path:
        """The first problem's file."""
        return self.problems[0].path

    @property
    def line(self) -> int:
        """The first problem's line."""
        return self.problems[0].line

    @property
    def reason(self) -> str:
        """The first problem's reason."""
        return self.problems[0].reason
