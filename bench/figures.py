"""Figures: what was measured, beside what it is measured against."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Statistic = Literal["median", "p95"]


@dataclass(frozen=True)
class Measured:
    """Measurements of one thing, run by run. A statistic is the median of the runs' statistics,
    so that one disturbed run decides nothing."""

    runs: tuple[tuple[float, ...], ...]

    @classmethod
    def each(cls, values: Sequence[float]) -> "Measured":
        """One figure a run: the statistics are those of the runs together."""
        return cls((tuple(values),))

    @property
    def n(self) -> int:
        return sum(map(len, self.runs))

    @property
    def median(self) -> float:
        return median(median(run) for run in self.runs)

    @property
    def p95(self) -> float:
        return median(percentile(run, 0.95) for run in self.runs)

    def by(self, statistic: Statistic) -> float:
        return self.median if statistic == "median" else self.p95


@dataclass(frozen=True)
class Allowed:
    """A limit: at most ``most`` in the unit of the figure, at most ``ratio`` times the floor, or at
    least ``faster`` times as fast as the floor. None of them: the figure is only shown."""

    most: float | None = None
    ratio: float | None = None
    faster: float | None = None


@dataclass(frozen=True)
class Figure:
    """One line of the report. ``ours`` is None where it could not be measured; ``why`` says it."""

    name: str
    ours: Measured | None
    floor: Measured | None
    allowed: Allowed
    floor_name: str = ""
    unit: str = "ms"
    by: Statistic = "median"
    why: str = ""

    @property
    def ratio(self) -> float | None:
        """ours / floor in the statistic that counts."""
        if self.ours is None or self.floor is None or not self.floor.by(self.by):
            return None
        return self.ours.by(self.by) / self.floor.by(self.by)

    @property
    def ok(self) -> bool | None:
        """Whether the limit is kept; None where there is no limit or nothing to judge."""
        limit, ratio = self.allowed, self.ratio
        if limit.most is not None:
            return None if self.ours is None else self.ours.by(self.by) <= limit.most
        if ratio is None:
            return None
        if limit.ratio is not None:
            return ratio <= limit.ratio
        return None if limit.faster is None else ratio * limit.faster <= 1


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie, interpolated."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
