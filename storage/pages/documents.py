"""Documents of an item or a case, without their bytes."""

from typing import TYPE_CHECKING

from storage.record import columns
from storage.records import Document

if TYPE_CHECKING:
    from sqlite3 import Connection

_NAMES = ", ".join(f"d.{name}" for name in columns(Document))


def of_item(db: "Connection", item_id: str) -> list[Document]:
    """The attachments of an item, in the order they came."""
    sql = f"SELECT {_NAMES} FROM documents d WHERE d.item_id = ? ORDER BY d.pos"
    return [Document.of(row) for row in db.execute(sql, (item_id,))]


def of_case(db: "Connection", case_id: str) -> list[Document]:
    """The documents of a case and the attachments of its items, oldest first."""
    sql = (
        f"SELECT {_NAMES} FROM documents d WHERE d.case_id = ?1 OR d.item_id IN"
        " (SELECT id FROM items WHERE case_id = ?1) ORDER BY d.created_at, d.pos"
    )
    return [Document.of(row) for row in db.execute(sql, (case_id,))]
