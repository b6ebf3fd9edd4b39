"""Cases, mine, follow-ups, processes."""

from datetime import date

from clerk.desks import cases as desk
from clerk.desks import follow_ups as follow_up_desk
from clerk.desks import inbox
from clerk.session import Session
from storage.pages import follow_ups
from tests import support
from tests.driver import NARROW, WIDE, colleague, workstation
from tests.screens.conftest import Mail


async def test_cases_by_state(session: Session) -> None:
    for name in ("Eins", "Zwei"):
        support.add_case(session, name)
    closed = support.add_case(session, "Drei")
    desk.close(session.store, session.actor, closed.id, "fertig")
    async with workstation(session) as clerk:
        await clerk.press("g", "v")
        assert clerk.area == "CasesScreen"
        assert clerk.chosen_split.endswith("pen 2")
        assert "Zwei" in clerk.rows[0]
        await clerk.press("tab", "tab")
        assert clerk.chosen_split == "Closed 1"
        assert "Drei" in clerk.cursor
        await clerk.press("enter")
        assert clerk.area == "CaseScreen"
        await clerk.do("Reopen")
        await clerk.press("escape")
        assert clerk.chosen_split == "Closed 0"
        assert clerk.rows == []


async def test_search_in_cases_and_back(session: Session) -> None:
    for name in ("Laterne Nordstadt", "Laterne Südstadt", "Wohngeld"):
        support.add_case(session, name)
    async with workstation(session) as clerk:
        await clerk.press("g", "v")
        await clerk.do("Search")
        await clerk.answer("laterne süd")
        assert ["Südstadt" in row for row in clerk.rows] == [True]
        await clerk.press("escape")
        assert len(clerk.rows) == 3
        assert "Südstadt" in clerk.cursor


async def test_mine_holds_what_i_work_on(session: Session) -> None:
    support.add_case(session, "Meiner")
    other = support.add_case(session, "Fremder")
    desk.hand_over(session.store, session.actor, other.id, "standesamt")
    async with workstation(session) as clerk:
        await clerk.press("g", "m")
        assert ["Meiner" in row for row in clerk.rows] == [True]
        assert clerk.chosen_split.endswith("pen 1")


async def test_follow_ups_the_earliest_first_and_done(session: Session, mail: Mail) -> None:
    case = support.add_case(session, "Laterne")
    item = mail("Schlagloch")
    store, actor = session.store, session.actor
    desk.follow_up(store, actor, case.id, date(2026, 11, 20), "nachfassen")
    inbox.follow_up(store, actor, [item], date(2026, 11, 24), "anrufen")
    async with workstation(session) as clerk:
        await clerk.press("g", "w")
        assert "3 d overdue" in clerk.rows[0]
        assert "tomorrow" in clerk.rows[1]
        assert "1 of 2" in clerk.footer
        await clerk.do("Done")
        assert "Done: " in clerk.toast
        assert "Laterne" in clerk.toast
        assert "Schlagloch" in clerk.cursor
        await clerk.do("Undo")
        assert "nachfassen" in clerk.cursor
        await clerk.press("enter")
        assert clerk.area == "CaseScreen"
        await clerk.press("escape")
        assert clerk.area == "FollowUpsScreen"
        await clerk.press("down", "enter")
        assert clerk.area == "InboxScreen"
        assert "One item" in clerk.header
        assert ["Schlagloch" in row for row in clerk.rows] == [True]
        await clerk.press("escape")
        assert "One item" not in clerk.header


async def test_marked_follow_ups_survive_the_palette(session: Session) -> None:
    case = support.add_case(session, "Laterne")
    for n in range(3):
        desk.follow_up(session.store, session.actor, case.id, date(2026, 11, 24 + n), f"Nr {n}")
    async with workstation(session) as clerk:
        await clerk.press("g", "w", "x", "x")
        assert "2 marked" in clerk.footer
        await clerk.press("ctrl+k")
        await clerk.answer("done")
        assert "Done: 2 follow-ups" in clerk.toast
        assert len(clerk.rows) == 1
        await clerk.press("z", "ctrl+a")
        assert "3 marked" in clerk.toast
        await clerk.press("escape")
        assert "marked" not in clerk.footer
    left = follow_ups.of_clerks([session.actor.clerk_id], session.actor.offices)
    assert len(left.page(session.store.db, limit=9)) == 3


async def test_a_follow_up_that_is_done_already_is_refused(session: Session) -> None:
    case = support.add_case(session, "Laterne")
    desk.follow_up(session.store, session.actor, case.id, date(2026, 11, 24))
    async with workstation(session) as clerk:
        await clerk.press("g", "w")
        with colleague(session) as other:
            [row] = follow_ups.about(other.db, case_id=case.id)
            follow_up_desk.finish(other, session.actor, [row.id])
        await clerk.do("Done")
        assert "done already" in clerk.toast


async def test_the_process_library_shows_steps_and_terms(session: Session) -> None:
    async with workstation(session, WIDE) as clerk:
        await clerk.press("g", "p")
        assert clerk.area == "ServicesScreen"
        assert len(clerk.rows) >= 12
        await clerk.press("s")
        await clerk.answer("wohngeld")
        assert "Steps" in clerk.text_of("#service")
        await clerk.press("tab", "end")
        assert clerk.work.focused is clerk.work.query_one("#service")
        await clerk.press("escape")
        assert clerk.work.focused is clerk.table
        assert len(clerk.rows) < 12
        await clerk.press("escape")
        assert len(clerk.rows) >= 12


async def test_a_process_is_read_at_80_columns(session: Session) -> None:
    async with workstation(session, NARROW) as clerk:
        await clerk.press("g", "p", "down")
        before = clerk.cursor
        assert "Steps" not in clerk.screen
        await clerk.press("enter")
        assert "Steps" in clerk.screen
        await clerk.press("escape")
        assert clerk.cursor == before


async def test_empty_lists_refuse_in_words(session: Session) -> None:
    async with workstation(session) as clerk:
        for letter in "vmw":
            await clerk.press("g", letter)
            assert "Nothing is waiting here." in clerk.screen
            await clerk.press("enter")
            assert "There is no record here." in clerk.toast
            await clerk.press("down", "pagedown", "end", "home", "x", "X", "ctrl+a", "e", "f5")
            assert clerk.rows == []


async def test_the_cursor_is_kept_on_leaving_and_returning(
    session: Session, lamps: list[str]
) -> None:
    for n in range(60):
        support.add_case(session, f"Vorgang {n}")
    async with workstation(session) as clerk:
        await clerk.select("Sperrmüll")
        await clerk.press("g", "v")
        await clerk.select("Vorgang 17")
        before = clerk.rows
        await clerk.press("g", "e")
        assert "Sperrmüll" in clerk.cursor
        await clerk.do("Done")
        await clerk.press("g", "v")
        assert "Vorgang 17" in clerk.cursor
        assert clerk.rows == before
