"""Styles for widgets that paint by the line API.

Names of styles stand in one table over the theme's variables. As component classes Textual would
match every rule of every stylesheet for each of them, in every widget, three times before the
first paint: a tenth of a start.
"""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widget import Widget


class Look(NamedTuple):
    """Variables of the theme for the colours, '' for what the widget has; ``text_style`` in rich's
    words, or a variable with ``$``."""

    color: str = ""
    background: str = ""
    text_style: str = ""


LOOKS = {
    "title": Look("text-primary", text_style="bold"),
    "header": Look("text-primary", text_style="bold underline"),
    "strong": Look(text_style="bold"),
    "muted": Look("text-muted"),
    "accent": Look("text-accent"),
    "marked": Look("text-accent", text_style="bold"),
    "good": Look("text-success"),
    "warning": Look("text-warning"),
    "error": Look("text-error", text_style="bold"),
    "selected": Look(
        "block-cursor-foreground", "block-cursor-background", "$block-cursor-text-style"
    ),
    "left": Look("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
}


def style_of(widget: Widget, name: str) -> Style:
    """The style of a name of :data:`LOOKS` in a widget, as the terminal shall see it; '' is the
    widget's own."""
    if not name:
        return as_seen(widget, widget.rich_style)
    look, variables = LOOKS[name], widget.app.theme_variables
    _, _, background, color = widget.colors
    if look.background:
        background += Color.parse(variables[look.background])
    if look.color:
        color = _color(variables[look.color], background)
    text_style = look.text_style
    if text_style.startswith("$"):
        text_style = variables[text_style[1:]]
    style = widget.rich_style + Style.parse(text_style)
    style += Style.from_color((background + color).rich_color, background.rich_color)
    return as_seen(widget, style)


def _color(value: str, background: Color) -> Color:
    """A colour of a theme; ``auto 60%`` is black or white, whichever is seen better."""
    word, _, share = value.partition(" ")
    if word == "auto":
        return background.get_contrast_text(float(share.rstrip("%") or 100) / 100)
    return Color.parse(value)


def as_seen(widget: Widget, style: Style) -> Style:
    """The style with filters such as NO_COLOR's applied.

    Textual filters what its own renderers make, not the strips of a widget that overrides
    ``render_lines``.
    """
    segments = [Segment(" ", style)]
    for line_filter in widget.get_line_filters():
        segments = line_filter.apply(segments, widget.background_colors[1])
    return segments[0].style or style
