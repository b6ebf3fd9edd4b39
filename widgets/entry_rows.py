"""Rows to type into, one line each: label, field, and beside it what the text means or what is
wrong. What can be chosen for the row in hand stands below all of them, always in the same place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input

from clerk.i18n import _
from widgets.choices import Choice, ChoiceList
from widgets.field import Entry, Field, as_typed, remark
from widgets.lines import LinesView

_ROWS_OF_CHOICES = 6


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row. ``suggest`` offers choices for a text, ``new`` one more above them that Enter takes
    only where there is no other; with ``free`` any other text will do as well, and nothing is
    offered before one types unless it ``offers``. ``read`` is asked at each change and must be
    cheap."""

    key: str
    label: str
    read: Callable[[str], Entry] = as_typed
    suggest: Callable[[str], Sequence[Choice[str]]] | None = None
    new: Callable[[str], Choice[str] | None] = lambda text: None
    free: bool = True
    placeholder: str = ""
    shown: bool = True
    offers: bool = False


class _RowView(Horizontal):
    """A row on the screen."""

    DEFAULT_CSS = """
    _RowView {
        height: 1;
        & > .label { width: 18; }
        & > Field { width: 38; }
        & > .remark { width: 1fr; padding: 0 0 0 1; }
    }
    """

    def __init__(self, spec: EntryRow, steer: Callable[["_RowView", events.Key], bool]) -> None:
        super().__init__()
        self.spec = spec
        self.taken: Choice[str] | None = None
        self.moved = False
        self.field = Field(placeholder=spec.placeholder, steer=lambda event: steer(self, event))
        self.display = spec.shown
        self._label = LinesView(wrap=False, classes="label")
        self._remark = LinesView(wrap=False, classes="remark")

    def compose(self) -> ComposeResult:
        """Label, field, remark."""
        yield self._label
        yield self.field
        yield self._remark

    def on_mount(self) -> None:
        """The label; an empty field is not blamed before one has typed."""
        self.call(self.spec.label)
        self.show_meaning()

    def show_meaning(self) -> None:
        """What the text means; an empty row is not blamed before one has typed."""
        entry = self.entry()
        self.say(entry if self.typed or not entry.error else Entry(""))

    def call(self, label: str) -> None:
        """Another label."""
        self.spec = replace(self.spec, label=label)
        self._label.set_lines([((label, "strong"),)])

    @property
    def typed(self) -> str:
        """The text in the field."""
        return self.field.value

    def put(self, text: str, taken: Choice[str] | None = None) -> None:
        """Set the text, as typed or as chosen."""
        self.taken = taken
        self.moved = False
        self.field.value = text
        self.field.cursor_position = len(text)
        self.show_meaning()

    def entry(self) -> Entry:
        """How the text reads now."""
        text = self.typed.strip()
        if self.taken is not None:
            return Entry(self.taken.value, hint=self.taken.detail)
        if text and self.spec.suggest is not None and not self.spec.free:
            return Entry(text, error=_("Choose one of the list."))
        return self.spec.read(text)

    def say(self, entry: Entry) -> None:
        """Show what the text means, or what is wrong."""
        self._remark.set_lines([remark("", entry)])
        self.set_class(bool(entry.error), "-error")


