"""A photo where the terminal can show one, else nothing: the caller says in words what it is.

The terminal is never asked what it can do: an answer would come among the keys. Kitty and those
that know sixels say by their environment who they are; any other shows half cells in its colours.
"""

import io
import os
import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL.Image import Image

_LARGEST = 100_000_000  # pixels: more is no photo of a field device
_SIXEL = {"WezTerm", "iTerm.app", "mintty", "contour", "BlackBox"}
_NO_PICTURES = {"dumb", "linux", "vt100", "vt220"}
_CELL = (10, 20)  # pixels, where the terminal does not say


def kind_of(environment: "Mapping[str, str]") -> str:
    """``tgp``, ``sixel``, ``halfcell``, or '' where no picture can be shown."""
    terminal = environment.get("TERM", "")
    if environment.get("NO_COLOR") or terminal in _NO_PICTURES or not terminal:
        return ""
    if terminal == "xterm-kitty" or "KITTY_WINDOW_ID" in environment:
        return "tgp"
    if environment.get("TERM_PROGRAM") in _SIXEL or terminal.startswith(("foot", "mlterm")):
        return "sixel"
    return "halfcell"


def opened(data: bytes) -> "Image | None":
    """The picture, or None for what is none, is broken, or is larger than a photo can be."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
            if picture.width * picture.height > _LARGEST:
                return None
            picture.load()
    except Exception:
        return None
    return picture


def photo_view(picture: "Image", kind: str) -> Widget:
    """The widget that shows a picture in one of the ways of :func:`kind_of`."""
    widgets = _textual_image()
    made = {"tgp": widgets.TGPImage, "sixel": widgets.SixelImage}.get(kind, widgets.HalfcellImage)
    view: Widget = made(picture)
    view.styles.width = "auto"
    view.styles.height = "1fr"
    return view


def _textual_image() -> ModuleType:
    """The library, imported so that it asks the terminal nothing."""
    from textual_image import _terminal

    if not hasattr(_terminal.get_cell_size, "_result"):
        _terminal.get_cell_size._result = _terminal.CellSize(*_CELL)  # type: ignore[attr-defined]  # its own cache
    stdout, sys.__stdout__ = sys.__stdout__, io.StringIO()  # type: ignore[assignment,misc]  # no terminal
    try:
        from textual_image import widget
    finally:
        sys.__stdout__ = stdout  # type: ignore[misc]  # as it was
    return widget


KIND = kind_of(os.environ)
