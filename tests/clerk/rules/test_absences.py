"""Standing in: chains, how far, until when, circles; beside a slow reckoning day by day."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk.rules.absences import acting_for, refusal_of, stood_in_for


@dataclass(frozen=True)
class Away:
    """An absence in days of January 2026."""

    clerk_id: str
    deputy_id: str | None
    first: int = 1
    last: int = 31
    may: str = "sign"
    id: str = "new"

    @property
    def starts_on(self) -> str:
        return f"2026-01-{self.first:02}"

    @property
    def ends_on(self) -> str:
        return f"2026-01-{self.last:02}"


def test_a_deputy_stands_in_on_the_days_of_the_absence() -> None:
    away = [Away("anna", "ben", 5, 9, "act")]
    assert stood_in_for("ben", away, "2026-01-04") == {}
    assert stood_in_for("ben", away, "2026-01-05") == {"anna": ("act", "2026-01-09")}
    assert stood_in_for("ben", away, "2026-01-09") == {"anna": ("act", "2026-01-09")}
    assert stood_in_for("ben", away, "2026-01-10") == {}


def test_a_deputy_who_is_away_passes_it_on_as_far_as_every_link_allows() -> None:
    away = [Away("anna", "ben", 1, 20, "sign"), Away("ben", "carla", 5, 10, "read")]
    assert stood_in_for("carla", away, "2026-01-07") == {
        "ben": ("read", "2026-01-10"),
        "anna": ("read", "2026-01-10"),
    }
    assert stood_in_for("carla", away, "2026-01-11") == {}
    assert acting_for("anna", away, "2026-01-07") == ("carla",)
    assert acting_for("anna", away, "2026-01-11") == ("ben",)


def test_a_chain_that_ends_nowhere_has_nobody() -> None:
    away = [Away("anna", "ben"), Away("ben", None)]
    assert acting_for("anna", away, "2026-01-07") == ()


def test_of_two_ways_the_wider_counts() -> None:
    away = [Away("anna", "ben", may="read"), Away("ben", "carla"), Away("dora", "carla"),
            Away("anna", "dora", may="act", id="2")]  # fmt: skip
    assert stood_in_for("carla", away, "2026-01-07")["anna"][0] == "act"


@pytest.mark.parametrize(
    ("new", "others", "code"),
    [
        (Away("anna", "anna"), [], "absence.self"),
        (Away("anna", "ben", 9, 5), [], "absence.dates"),
        (Away("anna", "ben"), [Away("anna", None, 31, 31, id="2")], "absence.twice"),
        (Away("anna", "ben", 1, 10), [Away("ben", "anna", 10, 12, id="2")], "absence.circle"),
        (Away("anna", "ben", 1, 10), [Away("ben", "anna", 11, 12, id="2")], None),
        (
            Away("anna", "ben", 1, 10),
            [Away("ben", "carla", 5, 6, id="2"), Away("carla", "anna", 6, 9, id="3")],
            "absence.circle",
        ),
        (
            Away("anna", "ben", 1, 10),
            [Away("ben", "carla", 5, 6, id="2"), Away("carla", "anna", 7, 9, id="3")],
            None,
        ),
        # Its own earlier version does not stand in its way.
        (Away("anna", "ben"), [Away("anna", "carla", id="new")], None),
    ],
)
def test_what_cannot_be(new: Away, others: list[Away], code: str | None) -> None:
    refusal = refusal_of(new, others)
    assert (refusal.code if refusal else None) == code


PEOPLE = ("a", "b", "c", "d")


@st.composite
def absences(draw: st.DrawFn) -> list[Away]:
    """Absences as they are set one after the other, those that are refused left out."""
    kept: list[Away] = []
    for n in range(draw(st.integers(0, 8))):
        first = draw(st.integers(1, 9))
        new = Away(
            draw(st.sampled_from(PEOPLE)),
            draw(st.sampled_from((*PEOPLE, None))),
            first,
            draw(st.integers(first, 10)),
            draw(st.sampled_from(("read", "act", "sign"))),
            str(n),
        )
        if refusal_of(new, kept) is None:
            kept.append(new)
    return kept


@given(absences())
def test_nobody_ever_comes_back_to_themself(kept: list[Away]) -> None:
    """Day by day: following the deputies ends, and whoever it ends with stands in."""
    for n in range(10):
        day = (date(2026, 1, 1) + timedelta(days=n)).isoformat()
        deputies = {a.clerk_id: a.deputy_id for a in kept if a.starts_on <= day <= a.ends_on}
        for person in deputies:
            at, passed = deputies[person], [person]
            while at is not None and at in deputies:
                assert at not in passed
                passed.append(at)
                at = deputies[at]
            assert acting_for(person, kept, day) == (() if at is None else (at,))
            if at is not None:
                assert set(passed) <= stood_in_for(at, kept, day).keys()
