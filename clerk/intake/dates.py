"""Dates as mails write them (RFC 5322, 3.3, and what passes for it)."""

import calendar
from email.utils import parsedate_tz
from typing import Final

_LAST: Final = 253_402_300_799  # the end of the year 9999, in seconds


def moment(text: str) -> int | None:
    """Milliseconds since the epoch (UTC), None where ``text`` is no date after 1969.

    Without a zone it is taken as UTC: this machine's zone has no part in it.
    """
    try:
        parts = parsedate_tz(text[:100])
        if parts is None:
            return None
        seconds = calendar.timegm((*parts[:6], 0, 1, 0)) - (parts[9] or 0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return seconds * 1000 if 0 <= seconds <= _LAST else None
