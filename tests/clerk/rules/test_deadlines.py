"""Terms: every worked example, confirmed by two independent programs, and the calendar's traps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk.rules.deadlines import Rule, deadline, next_working_day
from clerk.rules.delivery import Fiction, delivered
from clerk.rules.finality import after_finality, after_service
from clerk.rules.holidays import Land, Seat, holiday
from clerk.rules.periods import Period

D = date.fromisoformat
ROLL, STAY, FIRST = Rule.EXCL_ROLL, Rule.EXCL_NOROLL, Rule.INCL_NOROLL


@pytest.mark.parametrize(
    ("name", "start", "rule", "period", "seat", "end"),
    [
        ("E02", "2026-07-04", ROLL, "2W", Seat("NW"), "2026-07-20"),
        ("E03", "2026-03-20", ROLL, "2W", Seat("BE"), "2026-04-07"),
        ("E04", "2025-12-11", ROLL, "2W", Seat("HH"), "2025-12-29"),
        ("E06a", "2026-05-21", ROLL, "2W", Seat("NW"), "2026-06-05"),
        ("E06b", "2026-05-21", ROLL, "2W", Seat("BE"), "2026-06-04"),
        ("E07a", "2026-11-04", ROLL, "2W", Seat("SN"), "2026-11-19"),
        ("E07b", "2026-11-04", ROLL, "2W", Seat("BY"), "2026-11-18"),
        ("E08a", "2025-10-17", ROLL, "2W", Seat("NI"), "2025-11-03"),
        ("E08b", "2025-10-17", ROLL, "2W", Seat("NW"), "2025-10-31"),
        ("E13a", "2025-08-01", ROLL, "2W", Seat("BY"), "2025-08-15"),
        ("E13b", "2025-08-01", ROLL, "2W", Seat("BY", catholic=True), "2025-08-18"),
        ("F02", "2026-09-01", STAY, "4D", Seat("NW"), "2026-09-05"),
        ("F03", "2024-12-30", STAY, "3D", Seat("BE"), "2025-01-02"),
        ("F04", "2025-01-02", STAY, "4D", Seat("BE"), "2025-01-06"),
        ("F06", "2026-01-31", ROLL, "1M", Seat("RP"), "2026-03-02"),
        ("V02", "2026-11-30", FIRST, "3M", Seat("NW"), "2027-02-28"),
        ("V03", "2027-11-30", FIRST, "3M", Seat("NW"), "2028-02-29"),
        ("V05", "2017-11-22", FIRST, "6M", Seat("BW"), "2018-05-21"),
        ("V06", "2014-09-11", FIRST, "3M", Seat("SN"), "2014-12-10"),
        ("V11", "2026-07-15", FIRST, "6M", Seat("NW"), "2027-01-14"),
        ("V12", "2026-08-01", FIRST, "6M", Seat("NW"), "2027-01-31"),
        ("B01", "2026-03-12", STAY, "6M", Seat("NW"), "2026-09-12"),
        ("B02", "2026-08-31", STAY, "6M", Seat("NW"), "2027-02-28"),
    ],
)
def test_worked_examples(
    name: str, start: str, rule: Rule, period: str, seat: Seat, end: str
) -> None:
    assert deadline(rule, D(start), Period.parse(period), seat).end == D(end), name


def test_what_moved_the_end_is_told() -> None:
    found = deadline(ROLL, D("2026-03-20"), Period(2, "W"), Seat("BE"))
    assert (found.raw, found.shift) == (D("2026-04-03"), 4)
    assert found.holidays == ((D("2026-04-03"), "Karfreitag"), (D("2026-04-06"), "Ostermontag"))


def test_a_holiday_that_moves_nothing_is_told_too() -> None:
    found = deadline(FIRST, D("2017-11-22"), Period(6, "M"), Seat("BW"))
    assert found.shift == 0
    assert found.holidays == ((D("2018-05-21"), "Pfingstmontag"),)


@pytest.mark.parametrize(
    ("day", "seat", "is_one"),
    [
        ("2025-05-08", Seat("BE"), True),  # 80 years after the war's end, once
        ("2026-05-08", Seat("BE"), False),
        ("2025-05-08", Seat("BB"), False),
        ("2028-06-17", Seat("BE"), True),
        ("2025-08-08", Seat("BY", municipality="09761000"), True),  # Augsburg
        ("2027-08-08", Seat("BY", municipality="09761000"), True),
        ("2025-08-08", Seat("BY", municipality="09162000"), False),  # Munich
        ("2025-08-15", Seat("BY"), False),
        ("2025-08-15", Seat("BY", catholic=True), True),
        ("2025-08-15", Seat("SL"), True),
        ("2025-06-19", Seat("SN"), False),
        ("2025-06-19", Seat("SN", catholic=True), True),
        ("2025-06-19", Seat("TH"), False),
        ("2025-06-19", Seat("TH", catholic=True), True),
        ("2025-09-20", Seat("TH"), True),
        ("2025-11-19", Seat("SN"), True),  # Buß- und Bettag
        ("2025-12-24", Seat("NW"), False),
        ("2025-12-31", Seat("NW"), False),
        ("2026-06-01", Seat("NW", extra=(D("2026-06-01"),)), True),
    ],
)
def test_the_seat_decides_about_holidays(day: str, seat: Seat, is_one: bool) -> None:
    assert (holiday(D(day), seat) is not None) == is_one


def test_a_one_off_of_the_settings_moves_the_end() -> None:
    seat = Seat("NW", extra=(D("2026-06-01"),))
    assert deadline(ROLL, D("2026-05-18"), Period(2, "W"), seat).end == D("2026-06-02")


def test_holidays_that_nobody_knows_are_no_working_days() -> None:
    with pytest.raises(ValueError, match="2101"):
        deadline(ROLL, D("2100-12-31"), Period(1, "D"), Seat("NW"))
    with pytest.raises(ValueError, match="XX"):
        Seat("XX")


@given(
    st.dates(D("1995-01-01"), D("2090-12-31")),
    st.sampled_from("DWMY"),
    st.integers(1, 24),
    st.sampled_from(Land),
    st.booleans(),
)
def test_the_three_rules_beside_each_other(
    start: date, unit: str, count: int, land: Land, catholic: bool
) -> None:
    count = min(count, 9) if unit == "Y" else count
    period, seat = Period(count, unit), Seat(land, catholic)
    rolled, stayed, first = (deadline(rule, start, period, seat) for rule in (ROLL, STAY, FIRST))
    assert first.end in (stayed.end, stayed.end - timedelta(days=1))
    if unit in "DW":
        assert first.end == stayed.end - timedelta(days=1)
    assert stayed.end == rolled.raw
    assert rolled.end == next_working_day(stayed.end, seat)
    assert rolled.end.weekday() < 5
    assert holiday(rolled.end, seat) is None
    between = [rolled.raw + timedelta(days=n) for n in range(rolled.shift)]
    assert all(day.weekday() >= 5 or holiday(day, seat) is not None for day in between)


@pytest.mark.parametrize(
    ("law", "posted", "land", "day"),
    [
        ("VwVfG", "2026-09-01", "NW", "2026-09-05"),  # F02: a Saturday, which does not matter
        ("VwVfG", "2024-12-30", "BE", "2025-01-02"),  # F03
        ("VwVfG", "2025-01-02", "BE", "2025-01-06"),  # F04
        ("SGB X", "2025-01-02", "BE", "2025-01-06"),
        ("VwZG", "2024-12-31", "BE", "2025-01-03"),
        ("VwZG", "2025-01-01", "BE", "2025-01-05"),
        ("AO", "2026-09-01", "NW", "2026-09-07"),  # rolls (BFH IX R 68/98)
        ("portal", "2026-09-01", "NW", "2026-09-02"),
        ("public", "2026-09-01", "NW", "2026-09-15"),
    ],
)
def test_deemed_delivery(law: str, posted: str, land: str, day: str) -> None:
    found = delivered(law, D(posted), Seat(land))
    assert found is not None
    assert found.end == D(day)


def test_an_informal_letter_in_fine_proceedings_is_never_deemed_delivered() -> None:
    assert delivered("OWiG", D("2026-09-01"), Seat("NW")) is None


def test_a_land_with_its_own_law_goes_before_the_federation() -> None:
    own = [Fiction("BY", "VwVfG", date.min, 3), Fiction("BY", "VwVfG", D("2026-07-01"), 4)]
    days = {
        (land, posted): delivered("VwVfG", D(posted), Seat(land), own).end  # type: ignore[union-attr]
        for land in ("BY", "NW")
        for posted in ("2026-06-30", "2026-07-01")
    }
    assert days == {
        ("BY", "2026-06-30"): D("2026-07-03"),
        ("BY", "2026-07-01"): D("2026-07-05"),
        ("NW", "2026-06-30"): D("2026-07-04"),
        ("NW", "2026-07-01"): D("2026-07-05"),
    }


def test_final_is_the_day_after_the_period() -> None:
    found = after_service(D("2026-07-04"), Seat("NW"))
    assert found.objection_until == D("2026-07-20")
    assert found.final_on == D("2026-07-21")
    assert found.due_on == D("2026-08-04")
    assert found.enforce_after == D("2026-08-04")


def test_towns_differ_about_the_grace() -> None:
    due, until = after_finality(D("2026-07-21"), Seat("NW"), grace_periods=2)
    assert (due, until) == (D("2026-08-04"), D("2026-08-18"))
