"""F1 over a question: the keys of that question, and back to it with nothing lost."""

import pytest

from clerk.session import Session
from tests import support
from tests.driver import NARROW, WIDE, workstation


@pytest.mark.parametrize(
    ("keys", "typed", "said"),
    [
        ("a", "stand", ("Narrow the list", "Take the chosen row", "Cancel")),
        ("v", "lat", ("0               New case", "1-9")),
        ("w", "3t Anruf", ("Accept what was typed", "Ctrl+U          Delete everything before")),
        ("i", "Anruf bei", ("F9 Ctrl+↵       Save", "Take back what was typed")),
        (":", "eing", ("Esc             Cancel",)),
        ("ctrl+k", "let", ("Narrow the list",)),
    ],
)
async def test_f1_says_the_keys_of_the_question(
    session: Session, lamps: list[str], keys: str, typed: str, said: tuple[str, ...]
) -> None:
    async with workstation(session, WIDE) as clerk:
        await clerk.press(keys)
        asked = clerk.asks
        await clerk.type(typed)
        await clerk.press("f1")
        assert clerk.area == "HelpScreen"
        assert "Keys of this question" in clerk.screen
        assert asked in clerk.screen
        for words in said:
            assert words in clerk.screen
        await clerk.press("escape")
        assert clerk.asks == asked
        assert typed in clerk.screen
        await clerk.type("xy")
        assert f"{typed}xy" in clerk.screen


async def test_f1_in_a_confirmation_and_again(session: Session, lamps: list[str]) -> None:
    from widgets.confirm import ConfirmScreen

    async with workstation(session, NARROW) as clerk:
        clerk.station.push_screen(ConfirmScreen("Really?", "All of it.", yes="Yes", word="weg"))
        await clerk.settle()
        await clerk.press("f1")
        assert "Choose" in clerk.screen
        await clerk.press("f1")
        assert clerk.asks == "Really?"


async def test_f1_of_a_form_behind_what_was_typed(session: Session, lamps: list[str]) -> None:
    from widgets.form import FormField, FormScreen

    async with workstation(session, NARROW) as clerk:
        clerk.station.push_screen(FormScreen("Form", [FormField("a", "A"), FormField("b", "B")]))
        await clerk.settle()
        await clerk.burst("x", "y", "f1")
        assert "Next field" in clerk.screen
        assert "Previous field" in clerk.screen
        await clerk.press("escape", "z")
        assert clerk.asks == "Form"
        assert "xyz" in clerk.screen


async def test_the_lock_has_no_help(session: Session) -> None:
    support.add_case(session)
    async with workstation(session) as clerk:
        await clerk.press("ctrl+l", "f1")
        assert clerk.area == "LockScreen"
