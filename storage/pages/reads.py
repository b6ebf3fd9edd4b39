"""The log of reads as a list, the newest first."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ReadRow(NamedTuple):
    """Who (a clerk's id) looked at which record, when (ms UTC), which way and why."""

    id: str
    at: int
    clerk_id: str
    way: str
    table: str
    row_id: str
    reason: str


_SELECT = "SELECT id, at, clerk_id, way, tbl, row_id, reason FROM reads"


def newest(db: "Connection", limit: int) -> list[ReadRow]:
    """The newest reads."""
    sql = f"{_SELECT} ORDER BY at DESC, id DESC LIMIT ?"
    return [ReadRow(*row) for row in db.execute(sql, (limit,))]


def oldest(db: "Connection") -> int | None:
    """The moment of the oldest read (ms UTC), None where there is none. Ids rise with time."""
    row = db.execute("SELECT at FROM reads ORDER BY id LIMIT 1").fetchone()
    return None if row is None else int(row[0])
