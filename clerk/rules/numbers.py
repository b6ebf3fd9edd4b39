"""Case numbers: ``32.1-2026-000042`` is the 42nd case of office 32.1 in 2026. Pure."""

import re
from collections.abc import Sequence

_YEARS_BACK = 10
CASES = "case:"
"""How the names of the ranges of case numbers begin."""
_FULL = re.compile(r"(?P<prefix>[0-9A-Za-z._-]{1,50})-(?P<year>[0-9]{4})-(?P<running>[0-9]{6})")
_RUNNING = re.compile(r"(?:(?:(?P<prefix>[0-9.]+)-)?(?P<year>[0-9]{4})-)?(?P<running>[0-9]{1,6})")


def range_of(prefix: str, year: int) -> str:
    """The name of the range from which the office with this prefix numbers its cases in a year."""
    return f"{CASES}{prefix}-{year}"


def case_number(prefix: str, year: int, running: int) -> str:
    """The number of a case of the office with this prefix."""
    return f"{prefix}-{year}-{running:06}"


def parts_of(number: str) -> tuple[str, int, int] | None:
    """Prefix, year and running number of a full number; None where it is none of ours."""
    match = _FULL.fullmatch(number)
    if match is None or not int(match["running"]):
        return None
    return match["prefix"], int(match["year"]), int(match["running"])


def numbers_meant(typed: str, prefixes: Sequence[str], year: int) -> list[str]:
    """The full numbers that ``42``, ``2025-42`` or ``32.1-2025-42`` may stand for.

    The newest year first, from ``year`` ten years back; within a year in the order of
    ``prefixes``, the numbers of the offices. [] where the text is no such number.
    """
    match = _RUNNING.fullmatch(typed.strip())
    if match is None or not int(match["running"]):
        return []
    years = [int(match["year"])] if match["year"] else range(year, year - _YEARS_BACK - 1, -1)
    offices = [match["prefix"]] if match["prefix"] else prefixes
    return [case_number(one, at, int(match["running"])) for at in years for one in offices]
