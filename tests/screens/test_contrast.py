"""Contrast, computed from what is painted: 4.5:1 everywhere, 7:1 in ``kontrast``.

The theme ``terminal`` leaves its colours to the terminal; ``test_no_color.py`` looks at it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from clerk.session import Session
from tests.driver import NARROW, WIDE, Clerk, workstation
from tests.painted import pieces
from tests.screens.places import PLACES
from widgets.choices import Choice
from widgets.confirm import ConfirmScreen
from widgets.editor import EditorScreen
from widgets.field import Entry
from widgets.form import FormChoice, FormField, FormScreen
from widgets.picker import PickerScreen
from widgets.prompt import PromptScreen

LEAST = {"dunkel": 4.5, "hell": 4.5, "kontrast": 7.0}
both_sizes = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


@both_sizes
@pytest.mark.parametrize("name", PLACES)
async def test_every_place(place: Session, name: str, size: tuple[int, int]) -> None:
    async with workstation(place, size) as clerk:
        await clerk.press(*PLACES[name])
        await assert_contrast(clerk)


def _choice(disabled: bool = False) -> Choice[str]:
    reason = "darf nicht" if disabled else None
    return Choice("a", "Bauhof", "Straßen", "Tiefbau", disabled_reason=reason)


def _wrong(text: str) -> Entry:
    return Entry(text, error="kein Datum")


# Dialogs and their states that no key of PLACES leads to.
QUESTIONS: dict[str, tuple[Callable[[], Screen[Any]], tuple[str, ...]]] = {
    "confirm": (lambda: ConfirmScreen("Weg?", "Alles?", details=["2"], yes="Ja"), ()),
    "confirm_yes": (lambda: ConfirmScreen("Weg?", "Alles?", yes="Ja"), ("tab",)),
    "word": (
        lambda: ConfirmScreen("Weg?", "Alles?", yes="Ja", word="weg"),
        ("shift+tab", "a", "enter"),
    ),
    "form": (
        lambda: FormScreen(
            "Antrag",
            [
                FormField("one", "Tag", placeholder="3t", read=_wrong),
                FormField("two", "Name", placeholder="leer"),
                FormChoice("three", "Amt", [_choice(), _choice(disabled=True)]),
            ],
        ),
        ("x", "f9", "enter", "enter", "down"),
    ),
    "editor": (
        lambda: EditorScreen("Notiz", check=lambda _text: "zu kurz"),
        ("a", "shift+left", "f9"),
    ),
    "picker": (
        lambda: PickerScreen("Wem?", [_choice(disabled=True), _choice()]),
        ("enter",),
    ),
    "prompt": (
        lambda: PromptScreen("Wann", label="Tag", initial="3t"),
        ("shift+home",),
    ),
}


@both_sizes
@pytest.mark.parametrize("name", QUESTIONS)
async def test_every_question(session: Session, name: str, size: tuple[int, int]) -> None:
    make, keys = QUESTIONS[name]
    async with workstation(session, size) as clerk:
        clerk.station.push_screen(make())
        await clerk.settle()
        await clerk.press(*keys)
        await assert_contrast(clerk)


@pytest.mark.parametrize("kind", ["done", "refused", "failed"])
async def test_what_is_said(session: Session, kind: str) -> None:
    async with workstation(session) as clerk:
        clerk.work.toast.say(kind, "Abgelegt", "z nimmt zurück")  # type: ignore[arg-type]
        await assert_contrast(clerk)


async def test_a_window_that_is_too_small(session: Session) -> None:
    async with workstation(session, (20, 5)) as clerk:
        await assert_contrast(clerk)


async def test_a_wrong_passphrase(session: Session) -> None:
    async with workstation(session) as clerk:
        await clerk.press("ctrl+l", "x")
        await assert_contrast(clerk)
        await clerk.press("enter")
        await assert_contrast(clerk)


async def assert_contrast(clerk: Clerk) -> None:
    """In each theme of ours each text on screen stands out enough from what is behind it."""
    assert clerk.screen.strip()
    for theme, least in LEAST.items():
        clerk.station.theme = theme
        await clerk.settle()
        bad = {
            f"{one.ratio:.2f}:1 {one.text.strip()[:30]!r} at {one.row},{one.column}: {one.style}"
            for one in pieces(clerk.strips)
            if one.ratio < least
        }
        assert not bad, theme + "\n" + "\n".join(sorted(bad))
