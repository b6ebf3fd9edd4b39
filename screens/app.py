"""The workstation: owns the work areas, the keys that work everywhere, the lock.

Start-up imports only what the first paint needs; everything else comes when it is asked for.
"""

import gc
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen

from clerk import clock, i18n
from clerk.actions import ACTIONS, Action
from clerk.desks.people import town_of
from clerk.i18n import N_, _
from clerk.session import Session
from screens.inbox import InboxScreen
from screens.names import Names
from screens.themes import THEMES
from screens.work import Handler, WorkScreen
from storage.content import get_text
from widgets.record_table import RecordTable

if TYPE_CHECKING:
    from clerk.settings import Settings
    from clerk.rules.finder import Finder, Suggestion
    from storage.pages.items import ItemRow
    from storage.undo import Done

LEAST = Size(60, 16)
WATCH_SECONDS = 2.0
_FINDER_BYTES = 5_000
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
        "inbox": InboxScreen,
        "cases": _lazy("cases"),
        "mine": _lazy("mine"),
        "follow_ups": _lazy("follow_ups"),
        "services": _lazy("services"),
    }
    DEFAULT_MODE = "inbox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "lock", N_("Lock"), show=False, priority=True, id="app.lock"),
        Binding("ctrl+c", "leave", N_("Quit"), show=False, id="app.quit"),
    ]

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
            "app.undo": lambda: self._take_back(again=False),
            "app.redo": lambda: self._take_back(again=True),
            "app.refresh": self._refresh,
            "app.lock": self.action_lock,
            "app.theme": self._next_theme,
            "app.language": self._next_language,
            "app.back": self._back,
            "app.quit": self.action_leave,
            **{
                f"go.{mode}": (lambda mode=mode: self.go(mode))  # type: ignore[misc]  # a default binds the loop's value
                for mode in self.MODES
            },
        }
        self._remapped: dict[str, tuple[str, ...]] = {}
        self._finder: Finder | None = None
        self._chord = False
        self._last_key = 0.0
        self._previous = "inbox"
        self._data_version = self._read_version()

    # Starting

    def on_mount(self) -> None:
        """After the first paint nothing of the start is ever collected: long lists stay smooth."""
        gc.freeze()
        if self.settings is not None and self.settings.keys:
            self._remap(self.settings.keys)
        seconds = self.settings.refresh_seconds if self.settings else WATCH_SECONDS
        self.set_interval(seconds, self._watch)
        self._last_key = self._now()

    def _remap(self, keys: "dict[str, str]") -> None:
        """Other keys for actions. Textual takes an empty entry for none at all, so an action
        without keys gets one that no terminal sends."""
        from clerk.keymap import keymap

        self._remapped = dict(keymap(ACTIONS, keys))
        self.set_keymap({name: k or "none" for name, k in keys.items() if " " not in k})

    def keys_of(self, one: Action) -> tuple[str, ...]:
        """The keys of an action after remapping."""
        return self._remapped.get(one.id, one.keys)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """The short way for the keys that are held down, and chords such as ``g e``."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._last_key = self._now()
            if self._steer(event):
                return
        await super().on_event(event)

    def _steer(self, event: events.Key) -> bool:
        screen = self.screen
        if not isinstance(screen, WorkScreen):
            return False
        if self._chord:
            self._chord = False
            screen.toast.clear()
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
                f"{k[0][2:]} {a.title}"
                for a in ACTIONS
                if (k := self.keys_of(a)) and k[0][:2] == "g "
            ]
            screen.toast.say("done", "g …", "   ".join(areas))
            return True
        return False

    def _go_by_letter(self, screen: WorkScreen, key: str) -> None:
        wanted = f"g {key}"
        found = next((one for one in ACTIONS if wanted in self.keys_of(one)), None)
        if found is not None:
            screen.action_do(found.id)
        elif key != "escape":
            screen.toast.say("refused", _("There is no work area on g {key}.").format(key=key))

    # Work areas

    def go(self, mode: str) -> None:
        """Show a work area; its cursor stands where it was."""
        if mode != self.current_mode:
            self._previous = self.current_mode
            self.switch_mode(mode)

    def open_case(self, case_id: str) -> None:
        """Show a case on top of where one is."""
        from screens.case import CaseScreen

        self.push_screen(CaseScreen(case_id))

    def open_item(self, item_id: str) -> None:
        """Show one item in the inbox, wherever it stands."""
        self.go("inbox")
        screen = self.screen
        if isinstance(screen, InboxScreen):
            screen.show_item(item_id)

    @property
    def work(self) -> WorkScreen | None:
        """The work area on screen, also under a question; None where there is none."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, WorkScreen)), None)

    def _back(self) -> None:
        if len(self.screen_stack) > 1:
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
        return self._finder.suggest(row.subject, text)

    # Undo

    def _take_back(self, *, again: bool) -> None:
        from clerk.desks.undoing import title_of
        from storage import undo

        done: Done = (undo.redo if again else undo.undo)(self.session.store, self.session.actor)
        if screen := self.work:
            screen.after_undo(done.rows)
            text = _("Done again: {action}") if again else _("Taken back: {action}")
            hint = (
                _("{key} takes it back").format(key=screen.shortcut("app.undo"))
                if again
                else _("{key} does it again").format(key=screen.shortcut("app.redo"))
            )
            screen.toast.say("done", text.format(action=title_of(done.action)), hint)
        self.data_changed()

    # What others do

    def data_changed(self) -> None:
        """Something was written here: counters and bars follow, other lists learn of it."""
        self._data_version = self._read_version()
        if screen := self.work:
            screen.counters_changed()

    def _read_version(self) -> tuple[int, int]:
        db = self.session.store.db
        return (int(db.execute("PRAGMA data_version").fetchone()[0]), db.total_changes)

    def _watch(self) -> None:
        """Another program has written (intake, sync), or the clerk has left the desk."""
        version = self._read_version()
        if version[0] != self._data_version[0]:
            self._data_version = version
            self.names = Names(self.session.store.db)
            if screen := self.work:
                screen.counters_changed()
        minutes = self.settings.idle_lock_minutes if self.settings else 10
        if self._now() - self._last_key > minutes * 60:
            self.action_lock()

    def connection_text(self) -> str:
        """The state of the connection: without a shared database the store stands alone."""
        return _("on its own")

    def warning_text(self) -> str:
        """What the clerk should know about this workstation, '' if nothing."""
        from storage.clockcheck import clock_went_back

        if clock_went_back(self.session.store.db, clock.now()):
            return _("The computer's clock has been set back")
        return ""

    # Everywhere

    def action_lock(self) -> None:
        """Hide everything until the passphrase is given."""
        from screens.lock import LockScreen

        if not isinstance(self.screen, LockScreen):
            self._chord = False
            self.push_screen(LockScreen(self.session.home))

    def action_leave(self) -> None:
        """End the program. Everything is stored already, drafts included."""
        self.exit(0)

    def _help(self) -> None:
        from screens.help import HelpScreen

        if screen := self.work:
            self.push_screen(HelpScreen(screen))

    def _palette(self) -> None:
        from screens.palette import open_palette

        if screen := self.work:
            open_palette(self, screen)

    def _jump(self) -> None:
        from screens.jump import ask_jump

        if screen := self.work:
            ask_jump(self, screen)

    def _next_theme(self) -> None:
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        if screen := self.work:
            screen.toast.say("done", _("Theme: {name}").format(name=self.theme))

    def _next_language(self) -> None:
        i18n.choose("en" if i18n.language() == "de" else "de")
        if screen := self.work:
            screen.refresh_data()
            screen.show_bars()

    # Too small, and crashes

    def on_resize(self, event: events.Resize) -> None:
        """Below what can be worked with, say what is needed; it goes by itself."""
        from widgets.too_small import TooSmallScreen, too_small

        if too_small(event.size, LEAST) and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(LEAST))

    def _fatal_error(self) -> None:
        """Textual prints locals here, and with them names and passphrases: ours tells no secrets."""
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
        import time

        return time.monotonic()
