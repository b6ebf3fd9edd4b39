"""Keeping the search index: rows are taken out before they change and put in before the commit.

Not by triggers: SQLite then opens a savepoint for every statement and FTS5 writes out all it has
collected at each of them, which made an intake of 10,000 mails four times slower (see
docs/decisions). So the rows of a transaction go in together, at its end, as the views of
``migrations/0004_search.sql`` say.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from storage.sqlfunctions import folded, register

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.patches import Patch

LONGEST = 80  # longer words are keys and codes; they are found whole, not by their parts
_WORD = re.compile(r"[^\W_]{3,}")
_SHORTEST = 3
_SIGNS = bytes(n if chr(n).isalnum() else 32 for n in range(128)) + bytes(128)
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


def words_in(text: str) -> set[str]:
    """The distinct words of a folded text that go into the vocabulary."""
    if text.isascii():  # a third faster
        return {
            word
            for word in set(text.encode().translate(_SIGNS).decode().split())
            if _SHORTEST <= len(word) <= LONGEST
        }
    return {word for word in set(_WORD.findall(text)) if len(word) <= LONGEST}


class Index:
    """The search index of one writing connection."""

    def __init__(self, db: "Connection") -> None:
        self._db = db
        self._waiting: dict[str, dict[str, None]] = {table: {} for table in INDEXED}
        self._folded: dict[bytes, str] = {}
        self._words: dict[str, str] = {}
        # Words that were put into the vocabulary already: saves asking again.
        self._known: set[str] = set()
        register(db, self._fold)

    def prepare(self, data: bytes, text: str, words: str) -> None:
        """What a worker has made of the UTF-8 text ``data`` already: its folding and its distinct
        words, separated by spaces. Forgotten at the end of the transaction."""
        self._folded[data] = text
        self._words[text] = words

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

    def after(self, patch: "Patch") -> None:
        """A patch was applied: what stands there now waits for the end of the transaction."""
        waiting = self._waiting.get(patch.table)
        if waiting is None or not self._concerns(patch):
            return
        if patch.op == "drop":
            waiting.pop(patch.row_id, None)
        else:
            waiting[patch.row_id] = None

    def flush(self) -> None:
        """Put in what waits; the last thing before the commit."""
        new = set(" ".join(self._words.values()).split())
        for table, waiting in self._waiting.items():
            if waiting:
                rows = self._rows(table, waiting)
                names = ("rowid", *INDEXED[table])
                self._db.executemany(
                    f"INSERT INTO {table}_search ({', '.join(names)})"
                    f" VALUES ({', '.join('?' * len(names))})",
                    rows,
                )
                texts = (str(text) for row in rows for text in row[1:] if text)
                new.update(*(words_in(text) for text in texts if text not in self._words))
                waiting.clear()
        self._learn(new - self._known)
        self._folded.clear()
        self._words.clear()

    def forget(self) -> None:
        """After a rollback: nothing of it is there."""
        for waiting in self._waiting.values():
            waiting.clear()
        self._folded.clear()
        self._words.clear()
        self._known.clear()

    @staticmethod
    def _concerns(patch: "Patch") -> bool:
        return patch.op != "set" or not _WATCHED[patch.table].isdisjoint(patch.fields)

    def _rows(self, table: str, ids: Iterable[str]) -> list[tuple[int | str, ...]]:
        sql = f"SELECT pos, {', '.join(INDEXED[table])} FROM {table}_folded WHERE id = ?"
        return [self._db.execute(sql, (row_id,)).fetchone() for row_id in ids]

    def _learn(self, words: set[str]) -> None:
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

    def _fold(self, text: str | bytes | None) -> str:
        ready = self._folded.get(text) if isinstance(text, bytes) else None
        return folded(text) if ready is None else ready
