"""Fines: what runs out first, and by where they stand; beside the list the one in hand."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult

from clerk import clock, dates
from clerk.actions import Place, action
from clerk.desks.fines import can_record, office_of
from clerk.desks.office_settings import settings_of
from clerk.desks.outcome import Outcome
from clerk.i18n import N_, _, ngettext
from clerk.names import symbol, word
from clerk.refusal import Refusal
from clerk.rules import plates
from clerk.rules.retention import is_closed_warning
from screens import fine_tabs
from screens.fine_doing import FineDoing
from screens.list_screen import ListScreen
from screens.reading import read_first
from screens.sources import FixedSource, KeysetSource
from storage import counters
from storage.pages import fines
from storage.pages.fines import FineRow
from storage.pages.keyset import Keyset
from storage.search import search
from storage.terms import FineState as S
from widgets.columns import Column
from widgets.lines import LinesView
from widgets.window import Source
from widgets.wrapping import Run

_MOST_HITS, _MOST_PEOPLE = 500, 100
_NEAR, _OVER = "!", "×"
_WIDE = 110  # columns: the lists with all their counters, and the one in hand beside
_ROOM_FOR_TITLE = 120


class Split(NamedTuple):
    """A list of the area: states, or () for what runs out and None for one's own."""

    label: str
    states: tuple[S, ...] | None
    newest_first: bool = False


SPLITS: tuple[Split, ...] = (
    Split(N_("Runs out"), ()),
    Split(N_("Mine"), None),
    Split(N_("New"), (S.RECORDED, S.INVESTIGATING)),
    Split(N_("In hearing"), (S.WARNING_OFFERED, S.HEARING, S.INVESTIGATED)),
    Split(N_("Notice"), (S.NOTICE, S.SERVED)),
    Split(N_("Objection"), (S.OBJECTION, S.REJECTED, S.INTERMEDIATE, S.COURT, S.REFERRED)),
    Split(N_("To be paid"), (S.FINAL, S.DEFERRED, S.ENFORCEMENT, S.DETENTION)),
    Split(N_("Ended"), (S.WARNED, S.WARNING_EFFECTIVE, S.DISCONTINUED, S.SETTLED), True),
)


