"""What the inbox shows: lists, live counters, what is new, search, reading, preview."""

import pytest

from clerk.desks import inbox
from clerk.session import Session
from storage.pages import items
from tests import support
from tests.driver import NARROW, WIDE, colleague, workstation
from tests.screens.conftest import MINUTE, NOW, Mail


async def test_it_opens_where_there_is_something_to_do(session: Session, mail: Mail) -> None:
    async with workstation(session) as clerk:
        assert clerk.chosen_split == "Office 0"
        assert "Nothing is waiting here" in clerk.screen
    mail("Ohne Amt", office_id=None)
    async with workstation(session) as clerk:
        assert clerk.chosen_split == "Unassigned 1"
    mail("Meins", claimed_by=session.actor.clerk_id)
    async with workstation(session) as clerk:
        assert clerk.chosen_split == "Mine 1"
        assert "Meins" in clerk.cursor


async def test_tab_turns_the_lists_in_both_directions(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        seen = []
        for key in ("tab", "tab", "tab", "shift+tab"):
            await clerk.press(key)
            seen.append(clerk.chosen_split.split()[0])
        assert seen == ["Unassigned", "Mine", "Office", "Mine"]


async def test_another_program_changes_figures_but_not_the_list(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.select("Schlagloch")
        before = clerk.rows
        with colleague(session) as other:
            add = support.add_item
            theirs = type(session)(other, session.actor, session.home)
            add(theirs, "Ganz neu", received_at=NOW)
            add(theirs, "Auch neu", received_at=NOW - 1000)
        await clerk.look_up()
        assert clerk.rows == before
        assert "Schlagloch" in clerk.cursor
        assert "Office 5" in clerk.header
        assert "2 new – F5" in clerk.footer
        await clerk.press("f5")
        assert "Ganz neu" in clerk.rows[0]
        assert "Schlagloch" in clerk.cursor
        assert "new" not in clerk.footer
        assert "4 of 5" in clerk.footer


async def test_what_comes_in_further_down_is_announced_too(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        with colleague(session) as other:
            theirs = type(session)(other, session.actor, session.home)
            support.add_item(theirs, "Alt", received_at=NOW - 90 * MINUTE)
        await clerk.look_up()
        assert "1 new – F5" in clerk.footer
        await clerk.press("e", "f5")
        assert "Alt" in clerk.rows[-1]
        assert "new" not in clerk.footer


async def test_own_work_is_never_announced_as_new(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        for keys in ("n", "e", "z", "Z", "z", "z", "x", "x", "n", "z"):
            await clerk.press(keys)
            assert "new" not in clerk.footer, keys


async def test_search_narrows_and_esc_shows_all_with_the_cursor_kept(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Search")
        await clerk.answer("sperrmuell")
        assert len(clerk.rows) == 1
        assert "Search: sperrmuell (1)" in clerk.header
        assert "1 of 1" in clerk.footer
        await clerk.press("escape")
        assert len(clerk.rows) == 3
        assert "Sperrmüll" in clerk.cursor
        assert "Search" not in clerk.header


async def test_a_decision_in_a_search_keeps_the_search_and_its_count(
    session: Session, mail: Mail
) -> None:
    for n in range(3):
        mail(f"Laterne {n}")
    mail("Anderes")
    async with workstation(session) as clerk:
        await clerk.press("/")
        await clerk.answer("laterne")
        await clerk.do("Done")
        assert "Laterne 1" in clerk.cursor
        assert "Search: laterne (2)" in clerk.header
        await clerk.do("Undo")
        assert "Laterne 0" in clerk.cursor
        assert "Search: laterne (3)" in clerk.header


async def test_a_search_without_hits_says_how_to_go_back(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.press("s")
        await clerk.answer('xyz" OR *')
        assert "Nothing found" in clerk.screen
        await clerk.press("escape")
        assert len(clerk.rows) == 3


async def test_the_preview_follows_the_cursor(session: Session, lamps: list[str]) -> None:
    async with workstation(session, WIDE) as clerk:
        assert "Haus 7 ist dunkel" in clerk.text_of("#preview")
        await clerk.press("down")
        assert "wie ein Eimer" in clerk.text_of("#preview")
        assert "Erika Beispiel <erika@example.org>" in clerk.text_of("#preview")


async def test_the_preview_names_what_hangs_on_the_item(session: Session, mail: Mail) -> None:
    first = mail("Laterne", "Text")
    mail("Re: Laterne", "Text")  # the same text: the same thread here
    inbox.note(session.store, session.actor, first, "Techniker weiß Bescheid")
    async with workstation(session, WIDE) as clerk:
        shown = clerk.text_of("#preview")
        assert "Lena Leitung: Techniker weiß Bescheid" in shown
        assert "2 items in this thread" in shown


async def test_f6_goes_to_the_preview_and_back(session: Session, mail: Mail) -> None:
    mail("Lang", "\n".join(f"Zeile {n}" for n in range(200)))
    async with workstation(session, WIDE) as clerk:
        assert "Zeile 60" not in clerk.screen
        await clerk.press("f6", "end")
        assert "Zeile 199" in clerk.text_of("#preview")
        await clerk.press("f6", "end")
        assert clerk.work.focused is clerk.table


async def test_keys_of_the_list_work_from_the_preview(session: Session, lamps: list[str]) -> None:
    async with workstation(session, WIDE) as clerk:
        await clerk.press("f6")
        await clerk.do("Done")
        assert "Done: Straßenlaterne" in clerk.toast
        assert "wie ein Eimer" in clerk.text_of("#preview")


async def test_reading_at_80_columns(session: Session, lamps: list[str]) -> None:
    async with workstation(session, NARROW) as clerk:
        assert "Haus 7 ist dunkel" not in clerk.screen
        await clerk.press("down", "enter")
        assert "wie ein Eimer" in clerk.screen
        assert clerk.rows == []
        await clerk.press("escape")
        assert len(clerk.rows) == 3
        assert "Schlagloch" in clerk.cursor


async def test_enter_again_opens_the_case_and_esc_comes_back(session: Session, mail: Mail) -> None:
    item = mail("Laterne", "Sie flackert.")
    _outcome, case_id = inbox.file_into_new(session.store, session.actor, [item], service_id=None)
    async with workstation(session, NARROW) as clerk:
        clerk.station.open_item(item)
        await clerk.settle()
        await clerk.press("enter")
        assert "Sie flackert" in clerk.screen
        await clerk.press("enter")
        assert clerk.area == "CaseScreen"
        assert clerk.work.case_id == case_id
        await clerk.press("escape")
        assert "Sie flackert" in clerk.screen
        await clerk.press("escape", "escape")
        assert "Laterne" not in "".join(clerk.rows)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_growing_and_shrinking_keeps_the_record(
    session: Session, lamps: list[str], size: tuple[int, int]
) -> None:
    async with workstation(session, size) as clerk:
        await clerk.select("Schlagloch")
        for columns, rows in ((60, 16), (200, 60), size):
            await clerk.resize(columns, rows)
            assert "Schlagloch" in clerk.cursor
            assert ("wie ein Eimer" in clerk.screen) == (columns >= 100)


async def test_the_place_is_named_in_numbers(session: Session, mail: Mail) -> None:
    for n in range(1200):
        mail(f"Nr {n}", "x")
    async with workstation(session) as clerk:
        assert "1 of 1.200" in clerk.footer
        await clerk.press("end")
        assert "1.200 of 1.200" in clerk.footer
        assert "Nr 1199" in clerk.cursor
        await clerk.press("ctrl+a")
        assert "1200 marked" in clerk.toast
        await clerk.do("Done")
        assert "Done: 1200 items" in clerk.toast
        assert clerk.rows == []
        assert "Office 0" in clerk.header
        await clerk.press("z")
        assert "Office 1200" in clerk.header
        assert "Nr 0" in clerk.cursor
        assert "new" not in clerk.footer
    assert len(items.of_offices(session.actor.offices).page(session.store.db, limit=2000)) == 1200
