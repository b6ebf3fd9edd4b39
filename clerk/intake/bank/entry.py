"""One movement on an account, as a statement tells it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BankEntry:
    """``amount`` in cents, positive; ``credit``: it came, else it went. ``key`` is the entry's
    identity: the same in every statement that holds it. ``line`` of the file it stands on."""

    key: str
    line: int
    booked_on: str
    amount: int
    credit: bool
    reversal: bool
    currency: str
    iban: str  # the account's
    payer: str = ""
    payer_iban: str = ""
    purpose: str = ""
    structured: str = ""
    end_to_end: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Where a reference may stand, the surest first."""
        return tuple(one for one in (self.structured, self.end_to_end, self.purpose) if one)


@dataclass(frozen=True, slots=True)
class BadEntry:
    """One that cannot be read: its line and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """One that is not booked (pending, for information): it comes again when it is."""

    line: int
