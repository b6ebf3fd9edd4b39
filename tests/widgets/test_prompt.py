"""One line, asked and answered."""

import pytest

from tests.widgets.asking import HOSTILE, SIZES, TINY, UMLAUTS, asking
from widgets.prompt import PromptScreen


def not_a_number(text: str) -> str | None:
    return None if text.isdigit() else "Das ist keine Zahl."


@pytest.mark.parametrize("size", SIZES)
async def test_enter_gives_what_was_typed(size: tuple[int, int]) -> None:
    screen = PromptScreen("Umbenennen", label="Name", initial="Müller")
    async with asking(screen, size) as asked:
        assert "Umbenennen" in asked.text()
        assert "Müller" in asked.text()
        await asked.type("-Lüdenß")
        await asked.press("enter")
        assert asked.result == "Müller-Lüdenß"


async def test_keys_of_a_german_keyboard_arrive() -> None:
    async with asking(PromptScreen("Text")) as asked:
        await asked.type(UMLAUTS)
        await asked.press("enter")
        assert asked.result == UMLAUTS


async def test_escape_gives_nothing() -> None:
    async with asking(PromptScreen("Text", initial="da")) as asked:
        await asked.press("escape")
        assert asked.results == [None]


async def test_an_error_shows_while_typing_and_keeps_the_text() -> None:
    async with asking(PromptScreen("Anzahl", label="Zahl", check=not_a_number)) as asked:
        assert "keine Zahl" not in asked.text()
        await asked.type("x1")
        assert "✗ Das ist keine Zahl." in asked.text()
        await asked.press("enter")
        assert asked.is_open
        assert "x1" in asked.text()
        await asked.press("home", "delete")
        assert "keine Zahl" not in asked.text()
        await asked.press("enter")
        assert asked.result == "1"


async def test_an_empty_answer_is_blamed_only_on_enter() -> None:
    async with asking(PromptScreen("Anzahl", check=not_a_number)) as asked:
        await asked.press("enter")
        assert asked.is_open
        assert "keine Zahl" in asked.text()


async def test_the_hint_says_what_the_text_means() -> None:
    async with asking(PromptScreen("Frist", hint=lambda text: f"heißt {text.upper()}")) as asked:
        assert "heißt" not in asked.text()
        await asked.type("3t")
        assert "→ heißt 3T" in asked.text()


async def test_two_enters_at_once_close_only_this_screen() -> None:
    below = PromptScreen("unten")
    async with asking(below) as asked:
        above = PromptScreen("oben")
        answers: list[str | None] = []
        await asked.app.push_screen(above, answers.append)
        above.answer("eins")
        above.answer("zwei")
        await asked.press()
        assert answers == ["eins"]
        assert asked.is_open


async def test_a_password_is_not_shown() -> None:
    async with asking(PromptScreen("Passwort", password=True)) as asked:
        await asked.type("geheim")
        assert "geheim" not in asked.text()
        await asked.press("enter")
        assert asked.result == "geheim"


@pytest.mark.parametrize("size", [*SIZES, TINY])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_only_text(text: str, size: tuple[int, int]) -> None:
    for initial in ("", text[:1000]):
        screen = PromptScreen(
            text,
            label=text,
            placeholder=text,
            initial=initial,
            check=lambda _typed: text,
            hint=lambda _typed: text,
        )
        async with asking(screen, size) as asked:
            asked.assert_only_text()
            await asked.press("enter")
            asked.assert_only_text()
            assert asked.is_open


async def test_hostile_titles_do_not_push_the_field_out_of_sight() -> None:
    async with asking(PromptScreen("x" * 100_000, check=lambda _typed: "y" * 100_000)) as asked:
        await asked.type("Z")
        assert "Z" in asked.text()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_pasted_text_becomes_printable(text: str) -> None:
    async with asking(PromptScreen("Text")) as asked:
        await asked.paste(text)
        asked.assert_only_text()
        await asked.press("enter")
        assert asked.result is not None
        assert asked.result.isprintable()


async def test_pasted_lines_are_joined_and_none_is_dropped() -> None:
    async with asking(PromptScreen("Text", initial=">")) as asked:
        await asked.paste("eins\r\nzwei\n\ndrei\tvier\n")
        await asked.press("enter")
        assert asked.result == ">eins zwei drei vier"
