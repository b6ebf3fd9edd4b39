"""What all work areas share: header, footer, status bar, toast, and keys from the action table."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from clerk.actions import ACTIONS, Action, Place, action
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, in_words
from screens.keys import key_name, key_table
from widgets.lines import LinesView
from widgets.toast import Toast
from widgets.wrapping import FILL, Line, Run

if TYPE_CHECKING:
    from screens.app import Workstation

Handler = Callable[[], None]
_COMMON: tuple[Place, ...] = ("everywhere", "list")
_ROOM_FOR_TOWN = 100  # columns


class WorkScreen(Screen[None]):
    """A work area. Subclasses name their ``PLACES``, give ``handlers`` for their actions and
    :meth:`content`, and answer :meth:`refusal` for what cannot be done now.

    Keys come from the workstation one after the other (:meth:`steer`), never over the message
    queues of the widgets: a key that overtook another would act on the wrong record.
    """

    DEFAULT_CSS = """
    WorkScreen {
        layout: horizontal;
        layers: base above;
        & #head { dock: top; height: 1; background: $panel; }
        & #foot { dock: bottom; height: 2; background: $panel; }
    }
    """
    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere",)

    def __init__(self) -> None:
        super().__init__()
        self.head = LinesView(wrap=False, id="head")
        self.foot = LinesView(wrap=False, id="foot")
        self.toast = Toast()
        self.handlers: dict[str, Handler] = {}
        self.ready = asyncio.Event()
        self.case_id: str | None = None  # of the case that is shown
        self.query_text = ""  # what its list is searched for
        self._connection: list[Run] = []
        self._warning = ""
        self._seen = -1

    @property
    def station(self) -> "Workstation":
        """The workstation, with its type."""
        return cast("Workstation", self.app)

    def compose(self) -> ComposeResult:
        """Bars around the content."""
        yield self.head
        yield from self.content()
        yield self.foot
        yield self.toast

    def content(self) -> ComposeResult:
        """What stands between the bars."""
        yield from ()

    # Keys

    @cached_property
    def keys(self) -> dict[str, str]:
        """Key -> action id: what works here, and what the help shows."""
        return key_table(self.PLACES, self.station.keys_of)

    def steer(self, event: events.Key) -> bool:
        """Do what the key means here; False if it means nothing."""
        action_id = self.keys.get(event.key)
        if action_id is None:
            return False
        self.action_do(action_id)
        return True

    def keys_of(self, action_id: str) -> list[str]:
        """The keys of an action that work here, as they are written."""
        return [key_name(key) for key, one in self.keys.items() if one == action_id]

    # Actions

    def refusal(self, action_id: str) -> Refusal | None:
        """Why an action cannot be done now; None if it can."""
        return None

    def can_do(self, action_id: str) -> bool:
        """Whether this screen knows the action."""
        return action_id in self.handlers or action_id in self.station.handlers

    def action_do(self, action_id: str) -> None:
        """Do an action of the table by its id, or say why not."""
        handler = self.handlers.get(action_id) or self.station.handlers.get(action_id)
        if handler is None:
            self.toast.say("refused", _("Not possible here."))
            return
        if refusal := self.refusal(action_id):
            self.toast.say("refused", refusal.sentence)
            return
        self.attempt(handler)

    def attempt(self, do: Handler) -> bool:
        """Run something that may refuse; the reason becomes a toast. True if it went through."""
        try:
            do()
        except Exception as error:
            said = in_words(error)
            if said is None:
                raise
            self.toast.say("refused" if isinstance(error, Refused) else "failed", said.sentence)
            return False
        return True

    def keep_draft(self, place: str, text: str) -> None:
        """Keep half-typed text; a full disk is said, and what is typed stays where it is."""
        session = self.station.session
        self.attempt(lambda: session.store.keep_draft(session.actor.clerk_id, place, text))

    def actions_here(self) -> list[Action]:
        """The actions of this screen's places that it can do, in the table's order."""
        return [one for one in ACTIONS if one.place in self.PLACES and self.can_do(one.id)]

    def shortcut(self, action_id: str) -> str:
        """The first key of an action that works here, '' if none does."""
        return next(iter(self.keys_of(action_id)), "")

    # Bars

    def show_bars(self, *, figures: bool = True) -> None:
        """Paint header, footer and status bar anew; costs nothing where nothing changed.

        Without ``figures`` those read last are shown: a cursor that moves changes none of them.
        """
        if figures:
            self.read_figures()
        self.head.set_lines([self.header()])
        self.foot.set_lines([self._keys_line(), self._status_line()])

    def read_figures(self) -> None:
        """Read what the bars show of the store."""
        self._connection = self.station.connection()
        self._warning = self.station.warning_text()

    def header(self) -> Line:
        """The line at the top."""
        return ((f" {self.title_text()} ", "title"), (FILL, ""), (f"{self.station.town} ", "muted"))

    def with_town(self, runs: list[Run]) -> Line:
        """The header's runs, with the town at the right edge where there is room for it."""
        cells = sum(cell_len(text) for text, _style in runs) + cell_len(self.station.town)
        if self.size.width < max(_ROOM_FOR_TOWN, cells):
            return tuple(runs)
        return (*runs, (FILL, ""), (self.station.town, "muted"))

    def title_text(self) -> str:
        """What this area is called."""
        return "clerk"

    def place_text(self) -> str:
        """Where the cursor stands, for the status bar."""
        return ""

    def _keys_line(self) -> Line:
        """As many keys as fit: help always does, then the area's own, what can be done first."""
        refused = {one.id for one in self.footer_actions() if self.refusal(one.id) is not None}
        shown = [
            one
            for one in self.footer_actions()
            if self.shortcut(one.id) and (one.footer is True or one.id not in refused)
        ]
        room = (self.size.width or 80) - 1
        kept = set()

        def rank(one: Action) -> tuple[bool, ...]:
            common = one.place in _COMMON
            return one.id != "app.help", common, one.id in refused, one.footer is not True

        for one in sorted(shown, key=rank):
            cells = cell_len(f" {self.shortcut(one.id)} {one.footer_title} ")
            if cells <= room or one.id == "app.help":
                kept.add(one.id)
                room -= cells
        runs: list[Run] = []
        for one in shown:
            if one.id in kept:
                dim = one.id in refused
                runs += [
                    (f" {self.shortcut(one.id)}", "muted" if dim else "accent"),
                    (f" {one.footer_title} ", "muted" if dim else ""),
                ]
        return tuple(runs)

    def footer_actions(self) -> list[Action]:
        """The actions named in the footer: those of the area first, help at the end."""
        own = [one for one in self.actions_here() if one.footer]
        return sorted(own, key=lambda one: (one.place in _COMMON, one.id == "app.help"))

    def _status_line(self) -> Line:
        runs = list(self._connection)
        if self._warning:
            runs += [("  ! ", "warning"), (self._warning, "warning")]
        if news := self.news_text():
            runs += [("   ", ""), (news, "accent")]
        place = self.place_text()
        right = (
            f"{place}   {self.station.session.actor.name} "
            if place
            else (f"{self.station.session.actor.name} ")
        )
        return (*runs, (FILL, ""), (right, "muted"))

    def news_text(self) -> str:
        """ "12 new - F5", where something came in."""
        return ""

    # What the workstation tells

    def refresh_data(self) -> None:
        """Take in what is new (F5)."""

    def after_undo(self, rows: tuple[tuple[str, str], ...]) -> None:
        """An undo or redo touched these rows (table, id)."""
        self.refresh_data()

    def others_changed(self, ids: Sequence[str]) -> None:
        """These records are not what they were: a list shows it where they stand."""

    def is_up_to_date(self) -> None:
        """What is shown holds everything that was done at this workstation."""
        self._seen = self.station.changes

    def counters_changed(self) -> None:
        """Somebody has written: figures may have changed, lists stay as they are."""
        self.show_bars()

    def on_screen_resume(self) -> None:
        """Back on screen: what was done elsewhere is taken in, the cursor stays on its record."""
        if self.is_mounted:
            if self._seen not in (-1, self.station.changes):
                self.refresh_data()
            else:
                self.show_bars()
            self.is_up_to_date()
        self.call_later(self.ready.set)

    def on_resize(self) -> None:
        """The footer shows as many keys as fit."""
        self.show_bars()


def handlers_for(table: Mapping[str, Handler]) -> dict[str, Handler]:
    """A screen's handlers, checked against the table: a typo in an id is found at start."""
    for action_id in table:
        action(action_id)
    return dict(table)
