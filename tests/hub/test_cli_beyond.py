"""From the command line: what is not on this workstation is found and fetched while the shared
store can be reached."""

import pytest

from clerk import clock
from clerk.locks import sync_lock
from tests.commands import Commands
from tests.hub.conftest import Hub
from tests.hub.test_beyond import reads
from tests.hub.test_cli_sync import Line, _join, line  # noqa: F401 - a fixture

DAY = 86_400_000


@pytest.fixture
def number(hub: Hub, line: Line, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: F811
    """A case that yilmaz's workstation let go long after it was closed."""
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = line("meier"), line("yilmaz")
    _join(meier, hub, "meier")
    _join(yilmaz, hub, "yilmaz")
    made = str(meier.done("case", "new", "--subject", "Laterne defekt")["number"])
    meier.done("case", "note", made, "Ich war dort.")
    meier.done("case", "close", made, "--result", "repariert")
    for desk in (meier, yilmaz):
        desk.done("sync", "--once")
    at = clock.now() + 90 * DAY
    monkeypatch.setattr(clock, "now", lambda: at)
    hub.owner.execute(  # what leaves goes by the server's clock
        "CREATE OR REPLACE FUNCTION clerk.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS"
        f" 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + {90 * DAY}'".encode()
    )
    yilmaz.done("sync", "--once")
    assert yilmaz.rows_of("case", "list", "--state", "closed") == []
    return made


def test_show_fetches_a_case_by_its_number(hub: Hub, line: Line, number: str) -> None:  # noqa: F811
    yilmaz = line("yilmaz")
    shown = yilmaz.done("case", "show", number)
    assert (shown["subject"], shown["state"]) == ("Laterne defekt", "closed")
    assert "Ich war dort." in str(shown["notes"])
    (row,) = reads(hub)
    assert (row[0], row[2:4]) == (hub.clerks["yilmaz"], ("number", "cases"))
    yilmaz.done("case", "show", number)  # it is here now: logged here, and sent later
    assert len(reads(hub)) == 1
    assert len(yilmaz.rows_of("case", "list", "--state", "closed")) == 1
    assert "[id.unknown]" in yilmaz("case", "show", "32.1-1999-000001").err
    assert yilmaz.done("verify", "--hub")["ok"] is True


def test_search_tells_what_the_shared_store_has(hub: Hub, line: Line, number: str) -> None:  # noqa: F811
    yilmaz = line("yilmaz")
    found = yilmaz.done("search", "laterne")
    assert found["hits"] == []
    assert [hit["title"] for hit in _shared(found)] == [f"{number} Laterne defekt"]
    assert "Only in the shared store:" in yilmaz("search", "laterne").out
    assert yilmaz.done("search", "laterne", "--here")["shared"] is None
    assert [row[2:5] for row in reads(hub)] == [("search", "", "laterne")] * 2
    yilmaz.done("case", "show", number)
    assert _shared(yilmaz.done("search", "laterne")) == []


def _shared(document: dict[str, object]) -> list[dict[str, object]]:
    shared = document["shared"]
    assert isinstance(shared, dict)
    assert (shared["reached"], shared["code"]) == (True, None)
    return list(shared["hits"])


def test_the_reason_is_asked_for_before_anything_is_asked(
    hub: Hub,
    line: Line,  # noqa: F811
    number: str,
) -> None:
    yilmaz = line("yilmaz")
    yilmaz.done("settings", "set", "sync.ask_reason", "true")
    yilmaz.refused("case", "show", number, code="read.reason")
    yilmaz.refused("search", "laterne", code="read.reason")
    assert reads(hub) == []
    yilmaz.done("case", "show", number, "--reason", "Rückruf")
    assert reads(hub)[0][-1] == "Rückruf"


def test_without_the_server_what_is_here_is_found(
    hub: Hub,
    line: Line,  # noqa: F811
    number: str,
) -> None:
    yilmaz = line("yilmaz")
    yilmaz.done("case", "new", "--subject", "Laterne neu")
    hub.owner.execute(f'ALTER ROLE "{hub.owner.info.dbname}_yilmaz" NOLOGIN')
    found = yilmaz.done("search", "laterne")
    assert len(found["hits"]) == 1  # type: ignore[arg-type]  # JSON
    assert found["shared"] == {"reached": False, "code": "hub.login", "hits": []}
    answer = yilmaz("case", "show", number)
    assert (answer.code, "[hub.login]" in answer.err) == (1, True)


def test_whatever_synchronises_already_is_asked(
    line: Line,  # noqa: F811
    number: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a workstation is open its process has the connection; without an answer it is said."""
    from clerk.sharing import asking

    monkeypatch.setattr(asking, "SECONDS", 0.0)
    yilmaz = line("yilmaz")
    with sync_lock(yilmaz.home):
        answer = yilmaz("case", "show", number)
    assert (answer.code, "[hub.unreachable]" in answer.err) == (3, True)
    _answered_meanwhile(yilmaz, number, monkeypatch)


def _answered_meanwhile(yilmaz: Commands, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program answers between two looks."""
    from clerk.sharing import asking

    real = asking._own

    def other(_seconds: float) -> None:
        from clerk.settings import SyncSettings
        from storage import inquiries
        from storage.store import open_store
        from tests import support

        store = open_store(yilmaz.home, support.make_key(yilmaz.home))
        (one,) = inquiries.open_ones(store.db)
        real(store, SyncSettings(), one)
        store.close()

    monkeypatch.setattr(asking, "SECONDS", 600.0)
    monkeypatch.setattr("clerk.sharing.asking.time.sleep", other)
    with sync_lock(yilmaz.home):
        assert yilmaz.done("case", "show", number)["number"] == number
