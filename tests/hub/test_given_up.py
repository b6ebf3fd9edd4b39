"""What trying again does not heal is given up with a sentence, and tried once in a while: it goes
on by itself when somebody has put it right."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import Connection

from clerk import i18n
from clerk.i18n import _
from storage.errors import StoreError
from storage.hub import admin
from storage.shared import shared
from storage.sync import pauses
from storage.sync.state import why
from tests.hub.conftest import Hub
from tests.hub.stations import Station


@contextmanager
def running(station: Station) -> Iterator[None]:
    """Its loop, on a thread of its own."""
    wake, inlet = os.pipe()
    over = threading.Event()
    thread = threading.Thread(target=station.sync.run, args=(wake,), kwargs={"stop": over.is_set})
    thread.start()
    try:
        yield
    finally:
        over.set()
        os.write(inlet, b".")
        thread.join(60)
        assert not thread.is_alive()
        os.close(wake)
        os.close(inlet)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


@pytest.fixture
def meier(hub: Hub, tmp_path: Path) -> Iterator[Station]:
    """A workstation with something to send."""
    hub.clerk("meier", buergeramt="officer")
    station = Station(hub, tmp_path / "meier", "meier")
    station.sync.once()
    station.sync.close()
    station.open_case("32.1-2026-000001")
    yield station
    station.close()


def wrong_password(hub: Hub) -> None:
    admin.set_password(hub.owner, "meier", "anders")


def right_password(hub: Hub) -> None:
    admin.set_password(hub.owner, "meier", "geheim-meier")


def newer(hub: Hub) -> None:
    hub.owner.execute("UPDATE clerk.hub SET schema_min = 900, schema_max = 900")


def older(hub: Hub) -> None:
    hub.owner.execute("UPDATE clerk.hub SET schema_min = 1, schema_max = 2")


def fitting(hub: Hub) -> None:
    hub.owner.execute("UPDATE clerk.hub SET schema_min = 1, schema_max = 900")


def other_protocol(hub: Hub) -> None:
    hub.owner.execute("UPDATE clerk.hub SET protocol = 2")


def same_protocol(hub: Hub) -> None:
    hub.owner.execute("UPDATE clerk.hub SET protocol = 1")


def without_functions(hub: Hub) -> None:
    hub.owner.execute("ALTER FUNCTION clerk.hello RENAME TO hello_later")


def with_functions(hub: Hub) -> None:
    hub.owner.execute("ALTER FUNCTION clerk.hello_later RENAME TO hello")


def no_account(hub: Hub) -> None:
    hub.owner.execute("UPDATE clerk.account SET clerk_id = clerk_id || '?'")
    hub.owner.execute(
        b"CREATE OR REPLACE FUNCTION clerk.me() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER"
        b" SET search_path = clerk, pg_temp AS"
        b" $$ SELECT clerk_id FROM account WHERE role_name = session_user"
        b"    AND clerk_id NOT LIKE '%?' $$"
    )


def account(hub: Hub) -> None:
    hub.owner.execute("UPDATE clerk.account SET clerk_id = rtrim(clerk_id, '?')")


FAULTS: dict[str, tuple[Callable[[Hub], None], Callable[[Hub], None], str]] = {
    "a wrong password": (wrong_password, right_password, "hub.login"),
    "an old program": (newer, fitting, "hub.client_old"),
    "a new program": (older, fitting, "hub.client_new"),
    "another protocol": (other_protocol, same_protocol, "hub.client_old"),
    "functions that are not there": (without_functions, with_functions, "hub.client_new"),
    "a clerk who is none": (no_account, account, "hub.refused"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_given_up_in_words_and_goes_on_by_itself(
    hub: Hub, meier: Station, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(pauses, "_GIVEN_UP_S", 0.05)
    i18n.choose("en")
    break_, mend, code = FAULTS[fault]
    break_(hub)
    rounds: list[None] = []
    connect = meier.sync._connect

    def counted() -> Connection:
        rounds.append(None)
        return connect()

    monkeypatch.setattr(meier.sync, "_connect", counted)
    with running(meier):
        until(lambda: len(rounds) > 5)
        state = shared(meier.store.reader())
        assert state is not None
        assert (state.given_up, state.online, state.reason, state.waiting) == (True, False, code, 1)
        said = why(meier.store.reader())
        assert said is not None
        assert _(said[0]).format(**said[1]).endswith(".")
        # Nothing passes before both have shaken hands, however often it is tried.
        assert hub.count("entry WHERE dseq IS NOT NULL") == 0
        mend(hub)
        until(lambda: hub.count("entry WHERE dseq IS NOT NULL") == 1)
        until(lambda: getattr(shared(meier.store.reader()), "online", False))
        assert why(meier.store.reader()) is None


def test_the_database_is_missing_while_a_backup_is_restored(
    hub: Hub, meier: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "_GIVEN_UP_S", 0.05)
    address = meier.address
    meier.address = type(address)(
        address.host, address.port, "nirgends", address.user, address.sslmode, ""
    )
    with running(meier):
        until(lambda: getattr(shared(meier.store.reader()), "reason", "") == "hub.database")
        assert getattr(shared(meier.store.reader()), "given_up", False)
        meier.address = address
        until(lambda: getattr(shared(meier.store.reader()), "online", False))


def test_a_loop_that_waits_ends_when_it_is_told_to(
    hub: Hub, meier: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "_GIVEN_UP_S", 1e6)
    wrong_password(hub)
    with running(meier):
        until(lambda: getattr(shared(meier.store.reader()), "given_up", False))


def test_a_fault_of_the_program_itself_is_not_told_as_success(
    meier: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("storage.sync.loop.push_pending", fail)
    meier.sync.state.reached()
    with pytest.raises(ZeroDivisionError):
        meier.sync.run(0, stop=lambda: False)
    state = shared(meier.store.db)
    assert state is not None
    assert (state.online, state.reason) == (False, "sync.fault")


def test_pauses_grow_and_are_short_again_after_a_success() -> None:
    waits = pauses.Pauses()
    found = [waits.after("hub.unreachable") for _ in range(20)]
    assert found[0] <= 0.2
    assert all(wait <= 4 for wait in found)
    assert min(found[-5:]) >= 2
    assert 30 <= waits.after("hub.login") <= 60
    assert waits.after("hub.unreachable") >= 2
    waits.over()
    assert waits.after("store.full") <= 0.2
    assert max(waits.after("store.full") for _ in range(20)) > 4


def test_a_given_up_code_is_one_that_has_words(meier: Station) -> None:
    """None of them is a state that the status bar cannot tell."""
    from screens.shared_bar import runs_of

    for code in sorted(pauses.GIVEN_UP):
        meier.sync.state.failed(StoreError(code, "x"))
        state = shared(meier.store.db)
        assert state is not None
        [(mark, style), (text, _style)] = runs_of(state)
        assert (mark, style) == (" ✗ ", "error")
        assert ": " in text
        assert text.endswith(", 1 waits")
