"""Whose payment it is; and how it is spread."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk.rules.allocation import instalments_met, spread
from clerk.rules.matching import Account, Ground, like, match, references_in
from storage.terms import ClaimKind

REFERENCES = {
    "50512123456": Account("a", "amt", 8850),
    "07945": Account("b", "amt", 2000),
    "RF462026000123": Account("c", "amt", 0),
}
LENGTHS = {11, 5, 14}


def found(text: str) -> list[str]:
    return references_in(text, LENGTHS, REFERENCES.__contains__)


@pytest.mark.parametrize(
    "text",
    [
        "50512123456",
        "Kassenzeichen 50512123456",
        "KZ50512123456",
        "505 12 123456",
        "505-12-123456 Parken",
        "Bußgeld 50512 123456 vom 3.7.",
        "kz:50512123456.",
    ],
)
def test_a_reference_is_found_however_it_is_spaced(text: str) -> None:
    assert found(text) == ["50512123456"]


@pytest.mark.parametrize("text", ["150512123456", "505121234567", "5051212345", "", "0794 51"])
def test_a_number_inside_another_one_is_none(text: str) -> None:
    assert found(text) == []


def test_an_rf_reference() -> None:
    assert found("rf46 2026 0001 23") == ["RF462026000123"]


@pytest.mark.parametrize(
    ("amount", "text", "ground", "case"),
    [
        (8850, "50512123456", Ground.EXACT, "a"),
        (5000, "50512123456", Ground.PART, "a"),
        (9000, "50512123456", Ground.OVER, "a"),
        (100, "RF46 2026 0001 23", Ground.NOTHING_OWED, "c"),
        (100, "50512123456 und 07945", Ground.SEVERAL, None),
        (2000, "50512123456 und 07945", Ground.EXACT, "b"),  # the amount decides
        (100, "Miete", Ground.NONE, None),
    ],
)
def test_reference_and_amount_then_reference(
    amount: int, text: str, ground: Ground, case: str | None
) -> None:
    one = match(amount, ["", text], REFERENCES, LENGTHS)
    assert (one.ground, one.account.case_id if one.account else None) == (ground, case)


def test_a_name_is_like_another() -> None:
    persons = [("1", "Erika Beispiel"), ("2", "Jürgen Groß"), ("3", "Max Mustermann")]
    assert list(like("BEISPIEL ERIKA", persons)) == ["1"]
    assert list(like("Juergen Gross", persons)) == ["2"]
    assert list(like("Sparkasse Musterstadt", persons)) == []
    assert list(like("", persons)) == []


@dataclass(frozen=True)
class Claim:
    id: str
    kind: str
    amount: int
    paid: int = 0
    position: int = 1


def test_the_fine_before_side_consequences_before_costs() -> None:
    """OWiG 94."""
    claims = [
        Claim("costs", ClaimKind.EXPENSES, 350),
        Claim("fee", ClaimKind.FEE, 2500),
        Claim("fine", ClaimKind.FINE, 6000),
        Claim("side", ClaimKind.SIDE, 1000),
    ]
    assert spread(7000, claims) == ((("fine", 6000), ("side", 1000)), 0)
    assert spread(8000, claims) == ((("fine", 6000), ("side", 1000), ("fee", 1000)), 0)
    assert spread(10_000, claims).rest == 150


def test_what_is_paid_already_is_not_served_again() -> None:
    claims = [Claim("fine", ClaimKind.FINE, 6000, 6000), Claim("fee", ClaimKind.FEE, 2500, 500)]
    assert spread(2000, claims) == ((("fee", 2000),), 0)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_no_payment(amount: int) -> None:
    with pytest.raises(ValueError, match=str(amount)):
        spread(amount, [])


@given(
    st.integers(1, 100_000),
    st.lists(st.tuples(st.sampled_from(list(ClaimKind)), st.integers(1, 9999), st.integers(0, 99))),
)
def test_no_cent_is_lost_or_made(amount: int, rows: list[tuple[ClaimKind, int, int]]) -> None:
    claims = [
        Claim(str(n), kind, owed, min(paid, owed), n) for n, (kind, owed, paid) in enumerate(rows)
    ]
    parts, rest = spread(amount, claims)
    assert sum(part for _one, part in parts) + rest == amount
    left = {one.id: one.amount - one.paid for one in claims}
    assert all(0 < part <= left[one] for one, part in parts)
    # Whatever stands earlier in the order is paid in full before anything later gets a cent.
    assert rest == 0 or sum(left.values()) == amount - rest


def test_instalments_are_met_in_their_order() -> None:
    assert [instalments_met(paid, [100, 100, 50]) for paid in (0, 99, 100, 249, 250, 900)] == [
        0, 0, 1, 2, 3, 3,
    ]  # fmt: skip
