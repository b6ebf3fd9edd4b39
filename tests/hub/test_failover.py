"""A standby takes over: with everything, or without the last that the primary had."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import StoreError
from storage.hub import admin
from storage.hub.connect import parse
from storage.overlay import PENDING
from tests.hub.conftest import RULES, Hub
from tests.hub.server import PASSWORD, Server, binaries
from tests.hub.stations import Station
from tests.hub.test_given_up import until

WAITING = f"SELECT count(*) FROM outbox WHERE seq > {PENDING}"


class Standby(Server):
    """A streaming standby of another server; nobody works on it until it is promoted."""

    def __init__(self, primary: Server) -> None:
        self._primary = primary
        super().__init__(primary.bin)

    def _make(self) -> None:
        where = f"host=127.0.0.1 port={self._primary.port} user=postgres password={PASSWORD}"
        self.run(
            "pg_basebackup", "-D", self.data, "-d", f"{where} application_name=standby", "-R",
            "-X", "stream", "--checkpoint=fast", "--no-sync",
        )  # fmt: skip

    def promote(self) -> None:
        """It is the primary now."""
        self.run("pg_ctl", "-D", self.data, "-w", "promote")


@dataclasses.dataclass
class Pair:
    """A primary with its standby, and two workstations."""

    primary: Server
    standby: Standby
    hub: Hub
    meier: Station
    yilmaz: Station

    def until_level(self) -> None:
        """The standby has everything."""
        behind = (
            "SELECT 1 FROM pg_stat_replication"
            " WHERE application_name = 'standby' AND replay_lsn = pg_current_wal_lsn()"
        )
        until(lambda: self.hub.owner.execute(behind).fetchone() is not None)

    def fail_over(self) -> None:
        """The primary is gone for good; the address leads to the standby."""
        self.hub.owner.close()
        self.primary.stop("immediate")
        if not self.standby.is_up:
            self.standby.start()
        self.standby.promote()
        self.hub.owner = self.standby.connect()
        for one in (self.meier, self.yilmaz):
            one.sync.close()
            one.address = dataclasses.replace(one.address, port=self.standby.port)

    def settle(self) -> None:
        """Everybody tells everybody; both are equal, and everything is there once."""
        stations = (self.meier, self.yilmaz)
        for one in stations * 2:
            one.sync.once()
        assert not admin.faults(self.hub.owner)
        for one in stations:
            assert one.is_sound()
            assert one.one(WAITING) == 0
        assert self.meier.rows() == self.yilmaz.rows()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with Server(binaries()[0]) as primary, primary.connect() as owner:
        admin.init(owner, RULES)
        admin.add_office(owner, "buergeramt", "Bürgeramt", "32.1", intake=True)
        hub = Hub(owner, parse(primary.url()))
        for login in ("meier", "yilmaz"):
            hub.clerk(login, buergeramt="officer")
        with Standby(primary) as standby:
            stations = [Station(hub, tmp_path / login, login) for login in ("meier", "yilmaz")]
            made = Pair(primary, standby, hub, stations[0], stations[1])
            yield made
            for one in stations:
                one.close()
            hub.close()


@pytest.mark.parametrize("is_said", [True, False], ids=["said", "forgotten"])
def test_what_the_standby_had_not_got_is_sent_again(pair: Pair, is_said: bool) -> None:
    meier, yilmaz = pair.meier, pair.yilmaz
    case = meier.open_case("32.1-2026-000001")
    pair.settle()
    pair.until_level()
    pair.standby.stop()
    meier.note(case, "der Standby hat es nicht")
    pair.settle()
    yilmaz.set(case, subject="auch das nicht")
    pair.settle()
    meier.note(case, "noch nicht gesendet")
    pair.fail_over()
    assert pair.hub.count("entry WHERE action = 'case.note'") == 0
    if is_said:
        admin.restored(pair.hub.owner)
    pair.settle()
    assert yilmaz.one("SELECT subject FROM cases") == "auch das nicht"
    assert yilmaz.one("SELECT count(*) FROM notes") == 2
    assert pair.hub.count("entry WHERE action = 'case.note' AND outcome = 'ok'") == 3


def test_with_a_synchronous_standby_nothing_is_acknowledged_that_it_has_not_got(
    pair: Pair,
) -> None:
    meier = pair.meier
    case = meier.open_case("32.1-2026-000001")
    pair.settle()
    pair.until_level()
    owner = pair.hub.owner
    owner.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (standby)'")
    owner.execute("SELECT pg_reload_conf()")
    meier.note(case, "beide haben es")
    pair.settle()
    pair.standby.stop()
    meier.note(case, "nur der eine hat es")
    for _ in range(2):  # the second time the primary knows it: it is no duplicate all the same
        with pytest.raises(StoreError) as caught:
            meier.sync.once()
        assert caught.value.code == "hub.unreachable"
        assert meier.one(WAITING) == 1
    pair.fail_over()
    assert pair.hub.count("entry WHERE action = 'case.note'") == 1
    pair.settle()
    assert pair.hub.count("entry WHERE action = 'case.note' AND outcome = 'ok'") == 2
    assert pair.yilmaz.one("SELECT count(*) FROM notes") == 2
