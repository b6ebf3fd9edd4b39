"""What all modal questions share: a box with a heading, a body, and a line that names the keys."""

import asyncio
from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from clerk.i18n import N_, _
from clerk.text import clip, display
from widgets.lines import LinesView

Result = TypeVar("Result")

_LONGEST_HEADING = 400  # characters; more is no heading, and would push the question out of sight


class Dialog(ModalScreen[Result]):
    """A modal box. Subclasses give :meth:`body` and :meth:`keys` and end with :meth:`answer`."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & .dialog--box {
            width: 74;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $surface;
            border: round $primary;
            padding: 0 1;
        }
        & .dialog--text { height: auto; }
        & .dialog--heading { height: auto; max-height: 3; }
        & .dialog--keys { height: auto; margin-top: 1; }
        &.-low .dialog--keys { margin-top: 0; }
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 - Textual types it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", N_("Cancel"), show=False, id="dialog.leave"),
        # The app's, and in the queue behind what was typed before it.
        Binding("f1", "app.dialog_help", N_("Help"), show=False, id="dialog.help"),
    ]

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.heading = clip(display(heading[: _LONGEST_HEADING + 1]), _LONGEST_HEADING)
        self._answered = False
        self.ready = asyncio.Event()
        """Set when the dialog takes keys: those typed before wait for it."""

    def on_screen_resume(self) -> None:
        """The focus is set behind this; then keys may come."""
        self.call_later(self.ready.set)

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(classes="dialog--box"):
            yield LinesView([((self.heading, "title"),)], classes="dialog--heading")
            yield from self.body()
            keys = self.keys() + " · " + _("F1 keys")
            yield LinesView([((keys, "muted"),)], classes="dialog--keys")

    @abstractmethod
    def body(self) -> ComposeResult:
        """What stands between the heading and the keys."""

    @abstractmethod
    def keys(self) -> str:
        """The keys of this dialog, in words."""

    def steered(self) -> dict[str, str]:
        """Meaning -> keys, in words: those that no binding names."""
        return {}

    def answer(self, result: Result | None) -> None:
        """End with this result, once: a second Enter on its way must not close what is below."""
        if not self._answered:
            self._answered = True
            self.dismiss(result)

    def action_leave(self) -> None:
        """End without a result."""
        self.answer(None)
