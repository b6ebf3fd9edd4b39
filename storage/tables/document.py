"""Documents of items and cases; the bytes lie in the content store."""

from sqlmodel import Field

from storage.tables.base import Row


class Document(Row, table=True):
    """One version of a document; a newer version names the one it ``replaces_id``."""

    __tablename__ = "documents"
    item_id: str | None = Field(default=None, foreign_key="items.id", index=True)
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    replaces_id: str | None = Field(default=None, foreign_key="documents.id")
    name: str
    media_type: str
    content_sha256: str
    size: int
    created_at: int
    kind: str | None = None  # of a photo: overall, driver, plate, extra
