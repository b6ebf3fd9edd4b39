"""Offices, the clerks who work in them, and who stands in for whom."""

from sqlmodel import Field

from storage.tables.base import Row
from storage.terms import DeputyMay, Role


class Office(Row, table=True):
    """An office (Amt). Its id is the ASCII id of the process library."""

    __tablename__ = "offices"
    name: str
    prefix: str  # first part of its case numbers, e.g. 32.1
    is_intake: int = 0  # 1: what nobody could assign arrives here
    settings: str | None = None  # TOML, see clerk/office_settings.py
    four_eyes_above: int | None = None  # of these settings, in cents: the shared store asks it


class Clerk(Row, table=True):
    """A person who works here."""

    __tablename__ = "clerks"
    login: str = Field(unique=True)
    name: str
    active: int = 1


class Membership(Row, table=True):
    """The role of a clerk in an office, from when to when (dates)."""

    __tablename__ = "memberships"
    clerk_id: str = Field(foreign_key="clerks.id", index=True)
    office_id: str = Field(foreign_key="offices.id")
    role: Role
    since: str | None = None
    until: str | None = None


class Absence(Row, table=True):
    """An absence (dates, both included) and how far its deputy's rights go."""

    __tablename__ = "absences"
    clerk_id: str = Field(foreign_key="clerks.id", index=True)
    deputy_id: str | None = Field(default=None, foreign_key="clerks.id")
    may: DeputyMay = DeputyMay.READ
    starts_on: str
    ends_on: str
