"""A small form: Enter goes on, F9 saves, errors stand beside their field, nothing is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from clerk.i18n import N_, _
from clerk.text import display
from widgets.choices import Choice, ChoiceList, with_all_words
from widgets.dialog import Dialog
from widgets.field import Entry, LabelledField, as_typed
from widgets.pause import PAUSE, Pause
from widgets.picker import Match, Search

_ROWS_OF_CHOICES = 5
_ROWS_AROUND_FIELDS = 6  # border, heading, keys


@dataclass(frozen=True, slots=True)
class FormField:
    """A line of text. ``read`` says what it means: a date by shorthand, a number, a name."""

    key: str
    label: str
    initial: str = ""
    placeholder: str = ""
    read: Callable[[str], Entry] = as_typed


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A choice by typing; its value is the choice's. ``initial`` is the text of a choice.

    ``search`` takes the place of ``choices`` and ``match`` for stores too large to hold.
    """

    key: str
    label: str
    choices: Sequence[Choice[str]] = ()
    initial: str = ""
    placeholder: str = ""
    optional: bool = False
    match: Match[str] = with_all_words
    search: Search[str] | None = None


class ChoiceField(LabelledField):
    """A field whose text must name one of the choices, shown below it while it has the focus."""

    def __init__(self, spec: FormChoice, typed: str) -> None:
        super().__init__(
            spec.label,
            value=typed,
            placeholder=spec.placeholder,
            read=self._entry,
            steer=self._steer,
        )
        self._spec = spec
        self._list: ChoiceList[str] = ChoiceList(most_rows=_ROWS_OF_CHOICES)
        self._list.display = False
        self._asked: str | None = None
        self._hits: Sequence[Choice[str]] = ()
        self._taken: Choice[str] | None = None
        self._moved = False

    def compose(self) -> ComposeResult:
        """The choices below the field."""
        yield from super().compose()
        yield self._list

    def on_mount(self) -> None:
        """Offer all choices; a choice that stands there already is typed over."""
        self._narrow()
        self.field.select_on_focus = bool(self.typed) and self.typed == self._spec.initial

    def on_descendant_focus(self) -> None:
        """Open the choices."""
        self._list.display = True

    def on_descendant_blur(self) -> None:
        """Close the choices."""
        self._list.display = False

    def on_choice_list_clicked(self, event: ChoiceList.Clicked) -> None:
        """A click takes the row."""
        event.stop()
        self._take(self._list.current)

    def _steer(self, event: events.Key) -> bool:
        if event.key == "enter":
            self._narrow()
            if self._taken is None and (self.typed or self._moved):
                return not self._take(self._list.current)
            return False  # the form goes on to the next field
        if self._list.steer(event.key):
            self._moved = True
            return True
        return False

    def _take(self, choice: Choice[str] | None) -> bool:
        if choice is None:
            self.complain(_("Choose one of the list."))
        elif choice.disabled_reason is not None:
            self.complain(choice.disabled_reason)
        else:
            self._taken = choice
            self.field.value = choice.text
            self.field.cursor_position = len(self.field.value)
            return True
        return False

    def _entry(self, text: str) -> Entry:
        self._narrow()
        if not text and self._spec.optional:
            return Entry("")
        choice = self._taken or self._named(text)
        if choice is None:
            # While one types, several hits are no mistake yet.
            return Entry(text, error=_("Choose one of the list."))
        if choice.disabled_reason is not None:
            return Entry(text, error=choice.disabled_reason)
        hint = choice.detail if self._taken or display(choice.text) == text else choice.text
        return Entry(choice.value, hint=hint)

    def _entry_unless_empty(self) -> Entry:
        if self._narrow() and not self._taken and len(self._hits) > 1:
            return Entry("")
        return super()._entry_unless_empty()

    def _named(self, text: str) -> Choice[str] | None:
        if not text:
            return None
        exact = [choice for choice in self._hits if display(choice.text) == text]
        found = exact or self._hits
        return found[0] if len(found) == 1 else None

    def _narrow(self) -> bool:
        """Bring the choices up to the text; whether the text holds anything."""
        text = self.typed
        if self._taken is not None and display(self._taken.text) != text:
            self._taken = None
        if text != self._asked:
            self._asked = text
            self._moved = False
            if self._spec.search is not None:
                self._hits = self._spec.search(text)
            else:
                choices = self._spec.choices
                self._hits = self._spec.match(text, choices) if text else choices
            self._list.offer(self._hits)
        return bool(text)


