"""A question that one line answers."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.widgets import Input

from clerk.i18n import _
from widgets.dialog import Dialog
from widgets.field import Entry, LabelledField


class PromptScreen(Dialog[str | None]):
    """Ask for one line; the result is the text as typed, ``None`` after Esc.

    ``check`` gives the sentence that says what is wrong, ``hint`` what a good text means (the day
    that ``3t`` comes to). Both are asked at each key; Enter is refused while something is wrong.
    """

    def __init__(
        self,
        heading: str,
        *,
        label: str = "",
        placeholder: str = "",
        initial: str = "",
        check: Callable[[str], str | None] | None = None,
        hint: Callable[[str], str] | None = None,
        password: bool = False,
    ) -> None:
        super().__init__(heading)
        self._check = check
        self._hint = hint
        self._field = LabelledField(
            label, value=initial, placeholder=placeholder, password=password, read=self._entry
        )

    def body(self) -> ComposeResult:
        """The field."""
        yield self._field

    def keys(self) -> str:
        """The keys in words."""
        return _("Enter accept · Esc cancel")

    def steered(self) -> dict[str, str]:
        """Enter is the field's."""
        return {_("Accept what was typed"): "↵"}

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the text, or says again why not."""
        event.stop()
        entry = self._field.entry()
        if not entry.error:
            self.answer(entry.value)

    def _entry(self, text: str) -> Entry:
        if self._check is not None and (error := self._check(text)):
            return Entry(text, error=error)
        return Entry(text, hint=self._hint(text) if self._hint is not None and text else "")
