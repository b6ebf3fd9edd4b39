"""Clocks of workstations that are off by a day: the server orders, a warning says so, and nothing
else is different."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.history import history
from storage.hub import admin
from storage.record import Value
from storage.records import Case
from storage.shared import shared
from storage.sync.evict import DAY_MS
from storage.sync.loop import Wishes
from tests.hub.conftest import Hub
from tests.hub.stations import Station

At = Callable[[str, int], Station]


@pytest.fixture
def at(hub: Hub, tmp_path: Path) -> Iterator[At]:
    """``at("meier", ms)``: a workstation whose clock is ahead by so much, joined."""
    made: list[Station] = []

    def station(login: str, ahead: int) -> Station:
        hub.clerk(login, buergeramt="officer")
        one = Station(hub, tmp_path / login, login, Wishes(keep_days=1))
        made.append(one)
        turn(one, ahead)
        one.sync.once()
        return one

    yield station
    for one in made:
        one.close()


def turn(station: Station, ahead: int) -> None:
    """Set the clock."""
    station.store.clock = lambda: time.time_ns() // 1_000_000 + ahead


def off(station: Station) -> int:
    state = shared(station.store.db)
    assert state is not None
    return state.clock_off


def noted(station: Station, case: Case) -> list[Value]:
    """The notes on a case, as its history has them: the newest first."""
    found = [e.patches[0].fields for e in history(station.store.db, "cases", case.id)]
    return [fields["text"][1] for fields in found if "text" in fields]


def settle(*stations: Station) -> None:
    for _ in range(2):
        for one in stations:
            one.sync.once()
    for one in stations:
        assert one.is_sound()
        assert one.rows() == stations[0].rows()


@pytest.mark.parametrize("ahead", [DAY_MS, -DAY_MS])
def test_the_server_orders_and_a_warning_is_given(hub: Hub, at: At, ahead: int) -> None:
    right, wrong = at("meier", 0), at("yilmaz", ahead)
    case = wrong.open_case("32.1-2026-000001")
    settle(right, wrong)
    for number, one in enumerate([right, wrong, right, wrong]):
        one.note(case, f"{number}")
        settle(right, wrong)
    assert [noted(one, case) for one in (right, wrong)] == [["3", "2", "1", "0"]] * 2
    ats = [entry.at for entry in history(right.store.db, "cases", case.id)]
    assert ats == sorted(ats, reverse=True)  # the server's time, not theirs
    assert off(right) == 0
    assert abs(off(wrong) - ahead) < 60_000


@pytest.mark.parametrize("ahead", [DAY_MS, -DAY_MS])
def test_one_with_a_wrong_clock_may_do_no_less_and_no_more(hub: Hub, at: At, ahead: int) -> None:
    right, wrong = at("meier", 0), at("yilmaz", ahead)
    case = right.open_case("32.1-2026-000001")
    settle(right, wrong)
    # A conflict goes to whoever came first, whatever their clocks say.
    right.set(case, subject="zuerst")
    wrong.set(case, subject="danach")
    settle(right, wrong)
    assert wrong.one("SELECT subject FROM cases") == "zuerst"
    assert wrong.one("SELECT outcome FROM refusals") == "conflict"
    # What was closed lately stays, for the same time as with everybody.
    right.set(case, action="case.close", state="closed", closed_at=right.store.clock())
    for one in (right, wrong):
        one.sync.close()
        one.sync.once()
        assert one.one("SELECT count(*) FROM cases") == 1
    # A role ends when the server says so.
    admin.revoke(hub.owner, "yilmaz", "buergeramt")
    wrong.sync.close()
    wrong.sync.once()
    assert wrong.one("SELECT count(*) FROM cases") == 0


def test_a_clock_that_is_set_back_in_the_middle(hub: Hub, at: At) -> None:
    right, wrong = at("meier", 0), at("yilmaz", DAY_MS)
    case = wrong.open_case("32.1-2026-000001")
    wrong.note(case, "eins")
    wrong.sync.once()
    wrong.note(case, "zwei")
    turn(wrong, -DAY_MS)
    wrong.note(case, "drei")
    wrong.sync.close()
    settle(right, wrong)
    assert noted(right, case) == ["drei", "zwei", "eins"]
    assert abs(off(wrong) + DAY_MS) < 60_000
    turn(wrong, 0)
    wrong.sync.close()
    settle(right, wrong)
    assert off(wrong) == 0
