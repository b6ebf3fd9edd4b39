"""The part of a list that is in memory: a window of rows around the cursor, of bounded size."""

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar

PAGE = 64  # about two screens: a read stays far below the time of a paint
MOST_ROWS = 16 * PAGE

Key = tuple[str | int | None, ...]


class Record(Protocol):
    """What a row must have: its identity, and its place in the order of the list."""

    @property
    def id(self) -> str: ...
    @property
    def key(self) -> Key: ...


R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)


class Source(Protocol[R_co]):
    """A list in one order."""

    def after(self, key: Key | None, limit: int) -> Sequence[R_co]:
        """Up to ``limit`` rows behind the key, from the start for None."""
        ...

    def before(self, key: Key | None, limit: int) -> Sequence[R_co]:
        """Up to ``limit`` rows before the key in the order of the list; the last ones for None."""
        ...

    def total(self) -> int | None:
        """How many rows there are, None if that would have to be counted."""
        ...


class Window(Generic[R]):
    """``rows[cursor]`` is the current one. ``base`` is the place of ``rows[0]`` in the list.

    Methods that put rows in at the front or drop them there return by how much every index into
    ``rows`` has shifted.
    """

    def __init__(self, source: Source[R] | None) -> None:
        self.source = source
        self.rows: list[R] = []
        self.cursor = 0
        self.base: int | None = 0
        self.total: int | None = 0
        self._at_start = True
        self._at_end = True

    @property
    def current(self) -> R | None:
        """The record under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def position(self) -> int | None:
        """The cursor's place in the list, None where it is not known."""
        return None if self.base is None else self.base + self.cursor

    def load(self, at: R | None = None) -> None:
        """Read anew, from the start or around the place of a record; the cursor goes there.

        If the record has left the list, the cursor stands on the one behind it.
        """
        if self.source is None:
            return
        self.total = self.source.total()
        before = list(self.source.before(at.key, PAGE)) if at is not None else []
        edge = before[-1].key if before else None
        after = list(self.source.after(edge, PAGE))
        self.rows = before + after
        self._at_start = len(before) < PAGE
        self._at_end = len(after) < PAGE
        self.base = 0 if self._at_start else None
        self.cursor = min(len(before), max(0, len(self.rows) - 1))
        self._know_base()

    def first(self) -> None:
        """To the start of the list."""
        if not self._at_start:
            self.load()
        self.cursor = 0

    def last(self) -> None:
        """To the end of the list, read backwards from there."""
        if not self._at_end and self.source is not None:
            rows = list(self.source.before(None, PAGE))
            self.rows = rows
            self._at_end = True
            self._at_start = len(rows) < PAGE
            self.base = 0 if self._at_start else None
        self.cursor = max(0, len(self.rows) - 1)
        self._know_base()

    def move(self, by: int) -> int:
        """The cursor by rows, reading on as needed; returns the shift of indexes."""
        shift = 0
        while self.cursor + by >= len(self.rows) and not self._at_end:
            shift += self._read_on()
        while self.cursor + by < 0 and not self._at_start:
            shift += self._read_back()
        self.cursor = max(0, min(self.cursor + by, len(self.rows) - 1))
        return shift

    def reach(self, top: int, rows: int) -> int:
        """Have the rows of a screen in memory where the list has them; returns the shift."""
        shift = 0
        while top + shift + rows > len(self.rows) and not self._at_end:
            shift += self._read_on()
        while top + shift < 0 and not self._at_start:
            shift += self._read_back()
        return shift

    def read_ahead(self, rows: int) -> int:
        """Have so many rows behind the cursor in memory where the list has them; the shift."""
        return self._read_on() if self.wants_ahead(rows) else 0

    def wants_ahead(self, rows: int) -> bool:
        """Whether the list has more rows behind the cursor than are in memory, of so many."""
        return self.cursor + rows >= len(self.rows) and not self._at_end

    def remove(self, ids: set[str]) -> int:
        """Drop rows that have left the list; returns by how much the cursor's index has shifted.

        Rows further away than the window reaches are dropped by reading anew around the cursor, and
        so is the last one of the window: what stood around it is not in memory.
        """
        before = self.cursor
        kept = [row for row in self.rows if row.id not in ids]
        if not kept or len(self.rows) - len(kept) < len(ids):
            self.load(self.current)
            return self.cursor - before
        above = sum(1 for row in self.rows[: self.cursor] if row.id in ids)
        self.rows = kept
        self.cursor -= above
        if self.total is not None:
            self.total = max(0, self.total - len(ids))
        if self.cursor >= len(self.rows) and not self._at_end:
            self._read_on()
        if len(self.rows) < PAGE and not self._at_start:
            self._read_back()
        self.cursor = max(0, min(self.cursor, len(self.rows) - 1))
        return self.cursor - before

    def replace(self, rows: Mapping[str, R]) -> None:
        """Put changed rows in the place of the old ones."""
        self.rows = [rows.get(row.id, row) for row in self.rows]

    def newer(self, most: int) -> int:
        """How many rows of the list stand before the first one in memory, if that was its start."""
        if self.source is None or not self._at_start:
            return 0
        if not self.rows:
            return len(self.source.after(None, most))
        return len(self.source.before(self.rows[0].key, most))

    def ids(self, most: int) -> list[str]:
        """The ids of the list from its start, at most ``most``."""
        found: list[str] = []
        key: Key | None = None
        while self.source is not None and len(found) < most:
            page = self.source.after(key, min(PAGE, most - len(found)))
            found += [row.id for row in page]
            if len(page) < PAGE:
                break
            key = page[-1].key
        return found

    def _read_on(self) -> int:
        if self.source is None:
            return 0
        page = list(self.source.after(self.rows[-1].key if self.rows else None, PAGE))
        self._at_end = len(page) < PAGE
        self.rows += page
        drop = len(self.rows) - MOST_ROWS
        if drop <= 0:
            return 0
        del self.rows[:drop]
        self.cursor -= drop
        self._at_start = False
        if self.base is not None:
            self.base += drop
        return -drop

    def _read_back(self) -> int:
        if self.source is None:
            return 0
        page = list(self.source.before(self.rows[0].key if self.rows else None, PAGE))
        self._at_start = len(page) < PAGE
        self.rows[:0] = page
        self.cursor += len(page)
        if self._at_start:
            self.base = 0
        elif self.base is not None:
            self.base = max(0, self.base - len(page))
        if len(self.rows) > MOST_ROWS:
            del self.rows[MOST_ROWS:]
            self._at_end = False
        return len(page)

    def _know_base(self) -> None:
        """At the end of a list of known length the place is known as well."""
        if self.base is None and self._at_end and self.total is not None:
            self.base = max(0, self.total - len(self.rows))
