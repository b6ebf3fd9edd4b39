"""A work area that is one list: cases, follow-ups, processes."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.app import ComposeResult

from clerk.i18n import _
from clerk.refusal import Refusal
from screens.work import Handler, WorkScreen
from widgets.columns import Column
from widgets.record_table import RecordTable
from widgets.window import Record, Source
from widgets.wrapping import Line, Run

R = TypeVar("R", bound=Record)

NEEDS_RECORD = ("list.open", "list.mark", "list.mark_range", "list.mark_all")


class ListScreen(WorkScreen, Generic[R]):
    """A table between the bars, with a search and, where the area has them, splits."""

    def __init__(self) -> None:
        super().__init__()
        self.table: RecordTable[R] = RecordTable(
            self.columns(), empty=_("Nothing is waiting here.")
        )
        self.handlers: dict[str, Handler] = {
            "list.open": self.open_current,
            "list.search": self._ask_search,
            "app.back": self._back,
        }

    @abstractmethod
    def columns(self) -> list[Column[R]]:
        """The columns of the table."""

    @abstractmethod
    def source(self) -> Source[R]:
        """The list, narrowed by :attr:`query_text`."""

    def open_current(self) -> None:
        """Enter on a record."""

    def splits(self) -> list[Run]:
        """The lists of the area with their counters, for the header."""
        return []

    def content(self) -> ComposeResult:
        """The table."""
        yield self.table

    def on_mount(self) -> None:
        """The list, from its start."""
        self.show_list()
        self.is_up_to_date()
        self.set_focus(self.table)

    def show_list(self) -> None:
        """Read the list anew, from its start."""
        self.table.show(self.source())
        self.show_bars()

    def refresh_data(self) -> None:
        """Take in what is new; the cursor stays on its record, marks on what is still here."""
        self.table.reload(self.source())
        self.table.keep_marks(self.still_here(self.table.marked))
        self.show_bars()

    def still_here(self, ids: Sequence[str]) -> Sequence[str]:
        """Which of these records the list still holds."""
        return ()

    def after_undo(self, rows: tuple[tuple[str, str], ...]) -> None:
        """To the record that was taken back, if it is near."""
        self.refresh_data()
        any(self.table.put_cursor(row_id) for _table, row_id in rows)

    def refusal(self, action_id: str) -> Refusal | None:
        """An empty list has nothing to open or to mark."""
        if action_id in NEEDS_RECORD and self.table.current is None:
            return Refusal("list.empty", _("There is no record here."))
        return None

    def search(self, query: str) -> None:
        """Narrow the list; '' shows the whole list again."""
        self.query_text = query.strip()
        self.show_list()

    def _ask_search(self) -> None:
        from widgets.prompt import PromptScreen

        def done(query: str | None) -> None:
            if query is not None:
                self.search(query)

        self.app.push_screen(
            PromptScreen(_("Search in this list"), label=_("Words"), initial=self.query_text), done
        )

    def _back(self) -> None:
        if self.table.marked:
            self.table.clear_marks()
            self.show_bars()
        elif self.query_text:
            current = self.table.current
            self.query_text = ""
            self.table.show(self.source(), at=current)
            self.show_bars()

    def on_record_table_moved(self) -> None:
        """The bars follow the cursor."""
        self.show_bars()

    def on_record_table_opened(self) -> None:
        """A double click opens."""
        self.action_do("list.open")

    def header(self) -> Line:
        """Area, splits, search."""
        runs: list[Run] = [(f" {self.title_text()}  ", "title"), *self.splits()]
        if self.query_text:
            runs.append((_("Search: {query}").format(query=self.query_text), "accent"))
        return self.with_town(runs)

    def place_text(self) -> str:
        """``50 von 2.143``."""
        total, position = self.table.total, self.table.position
        if not total or position is None:
            return ""
        text = _("{n} of {total}").format(
            n=f"{position + 1:,}".replace(",", "."), total=f"{total:,}".replace(",", ".")
        )
        if self.table.marked:
            text = _("{n} marked").format(n=len(self.table.marked)) + "   " + text
        return text
