"""A short message above the status bar: what was done, or why it was not."""

from typing import ClassVar, Literal

from textual.timer import Timer

from widgets.lines import LinesView
from widgets.wrapping import Line

Kind = Literal["done", "refused", "failed"]
_SECONDS = 6.0
_LOOK: dict[Kind, tuple[str, str]] = {
    "done": ("✓", "good"),
    "refused": ("!", "warning"),
    "failed": ("✗", "error"),
}


class Toast(LinesView):
    """Shows one message at a time and goes by itself; never takes the focus or a key."""

    DEFAULT_CSS = """
    Toast {
        layer: above;
        dock: bottom;
        height: auto;
        max-height: 4;
        padding: 0 1;
        background: $panel;
        display: none;
    }
    """
    SECONDS: ClassVar[float] = _SECONDS

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None

    def say(self, kind: Kind, text: str, more: str = "", *, stay: bool = False) -> None:
        """Show a message; ``more`` stands behind it, muted (how to undo it).

        With ``stay`` it does not go by itself: something waits for the next key.
        """
        symbol, style = _LOOK[kind]
        line: Line = ((f"{symbol} ", style), (text, "strong"))
        if more:
            line = (*line, (f"  {more}", "muted"))
        self.set_lines([line])
        self.display = True
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not stay:
            self._timer = self.set_timer(self.SECONDS, self.clear)

    def clear(self) -> None:
        """Take the message away."""
        self.display = False

    @property
    def text(self) -> str:
        """What is being said, '' if nothing is."""
        if not self.display:
            return ""
        return "\n".join("".join(run[0] for run in line) for line in self.shown)
