"""Cases and what hangs on them."""

from sqlmodel import Field

from storage.tables.base import Row
from storage.terms import Audience, CaseState, FollowUpState, RelationKind


class Case(Row, table=True):
    """A case (Vorgang). ``target_on`` is the town's promise, ``legal_on`` the law's limit."""

    __tablename__ = "cases"
    number: str = Field(unique=True)
    office_id: str = Field(foreign_key="offices.id")
    service_id: str | None = Field(default=None, foreign_key="services.id")
    version_id: str | None = Field(default=None, foreign_key="service_versions.id")
    assignee_id: str | None = Field(default=None, foreign_key="clerks.id")
    person_id: str | None = Field(default=None, foreign_key="persons.id", index=True)
    state: CaseState = CaseState.OPEN
    subject: str
    opened_at: int
    target_on: str | None = None
    legal_on: str | None = None
    closed_at: int | None = None
    result: str | None = None
    retain_until: str | None = None


class Status(Row, table=True):
    """What was said about where a case stands; only ever added to."""

    __tablename__ = "statuses"
    case_id: str = Field(foreign_key="cases.id", index=True)
    parent_id: str | None = Field(default=None, foreign_key="statuses.id")  # a sub-status
    clerk_id: str
    at: int
    text: str
    audience: Audience = Audience.INTERNAL


class Note(Row, table=True):
    """An internal note on a case or on an item."""

    __tablename__ = "notes"
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    item_id: str | None = Field(default=None, foreign_key="items.id", index=True)
    clerk_id: str
    at: int
    text: str
    audience: Audience = Audience.INTERNAL


class FollowUp(Row, table=True):
    """Something to look at again on a date, by a clerk or by an office."""

    __tablename__ = "follow_ups"
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    item_id: str | None = Field(default=None, foreign_key="items.id", index=True)
    office_id: str | None = Field(default=None, foreign_key="offices.id")
    clerk_id: str | None = Field(default=None, foreign_key="clerks.id")
    due_on: str
    text: str = ""
    state: FollowUpState = FollowUpState.OPEN
    created_at: int
    created_by: str
    rule: str | None = None  # the rule that set it, and will end it; None: a clerk did


class Relation(Row, table=True):
    """Two cases that belong together."""

    __tablename__ = "relations"
    case_id: str = Field(foreign_key="cases.id", index=True)
    other_id: str = Field(foreign_key="cases.id", index=True)
    kind: RelationKind = RelationKind.RELATED
