"""The one table of the program: virtual, by keyset pages, the cursor on a record.

It never asks how many rows there are before the first ones are on screen, keeps a window of rows
in memory however far one goes, and repaints two lines when the cursor moves.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from clerk.i18n import N_
from widgets.columns import GAP, Column, cell, fold_widths
from widgets.painting import style_of
from widgets.window import Record, Source, Window

R = TypeVar("R", bound=Record)

_HEADER_ROWS = 1
_MOST_STRIPS = 256
_WHEEL_ROWS = 3
_AHEAD_PAGES = 2
_BURST_SECONDS = 0.2  # keys that follow each other faster are a burst
_REST_SECONDS = (0.02, 0.15)  # at least and at most
_TICK_SECONDS = 0.02
CURSOR_MARK, MARKED, UNMARKED = "▌", "●", " "


class RecordTable(Widget, Generic[R], can_focus=True):
    """Records of a :class:`Source` in folding columns.

    Movement keys are bindings here, for the help; the workstation calls :meth:`move` and its
    siblings directly, which is the short way from key to paint.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RecordTable {
        width: 1fr;
        height: 1fr;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", N_("Down"), show=False, id="table.down"),
        Binding("up,k", "move(-1)", N_("Up"), show=False, id="table.up"),
        Binding("pagedown", "page(1)", N_("Page down"), show=False, id="table.page_down"),
        Binding("pageup", "page(-1)", N_("Page up"), show=False, id="table.page_up"),
        Binding("home", "home", N_("To the start"), show=False, id="table.start"),
        Binding("end", "end", N_("To the end"), show=False, id="table.end"),
    ]

    class Moved(Message):
        """The cursor stands on another record, or on none, or there is something new of it.

        Sent when the cursor has been painted, so that what follows it (a preview) never delays it,
        and once more with ``resting`` when it has rested for a moment. In a burst of keys only the
        latter is sent: what the eye follows then is the cursor.
        """

        def __init__(self, *, resting: bool) -> None:
            super().__init__()
            self.resting = resting

    class Opened(Message):
        """A record was double-clicked."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        empty: str = "",
        row_style: Callable[[R], str] = lambda _row: "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._empty = empty
        self._row_style = row_style
        self._window: Window[R] = Window(None)
        self._top = 0  # the first row on screen, an index into the window
        self._marks: dict[str, None] = {}  # ids in the order of marking
        self._strips: dict[tuple[str, bool, bool], tuple[R, Strip]] = {}
        self._by_name: dict[str, Style] = {}
        self._widths: list[tuple[Column[R], int]] = []
        self._moved_at = 0.0
        self._rhythm = 0.0  # seconds between the keys of a burst, the slow ones remembered longer
        self._telling = False
        self._reading = False
        self._waiting = False
        self._rest: Timer | None = None

    # What is shown

    @property
    def current(self) -> R | None:
        """The record under the cursor: the one that a key acts on."""
        return self._window.current

    @property
    def position(self) -> int | None:
        """The cursor's place in the whole list from 0, None where it is not known."""
        return self._window.position

    @property
    def total(self) -> int | None:
        """The number of records in the list, None where it is not known."""
        return self._window.total

    @property
    def marked(self) -> tuple[str, ...]:
        """Ids of the marked records in the order they were marked."""
        return tuple(self._marks)

    def show(self, source: Source[R], *, at: R | None = None) -> None:
        """Show a list, from the top or around a record of it. Marks are dropped."""
        self._marks.clear()
        self._window = Window(source)
        self._window.load(at)
        self._settle()

    def reload(self, source: Source[R] | None = None, *, at: R | None = None) -> None:
        """Take in what is new, from another source where the list is read at once; the cursor
        stays on its record and its row, or goes to ``at``. Marks stay."""
        keep = at or self.current
        was_first = self._window.position == 0
        row = self._window.cursor - self._top
        if source is not None:
            self._window.source = source
        self._window.load(keep)
        self._top = 0 if was_first and at is None else max(0, self._window.cursor - row)
        self._settle(keep_top=True)

    def holds(self, record_id: str) -> bool:
        """Whether a record is in memory."""
        return any(row.id == record_id for row in self._window.rows)

    def put_cursor(self, record_id: str) -> bool:
        """The cursor to a record that is near it; False where that is not in memory."""
        place = next((i for i, r in enumerate(self._window.rows) if r.id == record_id), None)
        if place is not None:
            self.move(place - self._window.cursor)
        return place is not None

    def take_out(self, ids: Sequence[str]) -> None:
        """Records have left the list: the cursor stands on the next one by itself."""
        gone = set(ids)
        for one in gone & self._marks.keys():
            del self._marks[one]
        shift = self._window.remove(gone)
        self._top = max(0, self._top + shift)
        self._settle(keep_top=True)

    def replace(self, rows: Sequence[R]) -> None:
        """Records that stay in the list have changed."""
        self._window.replace({row.id: row for row in rows})
        self._strips.clear()
        self.refresh()
        self._tell()

    def newer(self, most: int) -> int:
        """How many records would come in above, at most ``most``."""
        return self._window.newer(most)

    def empty_text(self, text: str) -> None:
        """What stands in an empty list."""
        self._empty = text
        self.refresh()

    def _settle(self, *, keep_top: bool = False) -> None:
        self._strips.clear()
        self._widths = []
        if not keep_top:
            self._top = max(0, self._window.cursor - self._rows // 2)
        self._scroll_to_cursor()
        self.refresh()
        self._tell()

    # Moving

    @property
    def _rows(self) -> int:
        return max(1, self.size.height - _HEADER_ROWS)

    def move(self, by: int) -> None:
        """The cursor by rows, down if positive."""
        window, top = self._window, self._top
        before = window.cursor
        shift = window.move(by)
        self._top = top + shift
        self._after_move(before + shift, self._top)

    def page(self, pages: int) -> None:
        """The cursor and the page by whole pages."""
        window = self._window
        before = window.cursor
        shift = window.move(pages * self._rows)
        moved = window.cursor - before - shift
        top = self._top + shift
        self._top = max(0, min(top + moved, max(0, len(window.rows) - self._rows)))
        self._after_move(before + shift, top)

    def home(self) -> None:
        """To the first record."""
        self._window.first()
        self._top = 0
        self._after_move(-1, -1)

    def end(self) -> None:
        """To the last record."""
        self._window.last()
        self._after_move(-1, -1)

    def action_move(self, by: int) -> None:
        """The cursor by rows."""
        self.move(by)

    def action_page(self, pages: int) -> None:
        """The cursor by pages."""
        self.page(pages)

    def action_home(self) -> None:
        """To the first record."""
        self.home()

    def action_end(self) -> None:
        """To the last record."""
        self.end()

    def _after_move(self, before: int, top: int) -> None:
        self._scroll_to_cursor()
        if self._top != top:
            self.refresh()
        elif self._window.cursor != before:
            width = self.size.width
            for row in (before, self._window.cursor):
                self.refresh(Region(0, row - self._top + _HEADER_ROWS, width, 1))
        self._tell(by_key=True)
        if not self._reading and self._window.wants_ahead(_AHEAD_PAGES * self._rows):
            self._reading = True
            self.call_after_refresh(self._read_ahead)

    def _read_ahead(self) -> None:
        """Between two keys there is time to read what the next ones will show."""
        self._reading = False
        self._top += self._window.read_ahead(_AHEAD_PAGES * self._rows)

    def _scroll_to_cursor(self) -> None:
        cursor, rows = self._window.cursor, self._rows
        if cursor < self._top:
            self._top = cursor
        elif cursor >= self._top + rows:
            self._top = cursor - rows + 1
        shift = self._window.reach(self._top, rows)
        self._top += shift
        # Rows that left the list or a window that grew: no empty rows below while there are some
        # above, in memory or not.
        lowest = len(self._window.rows) - rows
        if self._top > lowest:
            self._top = max(0, lowest + self._window.reach(lowest, rows))

    def _tell(self, *, by_key: bool = False) -> None:
        now = monotonic()
        since = now - self._moved_at
        burst = by_key and since < _BURST_SECONDS
        self._rhythm = max(since, 0.9 * self._rhythm) if burst else _BURST_SECONDS
        self._moved_at = now
        self._waiting = True
        if self._rest is None:
            self._rest = self.set_interval(_TICK_SECONDS, self._look_for_rest)
        else:
            self._rest.resume()
        if not burst and not self._telling:
            self._telling = True
            self.call_after_refresh(self._send_moved)

    def _send_moved(self) -> None:
        self._telling = False
        self.post_message(self.Moved(resting=False))

    def _look_for_rest(self) -> None:
        """The cursor rests when no key came for more than twice the rhythm of the last ones: what
        follows it is then neither in the way of the next key nor late after a key held down."""
        least, most = _REST_SECONDS
        rest = min(most, max(least, 2.5 * self._rhythm))
        if monotonic() - self._moved_at >= rest:
            self.rest()

    def rest(self) -> None:
        """Say that the cursor rests, if that has not been said since it moved."""
        if self._waiting:
            self._waiting = False
            if self._rest is not None:
                self._rest.pause()
            self.post_message(self.Moved(resting=True))

    # Marks

    def toggle_mark(self) -> None:
        """Mark the record under the cursor or take its mark away, and go down."""
        current = self.current
        if current is None:
            return
        if current.id in self._marks:
            del self._marks[current.id]
        else:
            self._marks[current.id] = None
        self.refresh()
        self.move(1)
        self._tell()

    def mark_range(self) -> None:
        """Mark from the last marked record in the window to the cursor."""
        rows = self._window.rows
        places = {row.id: index for index, row in enumerate(rows)}
        last = next((places[m] for m in reversed(self._marks) if m in places), None)
        if last is None:
            self.toggle_mark()
            return
        low, high = sorted((last, self._window.cursor))
        self._marks.update(dict.fromkeys(row.id for row in rows[low : high + 1]))
        self.refresh()
        self._tell()

    def mark_all(self, most: int) -> int:
        """Mark everything in the list, at most ``most`` records; returns how many are marked."""
        self._marks.update(dict.fromkeys(self._window.ids(most)))
        self.refresh()
        self._tell()
        return len(self._marks)

    def clear_marks(self) -> None:
        """Take all marks away."""
        self.keep_marks(())

    def keep_marks(self, ids: Sequence[str]) -> None:
        """Take away the marks of all other records."""
        self._marks = {one: None for one in self._marks if one in set(ids)}
        self.refresh()
        self._tell()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a record, a second one opens it."""
        row = event.y - _HEADER_ROWS
        if row < 0 or self._top + row >= len(self._window.rows):
            return
        self.move(self._top + row - self._window.cursor)
        if event.chain > 1:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        self.move(_WHEEL_ROWS)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        self.move(-_WHEEL_ROWS)
        event.stop()

    # Painting

    def on_resize(self) -> None:
        """Columns fold anew, the cursor stays on screen."""
        self._strips.clear()
        self._widths = []
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        """A theme or a state changed: resolve the styles anew at the next paint."""
        if self._by_name:
            self._by_name.clear()
            self._strips.clear()
            self.refresh()
        super().notify_style_update()

    def render(self) -> str:
        """Nothing: the rows come from :meth:`render_lines`."""
        return ""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows inside ``crop``."""
        if self.styles.gutter:
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in range(crop.y, crop.bottom)]
        if crop.x or crop.width != self.size.width:
            return [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Row ``y``: 0 is the header."""
        width = self.size.width
        if not self._widths:
            shown = self._window.rows[self._top : self._top + self._rows]
            self._widths = fold_widths(self._columns, shown, width - len(CURSOR_MARK) - 1)
        if y < _HEADER_ROWS:
            return self._header(width)
        index = self._top + y - _HEADER_ROWS
        rows = self._window.rows
        if index >= len(rows):
            text = self._empty if not rows and y == _HEADER_ROWS + 1 else ""
            line = cell("  " + text, width)
            return Strip([Segment(line, self._style("muted"))], width)
        row = rows[index]
        key = (row.id, index == self._window.cursor, row.id in self._marks)
        painted, strip = self._strips.get(key, (None, None))
        if strip is None or painted is not row:  # read again, it may have changed meanwhile
            if len(self._strips) >= _MOST_STRIPS:
                self._strips.clear()
            strip = self._strip(row, key[1], key[2], width)
            self._strips[key] = (row, strip)
        return strip

    def _header(self, width: int) -> Strip:
        style = self._style("header")
        parts = [(" " * len(CURSOR_MARK) + " ")]
        parts += [cell(column.title(), size, column.right) + GAP for column, size in self._widths]
        return Strip([Segment("".join(parts), style)]).adjust_cell_length(width, style)

    def _strip(self, row: R, cursor: bool, marked: bool, width: int) -> Strip:
        base = "cursor" if cursor else "marked" if marked else self._row_style(row)
        style = self._style(base)
        lead = (CURSOR_MARK if cursor else " ") + (MARKED if marked else UNMARKED)
        segments = [Segment(lead, style)]
        for column, size in self._widths:
            text = cell(column.text(row), size, column.right) + GAP
            name = "" if cursor or marked or column.style is None else column.style(row)
            segments.append(Segment(text, self._style(name) if name else style))
        return Strip(segments).adjust_cell_length(width, style)

    def _style(self, name: str) -> Style:
        style = self._by_name.get(name)
        if style is None:
            style = self._by_name[name] = style_of(self, self._look(name))
        return style

    def _look(self, name: str) -> str:
        if name == "cursor":
            return "selected" if self.has_focus else "left"
        return name
