"""``clerk deadline`` and ``clerk fine costs``: neither needs a store, what is wrong is said."""

import pytest

from clerk.money import euros, parse_euros
from tests.commands import Commands

NW = ("--land", "NW")


def test_the_last_day_and_why(clerk: Commands) -> None:
    words = ("deadline", "excl-roll", "--from", "2026-03-20", "--period", "2W", "--land", "BE")
    document = clerk.done(*words)
    assert document["end"] == "2026-04-07"
    assert document["raw"] == "2026-04-03"
    assert document["shift"] == 4
    assert document["holidays"] == [
        {"date": "2026-04-03", "name": "Karfreitag"},
        {"date": "2026-04-06", "name": "Ostermontag"},
    ]
    assert clerk(*words).out.splitlines()[0] == "2026-04-07"
    assert not (clerk.home / "replica.db").exists()


def test_the_seat_decides(clerk: Commands) -> None:
    august = ("deadline", "excl-roll", "--from", "2025-08-01", "--period", "2w", "--land", "BY")
    assert clerk.done(*august)["end"] == "2025-08-15"
    assert clerk.done(*august, "--catholic")["end"] == "2025-08-18"
    peace = ("deadline", "excl-roll", "--from", "2025-07-25", "--period", "2W", "--land", "BY")
    assert clerk.done(*peace)["end"] == "2025-08-08"
    assert clerk.done(*peace, "--municipality", "09761000")["end"] == "2025-08-11"


@pytest.mark.parametrize(
    ("rule", "period", "end"),
    [("incl-noroll", "3M", "2027-02-28"), ("excl-noroll", "3M", "2027-02-28"),
     ("excl-roll", "3M", "2027-03-01"), ("incl-noroll", "1Y", "2027-11-29"),
     ("excl-noroll", "1J", "2027-11-30"), ("excl-noroll", "3T", "2026-12-03")],
)  # fmt: skip
def test_rules_and_periods(clerk: Commands, rule: str, period: str, end: str) -> None:
    assert (
        clerk.done("deadline", rule, "--from", "2026-11-30", "--period", period, *NW)["end"] == end
    )


@pytest.mark.parametrize(
    ("rule", "begin", "period", "land", "says"),
    [
        ("excl", "2026-03-20", "2W", "NW", "RULE"),
        ("excl-roll", "20.3.2026", "2W", "NW", "--from"),
        ("excl-roll", "2026-02-30", "2W", "NW", "--from"),
        ("excl-roll", "2026-03-20", "0W", "NW", "--period"),
        ("excl-roll", "2026-03-20", "2", "NW", "--period"),
        ("excl-roll", "2026-03-20", "-2W", "NW", "--period"),
        ("excl-roll", "2026-03-20", "2W", "XX", "--land"),
    ],
)
def test_what_is_wrong_in_the_line(
    clerk: Commands, rule: str, begin: str, period: str, land: str, says: str
) -> None:
    answer = clerk("deadline", rule, "--from", begin, "--period", period, "--land", land)
    assert answer.code == 2
    assert says in answer.err


@pytest.mark.parametrize("begin", ["2100-12-31", "9999-12-31", "1800-01-01"])
def test_nobody_knows_the_holidays_of_any_year(clerk: Commands, begin: str) -> None:
    line = ("deadline", "excl-roll", "--from", begin, "--period", "9Y", *NW)
    assert "1991" in clerk.refused(*line, code="deadline.out_of_range")


@pytest.mark.parametrize(
    ("typed", "fee", "total"),
    [("60", 25, 28.5), ("500", 25, 28.5), ("501", 25.05, 28.55), ("600", 30, 33.5),
     ("200000", 7500, 7503.5), ("88,50", 25, 28.5), ("88.50", 25, 28.5), ("1.200", 60, 63.5)],
)  # fmt: skip
def test_costs(clerk: Commands, typed: str, fee: float, total: float) -> None:
    document = clerk.done("fine", "costs", typed)
    assert document["fee"] == fee
    assert document["expenses"] == 3.5
    assert document["total"] == total
    assert document["to_pay"] == document["amount"] + total  # type: ignore[operator]


@pytest.mark.parametrize("typed", ["4,99", "0", "10000000,01"])
def test_an_amount_that_is_no_fine(clerk: Commands, typed: str) -> None:
    assert "€" in clerk.refused("fine", "costs", typed, code="fine.amount")


@pytest.mark.parametrize("typed", ["viel", "", "12,345", "1e5", "1.2.3", "88 US$", "٣", "9" * 50])
def test_what_is_no_amount(clerk: Commands, typed: str) -> None:
    clerk.refused("fine", "costs", typed, code="amount.unreadable")


def test_a_negative_amount_is_no_option_either(clerk: Commands) -> None:
    assert clerk("fine", "costs", "-5").code == 2
    clerk.refused("fine", "costs", "--", "-5", code="amount.unreadable")


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("88", 88_00), ("88,5", 88_50), ("88,50 €", 88_50), ("EUR 88.50", 88_50), ("88,--", 88_00),
     ("1.200,00", 1_200_00), ("1,200.00", 1_200_00), ("1.200.000", 1_200_000_00), ("0,05", 5),
     ("1.20", 1_20), ("1.2000", None), ("1,200", None), ("12.34,5", None), ("+5", None)],
)  # fmt: skip
def test_amounts_as_they_are_typed(typed: str, cents: int | None) -> None:
    assert parse_euros(typed) == cents


def test_amounts_as_they_are_shown(clerk: Commands) -> None:
    assert "28,50" not in clerk("fine", "costs", "60").out
    assert "88,50 €" in clerk("fine", "costs", "60", lang="de").out
    assert "€ 207,503.50" in clerk("fine", "costs", "200000").out
    assert euros(-5) == "€ -0.05"
