"""Letters of every desk: drafted, signed by one or two, final by the hash of their PDF."""

from sqlmodel import Field

from storage.tables.base import Row
from storage.terms import LetterState, Way


class Letter(Row, table=True):
    """``details`` is what the template was filled with (JSON); from the signature on the PDF is the
    document ``document_id`` and nothing of the letter changes but its way."""

    __tablename__ = "letters"
    case_id: str = Field(foreign_key="cases.id", index=True)
    office_id: str = Field(foreign_key="offices.id")
    person_id: str | None = Field(default=None, foreign_key="persons.id")
    template: str
    subject: str
    state: LetterState = LetterState.DRAFT
    way: Way = Way.PRINT
    details: str = "{}"
    drafted_by: str = Field(foreign_key="clerks.id")
    created_at: int
    wording: str | None = None  # sha256 of the details that were signed
    signatures: int = 1  # how many it needs
    signed_by: str | None = Field(default=None, foreign_key="clerks.id")
    signed_for: str | None = Field(default=None, foreign_key="clerks.id")  # the absent colleague
    signed_at: int | None = None
    second_by: str | None = Field(default=None, foreign_key="clerks.id")
    second_for: str | None = Field(default=None, foreign_key="clerks.id")
    second_at: int | None = None
    document_id: str | None = Field(default=None, foreign_key="documents.id")
    queued_at: int | None = None
    queued_on: str | None = None  # the device that will print it
    sent_at: int | None = None
    sent_by: str | None = Field(default=None, foreign_key="clerks.id")
