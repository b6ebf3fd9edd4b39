"""Letters: drafts, what wants a second signature, what is to be printed, what was sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult

from clerk import clock, dates
from clerk.actions import Place, action
from clerk.desks import letters as desk
from clerk.desks import outbox, signing
from clerk.desks.outcome import Outcome
from clerk.i18n import N_, _, ngettext
from clerk.names import symbol, word
from clerk.refusal import Refusal
from clerk.settings import Settings
from screens.letter_pane import LetterPane
from screens.list_screen import ListScreen
from screens.sources import FixedSource, KeysetSource
from screens.work import handlers_for
from storage import counters
from storage.actor import Actor
from storage.folding import fold
from storage.pages import letters
from storage.pages.keyset import Keyset
from storage.pages.letters import LetterRow
from storage.store import Store
from storage.terms import LetterState
from widgets.columns import Column
from widgets.record_table import RecordTable
from widgets.window import Source
from widgets.wrapping import Run

MOST_MARKED = 1_000
_MOST_SEARCHED = 2_000
_AT_ONCE = 3  # letters are signed without a bar
UseCase = Callable[[Store, Actor, Sequence[str]], Outcome]


@dataclass(frozen=True, slots=True)
class Split:
    """One list of the area."""

    label: str
    states: tuple[LetterState, ...]
    newest_first: bool = False

    def keyset(self, offices: Sequence[str]) -> Keyset[LetterRow]:
        """Its letters in these offices."""
        return letters.of_offices(offices, *self.states, newest_first=self.newest_first)


SPLITS = (
    Split(N_("Drafts"), (LetterState.DRAFT,)),
    Split(N_("Sign"), (LetterState.SIGNED,)),
    Split(N_("Print"), (LetterState.FINAL, LetterState.QUEUED)),
    Split(N_("Sent"), (LetterState.SENT,), newest_first=True),
)
_ON_RECORD = ("letter.open_case", "letter.change")


class LettersScreen(ListScreen[LetterRow]):
    """The letters of one's offices, with what the one under the cursor says."""

    DEFAULT_CSS = """
    LettersScreen {
        & RecordTable { width: 1fr; }
        & #letter { width: 1fr; display: none; margin: 0 1; }
        &.-wide #letter { display: block; }
        &.-reading RecordTable { display: none; }
        &.-reading #letter { display: block; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual types it so
    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "letters")

    def __init__(self) -> None:
        super().__init__()
        self._split = 0
        self._of_case: str | None = None  # the one case whose letters are shown
        self.pane = LetterPane(lambda: self._show_current(resting=True), id="letter")
        self.handlers |= handlers_for(
            {
                "app.back": self._leave,
                "list.mark": self.table.toggle_mark,
                "list.mark_range": self.table.mark_range,
                "list.mark_all": self._mark_all,
                "list.next_split": lambda: self._turn(1),
                "list.previous_split": lambda: self._turn(-1),
                "list.pane": self._other_pane,
                "letter.sign": self._sign,
                "letter.return": lambda: self._act(signing.give_back),
                "letter.send": self._send,
                "letter.recall": lambda: self._act(outbox.recall),
                "letter.withdraw": lambda: self._act(desk.withdraw),
                "letter.change": self._change,
                "letter.open_case": self._open_case,
            }
        )

    def content(self) -> ComposeResult:
        """List and pane."""
        yield self.table
        yield self.pane

    def title_text(self) -> str:
        """The area's name."""
        return _("Letters")

    # Lists

    def show_case(self, case_id: str) -> None:
        """The letters of one case, of all states; Esc shows the lists again."""
        self._of_case = case_id
        self.query_text = ""
        self.show_list()

    def source(self) -> Source[LetterRow]:
        """The list, or those of it whose subject, case or person hold the search's words."""
        db, offices = self.station.session.store.db, self.station.session.actor.offices
        split = SPLITS[self._split]
        if self._of_case is not None:
            return FixedSource(letters.of_case(db, self._of_case))
        keyset = split.keyset(offices)
        if self.query_text:
            words = fold(self.query_text).split()
            rows = [
                row
                for row in keyset.page(db, limit=_MOST_SEARCHED)
                if all(word in fold(f"{row.subject} {row.number} {row.person}") for word in words)
            ]
            return FixedSource(rows, descending=split.newest_first)
        return KeysetSource(db, keyset, lambda: self._count(split))

    def _count(self, split: Split) -> int:
        db, offices = self.station.session.store.db, self.station.session.actor.offices
        return sum(counters.count(db, "letters", one, offices=offices) for one in split.states)

    def splits(self) -> list[Run]:
        """The lists with their counters, or the case whose letters are shown."""
        if self._of_case is not None:
            return [(self.station.names.case(self._of_case), "accent")]
        runs: list[Run] = []
        for n, split in enumerate(SPLITS):
            chosen = n == self._split and not self.query_text
            label = f" {_(split.label)} {self._count(split)} "
            runs += [(label, "selected" if chosen else "muted"), (" ", "")]
        return runs

    def _turn(self, by: int) -> None:
        self._split = (self._split + by) % len(SPLITS)
        self._of_case = None
        self.query_text = ""
        self.show_list()

    def show_list(self) -> None:
        """Read the list anew, from its start."""
        super().show_list()
        self._show_current(resting=True)

    def refresh_data(self) -> None:
        """Take in what is new; the pane follows."""
        super().refresh_data()
        self._show_current(resting=True, again=True)

    def still_here(self, ids: Sequence[str]) -> Sequence[str]:
        """Those whose state is still the list's."""
        rows = letters.by_ids(self.station.session.store.db, ids)
        return [row.id for row in rows if self._belongs(row)]

    def _belongs(self, row: LetterRow) -> bool:
        if self._of_case is not None:
            return row.case_id == self._of_case
        return row.state in SPLITS[self._split].states

    def _mark_all(self) -> None:
        n = self.table.mark_all(MOST_MARKED)
        more = "+" if n >= MOST_MARKED else ""
        self.toast.say("done", _("{n}{more} marked").format(n=n, more=more), _("Esc unmarks"))

    # Reading

    def open_current(self) -> None:
        """Read the letter; a second Enter opens its case."""
        if self.has_class("-reading"):
            self._open_case()
        elif self.table.current is not None:
            self.add_class("-reading")
            self.set_focus(self.pane)
            self._show_current(resting=True)

    def _stop_reading(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self.table)

    def _other_pane(self) -> None:
        if self.focused is self.pane:
            self._stop_reading()
        elif self.pane.is_on_screen:
            self.set_focus(self.pane)
        else:
            self.open_current()

    def _leave(self) -> None:
        if self.has_class("-reading") or self.focused is self.pane:
            self._stop_reading()
        elif self._of_case is not None and not self.table.marked:
            self._of_case = None
            self.show_list()
        else:
            self._back()

    def on_record_table_moved(self, event: RecordTable.Moved | None = None) -> None:
        """Another record: its head at once, its words when the cursor rests."""
        self._show_current(resting=event is None or event.resting)
        self.show_bars(figures=False)

    def _show_current(self, *, resting: bool, again: bool = False) -> None:
        if self.pane.is_on_screen or self.has_class("-reading"):
            self.pane.show_letter(self.table.current, words=resting, again=again)

    # Acting

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for the letter under the cursor; marks are sorted out when acting."""
        if not action_id.startswith("letter."):
            return super().refusal(action_id)
        current = self.table.current
        if current is None:
            return Refusal("list.empty", _("There is no record here."))
        if action_id == "letter.open_case" or (self.table.marked and action_id not in _ON_RECORD):
            return None
        session = self.station.session
        if action_id == "letter.sign":
            return signing.can_sign(session.store.db, session.actor, current)
        if action_id == "letter.change" and current.template != "plain":
            return Refusal(
                "letter.from_case", _("Its words come from the case: change them there.")
            )
        return desk.GUARDS[action_id](session.actor, current)

    def _targets(self) -> tuple[str, ...]:
        current = self.table.current
        return self.table.marked or ((current.id,) if current else ())

    def _act(self, use_case: UseCase) -> None:
        session = self.station.session
        self.done(use_case(session.store, session.actor, self._targets()))

    def _sign(self) -> None:
        session, ids = self.station.session, self._targets()
        work = signing.Signing(session.store, session.actor, ids)
        if len(ids) <= _AT_ONCE:
            while work.step():
                pass
            self.done(work.finish())
            return
        from widgets.progress import ProgressScreen

        def finished(whole: bool | None) -> None:
            if whole:
                self.attempt(lambda: self.done(work.finish()))
            else:
                self.toast.say("refused", _("Stopped. Nothing was signed."))

        self.app.push_screen(
            ProgressScreen(_("Signing"), work.step, lambda: (work.done, work.total)), finished
        )

    def _send(self) -> None:
        from clerk.outreach.mail import refuse_unready

        rows = letters.by_ids(self.station.session.store.db, self._targets())
        refuse_unready(self.station.settings or Settings(), rows)
        self._act(outbox.send)

    def done(self, outcome: Outcome) -> None:
        """Say what was done, and go on with the next record."""
        session = self.station.session
        rows = letters.by_ids(session.store.db, outcome.done)
        self.table.clear_marks()
        self.table.replace(rows)
        self.table.take_out([row.id for row in rows if not self._belongs(row)])
        n = len(rows)
        text = rows[0].subject if n == 1 else ngettext("{n} letter", "{n} letters", n).format(n=n)
        if n == 1 and rows[0].person:
            text += f", {rows[0].person}"
        if outcome.refused:
            text += " · " + _("{n} not: {why}").format(
                n=len(outcome.refused), why=outcome.refused[0][1].sentence
            )
        hint = _("{key} takes it back").format(key=self.shortcut("app.undo"))
        said = action(outcome.action).said
        self.toast.say("done", f"{said}: {text}", hint, whole=bool(outcome.refused))
        self.station.data_changed()
        self._show_current(resting=True, again=True)

    def _change(self) -> None:
        from screens.letter_questions import ask_change

        if self.table.current is not None:
            ask_change(self, self.table.current, self.done)

    def _open_case(self) -> None:
        if self.table.current is not None:
            self.station.open_case(self.table.current.case_id)

    def news_text(self) -> str:
        """What is about to leave, or could not."""
        return self.station.outbox.said()

    # Columns

    def columns(self) -> list[Column[LetterRow]]:
        """State, when, what, whose case, to whom, by whom."""
        return [
            Column(lambda: "", lambda row: symbol("letter", row.state), 1, 1, 1),
            Column(lambda: _("Written"), _when, 6, 10, 2, right=True),
            Column(lambda: _("Letter"), lambda row: row.subject, 16, 0, 0),
            Column(lambda: _("To"), lambda row: row.person, 10, 22, 0),
            Column(lambda: _("Case"), lambda row: row.number, 16, 20, 3),
            Column(lambda: _("By"), lambda row: self.station.names.clerk(row.drafted_by), 8, 16, 4),
            Column(lambda: _("State"), lambda row: word("letter", row.state), 9, 12, 5),
        ]


def _when(row: LetterRow) -> str:
    return dates.moment(row.created_at, clock.now())
