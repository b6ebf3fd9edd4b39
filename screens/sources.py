"""Lists of the store as sources of the record table."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

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
    """A list that is in memory already: the hits of a search."""

    def __init__(self, rows: Sequence[R]) -> None:
        self._rows = list(rows)

    def after(self, key: Key | None, limit: int) -> Sequence[R]:
        """Rows behind the key."""
        start = 0 if key is None else self._place(key) + 1
        return self._rows[start : start + limit]

    def before(self, key: Key | None, limit: int) -> Sequence[R]:
        """Rows before the key, or the last ones."""
        end = len(self._rows) if key is None else self._place(key)
        return self._rows[max(0, end - limit) : end]

    def total(self) -> int | None:
        """All of them."""
        return len(self._rows)

    def _place(self, key: Key) -> int:
        return next((i for i, row in enumerate(self._rows) if row.key == key), len(self._rows))
