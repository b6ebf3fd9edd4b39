"""The inbox: decide, then next."""

# ruff: noqa: PLW0108 - acts and questions are imported when they are called

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult

from clerk import clock, dates
from clerk.actions import Place
from clerk.desks.inbox_guards import GUARDS
from clerk.i18n import _
from clerk.names import symbol
from clerk.refusal import Refusal
from screens.inbox_splits import SPLITS
from screens.preview import Preview
from screens.sources import FixedSource, KeysetSource
from screens.work import Handler, WorkScreen, handlers_for
from storage.pages import items
from storage.pages.items import ItemRow
from widgets.columns import Column
from widgets.lines import LinesView
from widgets.record_table import RecordTable
from widgets.window import Source
from widgets.wrapping import Line, Run

if TYPE_CHECKING:
    from screens.inbox_acts import InboxActs
    from screens.inbox_questions import InboxQuestions
    from screens.inquiring import FarHits

MOST_HITS = 500
MOST_MARKED = 10_000
_NEWS = 100

_NEEDS_RECORD = ("list.open", "list.mark", "list.mark_range", "list.mark_all", "item.repeat")


class InboxScreen(WorkScreen):
    """What came in, by list (see ``inbox_splits``)."""

    DEFAULT_CSS = """
    InboxScreen {
        & RecordTable { width: 1fr; }
        & #divider { width: 1; background: $panel; display: none; }
        & #preview { width: 1fr; display: none; margin: 0 1; }
        &.-wide #preview, &.-wide #divider { display: block; }
        &.-alone #preview, &.-alone #divider { display: none; }
        &.-reading RecordTable, &.-reading #divider { display: none; }
        &.-reading #preview { display: block; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual types it so
    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "inbox")

    def __init__(self) -> None:
        super().__init__()
        self.split = "mine"
        self._far: FarHits | None = None
        self._alone: str | None = None  # the one item that is shown instead of the list
        self.preview = Preview(id="preview")
        self.table: RecordTable[ItemRow] = RecordTable(self._columns(), row_style=self._row_style)
        self._acts: InboxActs | None = None
        self._counts = dict.fromkeys(SPLITS, 0)
        self._newer = 0
        self._narrowed = False
        ask = self._questions
        self.handlers: dict[str, Handler] = handlers_for(
            {
                "list.search": lambda: ask().search(),
                "list.mark": self.table.toggle_mark,
                "list.mark_range": self.table.mark_range,
                "list.mark_all": self._mark_all,
                "list.open": self._open,
                "list.next_split": lambda: self._turn(1),
                "list.previous_split": lambda: self._turn(-1),
                "list.pane": self._other_pane,
                "app.back": self._back,
                "item.take": lambda: self.acts.take(),
                "item.release": lambda: self.acts.release(),
                "item.hand_over": lambda: ask().hand_over(),
                "item.file": lambda: ask().file(),
                "item.done": lambda: self.acts.finish("item.done"),
                "item.aside": lambda: self.acts.finish("item.aside"),
                "item.duplicate": lambda: self.acts.finish("item.duplicate"),
                "item.spam": lambda: self.acts.finish("item.spam"),
                "item.reopen": lambda: self.acts.reopen(),
                "item.note": lambda: ask().note(),
                "item.follow_up": lambda: ask().follow_up(),
                "item.raise": lambda: self.acts.prioritise(1),
                "item.lower": lambda: self.acts.prioritise(-1),
                "item.repeat": lambda: self.acts.repeat(),
            }
        )

    @property
    def acts(self) -> "InboxActs":
        """What changes items; imported with the first act, not with the first paint."""
        if self._acts is None:
            from screens.inbox_acts import InboxActs

            self._acts = InboxActs(self)
        return self._acts

    def _questions(self) -> "InboxQuestions":
        from screens.inbox_questions import InboxQuestions

        return InboxQuestions(self)

    def content(self) -> ComposeResult:
        """List and preview."""
        yield self.table
        yield LinesView(id="divider")
        yield self.preview

    def on_mount(self) -> None:
        """The list of the settings, else what is mine, or else where there is something to do."""
        settings = self.station.settings
        if settings is not None and settings.preview == "off":
            self.add_class("-alone")
        if settings is not None and settings.split in SPLITS:
            self.split = str(settings.split)
        else:
            self.split = next(
                (n for n, one in SPLITS.items() if not one.quiet and self.count(n)), "office"
            )
        self.show_split()
        self.set_focus(self.table)

    # Lists

    def count(self, split: str) -> int:
        """How many items a split holds, from the counters."""
        session = self.station.session
        return SPLITS[split].count(session.store.db, session.actor)

    def show_split(self, at: ItemRow | None = None) -> None:
        """Show the split, narrowed by the search if there is one."""
        self.table.show(self._source(), at=at)
        self.show_bars()

    def _source(self) -> Source[ItemRow]:
        db, split = self.station.session.store.db, self.split
        self._narrowed = False
        if self._alone is not None:
            return FixedSource(items.by_ids(db, [self._alone]), descending=True)
        if self.query_text:
            rows, self._narrowed = items.matching(
                db, SPLITS[split].keyset(self.station.session.actor), self.query_text, MOST_HITS
            )
            self.table.empty_text(_("Nothing found. Esc shows the whole list again."))
            return FixedSource(rows, descending=True)
        self.table.empty_text(self._empty_text())
        return KeysetSource(
            db, SPLITS[split].keyset(self.station.session.actor), lambda: self.count(split)
        )

    def show_item(self, item_id: str) -> None:
        """Show one item alone; Esc shows the whole list again."""
        self._alone = item_id
        self.query_text = ""
        self.stop_reading()
        self.show_split()

    def search(self, query: str) -> None:
        """Narrow the list to what matches; '' shows the whole list again."""
        self._alone = None
        self.query_text = query.strip()
        self.show_split()
        self._look_beyond()

    def _look_beyond(self) -> None:
        from screens.inquiring import FarHits

        self._far = self._far or FarHits(self)
        self._far.look(self.query_text)

    def _empty_text(self) -> str:
        if self.split == "mine":
            return _("Nothing of yours is waiting. Tab goes to your office's list.")
        return _("Nothing is waiting here. Mail comes in with: clerk intake mail SOURCE")

    def _turn(self, by: int) -> None:
        names = self._shown_splits()
        self.split = names[(names.index(self.split) + by) % len(names)]
        self._alone = None
        self.query_text = ""
        self.show_split()
        self.rested()

    def refresh_data(self) -> None:
        """Take in what is new; the cursor stays on its record, marks on what is still here."""
        self._reload()

    def _reload(self, at: ItemRow | None = None) -> None:
        self.table.reload(self._source(), at=at)
        if self.table.marked:
            rows = items.by_ids(self.station.session.store.db, self.table.marked)
            self.table.keep_marks([row.id for row in rows if self.belongs(row)])
        self.rested()
        self.show_bars()

    def after_undo(self, rows: tuple[tuple[str, str], ...]) -> None:
        """To the item that was taken back, the first of several, if it is in this list."""
        ids = [row_id for table, row_id in rows if table == "items"]
        back = items.by_ids(self.station.session.store.db, ids)
        here = [row for row in back if self.belongs(row)]
        self._reload(at=max(here, key=lambda row: (row.received_at, row.id), default=None))

    def others_changed(self, ids: Sequence[str]) -> None:
        """Show in their rows what became of these items; none moves."""
        self.table.replace(items.by_ids(self.station.session.store.db, ids))
        self.rested()

    # Acting

    def targets(self) -> tuple[str, ...]:
        """The marked records, else the one under the cursor."""
        if self.table.marked:
            return self.table.marked
        current = self.table.current
        return (current.id,) if current else ()

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for the record under the cursor; marks are sorted out when acting."""
        if action_id == "item.repeat" and (self._acts is None or not self._acts.can_repeat):
            return Refusal("repeat.nothing", _("You have not decided anything yet."))
        guard = GUARDS.get(action_id)
        if guard is None and action_id not in _NEEDS_RECORD:
            return None
        current = self.table.current
        if current is None:
            return Refusal("list.empty", _("There is no record here."))
        if guard is None or self.table.marked:
            return None
        return guard(self.station.session.actor, current)

    def belongs(self, row: ItemRow) -> bool:
        """Whether a record still stands in this list after what was done to it."""
        actor = self.station.session.actor
        if self._alone is not None:
            return row.id == self._alone
        return SPLITS[self.split].holds(actor, row)

    def steer(self, event: events.Key) -> bool:
        """1-9 hand over to the n-th suggested office of the record on screen."""
        if event.character and event.character in "123456789":
            self.attempt(lambda: self.acts.hand_to_suggestion(int(event.key)))
            return True
        return super().steer(event)

    def _mark_all(self) -> None:
        n = self.table.mark_all(MOST_MARKED)
        more = "+" if n >= MOST_MARKED else ""
        self.toast.say("done", _("{n}{more} marked").format(n=n, more=more), _("Esc unmarks"))

    # Reading

    def _open(self) -> None:
        current = self.table.current
        if current is None:
            return
        if current.case_id is not None and self.has_class("-reading"):
            self.station.open_case(current.case_id)
        elif self.query_text and not self.has_class("-reading"):
            from screens.reading import read_first

            read_first(self.station, ("items", current.id), "search", self._read)
        else:
            self._read()

    def _read(self) -> None:
        self.add_class("-reading")
        self.set_focus(self.preview)
        self.rested()

    def stop_reading(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self.table)

    def _other_pane(self) -> None:
        if self.focused is self.preview:
            self.stop_reading()
        elif self.preview.is_on_screen:
            self.set_focus(self.preview)
        else:
            self._open()

    def _back(self) -> None:
        if self.has_class("-reading") or self.focused is self.preview:
            self.stop_reading()
        elif self.table.marked:
            self.table.clear_marks()
        elif self.query_text or self._alone is not None:
            self._whole_list()

    def _whole_list(self) -> None:
        """The list without the search; the cursor stays on its record where it is in the list."""
        current = self.table.current
        self._alone, self.query_text = None, ""
        self.show_split(current if current is not None and self.belongs(current) else None)

    def on_record_table_moved(self, event: RecordTable.Moved) -> None:
        """Another record: its head and text at once, the rest when the cursor rests."""
        self._show_current(details=event.resting)

    def _show_current(self, *, details: bool) -> None:
        if self.preview.is_on_screen or self.has_class("-reading"):
            self.preview.show_item(self.table.current, details=details)
        self.show_bars(figures=False)

    def on_record_table_opened(self) -> None:
        """A double click reads the item."""
        self._open()

    def on_resize(self) -> None:
        """A preview that has just become visible shows its record."""
        self.call_after_refresh(self.rested)

    def rested(self) -> None:
        """Show everything about the record under the cursor, without waiting for a rest."""
        self._show_current(details=True)

    # Bars

    def title_text(self) -> str:
        """The area's name."""
        return _("Inbox")

    def read_figures(self) -> None:
        """Counters, and how many records have come in above."""
        super().read_figures()
        self._counts = {name: self.count(name) for name in SPLITS}
        # Also what came in further down, such as an older item that a colleague handed over.
        further = self._counts[self.split] - (self.table.total or 0)
        self._newer = max(self.table.newer(_NEWS), min(further, _NEWS))

    def header(self) -> Line:
        """Area, splits with their live counters, search; quiet ones by short names if need be."""
        found, splits = self._search_runs(), self._header_splits()
        quiet = {name for name in splits if SPLITS[name].short}
        for short in (set(), quiet - {self.split}, quiet):
            gap = "" if short else " "
            runs = [(f" {self.title_text()} {gap}", "title")]
            for name in splits:
                label = SPLITS[name].short if name in short else SPLITS[name].label
                style = "selected" if name == self.split else "muted"
                runs += [(f" {_(label)} {self._counts[name]} ", style), (gap, "")]
            if sum(cell_len(text) for text, _style in runs + found) <= self.size.width:
                break
        return self.with_town(runs + found)

    def _header_splits(self) -> list[str]:
        """The search needs the room of the quiet ones."""
        return [
            name
            for name in self._shown_splits()
            if not (self.query_text and SPLITS[name].quiet and name != self.split)
        ]

    def _search_runs(self) -> list[Run]:
        runs: list[Run] = []
        if self._alone is not None:
            runs.append((_("One item"), "accent"))
        if self.query_text:
            total = self.table.total or 0
            more = "+" if total >= MOST_HITS else ""
            text = _("Search: {query} ({n})").format(query=self.query_text, n=f"{total}{more}")
            runs.append((text, "accent"))
            if self._narrowed:
                runs.append((" " + _("many word forms, please be more exact"), "warning"))
        return runs

    def _shown_splits(self) -> list[str]:
        """The lists named in the header: quiet ones only while they hold something."""
        return [
            name
            for name, split in SPLITS.items()
            if not split.quiet or self._counts[name] or name == self.split
        ]

    def place_text(self) -> str:
        """``50 von 2.143``, and how many are marked."""
        total, position = self.table.total, self.table.position
        if not total or self.table.current is None:
            return ""
        here = "…" if position is None else f"{position + 1:,}".replace(",", ".")
        text = _("{n} of {total}").format(n=here, total=f"{total:,}".replace(",", "."))
        if self.table.marked:
            text = _("{n} marked").format(n=len(self.table.marked)) + "   " + text
        return text

    def news_text(self) -> str:
        """What came in above since the list was read."""
        n = self._newer
        if self.query_text:
            return self._far.text if self._far is not None else ""
        if not n or self._alone is not None:
            return ""
        count = f"{n}+" if n >= _NEWS else str(n)
        return _("{n} new – {key}").format(n=count, key=self.shortcut("app.refresh"))

    # Columns

    def _columns(self) -> list[Column[ItemRow]]:
        return [
            Column(lambda: "", self._marks_of, 2, 2, 1, style=self._mark_style),
            Column(lambda: _("Received"), self._when, 9, 10, 2, right=True),
            Column(lambda: _("From"), lambda row: row.sender_name or row.sender_address, 12, 17, 0),
            Column(lambda: _("Subject"), lambda row: row.subject or _("(no subject)"), 24, 0, 0),
            Column(
                lambda: _("Office"), lambda row: self.station.names.office(row.office_id), 14, 24, 4
            ),
            Column(
                lambda: _("With"), lambda row: self.station.with_whom(row.claimed_by), 12, 16, 3
            ),
        ]

    @staticmethod
    def _marks_of(row: ItemRow) -> str:
        urgent = "!" if row.priority > 0 else " "
        return urgent + ("@" if row.attachments else symbol("item", row.state))

    @staticmethod
    def _mark_style(row: ItemRow) -> str:
        return "error" if row.priority > 0 else ""

    @staticmethod
    def _when(row: ItemRow) -> str:
        return dates.moment(row.received_at, clock.now())

    def _row_style(self, row: ItemRow) -> str:
        if row.claimed_by is None:
            return "strong"
        return "" if row.claimed_by in self.station.session.actor.desks else "muted"
