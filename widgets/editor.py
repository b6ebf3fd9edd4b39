"""A text of several lines: notes, replies."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from clerk.i18n import N_, _
from clerk.text import display_lines
from widgets.dialog import Dialog
from widgets.field import Entry, remark
from widgets.lines import LinesView
from widgets.pause import PAUSE, Pause


class TextPane(TextArea):
    """A text area that holds only printable text, whatever is typed, pasted or loaded."""

    DEFAULT_CSS = """
    TextPane {
        border: none;
        padding: 0;
        background: $panel;
        &:focus { border: none; background: $boost; }
    }
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(
            _printable(text), soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False
        )
        self.cursor_blink = False

    def load_text(self, text: str) -> None:
        """Replace the whole text."""
        super().load_text(_printable(text))

    def edit(self, edit: Edit) -> EditResult:
        """Each change passes here: keys, paste, insert."""
        edit.text = _printable(edit.text)
        return super().edit(edit)


class EditorScreen(Dialog[str | None]):
    """Edit a text; F9 ends with it, Esc ends with ``None`` and keeps the draft.

    ``on_pause`` gets the text half a second after the last key, and on Esc or when the screen is
    taken away, so that nothing typed is lost; not after F9, when the caller has the text.
    ``check`` gives the sentence that says why the text cannot be saved.
    """

    DEFAULT_CSS = """
    EditorScreen {
        & .dialog--box { width: 90; height: 90%; }
        & TextPane { height: 1fr; min-height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+enter", "save", N_("Save"), show=False, id="editor.save"),
    ]

    def __init__(
        self,
        heading: str,
        *,
        initial: str = "",
        on_pause: Callable[[str], None] | None = None,
        check: Callable[[str], str | None] | None = None,
        pause_seconds: float = PAUSE,
    ) -> None:
        super().__init__(heading)
        self._pane = TextPane(initial)
        self._last = self._pane.text
        self._remark = LinesView(classes="dialog--text")
        self._on_pause = on_pause
        self._check = check
        self._pause = Pause(self, self._keep_draft, pause_seconds)

    def body(self) -> ComposeResult:
        """The text and what is wrong with it."""
        yield self._pane
        yield self._remark

    def keys(self) -> str:
        """The keys in words."""
        if self._on_pause is None:
            return _("F9 save · Esc cancel")
        return _("F9 save · Esc leave, the draft is kept")

    def on_mount(self) -> None:
        """Go on where the text ends."""
        self._pane.focus()
        self._pane.move_cursor(self._pane.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """The draft is kept at the next pause."""
        event.stop()
        if (text := self._pane.text) != self._last:
            self._last = text
            self._remark.set_lines([])
            self._pause.touch()

    def action_save(self) -> None:
        """End with the text, unless it is refused."""
        text = self._pane.text
        if self._check is not None and (error := self._check(text)):
            self._remark.set_lines([remark("", Entry(text, error=error))])
            return
        self._pause.drop()
        self.answer(text)

    def action_leave(self) -> None:
        """End without saving; the draft is kept."""
        self._pause.now()
        self.answer(None)

    def on_unmount(self) -> None:
        """Taken away by a lock or the end of the program: the draft is kept."""
        self._pause.now()

    def _keep_draft(self) -> None:
        if self._on_pause is not None:
            self._on_pause(self._pane.text)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "\n".join(display_lines(text))
