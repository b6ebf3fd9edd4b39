"""Ids as people type them: the beginning of an id stands for the record while it is the only one.

Ids begin with the time, so records that came in together share most of it; what is shown is as
long as it has to be for this store.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

SHORTEST = 6
_AFTER_ALL = "\U0010ffff"


def beginning_with(db: "Connection", table: str, prefix: str, most: int = 2) -> list[str]:
    """At most ``most`` ids of the table that begin so, in order. ``table`` is a record's TABLE."""
    rows = db.execute(
        f"SELECT id FROM {table} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
        (prefix, prefix + _AFTER_ALL, most),
    )
    return [str(row[0]) for row in rows]


def shortened(db: "Connection", table: str, ids: Sequence[str]) -> list[str]:
    """Each id as short as it may be typed in this store, from :data:`SHORTEST` characters on."""
    return [_shortened(db, table, one) for one in ids]


def _shortened(db: "Connection", table: str, row_id: str) -> str:
    """The neighbours in the order of ids say how much of an id it takes."""
    neighbours = db.execute(
        f"SELECT max(id) FROM {table} WHERE id < ?1"
        f" UNION ALL SELECT min(id) FROM {table} WHERE id > ?1",
        (row_id,),
    )
    length = SHORTEST
    for (other,) in neighbours:
        if other is not None:
            length = max(length, _common(row_id, str(other)) + 1)
    return row_id[:length]


def _common(one: str, other: str) -> int:
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))