class EntryRows(Vertical):
    """The rows and the choices below them.

    Enter takes the choice under the cursor, if there is one, and goes on to the next row; Tab goes
    on with the text as it is; up and down move in the choices, else from row to row. ``left`` is
    told the key of a row that was left and may show or hide others, ``changed`` that a text is
    another one.
    """

    DEFAULT_CSS = """
    EntryRows {
        & > VerticalScroll { height: 1fr; }
        & > ChoiceList { height: auto; margin-top: 1; }
    }
    """

    def __init__(
        self,
        rows: Sequence[EntryRow],
        *,
        left: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        super().__init__()
        self._left = left
        self._changed = changed
        self._offered: tuple[str, str] | None = None
        self._rows = {spec.key: _RowView(spec, self._steer) for spec in rows}
        self._choices: ChoiceList[str] = ChoiceList(most_rows=_ROWS_OF_CHOICES)
        self._in_hand: _RowView | None = None

    def compose(self) -> ComposeResult:
        """Rows above, choices below."""
        yield VerticalScroll(*self._rows.values(), can_focus=False)
        yield self._choices

    # What others ask and set

    def typed(self) -> dict[str, str]:
        """The text of each row, those not shown as well."""
        return {key: row.typed for key, row in self._rows.items()}

    def values(self) -> dict[str, str]:
        """The value of each row that is shown: of a choice its own, else the text."""
        return {
            key: row.taken.value if row.taken else row.typed.strip()
            for key, row in self._rows.items()
            if row.display
        }

    def taken(self, key: str) -> Choice[str] | None:
        """What was chosen in a row."""
        return self._rows[key].taken

    def put(self, key: str, text: str, taken: Choice[str] | None = None) -> None:
        """Set the text of a row, as typed or as chosen."""
        with self.prevent(Input.Changed):
            self._rows[key].put(text, taken)

    def show(self, key: str, shown: bool = True, label: str = "") -> None:
        """Show or hide a row; give it another label."""
        row = self._rows[key]
        row.display = shown
        if label:
            row.call(label)

    def is_shown(self, key: str) -> bool:
        """Whether a row is on the screen."""
        return bool(self._rows[key].display)

    def complain(self, key: str, error: str) -> None:
        """Say beside a row what is wrong; it is shown for that."""
        row = self._rows[key]
        row.display = True
        row.say(Entry(row.typed, error=error))

    def hint(self, key: str, text: str) -> None:
        """Say beside a row what follows from it."""
        row = self._rows[key]
        if not row.has_class("-error"):
            row.say(Entry(row.typed, hint=text))

    def place(self, key: str) -> int:
        """Where a row stands, from the top."""
        return list(self._rows).index(key)

    def go_to(self, key: str) -> None:
        """Type here next."""
        self._rows[key].field.focus()

    # Keys

    def _steer(self, row: _RowView, event: events.Key) -> bool:
        if event.key == "enter":
            self._offer(row)  # the last keys may not have been answered yet
            if self._take(row):
                self._leave(row, 1)
            return True
        if event.key in ("up", "down"):
            if self._choices.current is not None:
                row.moved = True
                return self._choices.steer(event.key)
            self._leave(row, -1 if event.key == "up" else 1)
            return True
        if self._choices.current is not None and self._choices.steer(event.key):
            row.moved = True
            return True
        return False

    def _take(self, row: _RowView) -> bool:
        """Enter on a row: take what the cursor stands on. False where it cannot be taken."""
        choice = self._choices.current
        if row.taken is not None or choice is None or not (row.typed.strip() or row.moved):
            return True
        if choice.disabled_reason is not None:
            row.say(Entry(row.typed, error=choice.disabled_reason))
            return False
        with self.prevent(Input.Changed):
            row.put(choice.text, choice)
        self._changed()
        return True

    def _leave(self, row: _RowView, step: int) -> None:
        self._left(row.spec.key)
        shown = [one for one in self._rows.values() if one.display]
        at = shown.index(row) + step
        if 0 <= at < len(shown):
            shown[at].field.focus()

    def on_choice_list_clicked(self, event: ChoiceList.Clicked) -> None:
        """A click takes the row."""
        event.stop()
        if self._in_hand is not None:
            self._in_hand.moved = True
            self._take(self._in_hand)

    # Typing

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Choices are those of the row in hand."""
        row = event.widget.parent
        if isinstance(row, _RowView):
            self._in_hand = row
            row.moved = False
            self._offered = None
            self._offer(row)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A row that was left says what it reads as."""
        row = event.widget.parent
        if isinstance(row, _RowView) and row.typed:
            row.show_meaning()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer anew; what was chosen is chosen no more when its text changes."""
        event.stop()
        row = event.input.parent
        if isinstance(row, _RowView):
            if row.taken is not None and row.taken.text != row.typed:
                row.taken = None
            row.moved = False
            self._offer(row)
            if row.spec.suggest is not None and not row.spec.free and row.taken is None:
                row.say(Entry(""))  # while one types, several hits are no mistake yet
            else:
                row.show_meaning()
            self._changed()

    def _offer(self, row: _RowView) -> None:
        text = row.typed.strip()
        if self._offered == (row.spec.key, text) and row.taken is None:
            return  # the cursor stays where it was moved to
        self._offered = (row.spec.key, text)
        silent = not text and row.spec.free and not row.spec.offers
        if row.spec.suggest is None or row.taken is not None or silent:
            self._choices.offer([])
            return
        self._choices.offer(row.spec.suggest(text), pinned=row.spec.new(text) if text else None)
