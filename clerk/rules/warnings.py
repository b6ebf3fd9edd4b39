"""Amounts: warning money (OWiG 56), rates of the catalogue, what the law threatens. In cents."""

from collections.abc import Iterable
from typing import Protocol

from storage.terms import Guilt, OffenceArea, Unity

MIN_WARNING, MAX_WARNING = 5_00, 55_00  # 56(1); in traffic BKatV 2(3)
TRAFFIC_STEP = 5_00  # BKatV 2(3): in steps of five euros
AT_ONCE = 10_00  # 56(2): above it time to pay has to be granted


class Rates(Protocol):
    """The rates of an offence: for the first time and negligent, repeated, with intent."""

    @property
    def area(self) -> OffenceArea: ...
    @property
    def rate(self) -> int: ...
    @property
    def rate_repeat(self) -> int | None: ...
    @property
    def rate_intent(self) -> int | None: ...
    @property
    def maximum(self) -> int: ...


def is_warning(amount: int, area: OffenceArea) -> bool:
    """Whether the amount can be warning money."""
    steps = area is not OffenceArea.TRAFFIC or amount % TRAFFIC_STEP == 0
    return MIN_WARNING <= amount <= MAX_WARNING and steps


def threatened(maximum: int, guilt: Guilt) -> int:
    """What the law threatens: for negligence half of the maximum (OWiG 17(2))."""
    return maximum // 2 if guilt is Guilt.NEGLIGENT else maximum


def rate(offence: Rates, guilt: Guilt, *, repeated: bool = False) -> int:
    """The rate of the catalogue, never more than the law threatens.

    Intent: the rate for it, in traffic else double the rate above 55 EUR (BKatV 3(4a)). Of several
    reasons for more the highest counts.
    """
    found = offence.rate
    if repeated and offence.rate_repeat is not None:
        found = max(found, offence.rate_repeat)
    if guilt is Guilt.INTENT:
        if offence.rate_intent is not None:
            found = max(found, offence.rate_intent)
        elif offence.area == OffenceArea.TRAFFIC and offence.rate > MAX_WARNING:
            found = max(found, 2 * offence.rate)
    return min(found, threatened(offence.maximum, guilt))


def together(amounts: Iterable[int], unity: Unity) -> int:
    """What several offences come to: by the same act only the highest (OWiG 19, BKatV 2(6)), by
    several acts each for itself (OWiG 20, BKatV 2(7)); 0 for none."""
    found = list(amounts)
    return max(found, default=0) if unity is Unity.SAME_ACT else sum(found)
