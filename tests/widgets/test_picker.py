"""Picking one of few or of very many."""

from collections.abc import Sequence

import pytest
from textual.events import Key

from tests.widgets.asking import HOSTILE, SIZES, TINY, UMLAUTS, asking
from widgets.choices import Choice
from widgets.picker import PickerScreen

OFFICES = [
    Choice("buerger", "Bürgeramt", "Pässe, Meldungen", "12"),
    Choice("strasse", "Straßenamt", "Laternen, Löcher", "3"),
    Choice("ordnung", "Ordnungsamt", "Parken", "7"),
    Choice("kita", "Kita-Stelle", disabled_reason="Das Amt ist heute nicht besetzt."),
]


@pytest.mark.parametrize("size", SIZES)
async def test_all_choices_are_shown(size: tuple[int, int]) -> None:
    async with asking(PickerScreen("Amt", OFFICES), size) as asked:
        for text in ("Amt", "Bürgeramt", "Laternen, Löcher", "× Kita-Stelle", "4 of 4"):
            assert text in asked.text()


async def test_enter_takes_the_first() -> None:
    async with asking(PickerScreen("Amt", OFFICES)) as asked:
        await asked.press("enter")
        assert asked.result == "buerger"


async def test_typing_narrows_in_text_and_detail() -> None:
    async with asking(PickerScreen("Amt", OFFICES)) as asked:
        await asked.type("amt lat")
        assert "Straßenamt" in asked.text()
        assert "Bürgeramt" not in asked.text()
        await asked.press("enter")
        assert asked.result == "strasse"


async def test_enter_right_behind_the_last_letter_belongs_to_what_was_typed() -> None:
    screen = PickerScreen("Amt", OFFICES)
    async with asking(screen) as asked:
        # Both before the field's own message has been handled.
        screen._field.value = "ordn"
        screen._field.post_message(Key("enter", None))
        await asked.press()
        assert asked.result == "ordnung"


async def test_arrows_move_and_stop_at_the_ends() -> None:
    async with asking(PickerScreen("Amt", OFFICES)) as asked:
        await asked.press("up", "down", "down", "enter")
        assert asked.result == "ordnung"


async def test_a_digit_takes_the_row_only_while_the_field_is_empty() -> None:
    async with asking(PickerScreen("Amt", OFFICES)) as asked:
        assert "2 Straßenamt" in asked.text()
        await asked.press("2")
        assert asked.result == "strasse"
    houses = [Choice("a", "Hof 1"), Choice("b", "Hof 2")]
    async with asking(PickerScreen("Haus", houses)) as asked:
        await asked.type("Hof 2")
        assert asked.is_open
        await asked.press("enter")
        assert asked.result == "b"


async def test_a_digit_without_a_row_says_so() -> None:
    async with asking(PickerScreen("Amt", OFFICES)) as asked:
        await asked.press("9")
        assert asked.is_open
        assert "✗" in asked.text()
        await asked.press("0")
        assert asked.is_open


async def test_the_pinned_row_stands_first_and_the_cursor_on_the_next() -> None:
    def screen() -> PickerScreen[str]:
        return PickerScreen("Vorgang", OFFICES, pinned=Choice("new", "neuer Vorgang"))

    async with asking(screen()) as asked:
        assert "0 neuer Vorgang" in asked.text()
        await asked.press("0")
        assert asked.result == "new"
    async with asking(screen()) as asked:
        await asked.press("enter")
        assert asked.result == "buerger"
    async with asking(screen()) as asked:
        await asked.press("1")
        assert asked.result == "buerger"
    async with asking(screen()) as asked:
        await asked.type("gibt es nicht")
        assert "neuer Vorgang" in asked.text()
        await asked.press("enter")
        assert asked.result == "new"


async def test_a_disabled_row_says_why() -> None:
    async with asking(PickerScreen("Amt", OFFICES)) as asked:
        await asked.type("kita")
        await asked.press("enter")
        assert asked.is_open
        assert "✗ Das Amt ist heute nicht besetzt." in asked.text()
        await asked.press("escape")
        assert asked.results == [None]


async def test_nothing_found_takes_nothing() -> None:
    async with asking(PickerScreen("Amt", OFFICES)) as asked:
        await asked.type(UMLAUTS)
        assert "0 of 4" in asked.text()
        await asked.press("enter")
        assert asked.is_open


@pytest.mark.parametrize("size", SIZES)
async def test_many_choices_are_paged(size: tuple[int, int]) -> None:
    many = [Choice(n, f"Zeile {n}") for n in range(100_000)]
    screen = PickerScreen("Viele", many)
    async with asking(screen, size) as asked:
        page = screen._list.size.height - 1
        assert page > 5
        await asked.press("pagedown", "pagedown")
        assert f"› {' ' * 2}Zeile {2 * page}" in asked.text()
        await asked.press("pageup")
        await asked.press("enter")
        assert asked.result == page


async def test_a_store_is_asked_with_what_is_typed() -> None:
    asked_for: list[str] = []

    def search(query: str) -> Sequence[Choice[int]]:
        asked_for.append(query)
        return [Choice(n, f"{query} {n}") for n in range(50 if query == "a" else 2)]

    screen = PickerScreen("Vorgang", search=search, limit=50)
    async with asking(screen) as asked:
        await asked.type("a")
        assert "50+ hits" in asked.text()
        await asked.type("b")
        assert "2 hits" in asked.text()
        await asked.press("down", "enter")
        assert asked.result == 1
    assert asked_for == ["", "a", "ab"]


async def test_a_click_takes_a_row() -> None:
    screen = PickerScreen("Amt", OFFICES)
    async with asking(screen) as asked:
        await asked.click(screen._list, (5, 1))
        assert asked.result == "strasse"


@pytest.mark.parametrize("size", [*SIZES, TINY])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_only_text(text: str, size: tuple[int, int]) -> None:
    choices = [Choice(1, text, text, text, text), Choice(2, text, text, text)]
    screen = PickerScreen(
        text, choices, pinned=Choice(0, text), placeholder=text, initial=text[:100]
    )
    async with asking(screen, size) as asked:
        asked.assert_only_text()
        await asked.press("enter")
        await asked.press("ctrl+u", "down", "up", "enter")
        asked.assert_only_text()
