"""Periods end on the day the law says (BGB 187, 188)."""

from datetime import date

import pytest

from clerk.rules.periods import Period


@pytest.mark.parametrize(
    ("text", "event", "end"),
    [
        ("3T", date(2026, 11, 20), date(2026, 11, 23)),
        ("3D", date(2026, 12, 30), date(2027, 1, 2)),
        ("2W", date(2026, 11, 22), date(2026, 12, 6)),
        ("1M", date(2026, 11, 22), date(2026, 12, 22)),
        ("1M", date(2026, 1, 31), date(2026, 2, 28)),
        ("1M", date(2028, 1, 31), date(2028, 2, 29)),
        ("3M", date(2026, 11, 30), date(2027, 2, 28)),
        ("12M", date(2026, 12, 31), date(2027, 12, 31)),
        ("1J", date(2028, 2, 29), date(2029, 2, 28)),
        ("10Y", date(2026, 3, 1), date(2036, 3, 1)),
    ],
)
def test_the_last_day(text: str, event: date, end: date) -> None:
    assert Period.parse(text).after(event) == end


@pytest.mark.parametrize(("text", "shown"), [("3T", "3D"), ("2W", "2W"), ("10J", "10Y")])
def test_written_one_way(text: str, shown: str) -> None:
    assert str(Period.parse(text)) == shown
    assert Period.parse(shown) == Period.parse(text)


@pytest.mark.parametrize(
    "text", ["", "T", "3", "0T", "-1T", "3t", "3 T", "1.5W", "3T\n", "１T", "1000T", "3TT"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period.parse(text)
