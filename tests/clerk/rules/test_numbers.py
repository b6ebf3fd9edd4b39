"""What a typed number may stand for."""

import pytest

from clerk.rules.numbers import case_number, numbers_meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("42", ["33.1-2026-000042", "66-2026-000042", "33.1-2025-000042", "66-2025-000042"]),
        (" 000042 ", ["33.1-2026-000042", "66-2026-000042"]),
        ("2019-7", ["33.1-2019-000007", "66-2019-000007"]),
        ("32.1-2019-7", ["32.1-2019-000007"]),
        ("0", []),
        ("", []),
        ("laterne", []),
        ("1234567", []),
        ("32.1-7", []),
        ("\u0664\u0662", []),
    ],
)
def test_numbers_meant(typed: str, meant: list[str]) -> None:
    assert numbers_meant(typed, ["33.1", "66"], 2026)[: len(meant) or None] == meant


def test_a_full_number_means_itself() -> None:
    number = case_number("32.1", 2026, 42)
    assert number == "32.1-2026-000042"
    assert numbers_meant(number, ["66"], 2030) == [number]
