"""A tiny real app around one screen: keys in, what is on the screen and the result out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

Result = TypeVar("Result")

SIZES = [(80, 24), (120, 40)]
TINY = (20, 5)
UMLAUTS = "äöüÄÖÜß#+-.,<"
HOSTILE = [
    "[/nope]",
    "[@click=app.quit]x[/]",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "nul\0nul",
    "\x9b31m",
    "wide 日本語 e\u0301 ❤️",
    "lines\nand\r\nmore\ttabs",
    "x" * 100_000,
    "\x1b" * 100_000,
    "e" + "\u0301" * 100_000,
]


class Asked(Generic[Result]):
    """A screen on top of an app under test."""

    def __init__(self, pilot: Pilot[None], screen: Screen[Result]) -> None:
        self._pilot = pilot
        self.app = pilot.app
        self.screen = screen
        self.results: list[Result | None] = []

    @property
    def result(self) -> Result | None:
        """What the screen ended with, exactly once."""
        assert len(self.results) == 1
        return self.results[0]

    @property
    def is_open(self) -> bool:
        """Whether the screen is still asking."""
        return self.app.screen is self.screen

    async def press(self, *keys: str) -> None:
        await self._pilot.press(*keys)
        await self._pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self._pilot.pause()

    async def click(self, widget: Widget, offset: tuple[int, int]) -> None:
        await self._pilot.click(widget, offset=offset)
        await self._pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        await self._pilot.resize_terminal(width, height)
        await self._pilot.pause()

    def text(self) -> str:
        """What is on the screen, row by row."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    def assert_only_text(self) -> None:
        """Nothing on the screen could command a terminal, and every row fits."""
        for row in self.text().split("\n"):
            assert row.isprintable()
        width, _ = self.app.size
        for strip in self.app.screen._compositor.render_strips():
            assert strip.cell_length == width


@asynccontextmanager
async def asking(
    screen: Screen[Result], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Asked[Result]]:
    """Push ``screen`` onto an empty app and drive it."""
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        asked = Asked(pilot, screen)
        await app.push_screen(screen, asked.results.append)
        await pilot.pause()
        yield asked
