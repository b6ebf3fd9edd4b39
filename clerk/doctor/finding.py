"""What was found: good, to be seen to, or in the way of work."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is. A fault keeps somebody from working, or endangers data."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is stable and ASCII (``terminal.size``); ``sentence`` and ``advice`` are
    translated. ``alarm``: shown in red although it is what the settings want."""

    check: str
    level: Level
    sentence: str
    advice: str = ""
    alarm: bool = False


def good(check: str, sentence: str, advice: str = "") -> Finding:
    """Nothing to do; ``advice`` where one could."""
    return Finding(check, Level.OK, sentence, advice)


def warning(check: str, sentence: str, advice: str, *, alarm: bool = False) -> Finding:
    """Somebody should see to it."""
    return Finding(check, Level.WARNING, sentence, advice, alarm)


def fault(check: str, sentence: str, advice: str) -> Finding:
    """It does not work like this."""
    return Finding(check, Level.FAULT, sentence, advice)
