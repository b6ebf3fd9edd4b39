"""The ways of the demo's fines as a table: what is charged, what was done so many days later.

Every state of the procedure stands there at least once; the rules are asked when it is built.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Step(NamedTuple):
    """A step so many days after the act, with what was said; ``pay``: in place of a step that share
    of what is owed comes in."""

    day: int
    action: str
    said: Mapping[str, str] = {}
    pay: float = 0.0


class Way(NamedTuple):
    """A fine: the office, its offence, how many days ago the act was, and what followed.
    ``draft``: the last letter is not signed yet; ``age`` at the time of the act, 0
    for any; ``unknown``: nobody is charged yet."""

    office: str
    code: str
    ago: int
    steps: tuple[Step, ...] = ()
    draft: bool = False
    age: int = 0
    photos: int = 0
    unknown: bool = False


TOWN, ROAD = "ordnungsamt", "bussgeld"

HEARD = (Step(3, "hear"),)
CONCLUDED = (*HEARD, Step(21, "conclude", {"text": "Keine Einlassung."}))
ISSUED = (*CONCLUDED, Step(22, "issue"))
SERVED = (*ISSUED, Step(25, "serve", {"way": "letter_box"}))
FINAL = (*SERVED, Step(46, "become_final"))
OBJECTED = (*SERVED, Step(33, "object", {"form": "written", "text": "Ich war es nicht."}))
LATE = (*SERVED, Step(60, "object", {"form": "written"}))
TO_COURT = (
    *OBJECTED, Step(36, "admit"), Step(40, "to_court", {"file_access": "yes"}),
)  # fmt: skip
ENFORCED = (*FINAL, Step(88, "enforce"))
OFFERED = (Step(2, "offer_warning"),)

WAYS: Final = (
    # Recorded: of today, of last week, one that runs out soon, one that has run out
    Way(TOWN, "HUN02", 1), Way(TOWN, "ABF02", 2), Way(ROAD, "112454", 1, photos=2),
    Way(TOWN, "HUN07", 4, age=17), Way(TOWN, "ABF06", 9, photos=1),
    Way(ROAD, "112454", 78, photos=1),
    Way(TOWN, "HUN03", 170), Way(TOWN, "HUN02", 200),
    Way(TOWN, "ABF03", 12, (Step(2, "investigate", {"text": "Zeugin fragen."}),), unknown=True),
    Way(ROAD, "112292", 20, (Step(3, "investigate", {"text": "Halterabfrage"}),), photos=1,
        unknown=True),
    Way(TOWN, "ABF02", 30, (Step(1, "warn"),)),
    Way(ROAD, "112454", 6, OFFERED, draft=True), Way(ROAD, "112292", 13, OFFERED, photos=2),
    Way(ROAD, "112454", 40, (*OFFERED, Step(7, "", pay=1.0))),
    Way(ROAD, "112292", 55, (*OFFERED, Step(8, "", pay=1.0))),
    Way(TOWN, "HUN02", 6, HEARD, draft=True), Way(TOWN, "HUN03", 12, HEARD),
    Way(TOWN, "HUN02", 26, HEARD), Way(TOWN, "ABF06", 34, HEARD, age=19),
    Way(TOWN, "HUN05", 50, (Step(5, "refer", {"text": "Fahrlässige Körperverletzung"}),)),
    Way(TOWN, "HUN02", 28, CONCLUDED), Way(TOWN, "HUN03", 29, CONCLUDED),
    Way(TOWN, "HUN02", 24, ISSUED, draft=True), Way(TOWN, "ABF03", 30, ISSUED),
    Way(TOWN, "HUN03", 34, SERVED), Way(TOWN, "HUN02", 45, SERVED),
    Way(TOWN, "ABF06", 41, SERVED, photos=2),
    Way(TOWN, "HUN05", 38, OBJECTED), Way(TOWN, "HUN02", 64, LATE),
    Way(TOWN, "HUN03", 70,
        (*LATE, Step(62, "reject_objection", {"text": "Die Frist war versäumt."}))),
    Way(TOWN, "HUN02", 44, TO_COURT[:-1]), Way(TOWN, "HUN05", 120, TO_COURT),
    Way(TOWN, "HUN03", 52, FINAL), Way(TOWN, "HUN02", 58, (*FINAL, Step(50, "", pay=0.5))),
    Way(TOWN, "ABF03", 75, (*FINAL, Step(50, "defer", {"instalments": "3x20 4w"}))),
    Way(TOWN, "HUN02", 105, ENFORCED),
    Way(TOWN, "HUN03", 220, (*ENFORCED, Step(150, "detain"))),
    Way(TOWN, "ABF02", 60, (Step(10, "discontinue", {"reason": "not_expedient"}),)),
    Way(TOWN, "HUN02", 90, (*FINAL, Step(52, "", pay=1.0))),
    Way(TOWN, "ABF06", 110, (*FINAL, Step(52, "", pay=1.0))),
    Way(TOWN, "HUN03", 130, (*ISSUED, Step(30, "death"))),
)  # fmt: skip
