"""A short message over the status bar: what was done, or why it was not."""

from typing import ClassVar, Literal

from textual.timer import Timer

from widgets.lines import LinesView
from widgets.wrapping import FILL, Line, clip

Kind = Literal["done", "refused", "failed"]
_SECONDS = 5.0
_PADDING = 2  # cells beside the text
_LOOK: dict[Kind, tuple[str, str]] = {
    "done": ("✓", "good"),
    "refused": ("!", "warning"),
    "failed": ("✗", "error"),
}


class Toast(LinesView):
    """Shows one message at a time and goes by itself; never takes the focus or a key.

    What was done takes one row, so that nothing one works on is covered; a reason takes the rows
    it needs.
    """

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
        self._said: Line = ()
        self._more = ""
        self._one_row = False

    def say(
        self, kind: Kind, text: str, more: str = "", *, stay: bool = False, whole: bool = False
    ) -> None:
        """Show a message; ``more`` stands behind it, muted (how to undo it), and is never cut.

        With ``stay`` it does not go by itself: something waits for the next key. With ``whole``
        also what was done takes the rows it needs: a part of it was refused.
        """
        symbol, style = _LOOK[kind]
        self._said = ((f"{symbol} ", style), (text, "strong"))
        self._more = f"  {more}" if more else ""
        self._one_row = kind == "done" and not whole
        self._fit()
        self.display = True
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not stay:
            self._timer = self.set_timer(self.SECONDS, self.clear)

    def on_resize(self) -> None:
        """Another width cuts elsewhere."""
        super().on_resize()
        self._fit()

    def _fit(self) -> None:
        """On one row the text is cut, what stands behind it stays."""
        line: Line = (*self._said, (self._more, "muted")) if self._more else self._said
        width = max(1, self.app.size.width - _PADDING)
        if self._one_row and clip(line, width + 1)[1] > width:
            line = tuple(clip((*self._said, (FILL, ""), (self._more, "muted")), width)[0])
        self.set_lines([line] if line else [])

    def clear(self) -> None:
        """Take the message away."""
        self.display = False

    @property
    def text(self) -> str:
        """What is being said, '' if nothing is."""
        if not self.display:
            return ""
        return "\n".join("".join(run[0] for run in line) for line in self.shown)
