"""Public holidays at an office's seat: of the Land, of Catholic municipalities, and of the town.

The days come from the ``holidays`` package (with its one-offs, such as Berlin's 8 May 2025 and 17
June 2028). 24 and 31 December are ordinary days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache


class Land(StrEnum):
    """The Länder by their ISO 3166-2 codes."""

    BW = "BW"
    BY = "BY"
    BE = "BE"
    BB = "BB"
    HB = "HB"
    HH = "HH"
    HE = "HE"
    MV = "MV"
    NI = "NI"
    NW = "NW"
    RP = "RP"
    SL = "SL"
    SN = "SN"
    ST = "ST"
    SH = "SH"
    TH = "TH"


FIRST, LAST = date(1991, 1, 1), date(2100, 12, 31)
"""The days for which the holidays are known."""

_OWN = {"09761000": "Augsburg"}  # 8 August (BayFTG 1(2)): the package's subdivision


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an authority sits, which decides about its holidays.

    ``catholic``: a municipality with a mostly Catholic population (Assumption in BY, Corpus Christi
    in SN and TH). ``extra``: days that the Land or the town made holidays once. ``municipality``:
    its key of eight digits, where it has a holiday of its own. ValueError for a Land there is not.
    """

    land: str
    catholic: bool = False
    extra: tuple[date, ...] = ()
    municipality: str = ""

    def __post_init__(self) -> None:
        Land(self.land)


def holiday(day: date, seat: Seat) -> str | None:
    """The German name of the holiday on this day, '' for one of ``extra``; None where it is none.

    ValueError for a day outside of ``FIRST`` to ``LAST``.
    """
    if not FIRST <= day <= LAST:
        raise ValueError(f"holidays are not known for {day}")
    subdivision = _OWN.get(seat.municipality, seat.land)
    name = _of_year(subdivision, seat.catholic, day.year).get(day)
    return "" if name is None and day in seat.extra else name


@lru_cache(maxsize=256)
def _of_year(subdivision: str, catholic: bool, year: int) -> Mapping[date, str]:
    from holidays.countries.germany import Germany  # heavy: only who counts a term pays for it

    categories = ("public", "catholic") if catholic else ("public",)
    return dict(
        Germany(subdiv=subdivision, categories=categories, language="de", years=year).items()
    )
