"""The one source of time. Rules never ask it; they take dates as arguments."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")


def now() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def local(at: int) -> datetime:
    """The moment ``at`` (ms, UTC) as wall-clock time in Germany."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZONE)


def today() -> date:
    """Today's date in Germany."""
    return local(now()).date()
