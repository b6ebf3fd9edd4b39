"""The model of what a record table shows: a plain sorted list that is all in memory."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from widgets.window import Key


@dataclass(frozen=True)
class Row:
    """A record; the list is in the order of ``place``, of equal ones in that of ``id``."""

    id: str
    place: int
    text: str = ""

    @property
    def key(self) -> Key:
        return (self.place, self.id)


def _order(row: Row) -> tuple[int, str]:
    return (row.place, row.id)


class PlainList:
    """A source of rows, and what others do to it meanwhile."""

    def __init__(self, rows: Iterable[Row] = (), *, knows_total: bool = True) -> None:
        self.rows = sorted(rows, key=_order)
        self.knows_total = knows_total
        self._made = 0

    # What a window asks

    def after(self, key: Key | None, limit: int) -> list[Row]:
        start = 0 if key is None else bisect_right(self.rows, key, key=_key)
        return self.rows[start : start + limit]

    def before(self, key: Key | None, limit: int) -> list[Row]:
        end = len(self.rows) if key is None else bisect_left(self.rows, key, key=_key)
        return self.rows[max(0, end - limit) : end]

    def total(self) -> int | None:
        return len(self.rows) if self.knows_total else None

    # What others do

    def add(self, place: int) -> Row:
        """A new row at a place."""
        self._made += 1
        row = Row(f"n{self._made}", place)
        insort(self.rows, row, key=_order)
        return row

    def drop(self, ids: Iterable[str]) -> None:
        """These rows have left the list."""
        gone = set(ids)
        self.rows = [row for row in self.rows if row.id not in gone]

    def change(self, row_id: str, text: str) -> Row:
        """Another text in a row."""
        at = self.index(row_id)
        self.rows[at] = Row(row_id, self.rows[at].place, text)
        return self.rows[at]

    def narrowed(self, keep: Callable[[Row], bool]) -> "PlainList":
        """The same list behind a filter."""
        narrowed = PlainList(filter(keep, self.rows), knows_total=self.knows_total)
        narrowed._made = self._made  # ids are never given twice
        return narrowed

    # What a test asks

    def holds(self, row_id: str) -> bool:
        return any(row.id == row_id for row in self.rows)

    def index(self, row_id: str) -> int:
        return next(i for i, row in enumerate(self.rows) if row.id == row_id)

    def at_or_behind(self, row: Row) -> Row | None:
        """The row itself, otherwise the one behind its place, otherwise the last one."""
        found = bisect_left(self.rows, _order(row), key=_order)
        return self.rows[min(found, len(self.rows) - 1)] if self.rows else None


def _key(row: Row) -> Key:
    return row.key


def rows(n: int) -> list[Row]:
    """``n`` rows with room between them for others."""
    return [Row(f"r{i}", 10 * i) for i in range(n)]
