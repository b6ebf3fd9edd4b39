"""Lists of the store as sources of the record table."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from storage.pages.keyset import Key, Keyset
from widgets.window import Record

if TYPE_CHECKING:
    from sqlite3 import Connection

R = TypeVar("R", bound=Record)


class KeysetSource(Generic[R]):
    """A keyset list with its counter."""

    def __init__(self, db: "Connection", keyset: Keyset[R], total: Callable[[], int]) -> None:
        self._db = db
        self._keyset = keyset
        self._total = total

    def after(self, key: Key | None, limit: int) -> Sequence[R]:
        """Rows behind the key."""
        return self._keyset.page(self._db, after=key, limit=limit)

    def before(self, key: Key | None, limit: int) -> Sequence[R]:
        """Rows before the key, or the last ones."""
        return self._keyset.page(self._db, before=key or (), limit=limit)

    def total(self) -> int | None:
        """From the counter."""
        return self._total()


class FixedSource(Generic[R]):
    """A list that is in memory already: the hits of a search, put in the order of their keys."""

    def __init__(self, rows: Sequence[R], *, descending: bool = False) -> None:
        self._rows = sorted(rows, key=lambda row: _key(row.key), reverse=descending)
        self._down = descending

    def after(self, key: Key | None, limit: int) -> Sequence[R]:
        """Rows behind the key."""
        start = 0 if key is None else self._place(key, behind=True)
        return self._rows[start : start + limit]

    def before(self, key: Key | None, limit: int) -> Sequence[R]:
        """Rows before the key, or the last ones."""
        end = len(self._rows) if key is None else self._place(key, behind=False)
        return self._rows[max(0, end - limit) : end]

    def total(self) -> int | None:
        """All of them."""
        return len(self._rows)

    def _place(self, key: Key, *, behind: bool) -> int:
        """Where the key is or would be; a record that left the list still has its place."""
        for index, row in enumerate(self._rows):
            same = row.key == key
            if (same and not behind) or (not same and (_key(row.key) > _key(key)) != self._down):
                return index
        return len(self._rows)


def _key(key: Key) -> tuple[str, ...]:
    """As something that can be compared: the keys of one list are of the same types."""
    return cast("tuple[str, ...]", key)
