"""SQL functions of ours: ``fold``, which the views of the search index call."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from storage.folding import fold

if TYPE_CHECKING:
    from sqlite3 import Connection


def folded(text: str | bytes | None) -> str:
    """The folded text, of UTF-8 bytes as well; '' for NULL."""
    if text is None:
        return ""
    return fold(text if isinstance(text, str) else text.decode("utf-8", "replace"))


def register(db: "Connection", function: Callable[[str | bytes | None], str] = folded) -> None:
    """Give the connection ``fold(text)``."""
    db.create_function("fold", 1, function, deterministic=True)
