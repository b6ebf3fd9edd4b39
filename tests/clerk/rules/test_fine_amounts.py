"""Costs, warning money, rates, references: every vector, and the edges of the law."""

from dataclasses import dataclass

import pytest

from clerk.rules.fine_costs import FILE_POSTING, costs, keeper_costs
from clerk.rules.references import ReferenceMethod, check, make, with_check
from clerk.rules.warnings import is_warning, rate, threatened, together
from storage.terms import Guilt, OffenceArea, Unity


@pytest.mark.parametrize(
    ("fine", "fee", "together_with_service"),
    [
        (60_00, 25_00, 28_50),
        (500_00, 25_00, 28_50),
        (501_00, 25_05, 28_55),
        (600_00, 30_00, 33_50),
        (200_000_00, 7_500_00, 7_503_50),
        (150_000_00, 7_500_00, 7_503_50),
        (149_999_00, 7_499_95, 7_503_45),
    ],
)
def test_costs_of_a_notice(fine: int, fee: int, together_with_service: int) -> None:
    assert costs(fine).fee == fee
    assert costs(fine).total == together_with_service


def test_each_service_costs() -> None:
    assert costs(60_00, services=2).expenses == 7_00
    assert keeper_costs().total == 23_50
    assert FILE_POSTING == 12_00


@pytest.mark.parametrize("amount", [0, -60_00, 4_99, 10_000_000_01])
def test_no_costs_of_what_can_be_no_fine(amount: int) -> None:
    with pytest.raises(ValueError, match=str(amount)):
        costs(amount)


@pytest.mark.parametrize(
    ("amount", "municipal", "traffic"),
    [
        (4_99, False, False),
        (5_00, True, True),
        (7_50, True, False),
        (12_00, True, False),
        (55_00, True, True),
        (55_01, False, False),
        (60_00, False, False),
        (0, False, False),
    ],
)
def test_warning_money(amount: int, municipal: bool, traffic: bool) -> None:
    assert is_warning(amount, OffenceArea.MUNICIPAL) == municipal
    assert is_warning(amount, OffenceArea.TRAFFIC) == traffic


@dataclass
class Rates:
    area: OffenceArea = OffenceArea.MUNICIPAL
    rate: int = 50_00
    rate_repeat: int | None = 100_00
    rate_intent: int | None = 150_00
    maximum: int = 1_000_00


@pytest.mark.parametrize(
    ("of", "guilt", "repeated", "amount"),
    [
        (Rates(), Guilt.NEGLIGENT, False, 50_00),
        (Rates(), Guilt.NEGLIGENT, True, 100_00),
        (Rates(), Guilt.INTENT, False, 150_00),
        (Rates(rate_repeat=200_00), Guilt.INTENT, True, 200_00),
        (Rates(rate_repeat=None, rate_intent=None), Guilt.INTENT, True, 50_00),
        (Rates(rate=800_00, rate_repeat=None), Guilt.NEGLIGENT, False, 500_00),  # 17(2)
        (Rates(rate=800_00, rate_repeat=None), Guilt.INTENT, False, 800_00),
        (Rates(OffenceArea.TRAFFIC, 70_00, None, None, 2_000_00), Guilt.INTENT, False, 140_00),
        (Rates(OffenceArea.TRAFFIC, 55_00, None, None, 2_000_00), Guilt.INTENT, False, 55_00),
    ],
)
def test_rates(of: Rates, guilt: Guilt, repeated: bool, amount: int) -> None:
    assert rate(of, guilt, repeated=repeated) == amount


def test_negligence_halves_what_is_threatened() -> None:
    assert threatened(1_000_00, Guilt.NEGLIGENT) == 500_00
    assert threatened(1_000_00, Guilt.INTENT) == 1_000_00


def test_several_offences() -> None:
    assert together([10_00, 25_00, 20_00], Unity.SAME_ACT) == 25_00
    assert together([10_00, 25_00, 20_00], Unity.SEVERAL_ACTS) == 55_00
    assert together([], Unity.SAME_ACT) == 0


VECTORS = [
    (ReferenceMethod.MOD11_10, "0794", "07945"),
    (ReferenceMethod.MOD11_10, "0123456789", "01234567896"),
    (ReferenceMethod.MOD11_10, "975012123456", "9750121234565"),
    (ReferenceMethod.LUHN, "7992739871", "79927398713"),
    (ReferenceMethod.MOD11, "123123456", "1231234566"),
    (ReferenceMethod.MOD11, "50512123456", "505121234569"),
    (ReferenceMethod.MOD11, "123000009", "1230000090"),  # 10 becomes 0
    (ReferenceMethod.MOD11, "123000003", "1230000031"),  # 11 becomes 1
    (ReferenceMethod.RF, "AB2G5", "RF68AB2G5"),
    (ReferenceMethod.RF, "1234512345", "RF451234512345"),
    (ReferenceMethod.RF, "2026000123", "RF462026000123"),
]


@pytest.mark.parametrize(("method", "body", "reference"), VECTORS)
def test_check_digits(method: ReferenceMethod, body: str, reference: str) -> None:
    assert with_check(method, body) == reference
    assert check(method, reference)
    assert check(method, " ".join(reference))  # as a payer writes it
    for place in range(len(reference)):  # one wrong digit is found, except by mod 11 at its folds
        wrong = str((int(reference[place]) + 1) % 10) if reference[place].isdigit() else "0"
        changed = reference[:place] + wrong + reference[place + 1 :]
        if method is not ReferenceMethod.MOD11:
            assert not check(method, changed), changed


def test_a_reference_is_prefix_number_and_check_digit() -> None:
    assert make("mod11", "123", 123456) == "1231234566"
    assert make("mod11", "123", 9) == "1230000090"
    assert make("rf", "2026", 123) == "RF462026000123"
    assert make("luhn", "9", 1_234_567) == with_check("luhn", "91234567")


@pytest.mark.parametrize(
    ("method", "body"),
    [("mod11", "12A"), ("luhn", ""), ("mod11_10", "٣"), ("rf", "A" * 22), ("rf", "Ä1"), ("rf", "")],
)
def test_what_has_no_check_digit(method: str, body: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        with_check(method, body)


@pytest.mark.parametrize("text", ["", "1", "ABC", "RF", "RF00", "٣٣٣", "9" * 400, "\x00"])
@pytest.mark.parametrize("method", ReferenceMethod)
def test_what_is_no_reference(method: ReferenceMethod, text: str) -> None:
    assert not check(method, text)
