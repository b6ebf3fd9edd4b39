"""A workstation that shares its store: status bar, who else is here, lost claims."""

import pytest

from clerk.desks import inbox
from clerk.desks import presence as desk
from clerk.session import Session
from screens import shared_bar
from storage import presence, refusals
from storage.patches import current
from storage.records import Case
from storage.shared import MOST_COUNTED, Shared, shared
from tests import support
from tests.driver import NARROW, WIDE, colleague, workstation
from tests.joined import COLLEAGUE, Joined
from tests.screens.conftest import MINUTE, NOW, Mail

DAY = 24 * 60 * MINUTE


def state(town: Joined, name: str, **more: str) -> None:
    """What the process that synchronises says."""
    for key, value in {"sync_state": name, **more}.items():
        town.store.set_local(key, value)


def note(town: Joined, case: Case, text: str = "Notiz") -> None:
    with town.store.change(town.session.actor, "case.note") as change:
        change.set(change.get(Case, case.id), result=text)


async def test_alone_nothing_is_said_of_it(session: Session) -> None:
    async with workstation(session) as clerk:
        assert "● on its own" in clerk.footer


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_state_of_the_connection(session: Session, size: tuple[int, int]) -> None:
    case = support.add_case(session)
    town = Joined(session)
    state(town, "online")
    async with workstation(session, size) as clerk:
        assert "● in step" in clerk.footer
        note(town, case)
        await clerk.look_up()
        clerk.station.data_changed()
        assert "↑ sending 1" in clerk.footer
        with colleague(session) as store:
            store.set_local("sync_state", "offline")
            store.set_local("sync_since", str(NOW - 5 * MINUTE))
        await clerk.look_up()
        assert "○ offline since 10:10, 1 waits" in clerk.footer
        with colleague(session) as store:
            store.set_local("hub_plain", "1")
        await clerk.look_up()
        assert "! not encrypted" in clerk.footer
        assert "on its own" not in clerk.footer


async def test_what_somebody_has_to_put_right(session: Session) -> None:
    town = Joined(session)
    state(town, "given_up", sync_reason="hub.login", sync_since=str(NOW - 5 * MINUTE))
    async with workstation(session, NARROW) as clerk:
        assert "✗ offline since 10:10: login refused" in clerk.footer
        with colleague(session) as store:
            store.set_local("sync_reason", "hub.full")
            store.set_local("sync_state", "offline")
        await clerk.look_up()
        assert "○ offline since 10:10: server's disk full" in clerk.footer


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (DAY, "clock 24 hours fast"),
        (-DAY, "clock 24 hours slow"),
        (5 * DAY, "clock 5 days fast"),
        (-61_000, "clock 1 minute slow"),
    ],
)
async def test_a_clock_that_is_not_the_servers(session: Session, off: int, said: str) -> None:
    town = Joined(session)
    state(town, "online", sync_clock_off=str(off))
    async with workstation(session, NARROW) as clerk:
        assert f"● in step  ! {said}" in clerk.footer
        with colleague(session) as store:
            store.set_local("sync_clock_off", "")
        await clerk.look_up()
        assert "clock" not in clerk.footer


def test_what_waits_is_not_counted_to_the_end() -> None:
    many = Shared(True, None, False, MOST_COUNTED + 1, 0)
    assert shared_bar.runs_of(many)[1][0] == f"sending {MOST_COUNTED}+"
    assert shared_bar.runs_of(Shared(False, None, False, 0, 0))[1][0] == "offline"


def test_the_state_is_read_in_a_moment(session: Session) -> None:
    """Of a store that was never shared nothing is counted, however much waits in it."""
    town = Joined(session)
    assert shared(session.store.db) is not None
    reads: list[str] = []
    session.store.db.set_trace_callback(reads.append)
    shared(session.store.db)
    assert len(reads) == 3
    with town.store.beneath() as (db, _index):
        db.execute("DELETE FROM local WHERE name = 'shared'")
    reads.clear()
    assert shared(session.store.db) is None
    assert len(reads) == 1
    session.store.db.set_trace_callback(None)


