"""The schema's one truth, as SQLModel tables; one file per group of the office's records.

May import sqlmodel and ``storage.terms`` only. The running program never imports this package (it
costs 0.8 s and 29 MB); it uses ``storage.records``, which ``python -m storage.tables`` writes from
here. All times are INTEGER milliseconds since the epoch (UTC), all dates ISO text, all truth
values 0 or 1, so that SQL, the journal's JSON and PostgreSQL agree without conversion.
"""

from storage.tables.base import Row
from storage.tables.case import Case, FollowUp, Note, Relation, Status
from storage.tables.document import Document
from storage.tables.fine import Dog, Fine, FineOffence, FineStep, Offence, Participant
from storage.tables.item import Item
from storage.tables.letter import Letter
from storage.tables.money import Allocation, Claim, Instalment, OnlinePayment, Payment
from storage.tables.office import Absence, Clerk, Membership, Office
from storage.tables.person import Person
from storage.tables.service import Service, ServiceStep, ServiceVersion

TABLES: tuple[type[Row], ...] = (
    Office,
    Clerk,
    Membership,
    Absence,
    Service,
    ServiceVersion,
    ServiceStep,
    Person,
    Item,
    Case,
    Status,
    Note,
    Document,
    FollowUp,
    Relation,
    Letter,
    Claim,
    Payment,
    Allocation,
    Instalment,
    OnlinePayment,
    Offence,
    Fine,
    FineOffence,
    Participant,
    FineStep,
    Dog,
)
