"""What is kept for how long: what was sent, tombstones, the log of reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from storage import refusals
from storage.hub import calls
from storage.hub.calls import Hello
from storage.ids import uuid7
from storage.records import Note
from storage.sync.forgetting import forget_sent
from storage.sync.handshake import Verdict, compare
from storage.sync.link import Link
from storage.sync.loop import Sync
from storage.undo import undo
from tests.hub.conftest import Hub
from tests.hub.stations import At, Station
from tests.hub.test_stations import settle

DAY_MS = 86_400_000


def age(hub: Hub, days: int, where: str = "true") -> None:
    """What was judged, was judged so long ago."""
    sql = f"UPDATE clerk.entry SET at = at - {days * DAY_MS} WHERE {where}"
    hub.owner.execute(sql.encode())


def forget(station: Station) -> int:
    return forget_sent(station.store, station.sync._reached())


def sent(station: Station) -> int:
    found = station.one("SELECT count(*) FROM sent")
    assert isinstance(found, int)
    return found


@pytest.fixture
def two(hub: Hub, at: At) -> tuple[Station, Station]:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    return at("meier"), at("yilmaz")


# What was sent


def test_what_was_sent_is_kept_as_long_as_a_backup_may_lack_it(
    hub: Hub, two: tuple[Station, Station]
) -> None:
    meier, _yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    for number in range(4):
        meier.note(case, f"Notiz {number}")
    meier.sync.once()
    assert (forget(meier), sent(meier)) == (0, 5)
    age(hub, 29)
    assert forget(meier) == 0
    age(hub, 2, "dseq <= 2")
    assert (forget(meier), sent(meier)) == (2, 3)
    hub.owner.execute("UPDATE clerk.hub SET backup_days = 7")
    assert forget(meier) == 2
    assert meier.one("SELECT dseq FROM sent") == 5  # by it an older server is recognised
    assert meier.is_sound()


def test_a_server_from_before_is_recognised_after_forgetting(
    hub: Hub, two: tuple[Station, Station]
) -> None:
    meier, _yilmaz = two
    for number in (1, 2):
        meier.open_case(f"32.1-2026-00000{number}")
    meier.sync.once()
    age(hub, 31)
    forget(meier)
    link = meier.sync._reached()
    with link.watched() as db:
        hello = meier.sync._say_hello(db)
    assert compare(meier.store, link, hello) is Verdict.SAME
    hub.owner.execute("UPDATE clerk.device SET last = 1 WHERE last = 2")
    with link.watched() as db:
        hello = meier.sync._say_hello(db)
    assert compare(meier.store, link, hello) is Verdict.FILL


def test_what_is_to_be_decided_keeps_its_entry(hub: Hub, two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    settle(meier, yilmaz)
    for text in ("eins", "zwei"):
        meier.set(case, subject=f"Meiers {text}")
        yilmaz.set(case, subject=f"Yilmaz' {text}")
        settle(meier, yilmaz)
    first, second = refusals.open_ones(yilmaz.store.db)
    refusals.settle(yilmaz.store, first.entry_id, uuid7())
    yilmaz.note(case, "danach")
    yilmaz.sync.once()
    age(hub, 31)
    assert (forget(yilmaz), sent(yilmaz)) == (1, 2)
    assert yilmaz.one("SELECT entry_id FROM refusals") == second.entry_id
    assert yilmaz.one("SELECT count(*) FROM local WHERE name LIKE 'refusal:%'") == 0


def test_what_waits_is_not_forgotten(hub: Hub, two: tuple[Station, Station]) -> None:
    meier, _yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    meier.sync.once()
    for text in ("eins", "zwei"):
        meier.note(case, text)
    age(hub, 31)
    assert (forget(meier), sent(meier)) == (0, 1)
    meier.sync.once()
    assert meier.is_sound()
    assert meier.one("SELECT count(*) FROM notes") == 2


def test_a_device_learns_only_of_its_own_entries(hub: Hub, two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    meier.open_case("32.1-2026-000001")
    meier.sync.once()
    age(hub, 31)
    assert calls.in_backups(meier.sync._reached().db, meier.store.device) == 1
    assert calls.in_backups(yilmaz.sync._reached().db, meier.store.device) == 0


# Tombstones


def test_who_was_away_for_longer_than_tombstones_are_kept_fills_anew(
    hub: Hub, two: tuple[Station, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    meier.note(case, "falsch")
    settle(meier, yilmaz)
    filled: list[str] = []
    real = Sync._fill

    def counted(sync: Sync, link: Link, hello: Hello | None) -> None:
        filled.append(sync._store.device)
        real(sync, link, hello)

    monkeypatch.setattr(Sync, "_fill", counted)
    undo(meier.store, meier.actor)
    meier.set(case, subject="Laterne 7")
    meier.sync.once()
    yilmaz.sync.close()
    yilmaz.note(case, "unterwegs geschrieben")
    assert hub.owner.execute("SELECT clerk.forget_tombstones()").fetchone() == (0,)
    age(hub, 181)
    assert hub.count("record WHERE gone") == 1
    assert hub.owner.execute("SELECT clerk.forget_tombstones()").fetchone() == (1,)
    assert hub.count("record WHERE gone") == 0
    settle(meier, yilmaz)
    assert filled == [yilmaz.store.device]  # meier had been there since
    assert meier.rows() == yilmaz.rows()
    assert [row[0] for row in meier.store.db.execute("SELECT text FROM notes")] == [
        "unterwegs geschrieben"
    ]
    assert yilmaz.one("SELECT subject FROM cases") == "Laterne 7"
    filled.clear()
    yilmaz.sync.close()
    settle(meier, yilmaz)
    assert filled == []


def test_an_edit_of_what_is_forgotten_is_refused_as_before(
    hub: Hub, two: tuple[Station, Station]
) -> None:
    meier, yilmaz = two
    case = meier.open_case("32.1-2026-000001")
    meier.note(case, "falsch")
    settle(meier, yilmaz)
    undo(meier.store, meier.actor)
    meier.sync.once()
    with yilmaz.store.change(yilmaz.actor, "case.note") as change:
        (note_id,) = yilmaz.store.db.execute("SELECT id FROM notes").fetchone()
        change.set(change.get(Note, note_id), text="ergänzt")
    age(hub, 181)
    hub.owner.execute("SELECT clerk.forget_tombstones()")
    settle(meier, yilmaz)
    assert yilmaz.one("SELECT code FROM refusals") == "record.gone"
    assert meier.rows() == yilmaz.rows()


# The log of reads


def test_reads_are_kept_to_the_end_of_the_following_year(hub: Hub) -> None:
    """In Germany's time: what was read in the last second of a year is due a year earlier than
    what was read in the first one of the next."""
    year = datetime.now(ZoneInfo("Europe/Berlin")).year
    kept = datetime(year - 1, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    hub.owner.execute("SET TimeZone = 'America/New_York'")
    for shift in ("0", "-1 ms", "-1 year", "1 year"):
        hub.owner.execute(
            "INSERT INTO clerk.read_log (at, clerk_id, device, way, tbl, row_id, reason)"
            " VALUES (%s + %s::interval, '', '', '', '', %s, '')",
            (kept, shift, shift),
        )
    assert hub.owner.execute("SELECT clerk.forget_reads()").fetchone() == (2,)
    left = hub.owner.execute("SELECT row_id FROM clerk.read_log ORDER BY no").fetchall()
    assert left == [("0",), ("1 year",)]


def test_a_clock_takes_no_read_out_of_the_log(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    read = {"way": "number", "tbl": "persons", "reason": ""}
    for at in (1, 1 << 50):
        calls.log_reads(desk.db, desk.device, [{**read, "id": str(at), "at": at}])
    early = hub.owner.execute(
        "SELECT min(at) > now() - interval '53 weeks', max(at) <= now() FROM clerk.read_log"
    ).fetchone()
    assert early == (True, True)
    assert hub.owner.execute("SELECT clerk.forget_reads()").fetchone() == (0,)


def test_what_is_due_goes_with_the_next_read(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    read = {"way": "number", "tbl": "persons", "reason": "", "at": 1}
    calls.log_reads(desk.db, desk.device, [{**read, "id": str(n)} for n in range(1_500)])
    hub.owner.execute("UPDATE clerk.read_log SET at = at - interval '3 years'")
    for left in (501, 2, 3):
        calls.log_reads(desk.db, desk.device, [{**read, "id": "neu"}])
        assert hub.count("read_log") == left
