"""Questions before what is hard to take back."""

import pytest

from tests.widgets.asking import HOSTILE, SIZES, TINY, asking
from widgets.confirm import ConfirmScreen


def delete(word: str = "") -> ConfirmScreen:
    return ConfirmScreen(
        "Vorgang löschen",
        "Den Vorgang endgültig löschen?",
        details=["3 Dokumente", "1 Notiz"],
        yes="Löschen",
        word=word,
    )


@pytest.mark.parametrize("size", SIZES)
async def test_enter_at_once_is_a_no(size: tuple[int, int]) -> None:
    async with asking(delete(), size) as asked:
        for text in ("Vorgang löschen", "endgültig", "3 Dokumente", "1 Notiz", "›Cancel‹"):
            assert text in asked.text()
        await asked.press("enter")
        assert asked.result is False


async def test_escape_is_a_no() -> None:
    async with asking(delete()) as asked:
        await asked.press("escape")
        assert asked.result is False


@pytest.mark.parametrize("way", [["tab"], ["right"], ["tab", "left", "right"]])
async def test_yes_has_to_be_chosen(way: list[str]) -> None:
    async with asking(delete()) as asked:
        await asked.press(*way)
        assert "›Löschen‹" in asked.text()
        assert "›Cancel‹" not in asked.text()
        await asked.press("enter")
        assert asked.result is True


async def test_letters_answer_nothing() -> None:
    async with asking(delete()) as asked:
        await asked.press("y", "j", "z")
        assert asked.is_open


async def test_the_worst_kind_wants_a_word() -> None:
    async with asking(delete("LÖSCHEN")) as asked:
        assert "LÖSCHEN" in asked.text()
        await asked.press("tab", "enter")
        assert asked.is_open
        assert "✗" in asked.text()
        await asked.type("löschn")
        await asked.press("enter")
        assert asked.is_open
        assert "löschn" in asked.text()
        await asked.press("left")
        await asked.type("e")
        await asked.press("enter")
        assert asked.result is True


async def test_the_worst_kind_still_starts_on_cancel() -> None:
    async with asking(delete("LÖSCHEN")) as asked:
        await asked.press("enter")
        assert asked.result is False


@pytest.mark.parametrize("size", [*SIZES, TINY])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_only_text(text: str, size: tuple[int, int]) -> None:
    screen = ConfirmScreen(text, text, details=[text], yes=text, word=text[:10])
    async with asking(screen, size) as asked:
        asked.assert_only_text()
        await asked.press("tab", "enter")
        asked.assert_only_text()
        assert asked.is_open


async def test_a_long_question_does_not_push_the_answers_out_of_sight() -> None:
    screen = ConfirmScreen("?", "x" * 100_000, details=["y" * 100_000], yes="Ja")
    async with asking(screen) as asked:
        assert "›Cancel‹" in asked.text()
        assert "Ja" in asked.text()
