"""The words of the search index anew: after a filling, and after so much left that no trace of it
may stay."""

from typing import TYPE_CHECKING

from storage.indexing import LONGEST
from storage.search import AREAS

if TYPE_CHECKING:
    from sqlite3 import Connection


def learn_anew(db: "Connection") -> None:
    """Make the vocabulary hold exactly the words of the indexes, within a transaction."""
    db.execute("INSERT INTO vocabulary_parts (vocabulary_parts) VALUES ('delete-all')")
    (trigger,) = db.execute(
        "SELECT sql FROM sqlite_schema WHERE name = 'vocabulary_drop'"
    ).fetchone()
    db.execute("DROP TRIGGER vocabulary_drop")  # the index of parts is empty already
    db.execute("DELETE FROM vocabulary")
    db.execute(trigger)
    for area in AREAS:
        db.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{area}_words"
            f" USING fts5vocab(main, {area}_search, row)"
        )
        db.execute(
            f"INSERT OR IGNORE INTO vocabulary (word) SELECT term FROM temp.{area}_words"
            f" WHERE length(term) BETWEEN 3 AND {LONGEST}"
        )
    db.execute("INSERT INTO vocabulary_parts (vocabulary_parts) VALUES ('rebuild')")
