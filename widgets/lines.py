"""Prepared lines, painted by the line API: a bar of one row, or a pane that scrolls.

The only widget besides the record table on the first screen, so it imports little and does the
least: rows are made when they are painted, and setting the same lines again does nothing.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from clerk.i18n import N_
from widgets.painting import style_of
from widgets.wrapping import Line, Row, clip, wrap

Position = tuple[int, int]  # (line, row within the wrapped line)

ABOVE, BELOW = "▲", "▼"
_WHEEL_ROWS = 3
_KEPT_IN_SIGHT = 3  # lines: a heading and what stands below it
_MOST_LINES_KEPT = 512


class LinesView(Widget):
    """Lines of runs ``(text, style name)``; the names are those of ``painting.LOOKS``.

    ``wrap`` breaks long lines, otherwise they end in an ellipsis. ``scroll`` makes it a pane: it
    takes the focus, moves by row and page, and keeps a column for the marks that say that there
    is more above or below. Text is only text: it is made printable and never read as markup.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LinesView {
        width: 1fr;
        height: 1fr;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", N_("Down"), show=False, id="lines.down"),
        Binding("up,k", "move(-1)", N_("Up"), show=False, id="lines.up"),
        Binding("pagedown", "page(1)", N_("Page down"), show=False, id="lines.page_down"),
        Binding("pageup", "page(-1)", N_("Page up"), show=False, id="lines.page_up"),
        Binding("home", "to_start", N_("To the start"), show=False, id="lines.start"),
        Binding("end", "to_end", N_("To the end"), show=False, id="lines.end"),
    ]

    def __init__(
        self,
        lines: Sequence[Line] = (),
        *,
        wrap: bool = True,
        scroll: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = scroll
        self._wraps = wrap
        self._scrolls = scroll
        self._shown: list[Line] = list(lines)
        self._top: Position = (0, 0)
        self._width = -1
        self._rows: dict[int, _Rows] = {}
        self._styles_by_name: dict[str, Style] = {}

    # What is shown

    @property
    def shown(self) -> Sequence[Line]:
        """The lines as they were set."""
        return self._shown

    @property
    def top(self) -> Position:
        """The first row on screen, as ``(line, row within the line)``."""
        return self._top

    def set_lines(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show these lines, from the top unless ``keep_place``. The same lines cost nothing."""
        lines = list(lines)
        if lines == self._shown:
            if not keep_place and self._top != (0, 0):
                self._go((0, 0))
            return
        self._shown = lines
        self._rows.clear()
        self._top = min(self._top, self._last_top()) if keep_place else (0, 0)
        self.refresh(layout=self.is_attached and self.styles.auto_dimensions)

    def bring_into_sight(self, line: int) -> None:
        """Scroll as little as it takes until this line is on screen with the first behind it."""
        if line < self._top[0]:
            self._go((line, 0))
            return
        self._use_width(self.size.width)
        while self._top[0] < line:
            shown = range(self._top[0], min(line + _KEPT_IN_SIGHT, len(self._shown)))
            rows = sum(self._of(n).count() for n in shown)
            if rows - self._top[1] <= self.size.height:
                break
            self._go((self._top[0] + 1, 0))

    def is_at_end(self) -> bool:
        """Whether the last row is on screen."""
        return self._top >= self._last_top()

    # Moving

    def move_rows(self, rows: int) -> None:
        """Scroll by rows, down if positive; stops at both ends."""
        if rows > 0:
            place = self._top
            for _ in range(rows):
                following = self._after(place)
                if following is None:
                    break
                place = following
            self._go(min(place, max(self._top, self._last_top())))
        elif rows < 0:
            place = self._top
            for _ in range(-rows):
                before = self._before(place)
                if before is None:
                    break
                place = before
            self._go(place)

    def action_move(self, rows: int) -> None:
        """Scroll by rows."""
        self.move_rows(rows)

    def action_page(self, pages: int) -> None:
        """Scroll by pages; one row of the old page stays in sight."""
        self.move_rows(pages * max(1, self.size.height - 1))

    def action_to_start(self) -> None:
        """To the first row."""
        self._go((0, 0))

    def action_to_end(self) -> None:
        """To the last page."""
        self._go(self._last_top())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls a pane."""
        if self._scrolls:
            self.move_rows(_WHEEL_ROWS)
            event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls a pane."""
        if self._scrolls:
            self.move_rows(-_WHEEL_ROWS)
            event.stop()

    def on_resize(self) -> None:
        """A higher pane fills from above instead of showing nothing below the end."""
        if self._top != (0, 0):
            self._use_width(self.size.width)
            self._go(min(self._top, self._last_top()))

    def _go(self, place: Position) -> None:
        if place != self._top:
            self._top = place
            self.refresh()

    def _after(self, place: Position) -> Position | None:
        line, row = place
        if line < len(self._shown) and self._of(line).at(row + 1) is not None:
            return line, row + 1
        return (line + 1, 0) if line + 1 < len(self._shown) else None

    def _before(self, place: Position) -> Position | None:
        line, row = place
        if row > 0:
            return line, row - 1
        return (line - 1, self._of(line - 1).count() - 1) if line > 0 else None

    def _last_top(self) -> Position:
        """The top that brings the last row to the bottom."""
        rows = max(1, self.size.height)
        for line in range(len(self._shown) - 1, -1, -1):
            count = self._of(line).count()
            if count >= rows:
                return line, count - rows
            rows -= count
        return 0, 0

    # Painting

    def render(self) -> str:
        """Nothing: the rows come from :meth:`render_lines`."""
        return ""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows inside ``crop``; with a border or padding Textual's slower way is taken."""
        if self.styles.gutter:
            return super().render_lines(crop)
        strips = self._page()[crop.y : crop.bottom]
        width = self.size.width
        strips += [self._blank()] * (crop.height - len(strips))
        if crop.x or crop.width != width:
            return [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Row ``y`` of the content."""
        page = self._page()
        return page[y] if y < len(page) else self._blank()

    def notify_style_update(self) -> None:
        """A theme or a state changed: resolve the styles anew at the next paint."""
        if self._styles_by_name:
            self._styles_by_name.clear()
            self._rows.clear()
            self.refresh()
        super().notify_style_update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The rows all lines take, counted up to the height of the screen."""
        if not self._wraps:
            return len(self._shown)
        most = max(1, viewport.height)
        width = max(1, width - self._scrolls)
        rows = 0
        for line in self._shown:
            rows += sum(1 for _ in islice(wrap(line, width), most))
            if rows >= most:
                return most
        return rows

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The cells of the widest line, at most the container's."""
        widest = max((clip(line, container.width)[1] for line in self._shown), default=0)
        return min(container.width, widest + self._scrolls)

    def _page(self) -> list[Strip]:
        """The strips on screen, from the top; may be fewer than the rows of the widget."""
        self._use_width(self.size.width)
        height = self.size.height
        strips: list[Strip] = []
        line, row = self._top
        while line < len(self._shown) and len(strips) < height:
            rows = self._of(line)
            while len(strips) < height and (strip := rows.at(row)) is not None:
                strips.append(strip)
                row += 1
            if len(strips) < height:
                line, row = line + 1, 0
        if self._scrolls and strips and self._width > 1:
            more = line + 1 < len(self._shown) or (
                line < len(self._shown) and self._of(line).at(row) is not None
            )
            if self._top != (0, 0):
                strips[0] = self._marked(strips[0], ABOVE)
            if more:
                strips[-1] = self._marked(strips[-1], BELOW)
        return strips

    def _use_width(self, width: int) -> None:
        if width != self._width:
            self._width = width
            self._rows.clear()
            self._top = (self._top[0], 0)

    def _of(self, line: int) -> "_Rows":
        rows = self._rows.get(line)
        if rows is None:
            if len(self._rows) >= _MOST_LINES_KEPT:
                self._rows.clear()
            rows = self._rows[line] = _Rows(self._strips_of(self._shown[line]))
        return rows

    def _strips_of(self, line: Line) -> Iterator[Strip]:
        width = max(1, self._width - self._scrolls)
        if self._wraps:
            for row in wrap(line, width):
                yield self._strip(row)
        else:
            yield self._strip(clip(line, width))

    def _strip(self, row: Row) -> Strip:
        runs, cells = row
        known = self._styles_by_name
        segments = [Segment(text, known.get(name) or self._style(name)) for text, name in runs]
        width = self._width
        if cells < width:
            segments.append(Segment(" " * (width - cells), known.get("") or self._style("")))
        return Strip(segments, max(cells, width)).adjust_cell_length(width)

    def _blank(self) -> Strip:
        return Strip.blank(self.size.width, self._style(""))

    def _marked(self, strip: Strip, mark: str) -> Strip:
        """The strip with a mark in its last column, which wrapping has left free."""
        cut = strip.crop(0, self._width - 1)
        return Strip([*cut, Segment(mark, self._style("more"))], self._width)

    def _style(self, name: str) -> Style:
        """The style as the terminal shall see it, with filters such as NO_COLOR applied."""
        style = self._styles_by_name.get(name)
        if style is None:
            style = self._styles_by_name[name] = style_of(self, self._look(name))
        return style

    def _look(self, name: str) -> str:
        if name == "more":
            return "marked" if self.has_focus else "muted"
        return "marked" if name == "accent" and self.app.no_color else name


class _Rows:
    """The rows of one line, made only as far as they were asked for."""

    __slots__ = ("_made", "_rest")

    def __init__(self, rest: Iterator[Strip]) -> None:
        self._made: list[Strip] = []
        self._rest = rest

    def at(self, row: int) -> Strip | None:
        """Row ``row``, or ``None`` behind the last one."""
        made = self._made
        while len(made) <= row:
            strip = next(self._rest, None)
            if strip is None:
                return None
            made.append(strip)
        return made[row]

    def count(self) -> int:
        """How many rows the line has."""
        self._made.extend(self._rest)
        return len(self._made)
