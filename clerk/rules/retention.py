"""How long what is known from a fine may be kept (StPO 489, OWiG 49c). Pure.

With the end of enforcement, or of limitation where a matter was dismissed, it is to be erased
unless it may be kept for future matters; then it is reviewed after two years, above 250 EUR after
five."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clerk.rules.periods import Period
from storage.terms import FineState, OffenceArea

_REVIEW_ABOVE, _LONG, _SHORT = 250_00, Period(5, "Y"), Period(2, "Y")  # 49c(5)
AGE_OF_RESPONSIBILITY = 14  # OWiG 12(1)
YOUNG_UNTIL = 21  # 14-20: juvenile or young adult (JGG 1(2), OWiG 98)
_WARNED = frozenset({FineState.WARNED, FineState.WARNING_EFFECTIVE})


@dataclass(frozen=True, slots=True)
class Retention:
    """``erase_on``: the day on which the person's data go; None: not before the review.
    ``review_on``: when it is to be looked at whether they are still needed; None: they may not be
    kept for that."""

    erase_on: date | None
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A matter that ended on a day in a state, as far as retention asks. ``limitation_on``: until
    when the act could still be prosecuted."""

    state: FineState
    ended_on: date
    area: OffenceArea
    amount: int
    of_age: bool = True
    limitation_on: date | None = None


def retention(ended: Ended) -> Retention:
    """When to erase and when to review what is known from a matter that has ended."""
    if not ended.of_age:  # 49c(2) S. 3: never for future matters
        return Retention(ended.ended_on, None)
    if ended.state is FineState.DISCONTINUED:
        return Retention(max(ended.ended_on, ended.limitation_on or ended.ended_on), None)
    if ended.state in _WARNED and ended.area is OffenceArea.TRAFFIC:
        return Retention(ended.ended_on, None)  # no repeat-offender file from traffic warnings
    term = _LONG if ended.amount > _REVIEW_ABOVE else _SHORT
    return Retention(None, term.through(ended.ended_on))


def is_repeat(earlier: Iterable[Ended], acted_on: date) -> bool:
    """Whether earlier matters let an act count as repeated: only those that may still be kept for
    it, and that ended in a warning or a fine before the act."""
    return any(
        one.ended_on < acted_on
        and (review := retention(one).review_on) is not None
        and acted_on <= review
        for one in earlier
    )


def age(born_on: date, on: date) -> int:
    """Full years of life on a day; who was born on 29 February turns older on 1 March in other
    years (BGB 187(2), 188(2))."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def is_closed_warning(area: str, state: str) -> bool:
    """A traffic warning that has ended. Nobody finds it by plate or person any more, since that
    would be a file of repeat offenders; its number and its reference still lead to it."""
    return area == OffenceArea.TRAFFIC and state in _WARNED
