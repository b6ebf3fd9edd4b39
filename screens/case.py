"""A case: overview, correspondence, notes, history."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult

from clerk.actions import Place, action
from clerk.desks import cases as desk
from clerk.desks import presence
from clerk.desks.letters import can_draft
from clerk.desks.outcome import Outcome
from clerk.i18n import N_, _
from clerk.names import symbol, word
from clerk.refusal import Refusal
from screens import case_tabs
from screens.work import WorkScreen, handlers_for
from storage.actor import Actor
from storage.pages import cases, offices
from storage.pages.cases import CaseRow
from storage.pages.names import Names
from storage.store import Store
from widgets.lines import LinesView
from widgets.wrapping import Line, Run

if TYPE_CHECKING:
    from sqlite3 import Connection

Act = Callable[[Store, Actor, str], Outcome]
Lines = Callable[["Connection", Names, CaseRow], list[Line]]


class CaseTab(NamedTuple):
    """A tab of a case: its name, a short one where there is little room, and what stands in it."""

    label: str
    short: str
    lines: Lines


OVERVIEW = CaseTab(N_("Overview"), N_("Overview"), case_tabs.overview)
REST = (
    CaseTab(N_("Correspondence"), N_("Filed mail"), case_tabs.correspondence),
    CaseTab(N_("Notes"), N_("Notes"), case_tabs.notes),
    CaseTab(N_("History"), N_("History"), case_tabs.history_lines),
)


class CaseScreen(WorkScreen):
    """One case. Everything shown is read anew when it is opened, acted on or refreshed."""

    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "case")
    TABS: ClassVar[tuple[CaseTab, ...]] = (OVERVIEW, *REST)

    def __init__(self, case_id: str) -> None:
        super().__init__()
        self.case_id: str = case_id
        self._tab = 0
        self._row: CaseRow | None = None
        self._others = ""
        self.pane = LinesView(scroll=True, id="case")
        self.handlers = handlers_for(
            {
                "case.take": lambda: self._do(desk.take),
                "case.hand_over": self._hand_over,
                "case.note": self._note,
                "case.follow_up": self._follow_up,
                "case.wait": self._wait,
                "case.go_on": lambda: self._do(desk.go_on),
                "case.close": self._close,
                "case.reopen": lambda: self._do(desk.reopen),
                "case.letter": self._write_letter,
                "case.letters": lambda: self.station.open_letters(self.case_id),
                "case.tab": lambda: self._show_tab((self._tab + 1) % len(self.TABS)),
            }
        )

    def content(self) -> ComposeResult:
        """The pane."""
        yield self.pane

    def on_mount(self) -> None:
        """Read the case."""
        self.refresh_data()
        self.is_up_to_date()
        self.set_focus(self.pane)
        self.call_after_refresh(presence.attend, self.station.session.store, self.case_id)

    def on_unmount(self) -> None:
        """It is not open here any more."""
        presence.leave(self.station.session.store, self.case_id)

    def steer(self, event: events.Key) -> bool:
        """A digit chooses the tab, Tab the next one."""
        tabs = len(self.TABS)
        if event.character and event.character in "123456789"[:tabs]:
            self._show_tab(int(event.character) - 1)
        elif event.key in ("tab", "shift+tab"):
            self._show_tab((self._tab + (1 if event.key == "tab" else -1)) % tabs)
        else:
            return super().steer(event)
        return True

    def _show_tab(self, tab: int) -> None:
        self._tab = tab
        self._read(keep_place=False)

    def refresh_data(self) -> None:
        """Read the case and what hangs on it; what is being read stays in sight."""
        self._read(keep_place=True)

    def _read(self, *, keep_place: bool) -> None:
        session, names = self.station.session, self.station.names
        found = cases.by_ids(session.store.db, [self.case_id])
        self._row = found[0] if found else None
        if self._row is None:
            self.pane.set_lines([((_("This case is not here any more."), "warning"),)])
        else:
            lines = self.TABS[self._tab].lines(session.store.db, names, self._row)
            self.pane.set_lines(lines, keep_place=keep_place)
        self.show_bars()

    # Acting

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for this case."""
        if action_id == "case.letter" and self._row is not None:
            return can_draft(self.station.session.actor, self._row.office_id)
        guard = desk.GUARDS.get(action_id)
        if guard is None:
            return None
        if self._row is None:
            return Refusal("record.gone", _("This case is not here any more."))
        return guard(self.station.session.actor, self._row)

    def _do(self, use_case: Act) -> None:
        session = self.station.session
        outcome = use_case(session.store, session.actor, self.case_id)
        self.refresh_data()
        undo = _("{key} takes it back").format(key=self.shortcut("app.undo"))
        self.toast.say("done", self._words(outcome), undo)
        self.station.data_changed()

    def _words(self, outcome: Outcome) -> str:
        said = action(outcome.action).said
        if self._row is None:
            return said
        if outcome.action == "case.hand_over":
            return f"{said}: {self._row.number} → {self.station.names.office(self._row.office_id)}"
        return f"{said}: {self._row.number}"

    def _try(self, use_case: Act) -> None:
        self.attempt(lambda: self._do(use_case))

    def _hand_over(self) -> None:
        from widgets.choices import Choice
        from widgets.picker import PickerScreen

        rows = [
            Choice(office.id, office.name, hint=office.prefix)
            for office in offices.offices(self.station.session.store.db)
        ]

        def done(office_id: str | None) -> None:
            if office_id is not None:
                self._try(lambda store, actor, one: desk.hand_over(store, actor, one, office_id))

        self.app.push_screen(PickerScreen(_("Hand over to"), rows), done)

    def _note(self) -> None:
        from screens.inbox_questions import ask_note

        ask_note(
            self,
            _("Note on: {subject}").format(subject=self._row.subject if self._row else ""),
            f"note/cases/{self.case_id}",
            lambda text: self._do(lambda store, actor, one: desk.note(store, actor, one, text)),
        )

    def _write_letter(self) -> None:
        from screens.letter_questions import ask_letter

        def done(outcome: Outcome) -> None:
            self.refresh_data()
            hint = _("{key} shows the letters").format(key=self.shortcut("case.letters"))
            self.toast.say("done", self._words(outcome), hint)
            self.station.data_changed()

        if self._row is not None:
            ask_letter(self, self.case_id, self._row.subject, done)

    def _follow_up(self) -> None:
        from screens.inbox_questions import ask_due, split_due

        def done(text: str | None) -> None:
            due, words = split_due(text or "")
            if due is not None:
                self._try(lambda store, actor, one: desk.follow_up(store, actor, one, due, words))

        self.app.push_screen(ask_due(), done)

    def _wait(self) -> None:
        from screens.inbox_questions import ask_wait, split_due

        def done(text: str | None) -> None:
            until, reason = split_due(text or "")
            if until is not None and reason:
                self._try(lambda store, actor, one: desk.wait(store, actor, one, reason, until))

        self.app.push_screen(ask_wait(), done)

    def _close(self) -> None:
        from widgets.prompt import PromptScreen

        def done(text: str | None) -> None:
            if text is not None:
                result = text.strip() or _("closed")
                self._try(lambda store, actor, one: desk.close(store, actor, one, result))

        self.app.push_screen(
            PromptScreen(
                _("Close the case"), label=_("Result"), placeholder=_("e.g. lamp repaired")
            ),
            done,
        )

    # Bars

    def title_text(self) -> str:
        """Number and subject."""
        return self._row.number if self._row else _("Case")

    def read_figures(self) -> None:
        """Who else has the case open."""
        super().read_figures()
        session = self.station.session
        self._others = presence.others(
            session.store, self.station.names, self.case_id, session.actor.clerk_id
        )

    def header(self) -> Line:
        """Number, state and tabs; who else is here, where there is room."""
        runs = self._head()
        if self._others and self._has_room(runs):
            runs.append((f"  {self._others_text()}", "warning"))
        return self.with_town(runs)

    def _head(self) -> list[Run]:
        """Number, state and tabs, a long tab by its short name if need be."""
        head: list[Run] = [(f" {self.title_text()} ", "title")]
        if state := self.state_text():
            head.append((f"{state}  ", "accent"))
        for names in self._tab_names():
            runs = head + [
                (f" {n} {name} " if name else f" {n} ",
                 "selected" if n == self._tab + 1 else "muted")
                for n, name in enumerate(names, 1)
            ]  # fmt: skip
            if sum(cell_len(text) for text, _style in runs) <= self.size.width:
                break
        return runs

    def _tab_names(self) -> Iterator[list[str]]:
        """The names of the tabs, from the longest to the shortest way to say them."""
        yield [_(one.label) for one in self.TABS]
        yield [_(one.short) for one in self.TABS]
        yield [_(one.short) if n == self._tab else "" for n, one in enumerate(self.TABS)]

    def state_text(self) -> str:
        """Where the case stands, with its symbol."""
        if self._row is None:
            return ""
        return f"{symbol('case', self._row.state)} {word('case', self._row.state)}"

    def _others_text(self) -> str:
        return _("also open at: {names}").format(names=self._others)

    def _has_room(self, runs: list[Run]) -> bool:
        cells = sum(cell_len(text) for text, _style in runs) + cell_len(self._others_text()) + 2
        return cells + cell_len(self.station.town) <= self.size.width

    def news_text(self) -> str:
        """Who else is here, where the header has no room for it."""
        return self._others_text() if self._others and not self._has_room(self._head()) else ""

    def place_text(self) -> str:
        """Who works on it."""
        if self._row is None:
            return ""
        name = self.station.names.clerk(self._row.assignee_id)
        label = _("With")
        return f"{label}: {name}" if name else _("nobody works on it")
