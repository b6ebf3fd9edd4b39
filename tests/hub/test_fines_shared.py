"""Fines over a real shared store: leased numbers, every step taken there, a case that goes on at
another desk, and one that goes to another office."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk import clock
from clerk.desks import cases, fines
from clerk.session import Session
from clerk.sharing.synchronising import number_ranges
from storage.actor import Actor
from storage.errors import StoreError
from storage.numbers import numbers_left
from storage.pages import fines as pages
from storage.records import Case, Offence
from storage.sync.loop import Wishes
from storage.terms import FineState, LimitationClass, OffenceArea
from storage.undo import undo
from tests import support
from tests.clerk.desks.fine_scenarios import do, report
from tests.hub.conftest import Hub
from tests.hub.stations import Station

OFFICE = "ordnungsamt"
YEAR = clock.today().year
RANGES = (f"case:32.2-{YEAR}", f"fine:{OFFICE}")


class Desk(Station):
    """A workstation whose clerk leads the fines' office."""

    def __init__(self, hub: Hub, home: Path, login: str) -> None:
        super().__init__(hub, home, login, Wishes(numbers=lambda: RANGES))
        self.actor = Actor(self.actor.clerk_id, login.title(), {OFFICE: "supervisor"})
        self.session = Session(self.store, self.actor, home)

    def do(self, action: str, case: Case) -> None:
        do(self.session, self.actor, action, case.id)
        if action == "issue":
            support.sign_letters(self.session, case.id)

    def state(self, case: Case) -> str:
        found = pages.of_case(self.store.db, case.id)
        assert found is not None
        return found.state


@pytest.fixture
def two(hub: Hub, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    hub.clerk("meier", ordnungsamt="supervisor")
    hub.clerk("yilmaz", ordnungsamt="supervisor")
    made = [Desk(hub, tmp_path / login, login) for login in ("meier", "yilmaz")]
    for one in made:
        one.sync.once()
    yield made[0], made[1]
    for one in made:
        one.close()


def settle(*desks: Desk) -> None:
    """Everybody has told everybody, and the shared store took all of it."""
    for _ in range(2):
        for one in desks:
            one.sync.once()
    for one in desks:
        assert one.store.db.execute("SELECT outcome, detail FROM refusals").fetchall() == []
        assert one.is_sound()


def test_a_fine_goes_on_at_another_desk(two: tuple[Desk, Desk]) -> None:
    """Recorded and heard here, issued and served there: every step and what follows is taken."""
    meier, yilmaz = two
    made = fines.record(meier.store, meier.actor, report())
    assert (made.case.number, made.fine.reference) == (f"32.2-{YEAR}-000001", "0000017")
    meier.do("hear", made.case)
    settle(meier, yilmaz)
    for action in ("conclude", "issue", "serve", "object", "admit", "to_court", "decide"):
        yilmaz.do(action, made.case)
    settle(meier, yilmaz)
    assert meier.state(made.case) == FineState.FINAL
    for action in ("defer", "lapse", "enforce", "detain"):
        meier.do(action, made.case)
    meier.do("death", made.case)
    settle(meier, yilmaz)
    assert yilmaz.state(made.case) == FineState.SETTLED
    assert meier.rows() == yilmaz.rows()
    undo(meier.store, meier.actor)
    settle(meier, yilmaz)
    assert yilmaz.state(made.case) == FineState.DETENTION
    assert meier.rows() == yilmaz.rows()


def test_a_draft_ends_with_the_fine(two: tuple[Desk, Desk]) -> None:
    meier, yilmaz = two
    made = fines.record(meier.store, meier.actor, report())
    meier.do("offer_warning", made.case)
    settle(meier, yilmaz)
    yilmaz.do("discontinue", made.case)
    settle(meier, yilmaz)
    [letter, closing] = pages.letters(meier.store.db, made.case.id)
    assert (letter.state, closing.state) == ("withdrawn", "draft")
    meier.do("reopen", made.case)
    settle(meier, yilmaz)
    assert yilmaz.one("SELECT state FROM cases") == "open"


def test_it_leaves_with_its_case(two: tuple[Desk, Desk]) -> None:
    meier, yilmaz = two
    made = fines.record(meier.store, meier.actor, report())
    meier.do("offer_warning", made.case)
    settle(meier, yilmaz)
    cases.hand_over(meier.store, meier.actor, made.case.id, "buergeramt")
    settle(meier, yilmaz)
    for table in ("cases", "fines", "fine_offences", "fine_steps", "participants", "claims",
                  "letters", "follow_ups", "persons"):  # fmt: skip
        assert yilmaz.one(f"SELECT count(*) FROM {table}") == 0, table


def test_what_a_case_waited_for_ends_there_too(two: tuple[Desk, Desk]) -> None:
    meier, yilmaz = two
    made = cases.create(meier.store, meier.actor, subject="Laterne")
    cases.wait(meier.store, meier.actor, made.id, "Unterlagen", clock.today())
    settle(meier, yilmaz)
    cases.go_on(yilmaz.store, yilmaz.actor, made.id)
    cases.wait(yilmaz.store, yilmaz.actor, made.id, "Gutachten", clock.today())
    settle(meier, yilmaz)
    cases.close(meier.store, meier.actor, made.id, "erledigt")
    settle(meier, yilmaz)
    assert yilmaz.one("SELECT count(*) FROM follow_ups WHERE state = 'open'") == 0


def test_numbers_that_were_not_leased_are_not_given_out(two: tuple[Desk, Desk]) -> None:
    meier, _yilmaz = two
    left = numbers_left(meier.store.db, RANGES[1])
    for _ in range(left):
        fines.record(meier.store, meier.actor, report())
    before = meier.one("SELECT count(*) FROM entries")
    with pytest.raises(StoreError) as error:
        fines.record(meier.store, meier.actor, report())
    assert error.value.code == "numbers.used_up"
    assert meier.one("SELECT count(*) FROM entries") == before


def test_references_are_leased_where_there_is_a_catalogue(two: tuple[Desk, Desk]) -> None:
    meier, _yilmaz = two
    meier.store.set_local("hub_clerk", meier.actor.clerk_id)
    assert f"fine:{OFFICE}" not in number_ranges(meier.store)
    with meier.store.change(meier.actor, "test.catalogue") as change:
        change.add(
            Offence(
                office_id=OFFICE, code="A", area=OffenceArea.MUNICIPAL, subject="A", title="A",
                charge="Sie haben …", provisions="§ 1", rate=10_00, maximum=1_000_00,
                limitation=LimitationClass.BY_MAXIMUM, valid_from="2020-01-01",
            )
        )  # fmt: skip
    assert f"fine:{OFFICE}" in number_ranges(meier.store)
