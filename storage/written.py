"""Whether somebody has written, without reading what."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection


def version(db: "Connection") -> tuple[int, int]:
    """(a number that changes when another connection writes, the changes of this one)."""
    return (int(db.execute("PRAGMA data_version").fetchone()[0]), db.total_changes)
