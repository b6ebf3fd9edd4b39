"""A disk that is full, there or here: a sentence, nothing lost, nothing half, and it goes on by
itself when there is room."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from storage.errors import StoreError
from storage.exchange import exchange
from storage.hub import admin
from storage.hub.connect import parse
from storage.overlay import PENDING
from storage.shared import shared
from storage.sync import pauses
from storage.sync.bootstrap import NEXT_NAME
from storage.verify import verify
from tests.disk import fill, make_room, small_disk
from tests.hub.conftest import RULES, Hub
from tests.hub.server import Given, Server, binaries
from tests.hub.stations import At, Station
from tests.hub.test_given_up import running, until

LONG = "Die Laterne vor dem Haus flackert seit Wochen. " * 400  # 18 kB
ENTRIES = 62
WAITING = f"SELECT count(*) FROM outbox WHERE seq > {PENDING}"


def refusal(station: Station) -> str:
    """With what synchronising ends."""
    with pytest.raises(StoreError) as caught:
        station.sync.once()
    return caught.value.code


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 8) as found:
        yield found


@pytest.fixture
def meier(hub: Hub, at: At) -> Station:
    """A colleague with room."""
    hub.clerk("meier", buergeramt="officer")
    return at("meier")


@pytest.fixture
def yilmaz(hub: Hub, meier: Station, disk: Path) -> Iterator[Station]:
    """A workstation on the small disk, with own work that waits; the colleague has much for it."""
    hub.clerk("yilmaz", buergeramt="officer")
    case = meier.open_case("32.1-2026-000001")
    meier.sync.once()
    station = Station(hub, disk / "yilmaz", "yilmaz")
    station.sync.once()
    station.set(case, subject="Laterne 7")
    for number in range(60):
        meier.note(case, f"{number} {LONG}")
    meier.sync.once()
    yield station
    station.close()


def equal(meier: Station, yilmaz: Station) -> None:
    for one in (meier, yilmaz):
        one.sync.once()
        assert one.is_sound()
        assert one.one(WAITING) == 0
    assert meier.rows() == yilmaz.rows()
    assert meier.one("SELECT subject FROM cases") == "Laterne 7"
    assert yilmaz.one("SELECT count(*) FROM notes") == 60


def test_a_workstation_whose_disk_is_full_applies_nothing_half(
    meier: Station, yilmaz: Station, disk: Path
) -> None:
    for room in (0, 30_000, 200_000, 700_000):  # it ends at different places of what comes
        fill(disk, leave=room)
        assert refusal(yilmaz) == "store.full"
        assert verify(yilmaz.store.db).difference is None
        assert yilmaz.one("SELECT subject FROM cases") == "Laterne 7"
    assert yilmaz.one("SELECT count(*) FROM notes") < 60  # type: ignore[operator]
    make_room(disk)
    equal(meier, yilmaz)


def test_a_filling_that_finds_no_room_leaves_the_old_file(
    hub: Hub, meier: Station, yilmaz: Station, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A filling writes when its memory is full: it gets little, so that the disk ends within it.
    monkeypatch.setattr("storage.driver.BULK_CACHE_KIB", 100)
    yilmaz.sync.once()
    admin.restored(hub.owner)
    yilmaz.sync.close()
    before = yilmaz.rows()
    for room in (0, 100_000, 500_000, 1_000_000):
        fill(disk, leave=room)
        assert refusal(yilmaz) == "store.full"
        assert yilmaz.rows() == before
        assert verify(yilmaz.store.db).difference is None
        assert not list(yilmaz.store.home.glob(f"{NEXT_NAME}*"))
    make_room(disk)
    with monkeypatch.context() as patch:  # and at the very last: the new file takes its place

        def exchange_when_full(new: Path, path: Path) -> None:
            fill(disk)
            exchange(new, path)

        patch.setattr("storage.sync.bootstrap.exchange", exchange_when_full)
        assert refusal(yilmaz) == "store.full"
        assert yilmaz.rows() == before
    make_room(disk)
    equal(meier, yilmaz)


def test_the_loop_outlives_it_and_goes_on_by_itself(
    meier: Station, yilmaz: Station, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "_LONGEST_SLOW_S", 0.05)
    fill(disk, leave=100_000)
    ended: list[str] = []
    real = yilmaz.sync._tell

    def tell(error: StoreError) -> None:
        ended.append(error.code)
        real(error)

    monkeypatch.setattr(yilmaz.sync, "_tell", tell)
    with running(yilmaz):
        until(lambda: len(ended) > 3)
        make_room(disk)
        until(lambda: getattr(shared(yilmaz.store.reader()), "online", False))
    assert set(ended) == {"store.full"}
    equal(meier, yilmaz)


def test_a_store_that_may_not_grow_applies_nothing_half(hub: Hub, meier: Station, at: At) -> None:
    """The same by SQLite's own limit, where no disk can be mounted."""
    hub.clerk("yilmaz", buergeramt="officer")
    yilmaz = at("yilmaz")
    case = meier.open_case("32.1-2026-000001")
    for number in range(60):
        meier.note(case, f"{number} {LONG}")
    meier.sync.once()
    pages = int(str(yilmaz.one("PRAGMA page_count")))
    for room in (0, 5, 20, 60):
        yilmaz.one(f"PRAGMA max_page_count = {pages + room}")
        assert refusal(yilmaz) == "store.full"
        assert verify(yilmaz.store.db).difference is None
    yilmaz.one("PRAGMA max_page_count = 1000000")
    yilmaz.sync.once()
    yilmaz.set(case, subject="Laterne 7")
    yilmaz.sync.once()
    equal(meier, yilmaz)


