"""The real workstation over a demo town that is always the same, for pictures of its screens.

Clock, seed, size and window are fixed, so the same program gives the same pictures. May import
everything; nothing imports it but the scripts beside it and the test of the handbook.
"""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console
from textual.app import App
from textual.pilot import Pilot

from clerk import clock, i18n
from clerk.demo.build import build
from clerk.session import Session, open_session, passphrase_source
from screens.app import Workstation
from screens.inbox import InboxScreen

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
ITEMS = 2_000


@contextmanager
def frozen_clock() -> Iterator[None]:
    """It is always the same morning."""
    real = clock.now
    clock.now = lambda: int(NOW.timestamp() * 1000)
    try:
        yield
    finally:
        clock.now = real


@contextmanager
def demo_town(items: int = ITEMS) -> Iterator[Session]:
    """The opened store of a demo town, in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build(home, passphrase_source(home), size=items, until=DAY)
        session = open_session(home, ask=passphrase_source(home))
        try:
            yield session
        finally:
            session.store.close()


@asynccontextmanager
async def station(session: Session, size: tuple[int, int]) -> AsyncIterator[Pilot[int]]:
    """The workstation of the demo's clerk, in German, in a window of ``size`` cells."""
    i18n.choose("de")
    async with Workstation(session).run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Type, and let the screen come to rest after each key."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def settled(pilot: Pilot[int]) -> None:
    """Everything painted, details of the record under the cursor included."""
    await pilot.pause()
    if isinstance(screen := pilot.app.screen, InboxScreen):
        screen.rested()
        await pilot.pause()


def as_text(app: App[int]) -> str:
    """What stands on the screen, one line per row, without the blanks at the ends."""
    width, height = app.size
    console = Console(width=width, height=height, file=StringIO(), record=True)
    # As Textual's own screenshots do: with what shows from under a question.
    stack = app._background_screens
    console.print(app.screen._compositor.render_update(full=True, screen_stack=stack))
    return "\n".join(line.rstrip() for line in console.export_text().splitlines()).rstrip()
