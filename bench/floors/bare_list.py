"""The floor of a list: Textual's line API over pages of a plain SQLite file. ``bare_list.py DB``.

The file is made by ``bench.stock``: table ``item`` with the ids 0 to n - 1 and no gaps, so that the
page of a line is known without counting.
"""

import sqlite3
import sys
from time import gmtime, strftime
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

PAGE = 256
PAGES_KEPT = 16
Row = tuple[int, int, str, str, str, float]


class Pages:
    """Rows by their line, read from the file a page at a time."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        (last,) = self._connection.execute("SELECT max(id) FROM item").fetchone()
        self.total: int = last + 1
        self._pages: dict[int, list[Row]] = {}

    def row(self, line: int) -> Row:
        number, offset = divmod(line, PAGE)
        page = self._pages.get(number)
        if page is None:
            if len(self._pages) >= PAGES_KEPT:
                del self._pages[next(iter(self._pages))]
            page = self._pages[number] = self._connection.execute(
                "SELECT id, ts, sender, subject, state, amount FROM item"
                " WHERE id >= ? ORDER BY id LIMIT ?",
                (number * PAGE, PAGE),
            ).fetchall()
        return page[offset]


class RowList(ScrollView, can_focus=True):
    """The rows, one line each, and a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]
    PLAIN = Style.parse("#dddddd on #1c1c1c")
    CURSOR = Style.parse("#ffffff on #005f87")

    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self.pages = pages
        self.cursor = 0
        self.virtual_size = Size(1, pages.total)

    def render_line(self, y: int) -> Strip:
        line, width = y + self.scroll_offset.y, self.size.width
        if line >= self.pages.total:
            return Strip.blank(width, self.PLAIN)
        number, ts, sender, subject, state, amount = self.pages.row(line)
        date = strftime("%d.%m.%Y %H:%M", gmtime(ts))
        text = f"{number:>8} {date} {sender:<12.12} {subject:<60.60} {state:<9} {amount:>9.2f}"
        style = self.CURSOR if line == self.cursor else self.PLAIN
        return Strip([Segment(text[:width].ljust(width), style)], width)

    def action_move(self, lines: int) -> None:
        self._go(self.cursor + lines)

    def action_first(self) -> None:
        self._go(0)

    def action_last(self) -> None:
        self._go(self.pages.total - 1)

    def action_page(self, pages: int) -> None:
        height = self.size.height
        self.cursor = self._inside(self.cursor + pages * height)
        self._scroll(min(self.scroll_offset.y + pages * height, self.pages.total - height))
        self.refresh()

    def _go(self, line: int) -> None:
        before, self.cursor = self.cursor, self._inside(line)
        top, height, width = self.scroll_offset.y, *reversed(self.size)
        if self.cursor < top:
            self._scroll(self.cursor)
        elif self.cursor >= top + height:
            self._scroll(self.cursor - height + 1)
        else:
            changed = (Region(0, line - top, width, 1) for line in (before, self.cursor))
            self.refresh(*changed)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, top), animate=False, force=True, immediate=True)

    def _inside(self, line: int) -> int:
        return max(0, min(self.pages.total - 1, line))


class BareList(App[None]):
    """The list and nothing else."""

    CSS = "RowList { scrollbar-size: 1 1; overflow-x: hidden; }"

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def compose(self) -> ComposeResult:
        yield RowList(Pages(self.path))

    def on_mount(self) -> None:
        self.query_one(RowList).focus()


if __name__ == "__main__":
    BareList(sys.argv[1]).run()
