"""Whose payment a bank's entry is: by reference and amount, by reference, or by name and amount.

Pure. A reference counts only where it stands whole: from the beginning of a word or number to the
end of one, however the payer or the bank has spaced it; a number inside a longer one is not it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from storage.folding import fold

_TOKENS = re.compile(r"[0-9]+|[A-Z]+")
_LONGEST_TEXT = 1_000  # characters of a purpose that are looked at; SEPA has 140
ALIKE = 88  # of 100, how like a payer's name must be to a person's


class Account(NamedTuple):
    """What is owed under one reference, in cents; ``case_id`` and ``office_id`` whose it is."""

    case_id: str
    office_id: str
    owed: int


class Ground(StrEnum):
    """Why an entry is a case's payment, or why it is nobody's yet."""

    EXACT = "exact"  # reference and amount
    PART = "part"  # less than is owed
    OVER = "over"  # more than is owed
    NAME = "name"  # only a suggestion
    NOTHING_OWED = "nothing_owed"
    SEVERAL = "several"  # it names more than one reference
    NONE = "none"


class Match(NamedTuple):
    """``reference`` and ``account`` as far as they are known."""

    ground: Ground
    reference: str = ""
    account: Account | None = None


def references_in(text: str, lengths: Iterable[int], known: Callable[[str], bool]) -> list[str]:
    """The known references that stand whole in a text, each once."""
    tokens = _TOKENS.findall(text[:_LONGEST_TEXT].upper())
    wanted = frozenset(lengths)
    longest = max(wanted, default=0)
    found: dict[str, None] = {}
    for start in range(len(tokens)):
        joined = ""
        for token in tokens[start:]:
            joined += token
            if len(joined) > longest:
                break
            if len(joined) in wanted and known(joined):
                found[joined] = None
    return list(found)


def match(
    amount: int, texts: Sequence[str], accounts: Mapping[str, Account], lengths: Iterable[int]
) -> Match:
    """By the references in an entry's texts (structured reference, end-to-end id, purpose)."""
    found: dict[str, None] = {}
    for text in texts:
        for reference in references_in(text, lengths, accounts.__contains__):
            found[reference] = None
    named = {reference: accounts[reference] for reference in found}
    exact = [reference for reference, one in named.items() if one.owed == amount]
    if len(exact) == 1:
        return Match(Ground.EXACT, exact[0], named[exact[0]])
    cases = {one.case_id for one in named.values()}
    if len(cases) > 1:
        return Match(Ground.SEVERAL, next(iter(named)))
    for reference, one in named.items():
        if one.owed <= 0:
            return Match(Ground.NOTHING_OWED, reference, one)
        return Match(Ground.PART if amount < one.owed else Ground.OVER, reference, one)
    return Match(Ground.NONE)


def like(payer: str, persons: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The ids of those persons (id, name) whose name the payer's is like."""
    from rapidfuzz import fuzz

    folded = fold(payer)
    for person_id, name in persons:
        if folded and fuzz.token_sort_ratio(folded, fold(name)) >= ALIKE:
            yield person_id
