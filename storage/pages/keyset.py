"""Pages by keyset over one or several equal prefixes of an index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from storage.record import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

R = TypeVar("R")
Key = tuple[Value, ...]


@dataclass(frozen=True)
class Keyset(Generic[R]):
    """A list in one order.

    ``select`` is the SELECT with its FROM; ``prefixes`` are equality conditions, each served by
    an index that continues with ``order``. Several prefixes (offices) are merged by SQLite from
    their first rows, so a page costs as much as its rows.
    """

    select: str
    prefixes: Sequence[tuple[str, tuple[Value, ...]]]
    order: tuple[str, ...]
    descending: bool
    make: Callable[[tuple[Value, ...]], R]

    def page(
        self,
        db: "Connection",
        *,
        after: Key | None = None,
        before: Key | None = None,
        limit: int,
    ) -> list[R]:
        """Up to ``limit`` rows after or before a key, in the order of the list.

        Without a key: the first rows; with ``before=()`` the last ones.
        """
        backwards = before is not None
        down = self.descending != backwards
        key = before if backwards else after
        direction = "DESC" if down else "ASC"
        order = ", ".join(f"{column} {direction}" for column in self.order)
        edge = ""
        if key:
            sign = "<" if down else ">"
            columns = ", ".join(self.order)
            edge = f" AND ({columns}) {sign} ({', '.join('?' * len(self.order))})"
        parts: list[str] = []
        values: list[Value] = []
        for condition, bound in self.prefixes:
            parts.append(
                f"SELECT * FROM ({self.select} WHERE {condition}{edge} ORDER BY {order} LIMIT ?)"
            )
            values += [*bound, *(key or ()), limit]
        sql = parts[0]
        if len(parts) > 1:
            outer = ", ".join(f"{column.split('.')[-1]} {direction}" for column in self.order)
            sql = f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY {outer} LIMIT ?"
            values.append(limit)
        rows = [self.make(row) for row in db.execute(sql, values)]
        if backwards:
            rows.reverse()
        return rows
