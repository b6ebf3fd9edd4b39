"""Content that comes later than the rows that name it: their place in the search index goes along.

In a joined replica a row may name a text that was not fetched yet. The index says what the views
say, so a row leaves the index before its text comes, and is put in again with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.patches import Patch

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.indexing import Index


@contextmanager
def arriving(db: "Connection", index: "Index", sha256: str) -> Iterator[None]:
    """Content with this hash is stored in the block, by whatever way it came."""
    waiting = db.execute(
        "SELECT i.id FROM wanted w JOIN items i ON i.id = w.row_id AND i.text_sha256 = w.sha256"
        " WHERE w.sha256 = ? AND w.field = 'text_sha256' AND w.tbl = 'items'",
        (sha256,),
    ).fetchall()
    patches = [Patch("items", row[0], "set", {"text_sha256": [None, sha256]}) for row in waiting]
    for patch in patches:
        index.before(patch)
    yield
    for patch in patches:
        index.after(patch, None, None)
    db.execute("DELETE FROM wanted WHERE sha256 = ?", (sha256,))
