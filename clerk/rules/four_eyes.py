"""Four eyes: who may not sign a letter that needs two signatures. The server has the same rule
(``letter_breach`` in the judge)."""

from typing import Protocol


class SignedFacts(Protocol):
    """Who has written and signed a letter so far; ``…_for``: in whose place."""

    @property
    def signatures(self) -> int: ...
    @property
    def drafted_by(self) -> str: ...
    @property
    def signed_by(self) -> str | None: ...
    @property
    def signed_for(self) -> str | None: ...


def barred(letter: SignedFacts) -> frozenset[str]:
    """The ids of those whose signature it cannot be: of a letter that needs two, its author and
    whoever has signed, be it themselves or by a deputy."""
    if letter.signatures < 2:
        return frozenset()
    named = (letter.drafted_by, letter.signed_by, letter.signed_for)
    return frozenset(one for one in named if one is not None)
