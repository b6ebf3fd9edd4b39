"""Fines (Ordnungswidrigkeiten): the catalogue, and what hangs on the case of one matter."""

from sqlmodel import Field

from storage.tables.base import Row
from storage.terms import (
    FineSource,
    FineState,
    Guilt,
    LimitationClass,
    OffenceArea,
    ParticipantRole,
    Unity,
)


class Offence(Row, table=True):
    """One version of an offence in an office's catalogue; amounts in cents.

    ``charge`` is the text "Sie haben …" with placeholders; the version in force on the day of the
    act counts (OWiG 4).
    """

    __tablename__ = "offences"
    office_id: str = Field(foreign_key="offices.id", index=True)
    code: str = Field(index=True)  # TBNR or the town's own code
    area: OffenceArea
    subject: str  # the group it stands under: dogs, waste, parking
    title: str
    charge: str
    provisions: str
    rate: int  # first time, negligent
    rate_repeat: int | None = None
    rate_intent: int | None = None
    maximum: int  # what the law threatens for intent
    limitation: LimitationClass
    words: str = ""  # what else a clerk may type to find it
    valid_from: str
    valid_to: str | None = None


class Fine(Row, table=True):
    """What a fine's case knows beyond other cases. Amounts in cents, dates ISO, times local.

    ``limitation_on`` is the last day on which the act can be prosecuted or, once final, the fine
    enforced; it follows from the steps (``clerk.rules``) and is kept here for the list.
    """

    __tablename__ = "fines"
    case_id: str = Field(foreign_key="cases.id", index=True)
    office_id: str = Field(foreign_key="offices.id")
    state: FineState = FineState.RECORDED
    reference: str | None = Field(default=None, index=True)  # Kassenzeichen
    external_id: str | None = Field(default=None, unique=True)  # of the field device
    source: FineSource = FineSource.ENTRY
    area: OffenceArea
    acted_from: str  # 2026-07-04T14:30 or 2026-07-04, local
    acted_to: str | None = None
    place: str = Field(index=True)
    place_more: str = ""  # up to two more lines
    district: str = ""
    latitude: str = ""
    longitude: str = ""
    officer: str = ""  # who saw it
    unity: Unity = Unity.SAME_ACT
    guilt: Guilt = Guilt.NEGLIGENT
    amount: int  # warning money or fine
    fee: int = 0
    expenses: int = 0
    plate: str = ""  # folded: capitals and digits alone
    plate_shown: str = ""
    plate_country: str = ""
    vehicle: str = ""  # make, colour, valves, disc
    evidence: str = ""
    limitation_on: str | None = None
    absolute_on: str | None = None  # never later than this
    restricted: int = 0  # processing restricted instead of erased (BDSG 58)
    review_on: str | None = None


class FineOffence(Row, table=True):
    """One offence of a fine as it was charged: the words and rates of the day."""

    __tablename__ = "fine_offences"
    case_id: str = Field(foreign_key="cases.id", index=True)
    offence_id: str | None = Field(default=None, foreign_key="offences.id")
    position: int
    code: str
    charge: str  # placeholders filled
    provisions: str
    details: str = "{}"  # JSON: placeholder -> what was filled in
    amount: int
    maximum: int
    limitation: LimitationClass


class Participant(Row, table=True):
    """A person's part in a case."""

    __tablename__ = "participants"
    case_id: str = Field(foreign_key="cases.id", index=True)
    person_id: str = Field(foreign_key="persons.id", index=True)
    role: ParticipantRole
    note: str = ""


class FineStep(Row, table=True):
    """A step of the procedure; only ever added to. States and limitation follow from the steps."""

    __tablename__ = "fine_steps"
    case_id: str = Field(foreign_key="cases.id", index=True)
    participant_id: str | None = Field(default=None, foreign_key="participants.id")
    letter_id: str | None = Field(default=None, foreign_key="letters.id")
    action: str  # an action of the fines' table
    state: FineState  # the one after it
    on_date: str  # the day that counts in law (served on, received on)
    at: int
    clerk_id: str
    text: str = ""
    details: str = "{}"  # JSON


class Dog(Row, table=True):
    """The dog of a dog matter; its keeper is a participant."""

    __tablename__ = "dogs"
    case_id: str = Field(foreign_key="cases.id", index=True)
    name: str = ""
    breed: str = ""
    chip: str = ""
    tag: str = ""
    on_leash: int | None = None
    muzzled: int | None = None
    incident: str = ""
    injured: str = ""
