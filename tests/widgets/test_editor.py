"""Texts of several lines, and the drafts that are never lost."""

import asyncio

import pytest

from tests.widgets.asking import HOSTILE, SIZES, TINY, UMLAUTS, asking
from widgets.editor import EditorScreen

LONG = 3600.0  # seconds: no pause ends within a test


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["f9", "ctrl+enter"])
async def test_it_saves(size: tuple[int, int], key: str) -> None:
    async with asking(EditorScreen("Notiz", initial="eins\nzwei"), size) as asked:
        assert "Notiz" in asked.text()
        await asked.press("enter")
        await asked.type(UMLAUTS)
        await asked.press(key)
        assert asked.result == f"eins\nzwei\n{UMLAUTS}"


async def test_the_pause_keeps_a_draft() -> None:
    kept: asyncio.Queue[str] = asyncio.Queue()
    screen = EditorScreen("Notiz", on_pause=kept.put_nowait, pause_seconds=0.01)
    async with asking(screen) as asked:
        await asked.type("ab")
        draft = ""
        while draft != "ab":
            draft = await asyncio.wait_for(kept.get(), 30)
        assert asked.is_open


async def test_escape_keeps_the_draft_at_once() -> None:
    kept: list[str] = []
    screen = EditorScreen("Notiz", on_pause=kept.append, pause_seconds=LONG)
    async with asking(screen) as asked:
        await asked.type("halb")
        assert kept == []
        await asked.press("escape")
        assert asked.results == [None]
    assert kept == ["halb"]


async def test_a_screen_taken_away_keeps_the_draft() -> None:
    kept: list[str] = []
    screen = EditorScreen("Notiz", on_pause=kept.append, pause_seconds=LONG)
    async with asking(screen) as asked:
        await asked.type("halb")
    assert kept == ["halb"]


async def test_nothing_typed_is_no_draft() -> None:
    kept: list[str] = []
    screen = EditorScreen("Notiz", initial="da", on_pause=kept.append, pause_seconds=LONG)
    async with asking(screen) as asked:
        await asked.press("escape")
    assert kept == []


async def test_a_saved_text_leaves_no_draft() -> None:
    kept: list[str] = []
    screen = EditorScreen("Notiz", on_pause=kept.append, pause_seconds=LONG)
    async with asking(screen) as asked:
        await asked.type("fertig")
        await asked.press("f9")
        assert asked.result == "fertig"
    assert kept == []


async def test_a_refused_text_stays_and_says_why() -> None:
    def check(text: str) -> str | None:
        return None if text.strip() else "Die Notiz ist leer."

    async with asking(EditorScreen("Notiz", check=check)) as asked:
        await asked.press("space", "f9")
        assert asked.is_open
        assert "✗ Die Notiz ist leer." in asked.text()
        await asked.type("x")
        assert "leer" not in asked.text()
        await asked.press("f9")
        assert asked.result == " x"


@pytest.mark.parametrize("size", [(80, 24), TINY])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_only_text(text: str, size: tuple[int, int]) -> None:
    screen = EditorScreen(text, initial=text[:2000], check=lambda _text: text)
    async with asking(screen, size) as asked:
        asked.assert_only_text()
        await asked.paste(text[:2000])
        await asked.press("f9")
        asked.assert_only_text()
        assert asked.is_open
        pane = screen.query_one("TextPane")
        assert pane is asked.app.focused
        assert all(line.isprintable() for line in screen._pane.text.split("\n"))


async def test_pasted_lines_stay_lines() -> None:
    async with asking(EditorScreen("Notiz")) as asked:
        await asked.paste("eins\r\nzwei\x1b[31m\n")
        await asked.press("f9")
        assert asked.result == "eins\nzwei\ufffd[31m\n"
