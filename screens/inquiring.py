"""What a screen asks of the shared store: asked in a moment, answered whenever the answer is there.

No key ever waits: the process that synchronises answers, and the workstation looks for the answer
whenever that process says that something has come, until it has taken too long.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from clerk.desks import beyond
from clerk.i18n import _
from storage import inquiries
from storage.inquiries import Answer, Inquiry

if TYPE_CHECKING:
    from screens.app import Workstation
    from screens.work import WorkScreen


class Asked:
    """One inquiry under way; ``done`` gets the answer, unless it is withdrawn before."""

    def __init__(self, app: "Workstation", one: Inquiry, done: Callable[[Answer], None]) -> None:
        """Raises StoreError where nothing can be written here."""
        inquiries.ask(app.session.store, one)
        self._app = app
        self._id = one.id
        self._done = done
        self._timer = app.set_timer(beyond.SECONDS, self.too_late)
        app.asked.append(self)
        app.wake()

    def look(self) -> None:
        """Whether the answer is there."""
        answer = inquiries.answer_to(self._app.session.store.db, self._id)
        if answer is not None:
            self.withdraw()
            self._done(answer)

    def too_late(self) -> None:
        """Nobody has answered."""
        if self in self._app.asked:
            self.withdraw()
            self._done(Answer(beyond.UNREACHED))

    def withdraw(self) -> None:
        """Wait no longer; safe to do twice."""
        if self in self._app.asked:
            self._app.asked.remove(self)
            self._timer.stop()
            inquiries.withdraw(self._app.session.store, self._id)


class FarHits:
    """How many more hits the shared store has of what a list was searched for; the list itself
    stays as it is, the status bar says so."""

    def __init__(self, screen: "WorkScreen") -> None:
        self._screen = screen
        self._asked: Asked | None = None
        self._said = ""

    def look(self, query: str) -> None:
        """Ask for a search; '' forgets the last one."""
        self._said = ""
        if self._asked is not None:
            self._asked.withdraw()
            self._asked = None
        station = self._screen.station
        asks_why = station.settings is not None and station.settings.sync.ask_reason
        one = beyond.by_words(query)
        if one is not None and not asks_why and beyond.can_ask(station.session.store) is None:
            self._screen.attempt(lambda: self._ask(one))

    def _ask(self, one: Inquiry) -> None:
        self._asked = Asked(self._screen.station, one, self._heard)

    def _heard(self, answer: Answer) -> None:
        self._asked = None
        key = self._screen.shortcut("app.beyond")
        if answer.code:
            self._said = _("searched here only: the shared store is not reached")
        elif answer.found:
            n = len(answer.found)
            count = f"{n}+" if n >= beyond.MOST else str(n)
            self._said = _("{n} more in the shared store – {key}").format(n=count, key=key)
        self._screen.show_bars(figures=False)

    @property
    def text(self) -> str:
        """For the status bar, '' where there is nothing to be said."""
        return self._said
