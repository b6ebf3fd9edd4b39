"""SQL functions of ours: ``fold`` and ``words``, which the views of the search index call."""

from typing import TYPE_CHECKING

from storage.folding import distinct, fold

if TYPE_CHECKING:
    from sqlite3 import Connection


def folded(text: str | bytes | None) -> str:
    """The folded text, of UTF-8 bytes as well; '' for NULL."""
    if text is None:
        return ""
    return fold(text if isinstance(text, str) else text.decode("utf-8", "replace"))


def indexed(text: str | bytes | None) -> str:
    """What the index takes of a long text: its distinct folded words, in no order."""
    return " ".join(distinct(folded(text)))


def register(db: "Connection") -> None:
    """Give the connection ``fold(text)`` and ``words(text)``."""
    db.create_function("fold", 1, folded, deterministic=True)
    # Not for SQLite to keep: the order differs from process to process.
    db.create_function("words", 1, indexed)
