"""What the settings file says holds at the workstation: keys, start list, preview, theme."""

from clerk.session import Session
from clerk.settings import Preview, Settings, StartList, Theme
from tests import support
from tests.driver import Clerk, workstation


async def test_an_action_has_its_new_key_and_not_its_old_one(session: Session) -> None:
    support.add_item(session, "Laterne")
    support.add_item(session, "Schlagloch")
    settings = Settings(keys={"item.done": "t,f7", "item.spam": "", "item.take": "e"})
    async with workstation(session, settings=settings) as clerk:
        assert len(clerk.rows) == 2
        await clerk.press("n")  # the old key of "take" does nothing
        await clerk.press("#")
        assert len(clerk.rows) == 2
        await clerk.press("t")
        assert "Done" in clerk.toast
        await clerk.press("f7")
        assert clerk.rows == []
        assert "t Done" in clerk.footer


async def test_a_work_area_has_its_new_letter(session: Session) -> None:
    async with workstation(session, settings=Settings(keys={"go.services": "g x"})) as clerk:
        await clerk.press("g", "x")
        assert clerk.area == "ServicesScreen"


async def test_the_inbox_opens_with_the_list_of_the_settings(session: Session) -> None:
    support.add_item(session, "Meins", claimed_by=session.actor.clerk_id)
    async with workstation(session) as clerk:
        assert clerk.chosen_split.startswith("Mine")
    settings = Settings(split=StartList.UNASSIGNED, theme=Theme.HELL)
    async with workstation(session, settings=settings) as clerk:
        assert clerk.chosen_split.startswith("Unassigned")
        assert clerk.station.theme == "hell"


async def test_without_a_preview_the_list_has_the_whole_width(session: Session) -> None:
    support.add_item(session, "Laterne", "Sie flackert.")

    def shown(clerk: Clerk) -> tuple[bool, bool]:
        return clerk.table.display, clerk.work.query_one("#preview").display

    async with workstation(session) as clerk:
        assert shown(clerk) == (True, True)
    async with workstation(session, settings=Settings(preview=Preview.OFF)) as clerk:
        assert shown(clerk) == (True, False)
        for read in ("f6", "enter"):
            await clerk.press(read)
            assert shown(clerk) == (False, True)
            await clerk.press("escape")
            assert shown(clerk) == (True, False)
