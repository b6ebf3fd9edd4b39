"""How long a fine is kept, and what may count as a repetition."""

from datetime import date

import pytest

from clerk.rules.retention import Ended, Retention, age, is_repeat, retention
from storage.terms import FineState as S
from storage.terms import OffenceArea as A

D = date.fromisoformat
END = D("2026-07-21")


@pytest.mark.parametrize(
    ("ended", "erase_on", "review_on"),
    [
        (Ended(S.SETTLED, END, A.MUNICIPAL, 250_00), None, "2028-07-20"),
        (Ended(S.SETTLED, END, A.MUNICIPAL, 250_01), None, "2031-07-20"),
        (Ended(S.SETTLED, END, A.TRAFFIC, 60_00), None, "2028-07-20"),
        (Ended(S.WARNING_EFFECTIVE, END, A.TRAFFIC, 55_00), "2026-07-21", None),
        (Ended(S.WARNED, END, A.TRAFFIC, 0), "2026-07-21", None),
        (Ended(S.WARNING_EFFECTIVE, END, A.MUNICIPAL, 55_00), None, "2028-07-20"),
        (Ended(S.SETTLED, END, A.MUNICIPAL, 60_00, of_age=False), "2026-07-21", None),
        (
            Ended(S.DISCONTINUED, END, A.MUNICIPAL, 60_00, limitation_on=D("2026-12-31")),
            "2026-12-31",
            None,
        ),
        (
            Ended(S.DISCONTINUED, END, A.MUNICIPAL, 60_00, limitation_on=D("2026-07-01")),
            "2026-07-21",
            None,
        ),
    ],
)
def test_retention(ended: Ended, erase_on: str | None, review_on: str | None) -> None:
    wanted = Retention(D(erase_on) if erase_on else None, D(review_on) if review_on else None)
    assert retention(ended) == wanted


def test_what_counts_as_repeated() -> None:
    fine = Ended(S.SETTLED, END, A.MUNICIPAL, 60_00)
    assert is_repeat([fine], D("2026-07-22"))
    assert is_repeat([fine], D("2028-07-20"))
    assert not is_repeat([fine], D("2028-07-21"))  # to be reviewed
    assert not is_repeat([fine], END)
    assert not is_repeat([Ended(S.WARNING_EFFECTIVE, END, A.TRAFFIC, 55_00)], D("2026-08-01"))
    assert not is_repeat([Ended(S.DISCONTINUED, END, A.MUNICIPAL, 60_00)], D("2026-08-01"))
    assert not is_repeat([], D("2026-08-01"))


def test_years_of_life() -> None:
    assert age(D("2012-02-29"), D("2026-02-28")) == 13
    assert age(D("2012-02-29"), D("2026-03-01")) == 14
    assert age(D("2012-07-21"), D("2026-07-20")) == 13
    assert age(D("2012-07-21"), D("2026-07-21")) == 14
