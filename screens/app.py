"""The workstation: owns the work areas, the keys that work everywhere, the lock.

Start-up imports only what the first paint needs; everything else comes when it is asked for.
"""

import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen

from clerk import clock, i18n
from clerk.actions import ACTIONS, Action, action
from clerk.desks.people import town_of
from clerk.i18n import _
from clerk.session import Session
from screens.inbox import InboxScreen
from screens.keys import key_name
from screens.themes import THEMES
from screens.work import Handler, WorkScreen
from storage import counters, written
from storage.content import get_text
from storage.pages.names import Names
from storage.shared import shared
from storage.terms import LetterState
from widgets.record_table import RecordTable

if TYPE_CHECKING:
    from textual.filter import LineFilter

    from clerk.rules.finder import Finder, Suggestion
    from clerk.settings import Settings
    from clerk.sharing.process import SyncProcess
    from screens.inquiring import Asked
    from screens.outbox import Outbox
    from storage.pages.items import ItemRow
    from storage.undo import Done
    from widgets.wrapping import Run

LEAST = Size(60, 16)
WATCH_SECONDS = 2.0
_FINDER_BYTES = 5_000
_OPENING_SECONDS = 2.0
_PRESENCE = (
    events.Key,
    events.Paste,
    events.MouseDown,
    events.MouseScrollDown,
    events.MouseScrollUp,
)
View = tuple[str, str | None]  # a work area, and the case that is open in it
_MOVES: dict[str, tuple[str, int]] = {
    "down": ("move", 1),
    "j": ("move", 1),
    "up": ("move", -1),
    "k": ("move", -1),
    "pagedown": ("page", 1),
    "pageup": ("page", -1),
}


def _lazy(name: str) -> Callable[[], Screen[None]]:
    """A screen that is imported when it is first shown."""

    def make() -> Screen[None]:
        from screens import areas

        return areas.make(name)

    return make