async def test_the_number_of_conflicts_until_there_is_none(session: Session) -> None:
    case = support.add_case(session)
    town = Joined(session)
    state(town, "online")
    note(town, case, "meins")
    town.change("cases", case.id, result="ihres")
    town.meet()
    async with workstation(session, NARROW) as clerk:
        assert "⚠ 1 conflict" in clerk.footer
        refusals.settle(town.store, refusals.open_ones(town.store.db)[0].entry_id, None)
        clerk.station.data_changed()
        assert "⚠" not in clerk.footer


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_who_else_has_the_case_open(session: Session, size: tuple[int, int]) -> None:
    case = support.add_case(session)
    town = Joined(session)
    async with workstation(session, size) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        assert "also open" not in clerk.screen
        assert attention(session) == [case.id]
        with colleague(session) as store, store.beneath() as (db, _index):
            rows = [(case.id, one, NOW) for one in (town.colleague, session.actor.clerk_id)]
            db.executemany("INSERT INTO presence VALUES (?, ?, ?)", rows)
        await clerk.look_up()
        assert f"also open at: {COLLEAGUE}" in clerk.screen
        assert "Lena Leitung," not in clerk.screen
        await clerk.do("Note")
        await clerk.answer("trotzdem", "f9")
        assert "trotzdem" in clerk.screen
        await clerk.press("escape")
        assert attention(session) == []


def attention(session: Session) -> list[str]:
    return [row[0] for row in session.store.db.execute("SELECT case_id FROM attention")]


async def test_alone_nobody_is_told_what_is_open(session: Session) -> None:
    case = support.add_case(session)
    async with workstation(session) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        assert attention(session) == []


async def test_after_a_crash_nothing_is_open(session: Session) -> None:
    Joined(session)
    presence.attend(session.store, "left-open")
    async with workstation(session) as clerk:
        await clerk.settle()
        assert attention(session) == []


def test_presence_hinders_nobody(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a full disk does not."""
    from storage.errors import StoreError

    Joined(session)

    def full(*_args: object) -> None:
        raise StoreError("store.full", "full")

    monkeypatch.setattr(presence, "attend", full)
    desk.attend(session.store, "any")
    assert attention(session) == []


async def test_who_lost_a_claim_hears_who_was_faster(session: Session, mail: Mail) -> None:
    lamp, hole = mail("Laterne"), mail("Schlagloch")
    town = Joined(session)
    async with workstation(session) as clerk:
        await clerk.split("Office")
        await clerk.select("Laterne")
        await clerk.do("Take")
        town.change("items", lamp, claimed_by=town.colleague)
        town.meet()
        await clerk.press("home")
        before = clerk.cursor
        await clerk.look_up()
        assert f"Taken already by {COLLEAGUE}: Laterne" in clerk.toast
        assert clerk.cursor.split()[:2] == before.split()[:2]
        assert f"open · Bürgerbüro · {COLLEAGUE}" in clerk.screen
        assert "⚠" not in clerk.footer
        await clerk.press("down")
        await clerk.look_up()
        assert "Taken already" not in clerk.toast
    row = current(session.store.db, "items", hole)
    assert row is not None
    assert row["claimed_by"] is None


async def test_a_lost_claim_waits_until_somebody_can_read_it(session: Session, mail: Mail) -> None:
    lamp = mail(support.HOSTILE)
    town = Joined(session)
    inbox.take(session.store, session.actor, [lamp])
    town.change("items", lamp, claimed_by=town.colleague)
    town.meet()
    async with workstation(session) as clerk:
        await clerk.press("ctrl+l")
        await clerk.look_up()
        assert refusals.count_open(session.store.db) == 1
        assert clerk.area == "LockScreen"
    async with workstation(session) as clerk:
        await clerk.look_up()
        assert "Taken already by" in clerk.toast
        assert "\x1b" not in clerk.screen
        assert refusals.count_open(session.store.db) == 0


async def test_of_several_the_others_can_be_taken_again(session: Session, mail: Mail) -> None:
    lamp, hole = mail("Laterne"), mail("Schlagloch")
    town = Joined(session)
    inbox.take(session.store, session.actor, [lamp, hole])
    town.change("items", lamp, claimed_by=town.colleague)
    town.meet()
    async with workstation(session) as clerk:
        await clerk.look_up()
        assert "the others were not taken either" in clerk.toast
        assert refusals.count_open(session.store.db) == 1
        assert "⚠ 1 conflict" in clerk.footer
