"""SQL functions of ours that the triggers of the search index call."""

import json
import re
from typing import TYPE_CHECKING

from storage.folding import fold

if TYPE_CHECKING:
    from sqlite3 import Connection

LONGEST = 80  # longer ones are keys and codes; they are found whole, not by their parts
_WORD = re.compile(r"[^\W_]{3,}")
_MOST_KNOWN = 300_000


class Vocabulary:
    """Which words this connection has already put into the vocabulary: saves asking again.

    Must be emptied when a transaction is rolled back; then the words are simply offered again.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()

    def forget(self) -> None:
        """After a rollback."""
        self._known.clear()

    def new_words(self, folded: str | None) -> str:
        """The words of a folded text not offered before, as a JSON array."""
        if not folded:
            return "[]"
        new = {w for w in set(_WORD.findall(folded)) - self._known if len(w) <= LONGEST}
        if not new:
            return "[]"
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known |= new
        return json.dumps(sorted(new))


def _fold(text: str | bytes | None) -> str:
    if text is None:
        return ""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return fold(text)


def register(db: "Connection") -> None:
    """Give the connection ``fold(text)``, ``new_words(folded)`` and ``forget_words()``."""
    vocabulary = Vocabulary()
    db.create_function("fold", 1, _fold, deterministic=True)
    db.create_function("new_words", 1, vocabulary.new_words)
    db.create_function("forget_words", 0, vocabulary.forget)


def forget_words(db: "Connection") -> None:
    """To be called after a rollback on this connection."""
    db.execute("SELECT forget_words()").fetchone()
