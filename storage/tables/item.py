"""What came in."""

from sqlmodel import Field

from storage.tables.base import Row
from storage.terms import Channel, ItemState


class Item(Row, table=True):
    """One incoming item. ``raw_sha256`` and ``text_sha256`` point into the content store."""

    __tablename__ = "items"
    channel: Channel
    external_id: str = Field(unique=True)  # source and its own identity, never Message-ID alone
    raw_sha256: str | None = Field(default=None, index=True)
    text_sha256: str | None = None
    message_id: str | None = Field(default=None, index=True)
    thread_key: str = Field(index=True)
    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    sent_at: int | None = None
    received_at: int
    attachments: int = 0
    state: ItemState = ItemState.OPEN
    reason: str | None = None  # why it is in quarantine, laid aside, a duplicate of which
    office_id: str | None = Field(default=None, foreign_key="offices.id")
    claimed_by: str | None = Field(default=None, foreign_key="clerks.id")
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="persons.id")
    priority: int = 0
