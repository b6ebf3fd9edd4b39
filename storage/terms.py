"""The vocabulary of states and kinds. Imports nothing of ours; the glossary ties it to German."""

from enum import StrEnum


class Role(StrEnum):
    """What a clerk may do in one office (permissions are a table in ``clerk.rules``)."""

    CLERK = "clerk"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Channel(StrEnum):
    """The way by which something came in."""

    MAIL = "mail"
    FORM = "form"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    FAX = "fax"
    APP = "app"


class ItemState(StrEnum):
    """Where an incoming item stands."""

    OPEN = "open"
    FILED = "filed"
    DONE = "done"
    ASIDE = "aside"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    QUARANTINE = "quarantine"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class ServiceState(StrEnum):
    """Where a version of a service stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """Who may read a status or a note."""

    INVOLVED = "involved"
    INTERNAL = "internal"


class FollowUpState(StrEnum):
    """Whether a follow-up still waits."""

    OPEN = "open"
    DONE = "done"


class DeputyMay(StrEnum):
    """How far a deputy's rights go."""

    READ = "read"
    ACT = "act"
    SIGN = "sign"


class RelationKind(StrEnum):
    """How two cases belong together."""

    RELATED = "related"
    FOLLOWS = "follows"
    PARENT = "parent"
