"""Choices and the list that shows them: only the rows in sight are ever made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events
from textual.message import Message

from widgets.lines import LinesView
from widgets.wrapping import FILL, Line, Run

Value = TypeVar("Value")

CURSOR, DISABLED = "›", "×"
_NUMBERED = 9  # digits 1 to 9


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """A row to choose: ``text``, ``detail`` behind it, ``hint`` at the right edge.

    With a ``disabled_reason`` it stays visible and says why it cannot be taken.
    """

    value: Value
    text: str
    detail: str = ""
    hint: str = ""
    disabled_reason: str | None = None


def with_all_words(query: str, choices: Sequence[Choice[Value]]) -> Sequence[Choice[Value]]:
    """The choices whose text or detail holds each word of the query, case aside."""
    words = query.casefold().split()
    if not words:
        return choices
    return [
        choice
        for choice in choices
        if all(word in f"{choice.text} {choice.detail}".casefold() for word in words)
    ]


class ChoiceList(LinesView, Generic[Value]):
    """Choices with a cursor, moved from outside: the keys stay in the field above it.

    ``most_rows`` makes it as high as it has choices, up to that; otherwise CSS gives the height.
    """

    DEFAULT_CSS = """
    ChoiceList { height: 1fr; }
    ChoiceList.-auto { height: auto; }
    """

    class Clicked(Message):
        """A row was clicked; the cursor stands on it."""

    def __init__(self, *, most_rows: int | None = None) -> None:
        super().__init__(wrap=False, classes="-auto" if most_rows else None)
        self._most_rows = most_rows
        self._choices: list[Choice[Value]] = []
        self._pinned = 0
        self._numbered = False
        self._cursor = 0
        self._first = 0

    def offer(
        self,
        choices: Sequence[Choice[Value]],
        *,
        pinned: Choice[Value] | None = None,
        numbered: bool = False,
    ) -> None:
        """Show these; the cursor goes to the first one, not to ``pinned``, which is row 0.

        ``numbered`` shows the digits that :meth:`nth` understands.
        """
        self._pinned = 0 if pinned is None else 1
        self._choices = [*choices] if pinned is None else [pinned, *choices]
        self._numbered = numbered
        self._cursor = min(self._pinned, max(0, len(self._choices) - 1))
        self._first = 0
        self._show()

    @property
    def current(self) -> Choice[Value] | None:
        """The choice under the cursor."""
        return self._choices[self._cursor] if self._choices else None

    def nth(self, digit: int) -> Choice[Value] | None:
        """The choice with this digit: 1 to 9, and 0 for the pinned one."""
        index = digit - 1 + self._pinned
        if (digit == 0 and not self._pinned) or index >= len(self._choices):
            return None
        return self._choices[index]

    def steer(self, key: str) -> bool:
        """Move the cursor by a key; whether it was one that moves."""
        page = max(1, self._height() - 1)
        steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}.get(key)
        if steps is None:
            return False
        self._cursor = max(0, min(len(self._choices) - 1, self._cursor + steps))
        self._show()
        return True

    def on_resize(self) -> None:
        """Another height shows other rows."""
        self._show()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row."""
        index = self._first + event.y
        if index < len(self._choices):
            self._cursor = index
            self._show()
            self.post_message(self.Clicked())

    def _height(self) -> int:
        if self._most_rows is not None:
            return min(self._most_rows, max(1, len(self._choices)))
        return max(1, self.size.height)

    def _show(self) -> None:
        height = self._height()
        last_first = max(0, len(self._choices) - height)
        lowest = self._cursor - height + 1
        self._first = min(last_first, max(lowest, min(self._first, self._cursor)))
        rows = range(self._first, min(len(self._choices), self._first + height))
        self.set_lines([self._line(index) for index in rows])

    def _line(self, index: int) -> Line:
        choice = self._choices[index]
        at_cursor = index == self._cursor
        disabled = choice.disabled_reason is not None
        main = "selected" if at_cursor else "muted" if disabled else ""
        aside = "selected" if at_cursor else "muted"
        runs: list[Run] = [(f"{CURSOR} " if at_cursor else "  ", main)]
        if self._numbered:
            number = index + 1 - self._pinned
            runs.append((f"{number} " if number <= _NUMBERED else "  ", aside))
        if disabled:
            runs.append((f"{DISABLED} ", main))
        runs.append((choice.text, main))
        if choice.detail:
            runs += [("  ", main), (choice.detail, aside)]
        runs.append((FILL, main))
        if choice.hint:
            runs += [(" ", main), (choice.hint, aside)]
        return tuple(runs)