class FormScreen(Dialog[dict[str, str] | None]):
    """Fill in fields; the result is the value of each by its key, ``None`` after Esc.

    ``on_pause`` gets what was typed, by key, half a second after the last key and when the form is
    left unsaved; given again as ``typed``, it stands there as it was. With ``without`` F8 leaves
    the whole form out, and the result is empty: it says in words what goes on without it.
    """

    DEFAULT_CSS = """
    FormScreen {
        & .dialog--box { width: 90; }
        & VerticalScroll { height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+enter", "save", N_("Save"), show=False, id="form.save"),
        Binding("f8", "leave_out", N_("Go on without it"), show=False, id="form.leave_out"),
    ]

    def __init__(
        self,
        heading: str,
        fields: Sequence[FormField | FormChoice],
        *,
        typed: Mapping[str, str] | None = None,
        on_pause: Callable[[dict[str, str]], None] | None = None,
        pause_seconds: float = PAUSE,
        without: str = "",
    ) -> None:
        super().__init__(heading)
        self._without = without
        self._fields: dict[str, LabelledField] = {}
        for spec in fields:
            self._fields[spec.key] = _field(spec, (typed or {}).get(spec.key, spec.initial))
        self._scroll = VerticalScroll(*self._fields.values(), can_focus=False)
        self._on_pause = on_pause
        self._last: dict[str, str] = {}
        self._pause = Pause(self, self._keep_draft, pause_seconds)

    def body(self) -> ComposeResult:
        """The fields, scrolling where the window is low."""
        yield self._scroll

    def keys(self) -> str:
        """The keys in words."""
        if self._without:
            text = _("Enter next · F9 save · F8 {without} · Esc cancel")
            return text.format(without=self._without)
        return _("Enter next field · F9 save · Esc cancel")

    def steered(self) -> dict[str, str]:
        """Enter and the focus are the fields'."""
        return {
            _("Next field"): "↵ " + _("Tab"),
            _("Previous field"): _("Shift+Tab"),
            _("Choose where there is a list"): "↑ ↓",
        }

    def on_mount(self) -> None:
        """What stands there before anything is typed is no draft."""
        self._last = self._typed()

    def on_resize(self, event: events.Resize) -> None:
        """Heading and keys stay in sight, whatever the number of fields."""
        self._scroll.styles.max_height = max(1, event.size.height - _ROWS_AROUND_FIELDS)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The draft is kept at the next pause."""
        event.stop()
        typed = self._typed()
        if typed != self._last:
            self._last = typed
            self._pause.touch()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field; from the last one only F9 goes on."""
        event.stop()
        fields = [row.field for row in self._fields.values()]
        at = next(i for i, field in enumerate(fields) if field is event.input)
        if at + 1 < len(fields):
            fields[at + 1].focus()

    def action_save(self) -> None:
        """End with the values, or go to the first field that is not right."""
        entries = {key: row.entry() for key, row in self._fields.items()}
        wrong = next((key for key, entry in entries.items() if entry.error), None)
        if wrong is not None:
            self._fields[wrong].field.focus()
            return
        self._pause.drop()
        self.answer({key: entry.value for key, entry in entries.items()})

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """F8 only where a form may be left out."""
        return bool(self._without) if action == "leave_out" else True

    def action_leave_out(self) -> None:
        """End with an empty result."""
        self._pause.drop()
        self.answer({})

    def action_leave(self) -> None:
        """End without a result; what was typed is kept."""
        self._pause.now()
        self.answer(None)

    def on_unmount(self) -> None:
        """Taken away by a lock or the end of the program: what was typed is kept."""
        self._pause.now()

    def _typed(self) -> dict[str, str]:
        return {key: row.typed for key, row in self._fields.items()}

    def _keep_draft(self) -> None:
        if self._on_pause is not None:
            self._on_pause(self._typed())


def _field(spec: FormField | FormChoice, typed: str) -> LabelledField:
    if isinstance(spec, FormChoice):
        return ChoiceField(spec, typed)
    return LabelledField(spec.label, value=typed, placeholder=spec.placeholder, read=spec.read)
