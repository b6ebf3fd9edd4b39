"""From the command line: two workstations join, work, lose the server and find it again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clerk.session import Session
from storage.hub import admin
from storage.hub.connect import parse
from tests import support
from tests.commands import Commands
from tests.hub.conftest import RULES, Hub
from tests.hub.server import Server, binaries

Line = Callable[[str], Commands]


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """The command line on a home of its own, with a passphrase."""

    def make(name: str) -> Commands:
        home = tmp_path / name
        support.make_key(home)
        return Commands(home, capsys, monkeypatch)

    return make


def _join(desk: Commands, hub: Hub, login: str) -> None:
    url = f"postgresql://{hub.address.shown}"
    desk.done("join", url, "--clerk", login, "--password-stdin", stdin=f"geheim-{login}\n".encode())


def test_two_desks_see_each_others_work(hub: Hub, line: Line) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = line("meier"), line("yilmaz")
    _join(meier, hub, "meier")
    _join(yilmaz, hub, "yilmaz")
    made = meier.done("case", "new", "--subject", "Laterne defekt")
    assert meier.done("sync", "status")["waiting"] == 1
    assert meier.done("sync", "--once")["waiting"] == 0
    yilmaz.done("sync", "--once")
    assert [row["subject"] for row in yilmaz.rows_of("case", "list")] == ["Laterne defekt"]
    number = str(made["number"])
    yilmaz.done("case", "note", number, "Ich war dort.")
    yilmaz.done("sync", "--once")
    meier.done("sync", "--once")
    assert "Ich war dort." in meier("case", "show", number).out
    for desk in (meier, yilmaz):
        assert desk.done("verify")["ok"] is True
        assert desk.done("verify", "--hub")["ok"] is True


def test_a_wrong_password_and_a_missing_server_are_told_in_words(hub: Hub, line: Line) -> None:
    hub.clerk("meier", buergeramt="officer")
    desk = line("meier")
    url = f"postgresql://{hub.address.shown}"
    wrong = desk("join", url, "--clerk", "meier", "--password-stdin", stdin=b"falsch\n")
    assert (wrong.code, "[hub.login]" in wrong.err) == (1, True)
    far = desk(
        "join", "postgresql://127.0.0.1:1/x", "--clerk", "meier", "--password-stdin", stdin=b"x\n"
    )
    assert (far.code, "[hub.unreachable]" in far.err) == (3, True)
    _join(desk, hub, "meier")  # neither stands in the way of the right one


def test_a_store_of_its_own_has_nobody_to_synchronise_with(
    session: Session, clerk: Commands
) -> None:
    assert session.home == clerk.home
    assert "[sync.alone]" in clerk("sync", "--once").err
    assert clerk.done("sync", "status")["shared"] is False


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may stop."""
    with Server(binaries()[0]) as running:
        yield running


def test_the_counter_stays_open_without_the_server(own_server: Server, line: Line) -> None:
    with own_server.database() as name:
        owner = own_server.connect(name)
        admin.init(owner, RULES)
        admin.add_office(owner, "buergeramt", "Bürgeramt", "32.1", intake=True)
        hub = Hub(owner, parse(own_server.url(name)))
        hub.clerk("meier", buergeramt="officer")
        hub.clerk("yilmaz", buergeramt="officer")
        meier, yilmaz = line("meier"), line("yilmaz")
        for desk, login in ((meier, "meier"), (yilmaz, "yilmaz")):
            _join(desk, hub, login)
        hub.close()
        own_server.stop()
        for desk, subject in ((meier, "Hund"), (yilmaz, "Katze")):
            desk.done("case", "new", "--subject", subject)
            assert desk("sync", "--once").code == 3
            assert desk.done("sync", "status")["waiting"] == 1
        own_server.start()
        for desk in (meier, yilmaz, meier):
            desk.done("sync", "--once")
        for desk in (meier, yilmaz):
            subjects = {row["subject"] for row in desk.rows_of("case", "list")}
            assert subjects == {"Hund", "Katze"}
            assert desk.done("verify", "--hub")["ok"] is True
