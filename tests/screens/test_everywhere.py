"""What works everywhere: chords, previous view, jump, palette, help, theme, language, quit."""

from collections.abc import Iterator

import pytest

from clerk import i18n
from clerk.actions import ACTIONS
from clerk.desks import cases as desk
from clerk.session import Session
from storage.records import Case
from tests import support
from tests.driver import NARROW, WIDE, Clerk, workstation

AREAS = {
    "e": "InboxScreen", "m": "CasesScreen", "w": "FollowUpsScreen", "v": "CasesScreen",
    "p": "ServicesScreen",
    "s": "LettersScreen",
    "k": "ConflictsScreen",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    i18n.choose("en")


async def test_g_and_a_letter_goes_to_a_work_area(session: Session) -> None:
    async with workstation(session) as clerk:
        for letter, area in AREAS.items():
            await clerk.press("g")
            assert "e Inbox" in clerk.toast
            await clerk.press(letter)
            assert clerk.area == area
            assert "g …" not in clerk.toast
        await clerk.press("g", "ü")
        assert "no work area on g ü" in clerk.toast
        await clerk.press("g", "escape", "g", "e")
        assert clerk.area == "InboxScreen"


async def test_after_g_other_keys_keep_their_meaning(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press("g", "down")
        assert "Schlagloch" in clerk.cursor
        await clerk.press("g", "ctrl+l")
        assert clerk.area == "LockScreen"


async def test_the_previous_view_and_back_again(session: Session, lamps: list[str]) -> None:
    case = support.add_case(session, "Laterne")
    async with workstation(session) as clerk:
        await clerk.press("g", "v", "-")
        assert clerk.area == "InboxScreen"
        await clerk.press("-")  # in the inbox it lowers the priority
        assert "Made less urgent" in clerk.toast
        await clerk.press("backspace")
        assert clerk.area == "CasesScreen"
        await clerk.press("enter")
        assert clerk.work.case_id == case.id
        await clerk.press("-")
        assert clerk.area == "CasesScreen"
        await clerk.press("-")
        assert clerk.work.case_id == case.id
        await clerk.press("g", "e", "backspace")
        assert clerk.work.case_id == case.id
        await clerk.press("escape", "-")
        assert clerk.work.case_id == case.id
        await clerk.press("g", "v")
        assert clerk.area == "CasesScreen"


async def test_jump_to_a_number_an_area_and_nowhere(session: Session) -> None:
    case = support.add_case(session, "Laterne")
    async with workstation(session) as clerk:
        await clerk.press(":")
        await clerk.answer("process")
        assert clerk.area == "ServicesScreen"
        await clerk.press(":")
        await clerk.answer(case.number)
        assert clerk.work.case_id == case.id
        await clerk.press(":")
        await clerk.answer("32.1-1999-000000")
        assert clerk.asks == "Jump"
        assert "There is no case, no item and no area of this name." in clerk.screen
        assert "32.1-1999-000000" in clerk.screen
        await clerk.press("escape")
        assert clerk.work.case_id == case.id


async def test_jump_by_the_running_number_the_newest_year_first(session: Session) -> None:
    subjects = {
        "33.1-2025-000042": "Vorjahr",
        "33.1-2026-000042": "Heuer",
        "66-2026-000042": "Tief",
    }
    made = {number: support.add_case(session, subjects[number]).id for number in subjects}
    with session.store.change(session.actor, "test") as change:
        for number, case_id in made.items():
            change.set(change.get(Case, case_id), number=number)
    async with workstation(session) as clerk:
        await clerk.press(":", "4", "2")
        rows = [row for row in clerk.painted if "000042" in row]
        assert [subject for row in rows for subject in subjects.values() if subject in row] == [
            "Heuer", "Tief", "Vorjahr",
        ]  # fmt: skip
        await clerk.press("enter")
        assert clerk.work.case_id == made["33.1-2026-000042"]
        for typed, number in (
            ("000042", "33.1-2026-000042"),
            ("2025-42", "33.1-2025-000042"),
            ("66-2026-42", "66-2026-000042"),
        ):
            await clerk.press(":")
            await clerk.answer(typed)
            assert clerk.work.case_id == made[number]
        await clerk.press(":")
        await clerk.answer("43")
        assert clerk.asks == "Jump"


async def test_jump_to_an_item_by_the_beginning_of_its_id(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.press("g", "v", ":")
        await clerk.answer(lamps[1])
        assert clerk.area == "InboxScreen"
        assert "Schlagloch" in clerk.cursor
        await clerk.press("escape", ":")
        await clerk.answer(lamps[2][:-2].upper())
        assert "Sperrmüll" in clerk.cursor


async def test_the_palette_has_every_action_of_the_screen(session: Session) -> None:
    from screens.palette import choices

    async with workstation(session) as clerk:
        for letter in AREAS:
            await clerk.press("g", letter)
            offered = {one.value for one in choices(clerk.work)}
            here = {one.id for one in clerk.work.actions_here()} - {"app.palette"}
            assert offered == here
            assert {"app.theme", "app.language", "go.services", "app.lock"} <= offered


async def test_the_palette_says_why_not_and_does_what_can_be_done(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.press("ctrl+k")
        assert clerk.asks == "Commands"
        await clerk.paste("put back")
        assert "× Put back" in clerk.screen
        assert "Nobody has taken this item." in clerk.screen
        await clerk.press("enter")
        assert clerk.asks == "Commands"
        for _ in range(8):
            await clerk.press("backspace")
        await clerk.answer("lay")
        assert "Laid aside: Straßenlaterne" in clerk.toast


async def test_the_help_is_made_of_the_live_keys(session: Session, lamps: list[str]) -> None:
    from clerk.settings import Settings

    settings = Settings(keys={"item.take": "t"})
    async with workstation(session, settings=settings) as clerk:
        await clerk.press("f1")
        assert clerk.area == "HelpScreen"
        text = "\n".join(
            "".join(run[0] for run in line)
            for line in clerk.station.screen.query_one("#help").shown  # type: ignore[attr-defined]
        )
        for one in ACTIONS:
            if one.place in ("inbox", "list", "everywhere"):
                assert f"{one.title}: {one.description}" in text
        assert "t               Take:" in text
        assert "⌫               Previous view" in text
        assert "Nobody has taken this item." in text
        assert "Page down" in text
        await clerk.press("?")
        assert clerk.area == "InboxScreen"


async def test_help_on_a_case_lists_its_tabs(session: Session) -> None:
    case = support.add_case(session)
    desk.close(session.store, session.actor, case.id, "fertig")
    async with workstation(session, WIDE) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        await clerk.press("f1")
        assert "1 2 3 4" in clerk.screen
        assert "Not possible: the case is closed." in clerk.screen


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_all_themes(session: Session, lamps: list[str], size: tuple[int, int]) -> None:
    async with workstation(session, size) as clerk:
        seen = []
        for _ in range(4):
            await clerk.press("ctrl+k")
            await clerk.answer("theme")
            seen.append(clerk.station.theme)
            assert f"Theme: {clerk.station.theme}" in clerk.toast
        assert sorted(seen) == ["dunkel", "hell", "kontrast", "terminal"]


async def test_the_language_is_switched_on_the_spot(
    session: Session, lamps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str | None] = []
    monkeypatch.setattr(i18n, "choose", chosen.append)
    async with workstation(session) as clerk:
        await clerk.select("Schlagloch")
        await clerk.press("ctrl+k")
        await clerk.answer("language")
        assert chosen == ["de"]
        assert "Schlagloch" in clerk.cursor


async def small(clerk: Clerk) -> None:
    await clerk.resize(20, 5)
    assert clerk.area == "TooSmallScreen"
    assert "Now: 20x5" in clerk.screen
    assert "Needed: 60x16" in clerk.screen


async def test_a_small_terminal_says_what_it_needs_and_comes_back(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.select("Schlagloch")
        await small(clerk)
        await clerk.press("e", "n", "1", "enter")
        await clerk.resize(59, 40)
        assert "Now: 59x40" in clerk.screen
        await clerk.resize(80, 24)
        assert clerk.area == "InboxScreen"
        assert "Schlagloch" in clerk.cursor
        assert len(clerk.rows) == 3


async def test_a_dialog_survives_a_small_terminal(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Note")
        await clerk.type("angefangen")
        await small(clerk)
        await clerk.resize(*WIDE)
        await clerk.press("f9")
        assert "Note written: " in clerk.toast


async def test_a_start_in_a_small_terminal(session: Session, lamps: list[str]) -> None:
    async with workstation(session, (20, 5)) as clerk:
        assert "Window too small" in clerk.screen
        await clerk.resize(80, 24)
        assert len(clerk.rows) == 3


async def test_quit(session: Session) -> None:
    async with workstation(session) as clerk:
        await clerk.press("ctrl+c")
    assert clerk.station.return_code == 0
    assert clerk.station.return_value == 0


async def test_pasted_text_is_no_keys(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.paste("eeenn#\x03")
        assert len(clerk.rows) == 3
        assert clerk.toast == ""


async def test_footer_and_help_show_remapped_keys(session: Session, lamps: list[str]) -> None:
    from clerk.settings import Settings

    settings = Settings(keys={"app.undo": "ö", "item.lower": ""})
    async with workstation(session, settings=settings) as clerk:
        assert "ö Undo" in clerk.footer
        await clerk.do("Done")
        assert "ö takes it back" in clerk.toast
        await clerk.press("ö")
        assert len(clerk.rows) == 3
        await clerk.press("-")  # free again, so it has its meaning of everywhere else
        assert "less urgent" not in clerk.toast
