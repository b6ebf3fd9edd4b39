"""The log of reads: what a search or a number led to, with the reason where one is asked for."""

import pytest

from clerk.desks import reading
from clerk.session import Session
from clerk.settings import Settings, SyncSettings
from storage.errors import StoreError
from storage.pages import reads
from storage.reads import log_read
from tests import support
from tests.driver import workstation
from tests.joined import Joined
from tests.screens.conftest import DAY, NOW

ASK = Settings(sync=SyncSettings(ask_reason=True))


def logged(session: Session) -> list[tuple[str, str, str, str]]:
    return [(r.way, r.table, r.row_id, r.reason) for r in reads.newest(session.store.db, 50)]


async def test_a_jump_to_a_number_is_logged(session: Session, lamps: list[str]) -> None:
    case = support.add_case(session)
    async with workstation(session) as clerk:
        await clerk.press(":")
        await clerk.answer(case.number)
        assert clerk.work.case_id == case.id
        await clerk.press(":")
        await clerk.answer("cases")
        await clerk.press("enter")
    assert logged(session) == [("number", "cases", case.id, "")]
    [row] = reads.newest(session.store.db, 5)
    assert (row.clerk_id, row.at) == (session.actor.clerk_id, NOW)


async def test_what_a_search_found_is_logged_when_it_is_opened(
    session: Session, lamps: list[str]
) -> None:
    case = support.add_case(session, "Laterne")
    async with workstation(session) as clerk:
        await clerk.press("enter", "escape")
        assert logged(session) == []
        await clerk.press("s")
        await clerk.answer("laterne")
        await clerk.press("enter", "enter")
        await clerk.press("g", "v", "s")
        await clerk.answer("laterne")
        await clerk.press("enter")
        assert clerk.work.case_id == case.id
    found = logged(session)
    assert [one[:2] for one in found] == [("search", "cases"), ("search", "items")]


async def test_the_reason_is_asked_for_where_the_settings_want_it(session: Session) -> None:
    case = support.add_case(session)
    async with workstation(session, settings=ASK) as clerk:
        await clerk.press(":")
        await clerk.answer(case.number)
        assert clerk.asks == "Why is this record opened?"
        await clerk.press("enter")
        assert "A reason is needed" in clerk.screen
        await clerk.press("escape")
        assert clerk.area == "InboxScreen"
        assert logged(session) == []
        await clerk.press(":")
        await clerk.answer(case.number)
        await clerk.answer("Rückruf")
        assert clerk.work.case_id == case.id
    assert logged(session) == [("number", "cases", case.id, "Rückruf")]


async def test_what_is_due_goes_at_the_start_of_a_day(session: Session) -> None:
    log_read(session.store, "anna", "cases", "neu", way="number")
    with session.store.beneath() as (db, _index):
        at = NOW - 2 * 366 * DAY
        db.execute("INSERT INTO reads VALUES ('0', ?, 'anna', 'number', 'cases', 'alt', '')", (at,))
    async with workstation(session):
        pass
    assert [one[2] for one in logged(session)] == ["neu"]


def test_a_year_ends_at_midnight_in_germany(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_read(session.store, "anna", "cases", "neu", way="number")
    turn = 1_735_686_000_000  # 2025-01-01 00:00 in Germany, an hour before it is in UTC
    with session.store.beneath() as (db, _index):
        rows = [("0", turn - 1), ("00", turn)]
        db.executemany("INSERT INTO reads VALUES (?, ?, 'a', 'number', 'cases', '', '')", rows)
    assert reading.purge(session.store) == 1
    assert reads.oldest(session.store.db) == turn


def test_who_may_see_the_log(session: Session) -> None:
    from storage.actor import Actor

    clerk = Actor("ben", "Ben", {"buergerbuero": "officer"})
    admin = Actor("ida", "Ida", {"buergerbuero": "admin"})
    refusal = reading.can_list(clerk, session.store)
    assert refusal is not None
    assert refusal.code == "reads.not_yours"
    assert reading.can_list(admin, session.store) is None
    assert reading.listed(session.store, session.actor, 5) == []
    Joined(session)
    refusal = reading.can_list(session.actor, session.store)
    assert refusal is not None
    assert refusal.code == "reads.shared"


@pytest.mark.parametrize(("code", "shown"), [("store.readonly", True), ("store.busy", False)])
def test_what_cannot_be_logged(
    session: Session, monkeypatch: pytest.MonkeyPatch, code: str, shown: bool
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise StoreError(code, "no")

    monkeypatch.setattr(reading, "log_read", fail)
    if shown:
        reading.log(session.actor, session.store, "cases", "x", way="number")
    else:
        with pytest.raises(StoreError):
            reading.log(session.actor, session.store, "cases", "x", way="number")
    assert logged(session) == []
