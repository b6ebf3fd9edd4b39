"""What is painted, as eyes see it: for each piece of text its two colours and their contrast.

The ratio is that of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): 1 to 21.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

RGB = tuple[float, float, float]
# Terminals paint "dim" between half and two thirds of the way to the background.
_DIM = 0.5
# Frames and blocks are no text: what they say (where a box ends, where the cursor stands) is said
# by the text in them too. Blank cells show no foreground at all.
_DECORATION = frozenset(map(chr, range(0x2500, 0x25A0)))


@dataclass(frozen=True)
class Piece:
    """A text on screen in one style, ``row`` and ``column`` from 0, its colours as seen."""

    text: str
    row: int
    column: int
    front: RGB
    back: RGB
    style: Style

    @property
    def ratio(self) -> float:
        """How much the text stands out, 1 to 21."""
        high, low = sorted((_luminance(self.front), _luminance(self.back)), reverse=True)
        return (high + 0.05) / (low + 0.05)


def pieces(strips: Iterable[Strip], inside: Region | None = None) -> Iterator[Piece]:
    """The texts on screen without frames and blanks; of those that begin in a region, if given.

    Raises ValueError for a colour that only the terminal knows.
    """
    for row, strip in enumerate(strips):
        column = 0
        for segment in strip:
            text = "".join(" " if one in _DECORATION else one for one in segment.text)
            if text.strip() and (inside is None or inside.contains(column, row)):
                yield _piece(text, row, column, segment)
            column += segment.cell_length


def _piece(text: str, row: int, column: int, segment: Segment) -> Piece:
    style = segment.style or Style()
    front, back = _rgb(style.color), _rgb(style.bgcolor)
    if style.reverse:
        front, back = back, front
    if style.dim:
        front = _between(back, front, _DIM)
    return Piece(text, row, column, front, back, style)


def _rgb(color: Color | None) -> RGB:
    if color is None or color.triplet is None:
        raise ValueError(f"{color}: only the terminal knows how this looks")
    red, green, blue = color.triplet
    return (red / 255, green / 255, blue / 255)


def _between(low: RGB, high: RGB, share: float) -> RGB:
    red, green, blue = (a + (b - a) * share for a, b in zip(low, high, strict=True))
    return (red, green, blue)


def _luminance(color: RGB) -> float:
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
