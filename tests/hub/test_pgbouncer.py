"""Workstations that reach the shared store through PgBouncer, with the chapter's settings."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.sync.loop import Sync
from tests.hub.bouncer import bouncer
from tests.hub.conftest import Hub
from tests.hub.server import Given, Server
from tests.hub.stations import Station
from tests.hub.test_given_up import running, until

CHAPTER = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def settings() -> str:
    """What the chapter writes into pgbouncer.ini."""
    section = CHAPTER.split("\n### PgBouncer\n", 1)[1].split("\n### ", 1)[0]
    (found,) = re.findall(r"```cfg\n(.*?)```", section, flags=re.DOTALL)
    return str(found)


@pytest.fixture
def port(server: Server | Given) -> Iterator[int]:
    if isinstance(server, Given):
        pytest.skip("needs a server of our own, before which it puts PgBouncer")
    with (
        tempfile.TemporaryDirectory(prefix="clerk-bouncer-") as folder,
        bouncer(server, Path(folder), settings()) as found,
    ):
        yield found


@pytest.fixture
def two(hub: Hub, port: int, tmp_path: Path) -> Iterator[tuple[Station, Station]]:
    made: list[Station] = []
    for login in ("meier", "yilmaz"):
        hub.clerk(login, buergeramt="officer")
        station = Station(hub, tmp_path / login, login)
        where = station.address
        station.address = type(where)(
            where.host, port, where.database, where.user, where.sslmode, where.sslrootcert
        )
        station.sync.once()
        made.append(station)
    yield made[0], made[1]
    for one in made:
        one.close()


def test_two_workstations_work_and_hear_of_each_other(
    hub: Hub, two: tuple[Station, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    meier, yilmaz = two
    # Only what is told wakes it: the timer would hide that nothing is.
    monkeypatch.setattr("storage.sync.loop.TICK_S", (1e6, 1e6))
    rounds: list[None] = []
    real = Sync._sleep

    def sleeps(sync: Sync, wake: int, seconds: float, rest: float) -> None:
        rounds.append(None)
        real(sync, wake, seconds, rest)

    monkeypatch.setattr(Sync, "_sleep", sleeps)
    with running(yilmaz):
        until(lambda: len(rounds) > 0)
        case = meier.open_case("32.1-2026-000001")
        meier.sync.once()
        until(lambda: yilmaz.store.reader().execute("SELECT 1 FROM cases").fetchone() is not None)
    meier.note(case, "eins")
    meier.sync.once()
    yilmaz.sync.once()
    assert meier.rows() == yilmaz.rows()
    assert yilmaz.is_sound()
    there = hub.owner.execute(
        "SELECT DISTINCT role_name FROM clerk.entry WHERE dseq IS NOT NULL"
    ).fetchall()
    assert there == [(meier.address.user,)]  # everybody is who they are, behind it as well


def test_a_session_that_ends_leaves_nothing_to_the_next_one(
    hub: Hub, two: tuple[Station, Station]
) -> None:
    meier, _yilmaz = two
    listens = "SELECT count(*) FROM pg_listening_channels()"
    with meier.connection() as db:
        assert db.execute(listens).fetchone() == (0,)
        db.execute("LISTEN nobody")
    with meier.connection() as db:
        assert db.execute(listens).fetchone() == (0,)
