"""Styles for widgets that paint by the line API."""

from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget


def as_seen(widget: Widget, style: Style) -> Style:
    """The style as the terminal shall see it, with filters such as NO_COLOR's applied.

    Textual filters what its own renderers make, not the strips of a widget that overrides
    ``render_lines``.
    """
    segments = [Segment(" ", style)]
    for line_filter in widget.get_line_filters():
        segments = line_filter.apply(segments, widget.background_colors[1])
    return segments[0].style or style