class FinesScreen(ListScreen[FineRow]):
    """Fines by list (:data:`SPLITS`), with the one in hand beside it where there is room."""

    DEFAULT_CSS = """
    FinesScreen {
        & RecordTable { width: 3fr; }
        & #divider { width: 1; background: $panel; display: none; }
        & #preview { width: 2fr; display: none; margin: 0 1; }
        &.-wide #preview, &.-wide #divider { display: block; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - Textual types it so
    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "fine", "fines")

    def __init__(self) -> None:
        super().__init__()
        self._split = 0
        self.preview = LinesView(scroll=True, id="preview")
        self._doing = FineDoing(self, self.targets, self._followed)
        self.handlers |= {
            "list.next_split": lambda: self._turn(1),
            "list.previous_split": lambda: self._turn(-1),
            "list.mark": self.table.toggle_mark,
            "list.mark_range": self.table.mark_range,
            "list.pane": self._other_pane,
            "fine.new": self._record,
            **self._doing.handlers(),
        }

    def content(self) -> ComposeResult:
        """List and preview."""
        yield self.table
        yield LinesView(id="divider")
        yield self.preview

    def title_text(self) -> str:
        """The area's name; where there is little room the lists say it."""
        return _("Fines") if self.size.width >= _ROOM_FOR_TITLE else ""

    # Lists

    def source(self) -> Source[FineRow]:
        """The split, or what the search finds: a number, a reference, a plate, words."""
        db = self.station.session.store.db
        if self.query_text:
            return FixedSource(self._found(self.query_text), descending=True)
        split = SPLITS[self._split]
        return KeysetSource(db, self._keyset(split), lambda: self._count(split))

    def _keyset(self, split: Split) -> Keyset[FineRow]:
        actor = self.station.session.actor
        if split.states is None:
            return fines.of_clerks(actor.desks)
        if not split.states:
            return fines.running_out(actor.offices)
        return fines.in_states(actor.offices, split.states, newest_first=split.newest_first)

    def _found(self, query: str) -> list[FineRow]:
        """Of the actor's offices. A traffic warning that has ended is found by number and reference
        alone."""
        session = self.station.session
        db, offices = session.store.db, session.actor.offices
        hits = search(db, query, areas=("cases",), limit=_MOST_HITS)
        found = fines.by_plate(db, plates.folded(query), _MOST_HITS)
        found += fines.by_cases(db, [hit.id for hit in hits.rows])
        people = search(db, query, areas=("persons",), limit=_MOST_PEOPLE)
        found += fines.by_persons(db, [hit.id for hit in people.rows], _MOST_HITS)
        found = [
            row
            for row in found
            if not is_closed_warning(row.area, row.state) or query.strip() in row.number
        ]
        found += fines.by_reference(db, "".join(query.split()))
        return list({row.id: row for row in found if row.office_id in offices}.values())

    def _count(self, split: Split) -> int:
        session = self.station.session
        db, actor = session.store.db, session.actor
        if split.states is None:
            return fines.count_of_clerks(db, actor.desks)
        states = split.states or _RUNNING
        return sum(counters.count(db, "fines", one, offices=actor.offices) for one in states)

    def splits(self) -> list[Run]:
        """The lists with their counters; at the first one how many run out soon."""
        runs: list[Run] = []
        for n, split in enumerate(SPLITS):
            chosen = n == self._split and not self.query_text
            told = chosen or self.size.width >= _WIDE or split.states == ()
            text = f" {_(split.label)} {self._figure(split)} " if told else f" {_(split.label)} "
            runs.append((text, "selected" if chosen else "muted"))
        return runs

    def _figure(self, split: Split) -> str:
        if split.states != ():
            return str(self._count(split))
        session = self.station.session
        soon = fines.runs_out_until(session.store.db, session.actor.offices, self._warned_day())
        return f"{_NEAR}{soon}" if soon else "0"

    def _warned_day(self) -> str:
        """Up to this day what runs out is warned of: the longest setting of the offices."""
        session = self.station.session
        settings = [settings_of(session.store.db, one) for one in session.actor.offices]
        days = max((one.fines.limitation_warning_days for one in settings), default=0)
        return (clock.today() + timedelta(days=days)).isoformat()

    def _turn(self, by: int) -> None:
        self._split = (self._split + by) % len(SPLITS)
        self.query_text = ""
        self.show_list()
        self._show_current()

    def still_here(self, ids: Sequence[str]) -> Sequence[str]:
        """Those that are in memory; others are far from the cursor and lose their mark."""
        return [one for one in ids if self.table.holds(one)]

    # Acting

    def targets(self) -> tuple[str, ...]:
        """The cases of the marked records, else of the one under the cursor."""
        if self.table.marked:
            found = fines.by_ids(self.station.session.store.db, self.table.marked)
            return tuple(row.case_id for row in found)
        current = self.table.current
        return (current.case_id,) if current else ()

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for the record under the cursor."""
        if action_id == "fine.new":
            return can_record(self.station.session.actor)
        if action_id.startswith("fine."):
            return self._doing.refusal(action_id)
        return super().refusal(action_id)

    def _followed(self, outcome: Outcome) -> None:
        """After an action: rows that left the list go, the others show what is new of them."""
        db = self.station.session.store.db
        rows = fines.by_cases(db, outcome.done)
        self.table.clear_marks()
        gone = [row.id for row in rows if not self._belongs(row)]
        self.table.replace([self._in_order(row) for row in rows])
        self.table.take_out(gone)
        text = ngettext("{n} fine", "{n} fines", len(rows)).format(n=len(rows))
        if len(rows) == 1:
            text = f"{rows[0].number} · {word('fine', rows[0].state)}"
        if outcome.refused:
            text += " · " + _("{n} not: {why}").format(
                n=len(outcome.refused), why=outcome.refused[0][1].sentence
            )
        undo = _("{key} takes it back").format(key=self.shortcut("app.undo"))
        said = f"{action(outcome.action).said}: {text}"
        self.toast.say("done", said, undo, whole=bool(outcome.refused))
        self.station.data_changed()
        self._show_current()

    def _belongs(self, row: FineRow) -> bool:
        split = SPLITS[self._split]
        if self.query_text or split.states is None:
            return True
        return row.state in split.states if split.states else row.limitation_on is not None

    def _in_order(self, row: FineRow) -> FineRow:
        """With its place in this list."""
        states = SPLITS[self._split].states
        return row._replace(at=row.limitation_on) if states == () else row

    def _record(self) -> None:
        from screens.fine_entry import FineEntryScreen

        session = self.station.session
        office = office_of(session.store, session.actor)

        def done(made: tuple[str, ...] | None) -> None:
            if not made:
                return
            self.refresh_data()
            text = ngettext("{n} fine recorded", "{n} fines recorded", len(made))
            undo = _("{key} takes the last one back").format(key=self.shortcut("app.undo"))
            self.toast.say("done", text.format(n=len(made)), undo)
            self.station.data_changed()

        self.station.push_screen(FineEntryScreen(self, office), done)

    # Reading

    def open_current(self) -> None:
        """Open the case."""
        current, station = self.table.current, self.station
        if current is not None and self.query_text:
            case_id = current.case_id
            read_first(station, ("cases", case_id), "search", lambda: station.open_case(case_id))
        elif current is not None:
            station.open_case(current.case_id)

    def _other_pane(self) -> None:
        if self.focused is self.preview:
            self.set_focus(self.table)
        elif self.preview.is_on_screen:
            self.set_focus(self.preview)
        else:
            self.open_current()

    def on_record_table_moved(self) -> None:
        """The preview follows the cursor."""
        self._show_current()

    def on_resize(self) -> None:
        """A preview that has just become visible shows its record."""
        super().on_resize()
        self.call_after_refresh(self._show_current)

    def show_list(self) -> None:
        """The preview as well."""
        super().show_list()
        self._show_current()

    def refresh_data(self) -> None:
        """The preview as well."""
        super().refresh_data()
        self._show_current()

    def _show_current(self) -> None:
        current = self.table.current
        if self.size.width >= _WIDE:
            db, names = self.station.session.store.db, self.station.names
            self.preview.set_lines(fine_tabs.glance(db, names, current.case_id) if current else [])
        self.show_bars(figures=False)

    # Columns

    def columns(self) -> list[Column[FineRow]]:
        """State, number, what, where, who, until when."""
        return [
            Column(lambda: "", lambda row: symbol("fine", row.state), 1, 1, 0),
            Column(lambda: _("Until"), self._until, 13, 15, 1, style=self._until_style),
            Column(lambda: _("Number"), lambda row: row.number, 16, 20, 2),
            Column(lambda: _("Matter"), lambda row: row.title, 20, 0, 0),
            Column(lambda: _("Whom"), _whom, 8, 22, 3),
            Column(lambda: _("State"), lambda row: word("fine", row.state), 8, 24, 4),
            Column(lambda: _("With"), self._with, 6, 16, 5),
        ]

    def _until(self, row: FineRow) -> str:
        if row.limitation_on is None:
            return ""
        style = self._until_style(row)
        if style == "error":
            return f"{_OVER} " + _("time-barred")
        day = date.fromisoformat(row.limitation_on)
        mark = _NEAR if style == "warning" else " "
        return f"{mark} {dates.relative(day, clock.today(), due=True)}"

    def _until_style(self, row: FineRow) -> str:
        if row.limitation_on is None:
            return ""
        if row.limitation_on < clock.today().isoformat():
            return "error"
        return "warning" if row.limitation_on <= self._warned_day() else ""

    def _with(self, row: FineRow) -> str:
        return self.station.names.clerk(row.assignee_id)


_RUNNING = tuple(
    state for split in SPLITS if not split.newest_first for state in split.states or ()
)
"""The states in which something runs out."""


def _whom(row: FineRow) -> str:
    return " · ".join(part for part in (row.person, row.plate) if part)