class Workstation(App[int], inherit_bindings=False):
    """One clerk's workstation over one opened store."""

    CSS = """
    Screen { background: $background; color: $foreground; }
    """
    ENABLE_COMMAND_PALETTE = False
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        "cases": _lazy("cases"),
        "mine": _lazy("mine"),
        "follow_ups": _lazy("follow_ups"),
        "fines": _lazy("fines"),
        "services": _lazy("services"),
        "letters": _lazy("letters"),
        "conflicts": _lazy("conflicts"),
        "absences": _lazy("absences"),
        "payments": _lazy("payments"),
    }
    DEFAULT_MODE = "inbox"

    def __init__(self, session: Session, settings: "Settings | None" = None) -> None:
        super().__init__(ansi_color=None)
        for theme in THEMES:
            self.register_theme(theme)
        self.session = session
        self.settings = settings
        self.theme = settings.theme if settings else "dunkel"
        self.names = Names(session.store.db)
        town = town_of(session.store)
        self.town = f"{town} " if town else ""
        self.handlers: dict[str, Handler] = {
            "app.help": self._help,
            "app.palette": self._palette,
            "app.jump": self._jump,
            "app.beyond": self._beyond,
            "app.undo": lambda: self._take_back(again=False),
            "app.redo": lambda: self._take_back(again=True),
            "app.refresh": self._refresh,
            "app.lock": self.lock,
            "app.theme": self._next_theme,
            "app.language": self._next_language,
            "app.back": self._back,
            "app.previous": self._back_to_previous,
            "app.quit": self.leave,
            **{
                f"go.{mode}": (lambda mode=mode: self.go(mode))  # type: ignore[misc]  # a default binds the loop's value
                for mode in (self.DEFAULT_MODE, *self.MODES)
            },
        }
        self._remapped: dict[str, tuple[str, ...]] = {}
        if settings is not None and settings.keys:
            self._remap(settings.keys)
        self._finder: Finder | None = None
        self._chord = False
        self._last_key = 0.0
        self._previous: View = ("inbox", None)
        self.changes = 0
        self._is_shared = session.store.local("shared") is not None
        self._told: set[str] = set()
        self._sync: SyncProcess | None = None
        self.asked: list[Asked] = []
        """What screens asked of the shared store and has not been answered."""
        self._data_version = self._read_version()

    # Colours

    def refresh_css(self, animate: bool = True) -> None:
        """Read and match all styles anew. Before the first screen nothing has been matched yet: the
        theme's variables are enough, with all else Textual would do it twice."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def validate_theme(self, name: str) -> str:
        """Without colours only the theme that marks by reversing leaves everything visible."""
        return "terminal" if self.no_color else name

    def get_line_filters(self) -> "Sequence[LineFilter]":
        """Under NO_COLOR no colour at all: Textual's own way would still send shades of grey."""
        filters = super().get_line_filters()
        if not self.no_color:
            return filters
        from textual.filter import NoColor

        return [*filters, NoColor()]

    # Starting

    def get_default_screen(self) -> InboxScreen:
        """The inbox. As one of the ``MODES`` it would be painted only when all of it had been
        mounted, and once in vain before."""
        return InboxScreen()

    def on_mount(self) -> None:
        """After the first paint nothing of the start is ever collected: long lists stay smooth."""
        self.add_mode(self.DEFAULT_MODE, InboxScreen)  # it can be gone back to
        gc.freeze()
        gc.enable()
        seconds = self.settings.refresh_seconds if self.settings else WATCH_SECONDS
        self.set_interval(seconds, self.watch_others)
        self._last_key = self._now()
        self._day = clock.today()
        self.call_after_refresh(self._begin_day)
        if self._is_shared:
            self.call_after_refresh(self._begin_sharing)

    def _begin_day(self) -> None:
        from clerk.desks import reading

        reading.purge(self.session.store)

        self.follow_rights()
        from screens.digest import offer

        offer(self)

    def follow_rights(self) -> None:
        """Who may do what follows from the day, and from memberships and absences of the store."""
        from clerk.desks.people import acting

        session = self.session
        actor = acting(
            session.store.db, session.actor.clerk_id, session.actor.name, clock.today().isoformat()
        )
        if actor != session.actor:
            self.session = session._replace(actor=actor)

    def with_whom(self, clerk_id: str | None) -> str:
        """A clerk's name for a list; an absent colleague's work on one's desk is marked."""
        name = self.names.clerk(clerk_id)
        actor = self.session.actor
        if clerk_id is None or clerk_id == actor.clerk_id or clerk_id not in actor.desks:
            return name
        return _("p.p. {name}").format(name=name)

    def _begin_sharing(self) -> None:
        from clerk.desks import presence
        from clerk.sharing.account import URL
        from clerk.sharing.process import SyncProcess

        store = self.session.store
        presence.begin(store)
        if store.local(URL):  # else it was being joined, and there is nobody to talk to yet
            self._sync = SyncProcess(store.home, store.key, self._came_in)
            self._sync.start()

    def _came_in(self) -> None:
        """Told by the sync process's thread: others' work is here."""
        with suppress(RuntimeError):  # the workstation is being closed
            self.call_from_thread(self.watch_others)

    def end_sharing(self) -> None:
        """End the process that synchronises, if there is one."""
        if self._sync is not None:
            self._sync.stop()
            self._sync = None

    def _remap(self, keys: "dict[str, str]") -> None:
        """Other keys for actions; '' takes an action's keys away."""
        from clerk.keymap import keymap

        self._remapped = dict(keymap(ACTIONS, keys))

    def keys_of(self, one: Action) -> tuple[str, ...]:
        """The keys of an action after remapping."""
        return self._remapped.get(one.id, one.keys)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Keys of the work areas are dealt with here, one after the other, and chords like ``g e``.

        Over the queues of the widgets a held-down arrow could overtake a decision, which would
        then be taken on the wrong record.
        """
        if isinstance(event, _PRESENCE) and not event.is_forwarded:
            self._last_key = self._now()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._until_ready()
        if isinstance(event, events.Key) and not event.is_forwarded and self._steer(event):
            return
        await super().on_event(event)

    async def _until_ready(self) -> None:
        """A screen that is just being opened gets the keys that were typed for it."""
        ready: asyncio.Event | None = getattr(self.screen, "ready", None)
        if ready is not None and not ready.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ready.wait(), _OPENING_SECONDS)

    def _steer(self, event: events.Key) -> bool:
        screen = self.screen
        if not isinstance(screen, WorkScreen):
            return self._steer_dialog(event)
        screen.toast.clear()  # what was said was about the key before
        if self._chord:
            self._chord = False
            if event.is_printable or event.key == "escape":
                self._go_by_letter(screen, event.key)
                return True
        focused = screen.focused
        if isinstance(focused, RecordTable) and (move := _MOVES.get(event.key)):
            if move[0] == "move":
                focused.move(move[1])
            else:
                focused.page(move[1])
            return True
        if event.key == "g":
            self._chord = True
            areas = [
                f"{key[2:]} {action(one).title}"
                for key, one in screen.keys.items()
                if key[:2] == "g "
            ]
            screen.toast.say("done", "g …", "   ".join(areas), stay=True, whole=True)
            return True
        return screen.steer(event)

    def _steer_dialog(self, event: events.Key) -> bool:
        """Over a question only the lock works; a key that types is never taken for it."""
        if not event.is_printable and event.key in self.keys_of(action("app.lock")):
            self.lock()
            return True
        return False

    def _go_by_letter(self, screen: WorkScreen, key: str) -> None:
        found = screen.keys.get(f"g {key}")
        if found is not None:
            screen.action_do(found)
        elif key != "escape":
            screen.toast.say(
                "refused", _("There is no work area on g {key}.").format(key=key_name(key))
            )

    # Work areas

    @property
    def _view(self) -> "View":
        """The work area and the case that is open in it."""
        work = self.work
        return self.current_mode, work.case_id if work is not None else None

    def go(self, mode: str) -> None:
        """Show the list of a work area; its cursor stands where it was."""
        self._show((mode, None))

    def open_case(self, case_id: str) -> None:
        """Show a case on top of where one is."""
        self._show((self.current_mode, case_id))

    def open_item(self, item_id: str) -> None:
        """Show one item in the inbox, wherever it stands."""
        self.go("inbox")
        screen = self.screen
        if isinstance(screen, InboxScreen):
            screen.show_item(item_id)

    def open_letters(self, case_id: str) -> None:
        """Show the letters of one case."""
        from screens.letters import LettersScreen

        self.go("letters")
        screen = self.screen
        if isinstance(screen, LettersScreen):
            screen.show_case(case_id)

    def _show(self, view: "View") -> None:
        before = self._view
        mode, case_id = view
        if mode != self.current_mode:
            self.switch_mode(mode)
        if case_id is None:
            while len(self.screen_stack) > 1 and isinstance(self.screen, WorkScreen):
                self.pop_screen()
        elif self._view != view:
            self.push_screen(self._screen_of(case_id))
        if self._view != before:
            self._previous = before

    def _screen_of(self, case_id: str) -> Screen[None]:
        """The screen of a case: a fine has its own."""
        from storage.pages import fines

        if fines.of_case(self.session.store.db, case_id) is not None:
            from screens.fine import FineScreen

            return FineScreen(case_id)
        from screens.case import CaseScreen

        return CaseScreen(case_id)

    def _back_to_previous(self) -> None:
        self._show(self._previous)

    @property
    def work(self) -> WorkScreen | None:
        """The work area on screen, also under a question; None where there is none."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, WorkScreen)), None)

    def _back(self) -> None:
        if len(self.screen_stack) > 1:
            self._previous = self._view
            self.pop_screen()

    def _refresh(self) -> None:
        self.names = Names(self.session.store.db)
        if screen := self.work:
            screen.refresh_data()

    # What the finder says

    def suggestions(self, row: "ItemRow") -> "list[Suggestion]":
        """Offices that an item may belong to, the likeliest first; the own words named."""
        if self._finder is None:
            from clerk.desks.finding import finder

            self._finder = finder(self.session.store)
        text = get_text(self.session.store.db, row.text_sha256, _FINDER_BYTES)
        found = self._finder.suggest(row.subject, text)
        return [one for one in found if one.office_id != row.office_id]

    # Undo

    def _take_back(self, *, again: bool) -> None:
        from clerk.desks.undoing import take_back, title_of

        done: Done = take_back(self.session.store, self.session.actor, again=again)
        if screen := self.work:
            screen.after_undo(done.rows)
            text = _("Done again: {action}") if again else _("Taken back: {action}")
            hint = (
                _("{key} takes it back").format(key=screen.shortcut("app.undo"))
                if again
                else _("{key} does it again").format(key=screen.shortcut("app.redo"))
            )
            said = text.format(action=title_of(done.action))
            if done.promised:
                hint = _("it comes back if nobody there has worked on it")
            what = self._about(done.rows)
            screen.toast.say("done", f"{said}: {what}" if what else said, hint)
        self.data_changed()

    def _about(self, rows: tuple[tuple[str, str], ...]) -> str:
        """The mail, letter or case that an entry was about, the first of several with their
        number."""
        from storage.pages import cases, items
        from storage.pages import letters as written_ones

        db = self.session.store.db
        sent = [row_id for table, row_id in rows if table == "letters"]
        if drafts := written_ones.by_ids(db, sent):
            more = f" +{len(sent) - 1}" if len(sent) > 1 else ""
            return drafts[0].subject + more
        letters = [row_id for table, row_id in rows if table == "items"]
        if found := items.by_ids(db, letters):
            more = f" +{len(letters) - 1}" if len(letters) > 1 else ""
            return (found[0].subject or found[0].sender_name) + more
        numbers = cases.by_ids(db, [row_id for table, row_id in rows if table == "cases"])
        return numbers[0].number if numbers else ""

    # What others do

    def data_changed(self) -> None:
        """Something was written here: counters and bars follow, other lists learn of it."""
        self._data_version = self._read_version()
        self.changes += 1
        self.follow_rights()
        self.wake()
        if screen := self.work:
            screen.is_up_to_date()
            screen.counters_changed()

    def wake(self) -> None:
        """Whatever synchronises looks at once at what is to be sent or was asked."""
        if self._sync is not None:
            self._sync.wake()

    def _read_version(self) -> tuple[int, int]:
        return written.version(self.session.store.db)

    def watch_others(self) -> None:
        """Another program has written (intake, sync), or the clerk has left the desk."""
        if self._is_shared and self.session.store.follow():  # filled anew, into another file
            self._data_version = (-1, -1)
        version = self._read_version()
        if version[0] != self._data_version[0]:
            self._data_version = version
            self.names = Names(self.session.store.db)
            self.follow_rights()
            if screen := self.work:
                screen.counters_changed()
        if self._is_shared:
            from screens.lost_claims import tell

            tell(self, self._told)
            for one in tuple(self.asked):
                one.look()
        if counters.count(self.session.store.db, "letters", LetterState.QUEUED):
            self.outbox.look()
        if (today := clock.today()) != self._day:
            self._day = today
            self._begin_day()
        minutes = self.settings.idle_lock_minutes if self.settings else 10
        if self._now() - self._last_key >= minutes * 60:
            self.lock()

    @cached_property
    def outbox(self) -> "Outbox":
        """What prints letters, made with the first one that is to leave."""
        from screens.outbox import Outbox

        return Outbox(self)

    def connection(self) -> "list[Run]":
        """The state of the connection, and what came back from the shared store."""
        state = shared(self.session.store.db)
        if state is None:
            return [(" ● ", "good"), (_("on its own"), "muted")]
        from screens.shared_bar import runs_of

        return runs_of(state)

    def warning_text(self) -> str:
        """What the clerk should know about this workstation, '' if nothing."""
        from storage.clockcheck import clock_went_back

        if clock_went_back(self.session.store.db, clock.now()):
            return _("The computer's clock has been set back")
        return ""

    # Everywhere

    def lock(self) -> None:
        """Hide everything until the passphrase is given."""
        from screens.lock import LockScreen

        if not isinstance(self.screen, LockScreen):
            self._chord = False
            self.push_screen(LockScreen(self.session.home))

    def leave(self) -> None:
        """End the program. Everything is stored already, drafts included."""
        self.exit(0)

    def _help(self) -> None:
        from screens.help import HelpScreen, lines_for

        if screen := self.work:
            self.push_screen(HelpScreen(lines_for(screen)))

    def action_dialog_help(self) -> None:
        """The keys of a question; it stays below with all that was typed."""
        from screens.dialog_help import lines_for_dialog
        from screens.help import HelpScreen
        from widgets.dialog import Dialog

        if isinstance(self.screen, Dialog):
            self.push_screen(HelpScreen(lines_for_dialog(self.screen)))

    def _palette(self) -> None:
        from screens.palette import open_palette

        if screen := self.work:
            open_palette(self, screen)

    def _jump(self) -> None:
        from screens.jump import ask_jump

        if screen := self.work:
            ask_jump(self, screen)

    def _beyond(self) -> None:
        from screens.beyond import ask_beyond

        if screen := self.work:
            ask_beyond(self, screen.query_text)

    def _next_theme(self) -> None:
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        if screen := self.work:
            screen.toast.say("done", _("Theme: {name}").format(name=self.theme))

    def _next_language(self) -> None:
        i18n.choose("en" if i18n.language() == "de" else "de")
        self.changes += 1  # other work areas paint their words anew when they are shown again
        if screen := self.work:
            screen.is_up_to_date()
            screen.refresh_data()
            screen.show_bars()

    # Too small, and crashes

    def on_resize(self, event: events.Resize) -> None:
        """Below what can be worked with, say what is needed; it goes by itself."""
        from widgets.too_small import TooSmallScreen, too_small

        if too_small(event.size, LEAST) and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(LEAST))

    def _fatal_error(self) -> None:
        """Textual prints locals here, names and passphrases with them: ours tells no secrets."""
        from rich.text import Text

        from clerk.crash import write_report

        error = self._exception or sys.exc_info()[1]
        report = write_report(error or RuntimeError(), self.session.home)
        self._exit_renderables.append(
            Text(
                _("clerk had to stop. Nothing that was saved is lost. Report: {id}").format(
                    id=report
                )
            )
        )
        self._close_messages_no_wait()

    @staticmethod
    def _now() -> float:
        """Seconds that pass also while the computer sleeps: a closed lid locks the screen."""
        import time

        clock_id = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        return time.clock_gettime(clock_id)
