"""Two workstations with replicas over a real PostgreSQL: work, offline, moves, revocation,
restore; both end equal."""

import select
from contextlib import suppress
from hashlib import md5
from pathlib import Path

import psycopg
import pytest

from storage.errors import StoreError
from storage.history import history
from storage.hub import admin
from storage.numbers import numbers_left
from storage.overlay import PENDING
from storage.presence import attend
from storage.records import Document, Person
from storage.store import Store
from storage.sync import contents
from storage.sync.link import Link
from storage.sync.loop import Wishes
from storage.sync.past import fetch_past
from storage.sync.push import push_pending
from tests.hub.conftest import Hub
from tests.hub.server import Given, Server
from tests.hub.stations import At, Station


@pytest.fixture
def two(hub: Hub, at: At) -> tuple[Station, Station]:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    return at("meier"), at("yilmaz")


def settle(*stations: Station) -> None:
    """Everybody tells everybody; then all of one office are equal, sound and quiet."""
    for _ in range(2):
        for one in stations:
            one.sync.once()
    for one in stations:
        assert one.is_sound()
        assert one.one("SELECT count(*) FROM outbox WHERE seq > ?", PENDING) == 0
        assert one.one("SELECT count(*) FROM shadow") == 0


def test_what_one_does_the_other_has(two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    meier.note(case, "Rückruf")
    settle(meier, yilmaz)
    yilmaz.set(case, subject="Straßenlaterne")
    settle(meier, yilmaz)
    assert meier.one("SELECT subject FROM cases") == "Straßenlaterne"
    assert meier.rows() == yilmaz.rows()


def test_work_without_the_shared_store_is_told_later(two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    settle(meier, yilmaz)
    for number in range(30):
        meier.note(case, f"Notiz {number}")
        yilmaz.receive(f"mail:{number}", f"Text {number}")
    meier.set(case, result="erledigt")
    yilmaz.set(case, subject="anders")
    settle(meier, yilmaz)
    assert meier.rows() == yilmaz.rows()
    assert meier.one("SELECT result || subject FROM cases") == "erledigtanders"


def test_a_conflict_is_kept_for_its_author(two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    settle(meier, yilmaz)
    meier.set(case, subject="Meiers")
    yilmaz.set(case, subject="Yilmaz'")
    settle(meier, yilmaz)
    assert meier.rows() == yilmaz.rows()
    assert yilmaz.one("SELECT subject FROM cases") == "Meiers"
    assert yilmaz.one("SELECT outcome FROM refusals") == "conflict"
    assert "Yilmaz'" in str(yilmaz.one("SELECT patches FROM refusals"))
    assert meier.one("SELECT count(*) FROM refusals") == 0


def test_texts_travel_with_the_entries_and_the_rest_when_it_is_wanted(
    two: tuple[Station, Station],
) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    meier.receive("mail:1", "Die Straßenlaterne flackert.")
    meier.receive("mail:2", "Die Straßenlaterne flackert.")
    with meier.store.change(meier.actor, "case.note") as change:
        sha256 = change.content(b"%PDF-" + bytes(2_000))
        plan = change.add(
            Document(
                name="Plan.pdf", media_type="application/pdf", content_sha256=sha256, size=2_005,
                created_at=1, case_id=case.id,
            )
        )  # fmt: skip
    settle(meier, yilmaz)
    assert yilmaz.one("SELECT count(*) FROM content") == 1
    assert yilmaz.is_sound()
    contents.want(yilmaz.store, "documents", plan.id, "content_sha256")
    settle(meier, yilmaz)
    assert yilmaz.one("SELECT size FROM content WHERE sha256 = ?", sha256) == 2_005


def test_a_case_goes_to_another_office_with_all_that_hangs_on_it(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("ordner", ordnungsamt="officer")
    meier, ordner = at("meier"), at("ordner")
    with meier.store.change(meier.actor, "case.open") as change:
        person = change.add(Person(family_name="Quandt"))
    case = meier.open_case("32.1-2026-000001", person_id=person.id)
    meier.note(case, "geheim")
    settle(meier, ordner)
    assert ordner.one("SELECT count(*) FROM cases") == 0
    meier.set(case, action="case.hand_over", office_id="ordnungsamt")
    settle(meier, ordner)
    assert meier.one("SELECT count(*) FROM cases") == 0
    assert meier.one("SELECT count(*) FROM notes") == 0
    assert "geheim" not in str(meier.store.db.execute("SELECT * FROM entries").fetchall())
    assert ordner.one("SELECT text FROM notes") == "geheim"
    assert ordner.one("SELECT family_name FROM persons") == "Quandt"


def test_a_lost_membership_empties_the_replica_and_its_file(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer", ordnungsamt="officer")
    hub.clerk("ordner", ordnungsamt="officer")
    meier, ordner = at("meier"), at("ordner")
    case = ordner.open_case("32.2-2026-000001", "ordnungsamt")
    ordner.note(case, "Xylophonmuseum")
    meier.open_case("32.1-2026-000001")
    settle(meier, ordner)
    assert meier.one("SELECT count(*) FROM cases") == 2
    admin.revoke(hub.owner, "meier", "ordnungsamt")
    meier.set(case, subject="zu spät")
    settle(meier)
    assert meier.one("SELECT number FROM cases") == "32.1-2026-000001"
    assert meier.one("SELECT code FROM refusals") == "record.gone"
    said = str(
        [meier.store.db.execute(f"SELECT * FROM {t}").fetchall() for t in ("entries", "notes")]
    )
    assert "Xylophon" not in said
    admin.grant(hub.owner, "meier", "ordnungsamt", "officer")
    settle(meier)
    assert meier.one("SELECT count(*) FROM cases") == 2


def test_an_office_that_is_given_while_another_one_is_let_go(
    hub: Hub, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.clerk("meier", buergeramt="officer", ordnungsamt="officer")
    hub.clerk("ordner", ordnungsamt="officer")
    meier, ordner = at("meier"), at("ordner")
    ordner.open_case("32.2-2026-000001", "ordnungsamt")
    settle(ordner)
    admin.revoke(hub.owner, "meier", "ordnungsamt")
    meier.sync.close()
    given: list[str] = []

    def push(store: Store, link: Link) -> int:
        """Behind the handshake, before the streams are read."""
        if not given:
            given.append("ordnungsamt")
            admin.grant(hub.owner, "meier", "ordnungsamt", "officer")
        return push_pending(store, link)

    monkeypatch.setattr("storage.sync.loop.push_pending", push)
    meier.sync.once()
    assert meier.one("SELECT count(*) FROM streams WHERE scope = 'ordnungsamt'") == 1
    assert meier.one("SELECT count(*) FROM cases") == 1


def alone(server: Server | Given, name: str) -> psycopg.Connection:
    """A connection beside the database, to which nobody is connected any more."""
    db = server.connect("postgres")
    db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    return db


def test_a_shared_store_from_a_backup_gets_back_what_it_lost(
    server: Server | Given, hub: Hub, at: At
) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = at("meier"), at("yilmaz")
    case = meier.open_case("32.1-2026-000001")
    settle(meier, yilmaz)
    name = hub.owner.info.dbname
    with alone(server, name) as db:
        db.execute(f"CREATE DATABASE {name}_backup TEMPLATE {name}".encode())
    for one in (meier, yilmaz):
        with suppress(StoreError):
            one.sync.once()
    meier.note(case, "nach der Sicherung")
    yilmaz.set(case, subject="auch danach")
    settle(meier, yilmaz)
    meier.note(case, "ungesendet")
    as_backed_up(server, name)
    for one in (meier, yilmaz):
        with suppress(StoreError):
            one.sync.once()
    settle(meier, yilmaz)
    assert meier.rows() == yilmaz.rows()
    assert meier.one("SELECT count(*) FROM notes") == 2
    assert yilmaz.one("SELECT subject FROM cases") == "auch danach"


def as_backed_up(server: Server | Given, name: str) -> None:
    """Make the database what ``{name}_backup`` is."""
    with alone(server, name) as db:
        db.execute(f"DROP DATABASE {name}".encode())
        db.execute(f"ALTER DATABASE {name}_backup RENAME TO {name}".encode())


@pytest.mark.parametrize("fills", [1, 2])
def test_a_text_comes_back_with_its_entry_though_its_author_lost_the_office(
    server: Server | Given, hub: Hub, at: At, fills: int
) -> None:
    hub.clerk("meier", buergeramt="officer", ordnungsamt="officer")
    hub.clerk("ordner", ordnungsamt="officer")
    meier, ordner = at("meier"), at("ordner")
    name = hub.owner.info.dbname
    with alone(server, name) as db:
        db.execute(f"CREATE DATABASE {name}_backup TEMPLATE {name}".encode())
    hub.owner = server.connect(name)
    for one in (meier, ordner):
        with suppress(StoreError):
            one.sync.once()
    meier.receive("mail:1", "Die Straßenlaterne flackert.", "ordnungsamt")
    settle(meier, ordner)
    admin.revoke(hub.owner, "meier", "ordnungsamt")
    settle(meier)
    assert meier.one("SELECT count(*) FROM items") == 0
    if fills == 2:
        admin.add_office(hub.owner, "bauamt", "Bauamt", "32.3", intake=False)
        admin.grant(hub.owner, "meier", "bauamt", "officer")
        settle(meier)
    as_backed_up(server, name)
    ordner.close()
    for _ in range(2):
        with suppress(StoreError):
            meier.sync.once()
    late = at("ordner")
    assert late.one("SELECT count(*) FROM items") == 1
    assert late.one("SELECT count(*) FROM wanted") == 0
    assert late.is_sound()


def test_old_cases_leave_and_come_when_they_are_asked_for(two: tuple[Station, Station]) -> None:
    from storage.sync.workingset import let_old_leave, want_row

    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    meier.note(case, "alt")
    meier.set(case, action="case.close", state="closed", closed_at=5)
    settle(meier, yilmaz)
    assert let_old_leave(yilmaz.store, 30, yilmaz.store.clock()) == 1
    assert yilmaz.one("SELECT count(*) FROM cases") == 0
    assert yilmaz.is_sound()
    want_row(yilmaz.store, "cases", case.id)
    settle(meier, yilmaz)
    assert yilmaz.one("SELECT text FROM notes") == "alt"
    assert let_old_leave(yilmaz.store, 30, yilmaz.store.clock()) == 1
    meier.set(case, action="case.reopen", state="open", closed_at=None)
    settle(meier, yilmaz)
    assert meier.rows() == yilmaz.rows()


def test_numbers_are_leased_ahead(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    name = "case:32.1-2026"
    meier = at("meier", Wishes(numbers=lambda: [name]))
    assert numbers_left(meier.store.db, name) == 50
    with meier.store.change(meier.actor, "case.open") as change:
        assert change.next_number(name) == 1


def test_an_unreachable_store_is_said_in_words(hub: Hub, tmp_path: Path) -> None:
    hub.clerk("meier", buergeramt="officer")
    meier = Station(hub, tmp_path / "home", "meier")
    hub.owner.execute('ALTER ROLE "' + admin.login_of(hub.owner, "meier") + '" NOLOGIN')
    with pytest.raises(StoreError) as said:
        meier.sync.once()
    assert said.value.code.startswith("hub.")
    meier.close()


def test_the_past_of_a_case_comes_when_it_is_opened(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    first = at("meier")
    first.sync.once()
    case = first.open_case("32.1-2026-000001")
    first.note(case, "am Telefon")
    first.set(case, subject="Laterne in der Allee")
    first.sync.once()
    late = at("yilmaz")
    late.sync.once()
    assert history(late.store.db, "cases", case.id) == []
    attend(late.store, case.id)
    late.sync.once()
    told = [entry.action for entry in history(late.store.db, "cases", case.id)]
    assert told == ["case.note", "case.note", "case.open"]
    assert late.is_sound()
    first.note(case, "danach")
    first.sync.once()
    late.sync.once()
    late.sync.once()
    assert len(history(late.store.db, "cases", case.id)) == 4
    assert late.is_sound()


def test_the_past_of_a_case_that_went_from_one_office_of_mine_to_the_other(
    hub: Hub, at: At
) -> None:
    hub.clerk("meier", buergeramt="officer", ordnungsamt="officer")
    hub.clerk("yilmaz", buergeramt="officer", ordnungsamt="officer")
    first = at("meier")
    case = first.open_case("32.1-2026-000001")
    first.set(case, action="case.hand_over", office_id="ordnungsamt")
    first.sync.once()
    late = at("yilmaz")
    attend(late.store, case.id)
    late.sync.once()
    told = [entry.action for entry in history(late.store.db, "cases", case.id)]
    assert told == ["case.hand_over", "case.open"]
    assert late.is_sound()


def test_what_is_newer_than_the_streams_here_is_not_its_past(two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    settle(meier, yilmaz)
    with yilmaz.store.beneath() as (db, _index):  # as after a first filling
        db.execute("DELETE FROM entry_rows")
        db.execute("DELETE FROM entries")
    attend(yilmaz.store, case.id)
    meier.note(case, "eben erst")
    meier.sync.once()
    link = Link(yilmaz.connection())  # between two pulls
    assert fetch_past(yilmaz.store, link, set()) == 1
    link.close()
    yilmaz.sync.once()
    told = [entry.action for entry in history(yilmaz.store.db, "cases", case.id)]
    assert told == ["case.note", "case.open"]
    assert yilmaz.is_sound()


def test_the_past_of_a_case_that_came_from_another_office(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("ordner", ordnungsamt="officer")
    meier, ordner = at("meier"), at("ordner")
    case = meier.open_case("32.1-2026-000001")
    settle(meier, ordner)
    meier.set(case, action="case.hand_over", office_id="ordnungsamt", subject="Ihre Laterne")
    settle(meier, ordner)
    attend(ordner.store, case.id)
    ordner.sync.once()
    told = [entry.action for entry in history(ordner.store.db, "cases", case.id)]
    assert told == ["case.hand_over", "case.open"]
    newest = history(ordner.store.db, "cases", case.id)[0].patches[0].fields
    assert newest["subject"] == ["Laterne", "Ihre Laterne"]
    assert ordner.is_sound()


def test_one_is_behind_by_what_others_did_and_not_by_what_one_did_oneself(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = at("meier"), at("yilmaz")
    meier.sync.once()
    yilmaz.sync.once()
    case = meier.open_case("32.1-2026-000001")
    meier.sync.once()
    grown = _told(meier)
    assert grown["buergeramt"] == 1
    assert not meier.sync._is_behind(grown)
    grown = _told(yilmaz)
    assert yilmaz.sync._is_behind(grown)
    yilmaz.sync.once()
    assert not yilmaz.sync._is_behind(grown)
    assert yilmaz.one("SELECT count(*) FROM cases WHERE id = ?", case.id) == 1


def test_what_anybody_can_say_on_a_channel_is_no_news(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("fremd", ordnungsamt="clerk")
    meier = at("meier")
    meier.sync.once()
    channel = "clerk_" + md5(b"buergeramt", usedforsecurity=False).hexdigest()
    with hub.login("fremd") as stranger:
        for payload in ("", "buergeramt", "buergeramt:", "buergeramt:x", "nirgends:٣", "inbox:0"):
            stranger.execute("SELECT pg_notify(%s, %s)", (channel, payload))
    assert not meier.sync._is_behind(_told(meier))


def _told(station: Station) -> dict[str, int]:
    """What this workstation has been told of, once it was told of something."""
    link = station.sync._link
    assert link is not None
    while not (grown := link.notified()):
        assert select.select([link.db.fileno()], [], [], 30)[0]
    return grown
