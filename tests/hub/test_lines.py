"""Lines that fail in the middle of a push: nothing is lost and nothing is there twice, whatever of
it arrived and whatever of the answer came back."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.errors import StoreError
from storage.hub import admin, calls
from storage.hub.calls import Judged
from storage.ids import uuid7
from storage.overlay import PENDING
from tests.chaos.line import Line
from tests.hub.conftest import Hub, item
from tests.hub.server import Given, Server
from tests.hub.stations import Station
from tests.hub.test_given_up import until

WAITING = f"SELECT count(*) FROM outbox WHERE seq > {PENDING}"
ENTRIES = 40


@pytest.fixture
def line(hub: Hub) -> Iterator[Line]:
    with Line(hub.owner.info.port) as found:
        yield found


@pytest.fixture
def meier(hub: Hub, line: Line, tmp_path: Path) -> Iterator[Station]:
    """A workstation behind the line, with a batch to send, connected."""
    hub.clerk("meier", buergeramt="officer", ordnungsamt="officer")
    station = Station(hub, tmp_path / "meier", "meier")
    station.address = dataclasses.replace(station.address, port=line.port)
    station.sync.once()
    case = station.open_case("32.1-2026-000001")
    for number in range(ENTRIES - 1):
        station.note(case, f"{number} {'Bürgersteig ' * 50}")
    yield station
    station.close()


def there(hub: Hub) -> int:
    return hub.count("entry WHERE dseq IS NOT NULL")


def settled(hub: Hub, meier: Station) -> None:
    """Everything is there once, in its order, and nothing was found to be wrong."""
    meier.sync.once()
    assert meier.one(WAITING) == 0
    assert meier.is_sound()
    rows = hub.owner.execute(
        "SELECT dseq, outcome FROM clerk.entry WHERE dseq IS NOT NULL ORDER BY no"
    ).fetchall()
    assert rows == [(number, "ok") for number in range(1, ENTRIES + 1)]
    assert hub.count("incident") == 0


@pytest.mark.parametrize(
    ("fails", "arrives"),
    [("hold up", False), ("hold down", True), ("half 10", False), ("half 5000", False)],
)
def test_a_line_that_fails_in_the_middle(
    hub: Hub, meier: Station, line: Line, fails: str, arrives: bool
) -> None:
    """``hold``: both ends stay open and one way carries nothing. ``half``: it ends within."""
    line.order(fails)
    with pytest.raises(StoreError) as caught:
        meier.sync.once()
    assert caught.value.code == "hub.unreachable"
    assert meier.one(WAITING) == ENTRIES
    if arrives:  # the answer is missing, the deed is done
        until(lambda: there(hub) == ENTRIES)
    else:
        assert there(hub) == 0
    line.order("cut")
    line.order("free")
    settled(hub, meier)


def test_a_line_that_stands_still_and_goes_on(hub: Hub, meier: Station, line: Line) -> None:
    line.stop(stopped=True)
    with pytest.raises(StoreError) as caught:
        meier.sync.once()
    assert caught.value.code == "hub.unreachable"
    assert meier.one(WAITING) == ENTRIES
    line.stop(stopped=False)
    settled(hub, meier)


def test_a_push_that_was_held_up_and_comes_after_the_next_one(
    server: Server | Given, hub: Hub, meier: Station, line: Line
) -> None:
    line.order("hold up")
    with pytest.raises(StoreError):
        meier.sync.once()
    behind = meier.address
    meier.address = dataclasses.replace(behind, port=hub.owner.info.port)
    settled(hub, meier)  # by another line
    meier.sync.close()
    meier.address = behind
    pushes = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
        " AND query LIKE '%clerk.push%' AND pid <> pg_backend_pid()"
    )
    with server.connect(hub.owner.info.dbname) as db:
        with db.transaction():  # so that one can see it come
            db.execute("LOCK TABLE clerk.device")
            line.order("free")
            until(lambda: hub.owner.execute(pushes).fetchone() is not None)
        until(lambda: hub.owner.execute(pushes).fetchone() is None)
    settled(hub, meier)


def test_batches_that_come_in_another_order_are_not_taken(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="officer")
    desk = hub.desk("meier")
    first, second = ([desk.entry("item.receive", item(uuid7())) for _ in range(3)] for _ in "12")
    with pytest.raises(StoreError, match="expects"):
        desk.push(*second)
    with pytest.raises(StoreError):
        desk.push(*reversed(first))
    assert there(hub) == 0
    assert [one.outcome for one in desk.push(*first, *second)] == ["ok"] * 6
    assert [one.outcome for one in desk.push(*first)] == ["dup"] * 3


def test_an_office_that_is_lost_in_the_middle_of_a_batch(
    hub: Hub, meier: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was judged before stays, what comes after is rejected and shown, the office leaves."""
    real = calls.push

    def push(db: psycopg.Connection, device: str, entries: list[dict[str, object]]) -> list[Judged]:
        judged = real(db, device, entries[:10]) if not there(hub) else real(db, device, entries)
        if there(hub) == 10:
            admin.revoke(hub.owner, "meier", "buergeramt")
        return judged

    monkeypatch.setattr(calls, "push", push)
    for _ in range(3):
        meier.sync.once()
    outcomes = hub.owner.execute(
        "SELECT outcome, count(*) FROM clerk.entry WHERE dseq IS NOT NULL GROUP BY outcome"
    ).fetchall()
    assert sorted(outcomes) == [("ok", 10), ("rejected", ENTRIES - 10)]
    assert meier.one(WAITING) == 0
    assert meier.one("SELECT count(*) FROM refusals") == ENTRIES - 10
    assert meier.one("SELECT count(*) FROM cases") == 0
    assert meier.is_sound()
