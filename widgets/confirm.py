"""A question before what is hard to take back. Enter by itself changes nothing."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from clerk.i18n import N_, _
from clerk.text import clip, display
from widgets.dialog import Dialog
from widgets.field import LabelledField
from widgets.lines import LinesView
from widgets.wrapping import Line

_LONGEST_LABEL = 40
_SHORT_QUESTION = 400
_LONGEST_QUESTION = 20_000


class Answer(LinesView):
    """A word to press. The one with the focus stands between marks, not only in a colour."""

    DEFAULT_CSS = """
    Answer { width: auto; height: 1; margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", N_("Choose"), show=False, id="confirm.choose"),
    ]

    class Pressed(Message):
        """The word was pressed."""

        def __init__(self, answer: "Answer") -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, label: str, *, id: str) -> None:
        self._label = clip(display(label[: _LONGEST_LABEL + 1]), _LONGEST_LABEL)
        super().__init__([self._line(focused=False)], wrap=False, id=id)
        self.can_focus = True

    def on_focus(self) -> None:
        """Show the marks."""
        self.set_lines([self._line(focused=True)])

    def on_blur(self) -> None:
        """Take the marks away."""
        self.set_lines([self._line(focused=False)])

    def on_click(self) -> None:
        """A click presses."""
        self.action_press()

    def action_press(self) -> None:
        """Tell the dialog."""
        self.post_message(self.Pressed(self))

    def _line(self, *, focused: bool) -> Line:
        return ((f"›{self._label}‹", "selected"),) if focused else ((f" {self._label} ", "strong"),)


class ConfirmScreen(Dialog[bool]):
    """Ask yes or no; ``True`` only when yes was chosen. *Cancel* has the focus.

    ``details`` are further lines, such as what will be gone. With ``word`` (the worst kind) yes is
    refused until that word has been typed.
    """

    DEFAULT_CSS = """
    ConfirmScreen {
        & .dialog--box { border: round $warning; }
        & .dialog--text { margin-bottom: 1; max-height: 40vh; }
        & LabelledField { margin-bottom: 1; }
        & Horizontal { height: 1; }
        &.-low .dialog--text, &.-low LabelledField { margin-bottom: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", N_("Back"), show=False, id="confirm.back"),
        Binding("right", "app.focus_next", N_("Next"), show=False, id="confirm.next"),
    ]
    AUTO_FOCUS = "#cancel"

    def __init__(
        self, heading: str, question: str, *, details: Sequence[str] = (), yes: str, word: str = ""
    ) -> None:
        super().__init__(heading)
        texts = [clip(text[: _LONGEST_QUESTION + 1], _LONGEST_QUESTION) for text in details]
        question = clip(question[: _LONGEST_QUESTION + 1], _LONGEST_QUESTION)
        self._lines: list[Line] = [((question, ""),), *(((text, "muted"),) for text in texts)]
        self._yes = yes
        self._word = word
        self._field = LabelledField(_("Type {word} to go on").format(word=word))

    def body(self) -> ComposeResult:
        """The question, the word where one is wanted, and the answers."""
        # Only a long question takes a stop of the focus, to be scrolled.
        length = sum(len(text) for line in self._lines for text, _style in line)
        yield LinesView(self._lines, classes="dialog--text", scroll=length > _SHORT_QUESTION)
        if self._word:
            yield self._field
        with Horizontal():
            yield Answer(_("Cancel"), id="cancel")
            yield Answer(self._yes, id="yes")

    def keys(self) -> str:
        """The keys in words."""
        return _("Tab next · Enter choose · Esc cancel")

    def steered(self) -> dict[str, str]:
        """The focus is the screen's."""
        return {_("Next answer"): _("Tab")}

    def on_answer_pressed(self, event: Answer.Pressed) -> None:
        """Cancel ends with no; yes ends with yes where the word is right."""
        event.stop()
        if event.answer.id == "cancel":
            self.answer(False)
        else:
            self._agree()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter behind the word is a yes."""
        event.stop()
        self._agree()

    def action_leave(self) -> None:
        """Esc is a no."""
        self.answer(False)

    def _agree(self) -> None:
        if not self._word or self._field.typed.strip().casefold() == self._word.casefold():
            self.answer(True)
        else:
            self._field.complain(_("That is not the word."))
            self._field.field.focus()
