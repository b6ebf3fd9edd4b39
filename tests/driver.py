"""A clerk at the workstation: the real app, driven by keys, read from what is painted.

    async with workstation(session) as clerk:
        await clerk.split("Office")
        await clerk.select("Straßenlaterne")
        await clerk.do("Take")
        assert "Take" in clerk.toast

Nothing sleeps and nothing is timed: after each key every part of the app that could still have
something to do is asked to say when it is done.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from rich.segment import Segment
from textual import events
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from clerk.actions import ACTIONS, Action
from clerk.session import Session
from clerk.settings import Settings
from screens.app import Workstation
from screens.work import WorkScreen
from storage.store import Store, open_store
from tests import support
from widgets.lines import LinesView
from widgets.record_table import CURSOR_MARK, RecordTable
from widgets.wrapping import clip

WIDE, NARROW = (120, 40), (80, 24)
_ROUNDS = 8  # of messages that lead to messages: a key bubbles from a field up to its dialog
_MOST_ROWS = 500


class Clerk:
    """Keys in; what is on the screen out. Texts are as painted, so cut where they are cut."""

    def __init__(self, pilot: Pilot[int], station: Workstation) -> None:
        self._pilot = pilot
        self.station = station

    # Doing

    async def press(self, *keys: str) -> None:
        """Keys by Textual's names or as characters, one after the other."""
        for key in keys:
            self._send(key)
            await self.settle()

    def _send(self, key: str) -> None:
        character = key if len(key) == 1 else " " if key == "space" else None
        self.station.post_message(events.Key(_NAMES.get(key, key), character))

    async def burst(self, *keys: str) -> None:
        """Keys faster than anything can follow: all are there before the first is dealt with."""
        for key in keys:
            self._send(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Characters into a field."""
        await self.press(*text)

    async def paste(self, text: str) -> None:
        """Text from the clipboard, as a terminal sends it."""
        self.station.post_message(events.Paste(text))
        await self.settle()

    async def answer(self, text: str, key: str = "enter") -> None:
        """Put a text into the focused field at once, then press a key."""
        await self.paste(text)
        await self.press(key)

    async def do(self, title: str) -> None:
        """The first key of the action that is called so on this screen."""
        await self.press(*self.action(title).keys[0].split())

    async def split(self, title: str) -> None:
        """Go to a list of this area by its title."""
        for _ in range(5):
            if self.chosen_split.startswith(title):
                return
            await self.press("tab")
        raise AssertionError(f"no list {title}: {self.header}")

    async def select(self, text: str) -> None:
        """Put the cursor on the first record whose row holds the text."""
        await self.press("home")
        for _ in range(_MOST_ROWS):
            if text in self.cursor:
                return
            before = self.table.position
            await self.press("down")
            if self.table.position == before:
                break
        raise AssertionError(f"no row with {text!r}:\n{self.screen}")

    async def resize(self, width: int, height: int) -> None:
        """Another size of the terminal."""
        await self._pilot.resize_terminal(width, height)
        await self.settle()

    async def look_up(self) -> None:
        """The workstation's regular look at what others have written, and at the time."""
        self.station.watch_others()
        await self.settle()

    async def settle(self) -> None:
        """Until nothing is left to be done."""
        for _ in range(_ROUNDS):
            if self.station._exit:  # on its way out: nobody answers any more
                return
            await self._everybody_idle()
            for screen in self.station.screen_stack:
                for table in screen.query(RecordTable):
                    table.rest()
            while (
                self.station._batch_count and not self.station._exit
            ):  # Textual holds painting back while an area opens
                await asyncio.sleep(0.001)
            self.station.screen._on_timer_update()  # lay out and paint now, not in 1/60 s
            if self.station.workers:
                await self.station.workers.wait_for_complete(
                    [one for one in self.station.workers if not one.is_finished]
                )

    async def _everybody_idle(self) -> None:
        """Each message queue has come to what was put in last; a closed one has nothing to do."""
        waiting: list[tuple[MessagePump, asyncio.Event]] = []
        for screen in self.station.screen_stack:
            for node in (self.station, *screen.walk_children(with_self=True)):
                done = asyncio.Event()
                if node.is_running and node.call_later(done.set):
                    waiting.append((node, done))
        for pump, done in waiting:
            while not done.is_set() and pump.is_running and not self.station._exit:
                if self.station._exception is not None:
                    raise self.station._exception
                await asyncio.sleep(0)

    # Reading

    @property
    def work(self) -> WorkScreen:
        """The work area on screen."""
        work = self.station.work
        assert work is not None
        return work

    @property
    def table(self) -> RecordTable[object]:  # type: ignore[type-var]  # of whatever rows
        """The table of the work area."""
        return self.work.query_one(RecordTable)

    @property
    def strips(self) -> list[Strip]:
        """What is painted, with its styles."""
        strips: list[Strip] = self.station.screen._compositor.render_strips()
        return strips

    @property
    def segments(self) -> Iterator[Segment]:
        """What is painted, piece by piece."""
        return (segment for strip in self.strips for segment in strip)

    @property
    def painted(self) -> list[str]:
        """The rows on screen."""
        return ["".join(segment.text for segment in strip) for strip in self.strips]

    @property
    def screen(self) -> str:
        """The whole screen."""
        return "\n".join(self.painted)

    @property
    def header(self) -> str:
        """The line at the top."""
        return self.text_of("#head")

    @property
    def footer(self) -> str:
        """The keys and the status bar, also while a message stands over it."""
        foot = self.work.query_one("#foot", LinesView)
        rows = (clip(line, foot.size.width)[0] for line in foot.shown)
        return "\n".join("".join(text for text, _style in row).rstrip() for row in rows)

    @property
    def toast(self) -> str:
        """What is being said."""
        return self.work.toast.text

    @property
    def cursor(self) -> str:
        """The row of the table under the cursor, '' where there is none."""
        return next((row for row in self.rows if row.startswith(CURSOR_MARK)), "")

    @property
    def rows(self) -> list[str]:
        """The rows of the table that hold a record, header apart."""
        region = self.table.region
        rows = self.painted[region.y + 1 : region.bottom]
        cut = [row[region.x : region.right] for row in rows]
        return cut[: len(self.table._window.rows)]

    @property
    def chosen_split(self) -> str:
        """The list that the header shows as chosen."""
        head = self.work.query_one("#head", LinesView)
        return next((run[0].strip() for run in head.shown[0] if run[1] == "selected"), "")

    @property
    def asks(self) -> str:
        """The heading of the dialog on top, '' without one."""
        headings = self.station.screen.query(".dialog--heading").results(LinesView)
        return next((line[0][0] for view in headings for line in view.shown), "")

    @property
    def area(self) -> str:
        """The class of the screen on top."""
        return type(self.station.screen).__name__

    def text_of(self, selector: str) -> str:
        """What a part of the work area shows, line by line."""
        widget = self.station.screen.query(selector).results(Widget)
        region = next(one.region for one in widget)
        rows = self.painted[region.y : region.bottom]
        return "\n".join(row[region.x : region.right].rstrip() for row in rows)

    def action(self, title: str) -> Action:
        """The action of this screen with a title, the area's own first."""
        here = self.work.PLACES
        found = [one for one in ACTIONS if one.title == title and one.place in here]
        assert found, title
        return max(found, key=lambda one: here.index(one.place))

    def styles_of(self, text: str) -> list[str]:
        """The styles of the painted pieces that hold the text."""
        return [str(segment.style) for segment in self.segments if text in segment.text]


_NAMES = {
    "/": "slash", ":": "colon", "?": "question_mark", "#": "number_sign", "+": "plus",
    "-": "minus", ".": "full_stop", ",": "comma", " ": "space",
}  # fmt: skip


@asynccontextmanager
async def workstation(
    session: Session, size: tuple[int, int] = WIDE, settings: Settings | None = None
) -> AsyncIterator[Clerk]:
    """The workstation over an opened store, without a terminal."""
    station = Workstation(session, settings)
    async with station.run_test(size=size) as pilot:
        clerk = Clerk(pilot, station)
        await clerk.settle()
        yield clerk


@contextmanager
def colleague(session: Session) -> Iterator[Store]:
    """The same store through a connection of its own, as another program has it."""
    store = open_store(session.home, support.make_key(session.home), clock=session.store.clock)
    yield store
    store.close()
