"""When a letter counts as delivered (deemed delivery, Bekanntgabefiktion), as data.

The Länder's own laws follow the federation's at their own time: an office's settings may name them
(``more``), and they go before the federal rows. Informal letters in fine proceedings have no deemed
delivery at all (VwVfG 2(2) no. 2): there is no law ``OWiG`` here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clerk.rules.deadlines import Deadline, Rule, deadline
from clerk.rules.holidays import Seat
from clerk.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Fiction:
    """A letter posted from ``valid_from`` on counts as delivered ``days`` after it was posted.

    ``land``: '' for the federation. ``rolls``: moves from a weekend to the next working day.
    """

    land: str
    law: str
    valid_from: date
    days: int
    rolls: bool = False


_ALWAYS, _SINCE_2025 = date.min, date(2025, 1, 1)

FICTIONS: tuple[Fiction, ...] = (
    Fiction("", "VwVfG", _ALWAYS, 3),  # 41(2)
    Fiction("", "VwVfG", _SINCE_2025, 4),
    Fiction("", "SGB X", _ALWAYS, 3),  # 37(2)
    Fiction("", "SGB X", _SINCE_2025, 4),
    Fiction("", "VwZG", _ALWAYS, 3),  # 4(2), registered letter handed over
    Fiction("", "VwZG", _SINCE_2025, 4),
    Fiction("", "AO", _ALWAYS, 3, rolls=True),  # 122(2); BFH IX R 68/98
    Fiction("", "AO", _SINCE_2025, 4, rolls=True),
    Fiction("", "portal", _ALWAYS, 1),  # VwVfG 41(2a): the day after it was fetched
    Fiction("", "public", _ALWAYS, 14),  # VwZG 10(2): two weeks after it was put up
)


def delivered(law: str, posted: date, seat: Seat, more: Sequence[Fiction] = ()) -> Deadline | None:
    """The day on which a letter posted on this day counts as delivered; None where the law knows no
    deemed delivery. The row of the seat's Land goes before the federation's, the newest first."""
    known = [
        one
        for one in (*more, *FICTIONS)
        if one.law == law and one.land in ("", seat.land) and one.valid_from <= posted
    ]
    if not known:
        return None
    row = max(known, key=lambda one: (one.land != "", one.valid_from))
    rule = Rule.EXCL_ROLL if row.rolls else Rule.EXCL_NOROLL
    return deadline(rule, posted, Period(row.days, "D"), seat)