# The server's


@pytest.fixture
def there() -> Iterator[Path]:
    """A small disk where the server's user may go as well."""
    with tempfile.TemporaryDirectory(prefix="clerk-disk-") as folder:
        Path(folder).chmod(0o755)
        with small_disk(Path(folder) / "disk", 160) as disk:
            disk.chmod(0o777)
            yield disk


@contextmanager
def founded(
    owner: psycopg.Connection, url: str, folder: Path
) -> Iterator[tuple[Hub, Station, Station]]:
    """A town with two workstations, one of which has much to tell."""
    admin.init(owner, RULES)
    admin.add_office(owner, "buergeramt", "Bürgeramt", "32.1", intake=True)
    hub = Hub(owner, parse(url))
    for login in ("meier", "yilmaz"):
        hub.clerk(login, buergeramt="officer")
    meier, yilmaz = (Station(hub, folder / login, login) for login in ("meier", "yilmaz"))
    yilmaz.sync.once()
    meier.sync.once()
    case = meier.open_case("32.1-2026-000001")
    meier.set(case, subject="Laterne 7")
    for number in range(60):  # nothing that the server could compress
        meier.note(case, f"{number} {secrets.token_hex(9_000)}")
    assert meier.one(WAITING) == ENTRIES
    try:
        yield hub, meier, yilmaz
    finally:
        for one in (meier, yilmaz, hub):
            one.close()


def write_journal(owner: psycopg.Connection) -> None:
    """To the end of the room that PostgreSQL has set aside for it, and on."""
    for _ in range(10):
        owner.execute("SELECT pg_switch_wal(), pg_logical_emit_message(true, '', '')")


def is_up(server: Server) -> bool:
    """Whether it takes connections, by itself or because it is started."""
    try:
        server.connect().close()
    except psycopg.OperationalError:
        with suppress(RuntimeError):  # it is just coming up by itself
            server.start()
        return False
    return True


def judged(hub: Hub) -> int:
    return hub.count("entry WHERE dseq IS NOT NULL AND outcome = 'ok'")


def test_a_server_whose_disk_is_full_has_nothing_half(
    server: Server | Given, there: Path, tmp_path: Path
) -> None:
    """Tables on a small disk; what PostgreSQL writes first has room elsewhere."""
    if isinstance(server, Given):
        pytest.skip("needs a server of our own, whose tables it lays on a small disk")
    tables = there / "tables"
    tables.mkdir()
    server.give(tables)
    with server.connect() as db:
        db.execute(f"CREATE TABLESPACE small LOCATION '{tables}'".encode())
    try:
        with server.database() as name:
            with server.connect() as db:
                db.execute(f"ALTER DATABASE {name} SET TABLESPACE small".encode())
            with founded(server.connect(name), server.url(name), tmp_path) as (hub, meier, yilmaz):
                for room in (0, 200_000, 600_000):
                    fill(there, leave=room)
                    assert refusal(meier) == "hub.full"
                    assert meier.is_sound()
                    assert meier.one(WAITING) == ENTRIES - judged(hub)
                assert judged(hub) < ENTRIES
                make_room(there)
                equal(meier, yilmaz)
                assert judged(hub) == ENTRIES
    finally:
        with server.connect() as db:
            db.execute(b"DROP TABLESPACE small")


def test_a_server_that_its_full_disk_has_stopped_goes_on_where_it_was(
    there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it on a small disk: PostgreSQL stops when it can no longer write its journal."""
    monkeypatch.setattr(tempfile, "tempdir", str(there))
    with (
        Server(binaries()[0]) as server,
        server.connect() as owner,
        founded(owner, server.url(), tmp_path) as (hub, meier, yilmaz),
    ):
        fill(there)
        assert refusal(meier) in ("hub.full", "hub.unreachable")
        with pytest.raises(psycopg.Error):
            write_journal(owner)
        for one in (meier, yilmaz):  # whose connection is not there any more
            assert refusal(one) in ("hub.full", "hub.unreachable")
        assert meier.is_sound()
        assert meier.one(WAITING) == ENTRIES
        make_room(there)
        until(lambda: is_up(server))
        hub.owner = server.connect()
        equal(meier, yilmaz)
        assert judged(hub) == ENTRIES
