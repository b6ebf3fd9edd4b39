"""A choice by typing: what is typed narrows the list, Enter takes the row under the cursor."""

from collections.abc import Callable, Sequence
from typing import Generic

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from clerk.i18n import _
from widgets.choices import Choice, ChoiceList, Value, with_all_words
from widgets.dialog import Dialog
from widgets.field import Entry, Field, remark
from widgets.lines import LinesView

Match = Callable[[str, Sequence[Choice[Value]]], Sequence[Choice[Value]]]
Search = Callable[[str], Sequence[Choice[Value]]]


class PickerScreen(Dialog[Value | None], Generic[Value]):
    """Pick one; the result is the choice's value, ``None`` after Esc.

    Give ``choices`` (narrowed by ``match``) or, for stores too large to hold, ``search``, asked
    with what is typed; ``limit`` is how many hits it brings at most, so that the count says "50+".
    While the field is empty the digits 1-9 take the n-th row and 0 the pinned one, unless
    ``digits`` is off because numbers are typed here. A disabled row says why on Enter, ``nothing``
    is said where there is no row.
    """

    DEFAULT_CSS = """
    PickerScreen {
        & .dialog--box { width: 90; height: 85%; }
        & ChoiceList { margin-top: 1; }
        &.-low ChoiceList { margin-top: 0; }
    }
    """

    def __init__(
        self,
        heading: str,
        choices: Sequence[Choice[Value]] = (),
        *,
        match: Match[Value] = with_all_words,
        search: Search[Value] | None = None,
        limit: int | None = None,
        pinned: Choice[Value] | None = None,
        placeholder: str = "",
        initial: str = "",
        digits: bool = True,
        nothing: str = "",
    ) -> None:
        super().__init__(heading)
        self._digits = digits
        self._nothing = nothing
        self._choices = choices
        self._match = match
        self._search = search
        self._limit = limit
        self._pinned = pinned
        self._asked: str | None = None
        self._hits = 0
        self._field = Field(initial, placeholder=placeholder, steer=self._steer)
        self._list: ChoiceList[Value] = ChoiceList()
        self._remark = LinesView(classes="dialog--text")

    def body(self) -> ComposeResult:
        """The field, the rows, and how many there are or what is wrong."""
        yield self._field
        yield self._list
        yield self._remark

    def keys(self) -> str:
        """The keys in words."""
        if self._digits:
            return _("↑↓ choose · 1-9 or Enter take · Esc cancel")
        return _("↑↓ choose · Enter take · Esc cancel")

    def steered(self) -> dict[str, str]:
        """The field sees all keys before any binding."""
        found = {
            _("Narrow the list"): _("letters"),
            _("Choose a row"): "↑ ↓ " + _("PgUp PgDn"),
            _("Take the chosen row"): "↵",
        }
        if self._digits:
            found[_("Take the row of this number, while nothing is typed")] = "1-9"
        if self._pinned is not None:
            found[self._pinned.text] = "0"
        return found

    def on_mount(self) -> None:
        """Show what there is before anything is typed."""
        self._narrow()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the rows."""
        event.stop()
        self._narrow()

    def on_choice_list_clicked(self, event: ChoiceList.Clicked) -> None:
        """A click takes the row."""
        event.stop()
        self._take(self._list.current)

    def _steer(self, event: events.Key) -> bool:
        if event.key == "enter":
            # The last keys may not have been answered yet: Enter belongs to what was typed.
            self._narrow()
            self._take(self._list.current)
            return True
        digit = self._digits and event.character and event.character in "0123456789"
        if digit and not self._field.value:
            self._take(self._list.nth(int(event.key)))
            return True
        if self._list.steer(event.key):
            self._count()
            return True
        return False

    def _take(self, choice: Choice[Value] | None) -> None:
        if choice is None:
            self._complain(self._nothing or _("There is no such row."))
        elif choice.disabled_reason is not None:
            self._complain(choice.disabled_reason)
        else:
            self.answer(choice.value)

    def _narrow(self) -> None:
        query = self._field.value
        if query == self._asked:
            return
        self._asked = query
        if self._search is not None:
            hits = self._search(query)
        else:
            hits = self._match(query, self._choices) if query else self._choices
        self._hits = len(hits)
        self._list.offer(hits, pinned=self._pinned, numbered=self._digits and not query)
        self._count()

    def _count(self) -> None:
        if self._search is None:
            count = _("{n} of {total}").format(n=self._hits, total=len(self._choices))
        elif self._limit is not None and self._hits >= self._limit:
            count = _("{n}+ hits, type on to narrow them").format(n=self._limit)
        else:
            count = _("{n} hits").format(n=self._hits)
        self._remark.set_lines([((count, "muted"),)])

    def _complain(self, error: str) -> None:
        self._remark.set_lines([remark("", Entry("", error=error))])
