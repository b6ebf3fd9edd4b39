"""NO_COLOR: nothing painted has a colour, and what colours tell is told by words and signs.

"Signs" are symbols, and the attributes that every terminal has: bold and reversed.
"""

from collections.abc import Iterator

import pytest
from rich.segment import Segment
from rich.style import Style

from clerk.desks import cases
from clerk.session import Session
from tests import support
from tests.driver import NARROW, WIDE, Clerk, workstation
from tests.screens.conftest import Mail
from tests.screens.places import PLACES
from widgets.confirm import ConfirmScreen
from widgets.toast import Kind


@pytest.fixture(autouse=True)
def _no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.parametrize("name", PLACES)
async def test_nothing_has_a_colour(place: Session, name: str) -> None:
    async with workstation(place, NARROW) as clerk:
        await clerk.press(*PLACES[name])
        assert clerk.screen.strip()
        assert [one for one in clerk.segments if _has_colour(one)] == []


def _has_colour(segment: Segment) -> bool:
    style = segment.style or Style()
    colours = (style.color, style.bgcolor)
    return any(one is not None and not one.is_default for one in colours)


async def test_no_theme_brings_colours_back(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        for _ in range(4):
            await clerk.press("ctrl+k")
            await clerk.answer("theme")
            assert [one for one in clerk.segments if _has_colour(one)] == []
            assert _reversed(clerk, "Office")


def _styles(clerk: Clerk, text: str) -> Iterator[Style]:
    found = [one.style or Style() for one in clerk.segments if text in one.text]
    assert found, f"{text!r} is not painted in one piece:\n{clerk.screen}"
    return iter(found)


def _reversed(clerk: Clerk, text: str) -> bool:
    return any(style.reverse for style in _styles(clerk, text))


def _bold(clerk: Clerk, text: str) -> bool:
    return any(style.bold for style in _styles(clerk, text))


async def test_the_chosen_list_the_cursor_and_marks(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        assert _reversed(clerk, " Office 3 ")
        assert not _reversed(clerk, " Mine 0 ")
        await clerk.press("down", "x")
        assert [row[:2] for row in clerk.rows] == ["  ", " ●", "▌ "]
        assert _reversed(clerk, "Sperrmüll anmelden ") is _reversed(clerk, "▌")


async def test_urgent_and_taken_items(session: Session, mail: Mail) -> None:
    other = support.add_clerk(session, "berta", {}, "Berta Bauhof")
    mail("Dringend", priority=1)
    mail("Vergeben", claimed_by=other)
    mail("Offen")
    async with workstation(session, NARROW) as clerk:
        urgent, taken, free = clerk.rows
        assert "!" in urgent
        assert "!" not in free
        assert "Berta Bauhof" in taken
        assert "Berta Bauhof" not in free


async def test_an_overdue_follow_up_says_so(office: Session) -> None:
    async with workstation(office, NARROW) as clerk:
        await clerk.press(*PLACES["follow_ups"])
        assert any("3 d overdue" in row for row in clerk.rows)
        await clerk.press(*PLACES["case_overview"])
        assert "3 d overdue" in clerk.screen


@pytest.mark.parametrize(("kind", "symbol"), [("done", "✓"), ("refused", "!"), ("failed", "✗")])
async def test_a_message_has_its_symbol(session: Session, kind: Kind, symbol: str) -> None:
    async with workstation(session) as clerk:
        clerk.work.toast.say(kind, "Abgelegt")
        await clerk.settle()
        assert f"{symbol} Abgelegt" in clerk.toast
        assert f"{symbol} Abgelegt" in clerk.screen


async def test_the_footer_tells_what_can_be_done(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        assert _bold(clerk, " n")
        await clerk.press("n")
    case = support.add_case(session)
    cases.close(session.store, session.actor, case.id, "fertig")
    async with workstation(session, WIDE) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        assert clerk.work.refusal("case.close") is not None
        foot = clerk.work.query_one("#foot")
        possible = {
            segment.text.strip(): bool(segment.style and segment.style.bold)
            for segment in clerk.strips[foot.region.y]
        }
        assert possible["e"] is False
        assert possible["F1"] is True


async def test_the_answer_under_the_cursor(session: Session) -> None:
    async with workstation(session) as clerk:
        clerk.station.push_screen(ConfirmScreen("Löschen?", "Alles?", yes="Ja"))
        await clerk.settle()
        assert "›Cancel‹" in clerk.screen
        assert "›Ja‹" not in clerk.screen
        assert _reversed(clerk, "›Cancel‹")
        await clerk.press("tab")
        assert _reversed(clerk, "›Ja‹")


async def test_choices_show_their_cursor_and_what_cannot_be(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.press("ctrl+k")
        assert any("› " in row for row in clerk.painted)
        await clerk.paste("put back")
        assert "× Put back" in clerk.screen
        await clerk.press("enter")
        assert "✗ " in clerk.screen


async def test_the_cursor_in_a_text_is_reversed(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        for key, leave in (("i", "escape"), ("s", "escape"), ("ctrl+l", "")):
            await clerk.press(key)
            assert any(one.style and one.style.reverse for one in clerk.segments), key
            if leave:
                await clerk.press(leave)


async def test_the_tab_of_a_case_and_what_was_taken_back(session: Session) -> None:
    case = support.add_case(session)
    cases.close(session.store, session.actor, case.id, "fertig")
    async with workstation(session) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        await clerk.press("z", "4")
        assert _reversed(clerk, " 4 History ")
        assert not _reversed(clerk, " 1 Overview ")
        assert "taken back: Closed: fertig" in clerk.screen
        assert "Closed: fertig (taken back)" in clerk.screen
