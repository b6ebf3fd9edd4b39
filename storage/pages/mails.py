"""What an intake asks about a mail: whether it is here already, and which thread it belongs to."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection


def has_raw(db: "Connection", sha256: str) -> bool:
    """Whether a mail of this very content is here."""
    sql = "SELECT 1 FROM items WHERE raw_sha256 = ?"
    return db.execute(sql, (sha256,)).fetchone() is not None


def has_external_id(db: "Connection", external_id: str) -> bool:
    """Whether something from this place in a source is here."""
    sql = "SELECT 1 FROM items WHERE external_id = ?"
    return db.execute(sql, (external_id,)).fetchone() is not None


def thread_of(db: "Connection", message_id: str) -> str | None:
    """The thread of a mail by its Message-ID, None where it is not here."""
    sql = "SELECT thread_key FROM items WHERE message_id = ? LIMIT 1"
    row = db.execute(sql, (message_id,)).fetchone()
    return str(row[0]) if row else None


def ids_in_thread(db: "Connection", thread_key: str) -> list[str]:
    """All items of a thread."""
    rows = db.execute("SELECT id FROM items WHERE thread_key = ?", (thread_key,))
    return [str(row[0]) for row in rows.fetchall()]
