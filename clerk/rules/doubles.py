"""Whether two records of an offence may be one and the same: place and time. Pure."""

import re
from datetime import datetime, timedelta

from storage.folding import fold

NEAR = timedelta(hours=24)
"""Acts of the same offender or plate in the same street are taken for one within this time."""

_STREET = re.compile(r"str(?:\.|\b)|strasse\b")
_NUMBER = re.compile(r"\b[0-9]+ ?[a-z]?\b.*")
_DAY = len("2026-07-04")


def street(place: str) -> str:
    """The street of a place as it is compared: ``Haupt-Str. 5 a`` and ``Hauptstraße`` are one."""
    text = _NUMBER.sub("", fold(place))
    return re.sub(r"[^a-z]", "", _STREET.sub("strasse", text))


def is_near(one: str, other: str) -> bool:
    """Whether two moments (ISO, local) lie near each other; a day without a time is all of it."""
    if len(one) == _DAY or len(other) == _DAY:
        return one[:_DAY] == other[:_DAY]
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= NEAR
