"""What a terminal shows that is too small to work in."""

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen

from clerk.i18n import _
from widgets.lines import LinesView
from widgets.wrapping import Line

SMALLEST = Size(80, 24)


def too_small(size: Size, needed: Size = SMALLEST) -> bool:
    """Whether a terminal of this size cannot hold the workstation."""
    return size.width < needed.width or size.height < needed.height


def size_lines(size: Size, needed: Size) -> list[Line]:
    """Three lines that fit into 20x5."""
    return [
        ((_("Window too small"), "warning"),),
        ((_("Now: {width}x{height}").format(width=size.width, height=size.height), ""),),
        ((_("Needed: {width}x{height}").format(width=needed.width, height=needed.height), ""),),
    ]


class TooSmallScreen(ModalScreen[None]):
    """Covers everything and goes by itself as soon as the terminal is large enough."""

    DEFAULT_CSS = """
    TooSmallScreen { background: $background; }
    """

    def __init__(self, needed: Size = SMALLEST) -> None:
        super().__init__()
        self._needed = needed
        self._lines = LinesView()
        self._gone = False

    def compose(self) -> ComposeResult:
        """The sizes."""
        yield self._lines

    def on_resize(self, event: events.Resize) -> None:
        """Say the new size, or make room."""
        self._lines.set_lines(size_lines(event.size, self._needed))
        self._leave()

    def on_screen_resume(self) -> None:
        """What lay above has gone: perhaps the terminal has grown since."""
        self._leave()

    def _leave(self) -> None:
        # Only from the top: to dismiss a covered screen takes away the one above, such as the lock.
        if not self._gone and self.is_current and not too_small(self.app.size, self._needed):
            self._gone = True
            self.dismiss(None)
