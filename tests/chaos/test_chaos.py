"""Half a minute of chaos by a seed of its own, and the proof that the oracle sees what is lost."""

from random import SystemRandom

import pytest

from tests.chaos.run import REST_S, chaos, naive
from tests.chaos.town import BrokenError


def test_chaos() -> None:
    """Where it fails, what is told begins with the seed: ``make chaos SEED=…`` runs it again."""
    seed = str(SystemRandom().randrange(10**9))
    assert chaos(seed, seconds=30, desks=6, rest_s=REST_S).startswith(f"SEED={seed}")


def test_a_naive_cursor_is_caught() -> None:
    with pytest.raises(BrokenError, match=r"does not hold|verify|not within"):
        naive(mutant=True)


def test_the_same_without_the_mutant_loses_nothing() -> None:
    naive(mutant=False)
