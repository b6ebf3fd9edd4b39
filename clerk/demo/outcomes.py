"""What becomes of what comes in: shares that hold for every size, drawn so that they come out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

from clerk.demo.days import DAY

_OPEN_SHARE: Final = 0.08
_FEWEST_OPEN: Final = 60
_AT_MOST: Final = 0.9  # of the newest
MINE: Final = 8  # items that the sitting clerk has taken at least

# Matters by what becomes of them; a filed one has three items on average, the others one.
# Cases that could be closed by now and are not: most of those that are due later, some of those
# that have just become overdue, a few of the old ones.
STAYS_DUE, STAYS_LATE, STAYS_OLD, STAYS_DAYS = 0.8, 0.4, 0.03, 15
KINDS: Final = ("filed", "done", "aside", "spam", "duplicate")
KIND_WEIGHTS: Final = (26, 54, 6, 9, 5)
THREADS: Final = (1, 2, 3, 4, 5, 6)
THREAD_WEIGHTS: Final = (20, 25, 22, 16, 10, 7)


@dataclass(slots=True)
class Share:
    """Says yes as often as it was asked to, spread evenly instead of by chance."""

    owed: float = 0.5

    def due(self, share: float) -> bool:
        """Whether it is time for a yes, when ``share`` of all shall be one."""
        self.owed += share
        if self.owed < 1:
            return False
        self.owed -= 1
        return True


class OpenByAge:
    """How likely something is still open: nine in ten of today's, fewer the older it is, so many
    that about 8 % of all are open, and at least 60 items."""

    def __init__(self, size: int, weights: Sequence[float]) -> None:
        """``weights``: how much comes in on each day, the last one last."""
        wanted = min(0.6, max(_OPEN_SHARE, _FEWEST_OPEN / max(size, 1)))
        low, high = 0.1, 20.0 * len(weights)
        for _step in range(40):
            self._days = (low + high) / 2
            open_ = sum(w * self(age * DAY) for age, w in enumerate(reversed(weights)))
            low, high = (self._days, high) if open_ < wanted * sum(weights) else (low, self._days)

    def __call__(self, age: int) -> float:
        """``age`` in ms."""
        return _AT_MOST * exp(-age / DAY / self._days)


def case_stays(late: int) -> float:
    """How likely a case is still open that is ``late`` days overdue (negative: due later)."""
    if late < 0:
        return STAYS_DUE
    return STAYS_OLD + STAYS_LATE * exp(-late / STAYS_DAYS)
