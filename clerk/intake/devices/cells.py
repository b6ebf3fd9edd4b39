"""Values of a record: texts within their length, days, times, amounts. WrongRecord says which one
and why."""

import re
from collections.abc import Mapping
from datetime import date, time

from clerk.i18n import _
from clerk.intake.devices.record import WrongRecord

_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}):?([0-9]{2})(?::([0-9]{2}))?")
_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2})0*)?")
_LONGEST = 4_000


def text(name: str, value: str, line: int, lengths: Mapping[str, int]) -> str:
    """One line of text, no longer than the form allows."""
    value = " ".join(value.split())
    most = lengths.get(name, _LONGEST)
    if len(value) > most:
        said = _("{name} has {n} characters; {most} are allowed.")
        raise WrongRecord(line, said.format(name=name, n=len(value), most=most))
    return value


def day(name: str, value: str, line: int) -> date:
    """``29.05.2024`` or ``2024-05-29``."""
    german, iso = _GERMAN_DAY.fullmatch(value), _ISO_DAY.fullmatch(value)
    try:
        if german:
            return date(int(german[3]), int(german[2]), int(german[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    raise WrongRecord(line, _("{name}: “{value}” is no date.").format(name=name, value=value))


def clock_time(name: str, value: str, line: int) -> time:
    """``09:05``, ``09:05:30`` or ``0905``, to the minute."""
    match = _TIME.fullmatch(value)
    try:
        if match:
            return time(int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise WrongRecord(line, _("{name}: “{value}” is no time.").format(name=name, value=value))


def cents(name: str, value: str, line: int) -> int:
    """``25``, ``25,00`` or ``25.00`` euros, in cents."""
    match = _AMOUNT.fullmatch(value)
    if match is None:
        raise WrongRecord(line, _("{name}: “{value}” is no amount.").format(name=name, value=value))
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def moment(on: date, at: time | None) -> str:
    """ISO, to the minute where the time is known."""
    return on.isoformat() if at is None else f"{on.isoformat()}T{at:%H:%M}"


def joined(*parts: str, by: str = ", ") -> str:
    """The parts that say something."""
    return by.join(part for part in parts if part)
