"""What the shared store did not take: both versions side by side, a choice for each field."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from clerk import clock, dates
from clerk.actions import Place, action
from clerk.desks import conflicts as desk
from clerk.desks import returned
from clerk.desks.conflicts import Choice, Settled, Typed
from clerk.desks.returned import Point, Returned
from clerk.desks.undoing import title_of
from clerk.fields import field_word, record_word
from clerk.i18n import _
from clerk.refusal import Refusal, Refused
from screens.conflict_lines import lines_of
from screens.list_screen import ListScreen
from screens.sources import FixedSource
from screens.work import handlers_for
from storage.folding import fold
from storage.record import Value
from widgets.columns import Column
from widgets.lines import LinesView
from widgets.window import Source

_ON_FIELD = ("conflict.mine", "conflict.theirs", "conflict.edit")
_SIDES = {"left": "conflict.mine", "right": "conflict.theirs"}


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One action that came back, as a row of the list."""

    id: str
    key: tuple[Value, ...]
    one: Returned


class ConflictsScreen(ListScreen[ConflictRow]):
    """What came back, the oldest first, with what there is to decide about the one under the
    cursor. What was chosen stays until it is applied, also when one looks at another one."""

    DEFAULT_CSS = """
    ConflictsScreen {
        & RecordTable { width: 2fr; }
        & #conflict { width: 3fr; display: none; margin: 0 1; }
        &.-wide #conflict { display: block; }
        &.-reading.-narrow RecordTable { display: none; }
        &.-reading #conflict { display: block; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual types it so
    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "conflicts")

    def __init__(self) -> None:
        super().__init__()
        self.detail = LinesView(scroll=True, id="conflict")
        self._choices: dict[str, dict[str, Choice]] = {}
        self._place = 0  # of the field that the keys act on
        self._let_go: tuple[str, int] | None = None  # an entry, and all changes there were then
        self.handlers |= handlers_for(
            {
                "app.back": self._leave,
                "app.undo": self._undo,
                "list.pane": self._other_pane,
                "conflict.mine": lambda: self._choose("mine"),
                "conflict.theirs": lambda: self._choose("theirs"),
                "conflict.edit": self._edit,
                "conflict.resolve": self._resolve,
                "conflict.again": self._again,
                "conflict.let_go": self._leave_it,
            }
        )

    def content(self) -> ComposeResult:
        """List and detail."""
        yield self.table
        yield self.detail

    def title_text(self) -> str:
        """The area's name."""
        return _("Conflicts")

    def source(self) -> Source[ConflictRow]:
        """What is to be decided, narrowed by the search."""
        found = returned.open_ones(self.station.session.store, self.station.names)
        words = fold(self.query_text).split()
        rows = [
            ConflictRow(one.entry_id, (one.at, one.entry_id), one)
            for one in found
            if all(word in fold(f"{one.about} {title_of(one.action)}") for word in words)
        ]
        return FixedSource(rows)

    def columns(self) -> list[Column[ConflictRow]]:
        """When, what, about what."""
        return [
            Column(lambda: "", lambda row: "⚠" if row.one.is_conflict else "✗", 1, 1, 3),
            Column(lambda: _("When"), lambda row: dates.moment(row.one.at, clock.now()), 6, 10, 2),
            Column(lambda: _("What"), lambda row: title_of(row.one.action), 10, 18, 1),
            Column(lambda: _("About"), lambda row: row.one.about, 12, 0, 0),
        ]

    # Moving

    @property
    def _current(self) -> Returned | None:
        row = self.table.current
        return None if row is None else row.one

    @property
    def _point(self) -> Point | None:
        one = self._current
        if one is None or not one.points:
            return None
        return one.points[min(self._place, len(one.points) - 1)]

    @property
    def _reading(self) -> bool:
        return self.focused is self.detail

    def steer(self, event: events.Key) -> bool:
        """Over the fields ↑↓ move and ←→ choose the left or the right version."""
        if self._reading and event.key in ("up", "k", "down", "j"):
            self._move(1 if event.key in ("down", "j") else -1)
            return True
        if self._reading and event.key in _SIDES:
            self.action_do(_SIDES[event.key])
            return True
        return super().steer(event)

    def _move(self, by: int) -> None:
        one = self._current
        if one is None or not one.is_conflict:
            self.detail.move_rows(by)
            return
        self._place = max(0, min(self._place + by, len(one.points) - 1))
        self._show_current()

    def open_current(self) -> None:
        """Enter: from the list to the fields; there it applies what was chosen."""
        if self._reading:
            self.action_do("conflict.resolve")
        elif self._current is not None:
            self.add_class("-reading")
            self.set_focus(self.detail)
            self._show_current()
            self.show_bars()

    def _stop_reading(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self.table)
        self._show_current()
        self.show_bars()

    def _other_pane(self) -> None:
        if self._reading:
            self._stop_reading()
        else:
            self.open_current()

    def _leave(self) -> None:
        if self._reading:
            self._stop_reading()
        else:
            self._back()

    def on_record_table_moved(self) -> None:
        """The fields follow the cursor."""
        self._place = 0
        self._show_current()
        super().on_record_table_moved()

    def refresh_data(self) -> None:
        """Take in what is new, and what became of the records meanwhile."""
        super().refresh_data()
        self._show_current()

    def on_resize(self) -> None:
        """Two versions need room to stand side by side."""
        super().on_resize()
        self.call_after_refresh(self._show_current)

    def _show_current(self) -> None:
        one = self._current
        if one is None:
            self.detail.set_lines([])
            return
        place = self._place if self._reading else None
        lines, at = lines_of(
            one,
            self._choices.get(one.entry_id, {}),
            place,
            names=self.station.names,
            width=self.detail.size.width - 1,
        )
        self.detail.set_lines(lines, keep_place=True)
        self.detail.bring_into_sight(at)

    # Deciding

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for the one under the cursor."""
        if not action_id.startswith("conflict."):
            return super().refusal(action_id)
        one = self._current
        if one is None:
            return Refusal("list.empty", _("There is no record here."))
        session = self.station.session
        if action_id == "conflict.again":
            return desk.can_do_again(session.actor, session.store, one)
        if action_id == "conflict.let_go":
            return None
        if action_id == "conflict.resolve" and not self._reading:
            return None  # goes to the fields
        refusal = desk.can_resolve(session.actor, session.store, one)
        point = self._point
        if refusal is None and action_id in _ON_FIELD and point is not None:
            return self._on_field(action_id, point)
        return refusal

    @staticmethod
    def _on_field(action_id: str, point: Point) -> Refusal | None:
        if action_id == "conflict.mine" and point.fixed:
            word = field_word(point.field) if point.field else record_word(point.table)
            return Refusal("conflict.fixed", desk.fixed_sentence(word))
        return desk.can_type(point) if action_id == "conflict.edit" else None

    def _choose(self, choice: Choice) -> None:
        one, point = self._current, self._point
        if one is None or point is None:
            return
        if not self._reading:  # what is decided must be seen first
            self.open_current()
            return
        chosen = self._choices.setdefault(one.entry_id, {})
        chosen[point.key] = choice
        self._place = next(
            (
                n
                for n, other in enumerate(one.points)
                if other.key not in chosen and other.preset is None
            ),
            self._place,
        )
        self._show_current()
        self.show_bars()

    def _edit(self) -> None:
        from widgets.prompt import PromptScreen

        one, point = self._current, self._point
        if one is None or point is None:
            return
        if not self._reading:
            self.open_current()
            return
        chosen = self._choices.get(one.entry_id, {}).get(point.key)
        start = chosen.text if isinstance(chosen, Typed) else str(point.mine or "")

        def check(text: str) -> str | None:
            try:
                desk.value_of(point, text)
            except Refused as refused:
                return refused.refusal.sentence
            return None

        def done(text: str | None) -> None:
            if text is not None:
                self._choose(Typed(text))

        self.app.push_screen(
            PromptScreen(
                _("Another value"), label=field_word(point.field), initial=start, check=check
            ),
            done,
        )

    def _resolve(self) -> None:
        one = self._current
        if one is None:
            return
        if not self._reading:
            self.open_current()
            return
        session = self.station.session
        choices = self._choices.get(one.entry_id, {})
        self._after(desk.resolve(session.store, session.actor, one.entry_id, choices), one)

    def _again(self) -> None:
        one, session = self._current, self.station.session
        if one is not None:
            self._after(desk.again(session.store, session.actor, one.entry_id), one)

    def _leave_it(self) -> None:
        one, session = self._current, self.station.session
        if one is not None:
            self._after(desk.let_go(session.store, session.actor, one.entry_id), one)

    def _after(self, outcome: Settled, one: Returned) -> None:
        """It leaves the list; the next one is under the cursor."""
        self._choices.pop(one.entry_id, None)
        self._place = 0
        self.table.reload(self.source())
        if self.table.current is None or self.has_class("-narrow"):
            self._stop_reading()
        self.station.data_changed()
        self._let_go = None if outcome.changed else (one.entry_id, self.station.changes)
        self._show_current()
        said = action("conflict.resolve" if outcome.changed else "conflict.let_go").said
        if outcome.changed and outcome.action != desk.ACTION:
            said = _("Done again: {action}").format(action=title_of(outcome.action))
        undo = _("{key} takes it back").format(key=self.shortcut("app.undo"))
        self.toast.say("done", f"{said}: {one.about}", undo)

    def _undo(self) -> None:
        """What was let go is not in the journal: it comes back to the list."""
        if self._let_go is None or self._let_go[1] != self.station.changes:
            self.station.handlers["app.undo"]()
            return
        session, entry_id = self.station.session, self._let_go[0]
        desk.take_up(session.store, session.actor, entry_id)
        self._let_go = None
        self.refresh_data()
        self.table.put_cursor(entry_id)
        self.station.data_changed()
        said = _("Taken back: {action}").format(action=action("conflict.let_go").title)
        self.toast.say("done", said)
