"""Reading one table of a library file: each value is checked as it is asked for.

Nothing raises here. What is wrong is reported with its place, a stand-in is returned and reading
goes on, so that one look shows everything; ``load.py`` raises if there was any report.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from clerk.i18n import _
from clerk.library.lines import Path

Report = Callable[[Path, str], None]
EnumT = TypeVar("EnumT", bound=StrEnum)
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Table:
    """A view of one TOML table at ``path``; ``report(path, reason)`` takes what is wrong."""

    def __init__(self, values: Mapping[str, object], path: Path, report: Report) -> None:
        self._values = values
        self._path = path
        self._report = report
        self._asked: set[str] = set()

    def wrong(self, key: str, reason: str) -> None:
        """Report a reason at a key, or at the table where the key is missing."""
        self._report((*self._path, key) if key in self._values else self._path, reason)

    def wrong_at(self, key: str, index: int, reason: str) -> None:
        """Report a reason at an element of an array."""
        self._report((*self._path, key, index), reason)

    def text(self, key: str) -> str:
        """A text that is not empty; ``""`` where it is wrong."""
        value = self._get(key, required=True)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, str):
            self.wrong(key, _("“{key}” is empty").format(key=key))
        elif value is not None:
            self.wrong(key, _("“{key}” must be a text in quotes").format(key=key))
        return ""

    def text_or(self, key: str, default: str = "") -> str:
        """A text that may be missing."""
        if key not in self._values:
            self._asked.add(key)
            return default
        return self.text(key)

    def has(self, key: str) -> bool:
        """Whether the key is there; it belongs here."""
        self._asked.add(key)
        return key in self._values

    def ascii_id(self, key: str) -> str:
        """An id: ASCII small letters, digits and hyphens, a letter first."""
        value = self.text(key)
        if value and not _is_id(value):
            self.wrong(key, _no_id(value))
            return ""
        return value

    def number(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from ``low`` to ``high``, ``low - 1`` where it is wrong.

        Without a default it must be there.
        """
        value = self._get(key, required=default is None)
        if value is None:
            return low - 1 if default is None else default
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, _("“{key}” must be a whole number").format(key=key))
        elif low <= value <= high:
            return value
        else:
            self.wrong(key, _outside(key, low, high, value))
        return low - 1

    def decimal(self, key: str, low: float, high: float, default: float) -> float:
        """A number from ``low`` to ``high``, with or without a fraction."""
        value = self._get(key, required=False)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.wrong(key, _("“{key}” must be a number").format(key=key))
        elif low <= value <= high:
            return float(value)
        else:
            self.wrong(key, _outside(key, low, high, value))
        return default

    def flag(self, key: str) -> bool:
        """``true`` or ``false``, which is what a missing one means."""
        value = self._get(key, required=False)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, _("“{key}” must be true or false").format(key=key))
        return value is True

    def day(self, key: str, required: bool = True) -> date | None:
        """A date; ``None`` where it is missing or wrong."""
        value = self._get(key, required)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            reason = _("“{key}” must be a date without quotes, such as 2026-01-31")
            self.wrong(key, reason.format(key=key))
        return None

    def days(self, key: str) -> tuple[date, ...]:
        """An array of dates, which may be missing."""
        found = []
        for index, value in enumerate(self.array(key, required=False)):
            if isinstance(value, date) and not isinstance(value, datetime):
                found.append(value)
            else:
                reason = _("each of “{key}” must be a date without quotes, such as 2026-01-31")
                self.wrong_at(key, index, reason.format(key=key))
        return tuple(found)

    def choice(self, key: str, kinds: type[EnumT], default: EnumT | None = None) -> EnumT:
        """One word of an enumeration; without a default it must be there."""
        if default is not None and key not in self._values:
            self._asked.add(key)
            return default
        value = self.text(key)
        if value in list(kinds):
            return kinds(value)
        if value:
            reason = _("“{key}” must be one of {names}, not “{value}”")
            self.wrong(key, reason.format(key=key, names=", ".join(kinds), value=value))
        return next(iter(kinds))

    def table(self, key: str) -> "Table":
        """A table in this one; a silent empty one where it is wrong."""
        value = self._get(key, required=True)
        if isinstance(value, dict):
            return Table(value, (*self._path, key), self._report)
        if value is not None:
            self.wrong(key, _("“{key}” must be a table").format(key=key))
        return Table({}, (), lambda path, reason: None)

    def array(self, key: str, required: bool) -> list[object]:
        """Any array; where it is required it must have an element."""
        value = self._get(key, required)
        if isinstance(value, list):
            if required and not value:
                self.wrong(key, _("“{key}” is empty").format(key=key))
            return value
        if value is not None:
            self.wrong(key, _("“{key}” must be an array").format(key=key))
        return []

    def tables(self, key: str, required: bool = True) -> list["Table"]:
        """An array of tables (``[[key]]``)."""
        found = []
        for index, value in enumerate(self.array(key, required)):
            if isinstance(value, dict):
                found.append(self.inner(key, index, value))
            else:
                reason = _("each of “{key}” must be a table: [[{key}]]").format(key=key)
                self.wrong_at(key, index, reason)
        return found

    def inner(self, key: str, index: int, values: Mapping[str, object]) -> "Table":
        """The table that is an element of an array."""
        return Table(values, (*self._path, key, index), self._report)

    def texts(self, key: str, required: bool = False, ids: bool = False) -> tuple[str, ...]:
        """An array of texts (or of ids), none of them empty or twice."""
        found: list[str] = []
        for index, value in enumerate(self.array(key, required)):
            if not isinstance(value, str) or not value.strip():
                self.wrong_at(key, index, _("each of “{key}” must be a text").format(key=key))
            elif value in found:
                self.wrong_at(key, index, _("“{value}” is there twice").format(value=value))
            elif ids and not _is_id(value):
                self.wrong_at(key, index, _no_id(value))
            else:
                found.append(value)
        return tuple(found)

    def knows(self, *keys: str) -> None:
        """These keys belong here although somebody else reads them."""
        self._asked.update(keys)

    def close(self) -> None:
        """Report the keys nobody asked for, with the near one if there is one."""
        missing = self._asked - self._values.keys()
        for key in [key for key in self._values if key not in self._asked]:
            reason = _("unknown key “{key}”").format(key=key)
            self.wrong(key, reason + (near(key, missing) or near(key, self._asked)))

    def _get(self, key: str, required: bool) -> object:
        self._asked.add(key)
        if key not in self._values and required:
            self.wrong(key, _("“{key}” is missing").format(key=key))
        return self._values.get(key)


def near(word: str, known: Collection[str]) -> str:
    """``; “known” perhaps?`` for the nearest known word, ``""`` where none is near."""
    from difflib import get_close_matches  # only a file with a mistake pays for it

    found = get_close_matches(word, sorted(known), 1)
    return _("; “{near}” perhaps?").format(near=found[0]) if found else ""


def _is_id(value: str) -> bool:
    return _ID_CHARACTERS.issuperset(value) and value[0].isalpha()


def _no_id(value: str) -> str:
    return _("“{value}” is no id: only a-z, 0-9 and -, a letter first").format(value=value)


def _outside(key: str, low: float, high: float, value: float) -> str:
    reason = _("“{key}” must be from {low} to {high}, not {value}")
    return reason.format(key=key, low=low, high=high, value=value)
