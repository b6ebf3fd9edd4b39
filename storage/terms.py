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


class OffenceArea(StrEnum):
    """Whose catalogue an offence is from; it decides limitation and warning rules."""

    MUNICIPAL = "municipal"
    TRAFFIC = "traffic"


class LimitationClass(StrEnum):
    """How prosecution is limited: by the maximum (OWiG 31(2)) or as in traffic (StVG 26(3))."""

    BY_MAXIMUM = "by_maximum"
    TRAFFIC = "traffic"


class FineSource(StrEnum):
    """How a fine's record came in."""

    ENTRY = "entry"
    XMLMDE = "xmlmde"
    XOWI = "xowi"
    REPORT = "report"


class Unity(StrEnum):
    """Several offences by one act (OWiG 19) or by several (OWiG 20)."""

    SAME_ACT = "same_act"
    SEVERAL_ACTS = "several_acts"


class Guilt(StrEnum):
    """Negligence or intent (OWiG 10, 17(2))."""

    NEGLIGENT = "negligent"
    INTENT = "intent"


class ParticipantRole(StrEnum):
    """A person's part in a case."""

    OFFENDER = "offender"
    KEEPER = "keeper"
    DRIVER = "driver"
    WITNESS = "witness"
    INFORMANT = "informant"
    REPRESENTATIVE = "representative"
    DEFENDER = "defender"
    SERVICE_AGENT = "service_agent"
    AUTHORITY = "authority"
    EXPERT = "expert"


class FineState(StrEnum):
    """Where a fine stands in the procedure of the OWiG."""

    RECORDED = "recorded"
    INVESTIGATING = "investigating"
    WARNED = "warned"
    WARNING_OFFERED = "warning_offered"
    WARNING_EFFECTIVE = "warning_effective"
    HEARING = "hearing"
    REFERRED = "referred"
    INVESTIGATED = "investigated"
    NOTICE = "notice"
    SERVED = "served"
    OBJECTION = "objection"
    REJECTED = "rejected"
    INTERMEDIATE = "intermediate"
    COURT = "court"
    FINAL = "final"
    DEFERRED = "deferred"
    ENFORCEMENT = "enforcement"
    DETENTION = "detention"
    DISCONTINUED = "discontinued"
    SETTLED = "settled"


class ClaimKind(StrEnum):
    """What is owed; served in this order (OWiG 94)."""

    WARNING = "warning"
    FINE = "fine"
    SIDE = "side"
    FEE = "fee"
    EXPENSES = "expenses"
    OTHER = "other"


class ClaimState(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    PAID = "paid"
    DEFERRED = "deferred"
    WAIVED = "waived"
    CANCELLED = "cancelled"


class PaymentKind(StrEnum):
    """The way by which money came or went."""

    BANK = "bank"
    CASH = "cash"
    CARD = "card"
    ONLINE = "online"
    REFUND = "refund"
    REVERSAL = "reversal"


class PaymentState(StrEnum):
    """Where a payment stands."""

    BOOKED = "booked"
    SUGGESTED = "suggested"
    CLARIFY = "clarify"
    REVERSED = "reversed"
    WANTED = "wanted"
    SETTLED = "settled"


class InstalmentState(StrEnum):
    """Where an instalment stands."""

    OPEN = "open"
    PAID = "paid"
    LAPSED = "lapsed"


class OnlineState(StrEnum):
    """Where a transaction at the payment provider stands (XBezahldienste 1.0)."""

    INITIAL = "initial"
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"


class LetterState(StrEnum):
    """Where a letter stands; from ``FINAL`` on its words are fixed."""

    DRAFT = "draft"
    SIGNED = "signed"
    FINAL = "final"
    QUEUED = "queued"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class Way(StrEnum):
    """How a letter leaves the house."""

    PRINT = "print"
    MAIL = "mail"
    FORMAL = "formal"
