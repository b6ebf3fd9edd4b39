"""How a payment is spread over what is owed: fine, then side consequences, then costs (OWiG 94).
Pure; amounts in cents."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from storage.terms import ClaimKind

# OWiG 94; a warning's money stands alone.
_ORDER = tuple(ClaimKind)


class Owed(Protocol):
    """A claim with what of it is paid."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def amount(self) -> int: ...
    @property
    def paid(self) -> int: ...


class Spread(NamedTuple):
    """``parts``: claim and how much of the payment serves it; ``rest``: what is too much."""

    parts: tuple[tuple[str, int], ...]
    rest: int


def spread(amount: int, claims: Sequence[Owed]) -> Spread:
    """A payment over the claims that stand. ValueError for one that is not positive."""
    if amount <= 0:
        raise ValueError(amount)
    parts: list[tuple[str, int]] = []
    for claim in sorted(claims, key=lambda one: (_ORDER.index(ClaimKind(one.kind)), one.position)):
        part = min(amount, claim.amount - claim.paid)
        if part > 0:
            parts.append((claim.id, part))
            amount -= part
    return Spread(tuple(parts), amount)


def instalments_met(paid: int, amounts: Sequence[int]) -> int:
    """How many instalments, in their order, a sum pays in full."""
    met = 0
    for amount in amounts:
        paid -= amount
        if paid < 0:
            break
        met += 1
    return met
