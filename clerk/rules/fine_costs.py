"""What a notice costs beside the fine (OWiG 107). Amounts in cents."""

from dataclasses import dataclass

MIN_FEE, MAX_FEE = 25_00, 7_500_00  # 107(1): 5 % of the fine within these bounds
KEEPER_FEE = 20_00  # 107(2): costs put upon the keeper (StVG 25a)
FORMAL_SERVICE = 3_50  # 107(3) no. 2: each
FILE_POSTING = 12_00  # 107(5): a file sent to somebody; electronically it costs nothing
MIN_FINE, USUAL_MAX_FINE = 5_00, 1_000_00  # 17(1), unless a law threatens more
HIGHEST_FINE = 10_000_000_00  # 30(2): against a company


@dataclass(frozen=True, slots=True)
class Costs:
    """Fee and expenses, in cents."""

    fee: int
    expenses: int

    @property
    def total(self) -> int:
        return self.fee + self.expenses


def costs(amount: int, services: int = 1) -> Costs:
    """The costs of a notice over ``amount`` that is formally served ``services`` times.

    A fraction of a cent is left out: the fee is never more than the law's 5 %.
    ValueError for an amount that can be no fine.
    """
    if not MIN_FINE <= amount <= HIGHEST_FINE:
        raise ValueError(f"no fine: {amount}")
    return Costs(min(max(amount * 5 // 100, MIN_FEE), MAX_FEE), services * FORMAL_SERVICE)


def keeper_costs(services: int = 1) -> Costs:
    """The costs of the order that the keeper bears them (StVG 25a, OWiG 107(2))."""
    return Costs(KEEPER_FEE, services * FORMAL_SERVICE)
