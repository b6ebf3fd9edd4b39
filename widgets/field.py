"""One line to type into, and the same with its label and what is to be said about it."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from clerk.text import clip, display
from widgets.lines import LinesView
from widgets.wrapping import Line

ERROR_MARK, HINT_MARK = "✗", "→"
_LONGEST_PLACEHOLDER = 200
_LONGEST_REMARK = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """How a typed text reads: its ``value``, a ``hint`` at what it means, or what is wrong."""

    value: str
    hint: str = ""
    error: str = ""


def as_typed(text: str) -> Entry:
    """The entry that is just what was typed."""
    return Entry(text)


class Field(Input):
    """An input that holds only printable text, whatever is typed, pasted or set.

    ``steer`` sees each key first and returns whether it has dealt with it. Nothing is selected on
    focus, so that the first key does not wipe what stands there, and the cursor does not blink, so
    that an idle program writes nothing.
    """

    DEFAULT_CSS = """
    Field {
        background: $panel;
        &:focus { background: $boost; text-style: none; }
        & > .input--placeholder { color: $text-muted; }
    }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        steer: Callable[[events.Key], bool] | None = None,
        id: str | None = None,
    ) -> None:
        placeholder = placeholder[: _LONGEST_PLACEHOLDER + 1]
        super().__init__(
            placeholder=clip(display(placeholder), _LONGEST_PLACEHOLDER),
            password=password,
            select_on_focus=False,
            compact=True,
            id=id,
        )
        self.cursor_blink = False
        self._initial = value
        self._steer = steer

    def on_mount(self) -> None:
        """Set the first text: an input with one cannot be made before its app runs."""
        if self._initial:
            with self.prevent(Input.Changed):
                self.value = self._initial

    def validate_value(self, value: str) -> str:
        """Each way into the field ends here; the length stays, so the cursor stays right."""
        return display(value.replace("\n", " ").replace("\r", " ").replace("\t", " "))

    async def _on_key(self, event: events.Key) -> None:
        if self._steer is not None and self._steer(event):
            event.stop()
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        """All lines become one; Textual's own way would drop all but the first in silence."""
        event.stop()
        event.prevent_default()
        if text := " ".join(event.text.split()):
            self.replace(text, *self.selection)


class LabelledField(Vertical):
    """A label, beside it what is wrong or what the text means, and the field below.

    ``read`` is asked at each change and must be cheap. What was typed always stays.
    """

    DEFAULT_CSS = """
    LabelledField {
        height: auto;
        & > LinesView { height: auto; }
    }
    """

    def __init__(
        self,
        label: str,
        *,
        value: str = "",
        placeholder: str = "",
        password: bool = False,
        read: Callable[[str], Entry] = as_typed,
        steer: Callable[[events.Key], bool] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._label = clip(display(label[:_LONGEST_REMARK]), _LONGEST_REMARK)
        self._read = read
        self.field = Field(value, placeholder=placeholder, password=password, steer=steer)
        self._remark = LinesView()

    def compose(self) -> ComposeResult:
        """The label above the field."""
        yield self._remark
        yield self.field

    def on_mount(self) -> None:
        """An empty field is not blamed before one has typed."""
        self._say(self._entry_unless_empty())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what the text means or what is wrong with it."""
        self._say(self._entry_unless_empty())

    @property
    def typed(self) -> str:
        """The text in the field."""
        return self.field.value

    def entry(self) -> Entry:
        """How the text reads now; what is wrong with it is shown, even if it is empty."""
        entry = self._read(self.field.value)
        self._say(entry)
        return entry

    def complain(self, error: str) -> None:
        """Show what is wrong, until the text changes."""
        self._say(Entry(self.field.value, error=error))

    def _entry_unless_empty(self) -> Entry:
        return self._read(self.field.value) if self.field.value else Entry("")

    def _say(self, entry: Entry) -> None:
        self._remark.set_lines([remark(self._label, entry)])
        self.set_class(bool(entry.error), "-error")


def remark(label: str, entry: Entry) -> Line:
    """The label and beside it the error or the hint, each with its mark."""
    runs = [(label, "strong")] if label else []
    if entry.error:
        said = (f"{ERROR_MARK} {clip(entry.error, _LONGEST_REMARK)}", "error")
    elif entry.hint:
        said = (f"{HINT_MARK} {clip(entry.hint, _LONGEST_REMARK)}", "good")
    else:
        return tuple(runs)
    return (*runs, ("  ", ""), said) if runs else (said,)
