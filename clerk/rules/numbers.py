"""Case numbers: ``32.1-2026-000042`` is the 42nd case of office 32.1 in 2026. Pure."""

import re
from collections.abc import Sequence

_YEARS_BACK = 10
_RUNNING = re.compile(r"(?:(?:(?P<prefix>[0-9.]+)-)?(?P<year>[0-9]{4})-)?(?P<running>[0-9]{1,6})")


def case_number(prefix: str, year: int, running: int) -> str:
    """The number of a case of the office with this prefix."""
    return f"{prefix}-{year}-{running:06}"


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
