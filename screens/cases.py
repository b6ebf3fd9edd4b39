"""Lists of cases: the offices' and one's own."""

from datetime import date
from typing import ClassVar

from clerk import clock, dates
from clerk.actions import Place
from clerk.i18n import N_, _
from clerk.names import symbol, word
from screens.inquiring import FarHits
from screens.list_screen import ListScreen
from screens.reading import read_first
from screens.sources import FixedSource, KeysetSource
from storage import counters
from storage.pages import cases
from storage.pages.cases import CaseRow
from storage.search import search
from storage.terms import CaseState
from widgets.columns import Column
from widgets.window import Source
from widgets.wrapping import Run

_MOST_HITS = 500
_STATES = {
    CaseState.OPEN: N_("Open"),
    CaseState.WAITING: N_("Waiting"),
    CaseState.CLOSED: N_("Closed"),
}


class CasesScreen(ListScreen[CaseRow]):
    """Cases by state, newest first."""

    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "cases")

    def __init__(self, *, mine: bool) -> None:
        super().__init__()
        self._mine = mine
        self._state = CaseState.OPEN
        self._far = FarHits(self)
        self.handlers["list.next_split"] = lambda: self._turn(1)
        self.handlers["list.previous_split"] = lambda: self._turn(-1)

    def title_text(self) -> str:
        """The area's name."""
        return _("My cases") if self._mine else _("Cases")

    def search(self, query: str) -> None:
        """Narrow the list; the shared store is asked whether it has more."""
        super().search(query)
        self._far.look(self.query_text)

    def news_text(self) -> str:
        """What the shared store has more of a search."""
        return self._far.text if self.query_text else ""

    def source(self) -> Source[CaseRow]:
        """The cases of the state, or what the search finds in all of them."""
        db, actor = self.station.session.store.db, self.station.session.actor
        if self.query_text:
            hits = search(db, self.query_text, areas=("cases",), limit=_MOST_HITS)
            rows = cases.by_ids(db, [hit.id for hit in hits.rows])
            return FixedSource(rows, descending=True)
        keyset = (
            cases.of_clerks(actor.desks, self._state)
            if self._mine
            else cases.of_offices(actor.offices, self._state)
        )
        return KeysetSource(db, keyset, lambda: self._count(self._state))

    def _count(self, state: CaseState) -> int:
        db, actor = self.station.session.store.db, self.station.session.actor
        if self._mine:
            return counters.count(db, "cases", state, clerks=actor.desks)
        return counters.count(db, "cases", state, offices=actor.offices)

    def splits(self) -> list[Run]:
        """The states with their counters."""
        runs: list[Run] = []
        for state, label in _STATES.items():
            chosen = state == self._state and not self.query_text
            runs.append((f" {_(label)} {self._count(state)} ", "selected" if chosen else "muted"))
            runs.append((" ", ""))
        return runs

    def _turn(self, by: int) -> None:
        states = list(_STATES)
        self._state = states[(states.index(self._state) + by) % len(states)]
        self.query_text = ""
        self.show_list()

    def open_current(self) -> None:
        """Open the case."""
        current, station = self.table.current, self.station
        if current is not None and self.query_text:
            found = ("cases", current.id)
            read_first(station, found, "search", lambda: station.open_case(found[1]))
        elif current is not None:
            station.open_case(current.id)

    def columns(self) -> list[Column[CaseRow]]:
        """Number, subject, person, due, with whom."""
        return [
            Column(lambda: "", lambda row: symbol("case", row.state), 1, 1, 5),
            Column(lambda: _("Number"), lambda row: row.number, 16, 20, 1),
            Column(lambda: _("Subject"), lambda row: row.subject, 26, 0, 0),
            Column(lambda: _("Person"), lambda row: row.person, 8, 22, 3),
            Column(lambda: _("Due"), _due, 15, 16, 2, style=_due_style),
            Column(
                lambda: _("With"), lambda row: self.station.with_whom(row.assignee_id), 6, 16, 4
            ),
            Column(lambda: _("State"), lambda row: word("case", row.state), 13, 13, 6),
        ]


def due_of(row: CaseRow) -> date | None:
    """The nearer of the two due dates."""
    ends = [one for one in (row.target_on, row.legal_on) if one]
    return date.fromisoformat(min(ends)) if ends else None


def _due(row: CaseRow) -> str:
    due = due_of(row)
    if due is None or row.state == CaseState.CLOSED:
        return ""
    return dates.relative(due, clock.today(), due=True)


def _due_style(row: CaseRow) -> str:
    due = due_of(row)
    if due is None or row.state == CaseState.CLOSED:
        return ""
    days = (due - clock.today()).days
    return "error" if days < 0 else "warning" if days <= 3 else ""
