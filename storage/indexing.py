"""Keeping the search index: rows are taken out before they change and put in before the commit.

Not by triggers: SQLite then opens a savepoint for every statement and FTS5 writes out all it has
collected at each of them, which made an intake of 10,000 mails four times slower (see
docs/decisions). So the rows of a transaction go in together, at its end, as the views of
``migrations`` (0004, 0006) say.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from storage.folding import distinct

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.patches import Patch

LONGEST = 80  # longer words are keys and codes; they are found whole, not by their parts
_SHORTEST = 3
_MOST_KNOWN = 300_000

# The columns of each index, and the fields of its table that stand in them.
INDEXED: Mapping[str, tuple[str, ...]] = {
    "items": ("subject", "sender", "body"),
    "cases": ("number", "subject"),
    "notes": ("text",),
    "persons": ("name", "address"),
}
_WATCHED: Mapping[str, frozenset[str]] = {
    "items": frozenset({"subject", "sender_name", "sender_address", "text_sha256"}),
    "cases": frozenset({"number", "subject"}),
    "notes": frozenset({"text"}),
    "persons": frozenset(
        {"given_name", "family_name", "street", "postcode", "city", "email", "phone"}
    ),
}


Texts = tuple[str, ...]
"""A row of an index: the text of each of its columns."""


def of_vocabulary(words: Iterable[str]) -> list[str]:
    """Those of some words that go into the vocabulary."""
    return [word for word in words if _SHORTEST <= len(word) <= LONGEST]


class Index:
    """The search index of one writing connection."""

    def __init__(self, db: "Connection") -> None:
        self._db = db
        # By the row's id: its place in the index and its texts, None where the view is asked.
        self._waiting: dict[str, dict[str, tuple[int | str, ...] | None]] = {
            table: {} for table in INDEXED
        }
        self._new: set[str] = set()
        # Words that were put into the vocabulary already: saves asking again.
        self._known: set[str] = set()

    def learn(self, words: Iterable[str]) -> None:
        """Words that a worker has found in texts of this transaction."""
        self._new.update(words)

    def before(self, patch: "Patch") -> None:
        """A patch is going to be applied: what will no longer be true leaves the index."""
        waiting = self._waiting.get(patch.table)
        if waiting is None or patch.op == "add" or not self._concerns(patch):
            return
        if patch.row_id in waiting:  # not in the index yet
            return
        table, columns = patch.table, ", ".join(INDEXED[patch.table])
        self._db.execute(
            f"INSERT INTO {table}_search ({table}_search, rowid, {columns})"
            f" SELECT 'delete', pos, {columns} FROM {table}_folded WHERE id = ?",
            (patch.row_id,),
        )

    def after(self, patch: "Patch", pos: int | None, texts: Texts | None) -> None:
        """A patch was applied: what stands there now waits for the end of the transaction.

        ``texts``: what the view says of a row that was added, as a worker has made it already;
        ``pos`` is that row's place. Its words are given to :meth:`learn`.
        """
        waiting = self._waiting.get(patch.table)
        if waiting is None or not self._concerns(patch):
            return
        if patch.op == "drop":
            waiting.pop(patch.row_id, None)
        else:
            waiting[patch.row_id] = None if texts is None or pos is None else (pos, *texts)

    def flush(self) -> None:
        """Put in what waits; the last thing before the commit."""
        for table, waiting in self._waiting.items():
            if waiting:
                rows = [row or self._row(table, row_id) for row_id, row in waiting.items()]
                names = ("rowid", *INDEXED[table])
                self._db.executemany(
                    f"INSERT INTO {table}_search ({', '.join(names)})"
                    f" VALUES ({', '.join('?' * len(names))})",
                    rows,
                )
                waiting.clear()
        self._keep(self._new - self._known)
        self._new.clear()

    def forget(self) -> None:
        """After a rollback: nothing of it is there."""
        for waiting in self._waiting.values():
            waiting.clear()
        self._new.clear()
        self._known.clear()

    @staticmethod
    def _concerns(patch: "Patch") -> bool:
        return patch.op != "set" or not _WATCHED[patch.table].isdisjoint(patch.fields)

    def _row(self, table: str, row_id: str) -> tuple[int | str, ...]:
        """A row as its view says; its words are learned."""
        sql = f"SELECT pos, {', '.join(INDEXED[table])} FROM {table}_folded WHERE id = ?"
        row: tuple[int | str, ...] = self._db.execute(sql, (row_id,)).fetchone()
        self.learn(of_vocabulary(distinct(" ".join(map(str, row[1:])))))
        return row

    def _keep(self, words: set[str]) -> None:
        """Put words into the vocabulary, and the new ones among them into the index of parts."""
        if not words:
            return
        last = self._db.execute("SELECT ifnull(max(pos), 0) FROM vocabulary").fetchone()
        self._db.executemany(
            "INSERT OR IGNORE INTO vocabulary (word) VALUES (?)", [(w,) for w in sorted(words)]
        )
        added = self._db.execute("SELECT pos, word FROM vocabulary WHERE pos > ?", last).fetchall()
        self._db.executemany("INSERT INTO vocabulary_parts (rowid, word) VALUES (?, ?)", added)
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known |= words
