"""The locked screen: hides everything until the passphrase is given."""

from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.worker import Worker

from clerk.i18n import N_, _
from storage import keys
from storage.errors import StoreError
from widgets.lines import LinesView


class LockScreen(ModalScreen[None]):
    """Covers the whole terminal. Only the right passphrase takes it away.

    Where the key lies in the keyring, the session of the operating system protects it; then Enter
    asks the keyring again, which is locked together with that session.
    """

    DEFAULT_CSS = """
    LockScreen {
        background: $background;
        align: center middle;
        & Vertical { width: 60; max-width: 100%; height: auto; }
        & LinesView { height: auto; }
        & Input { margin: 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "app.quit", N_("Quit"), show=False, id="lock.quit"),
    ]

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home = home
        found = keys.read_key_file(home)
        self._keyring = found is not None and found.kind == "keyring"
        self._open = False
        self._message = LinesView()
        self._input = Input(password=True, disabled=self._keyring)

    def compose(self) -> ComposeResult:
        """Who clerk is, what is asked, what was wrong."""
        with Vertical():
            yield LinesView([(("clerk", "title"), (" · " + _("locked"), ""))])
            yield self._input
            yield self._message

    def on_mount(self) -> None:
        """Say what opens it."""
        text = _("Enter: ask the keyring again.") if self._keyring else _("Passphrase, then Enter")
        self._message.set_lines([((text, "muted"),)])
        if not self._keyring:
            self._input.focus()

    def on_key(self, event: events.Key) -> None:
        """With a keyring there is nothing to type."""
        if self._keyring and event.key == "enter":
            event.stop()
            self._unlock("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try it; the field is emptied at once."""
        event.stop()
        phrase = event.value
        self._input.value = ""
        if phrase:
            self._message.set_lines([((_("Checking …"), "muted"),)])
            self._unlock(phrase)

    @work(thread=True, exclusive=True, group="unlock", exit_on_error=False)
    def _unlock(self, phrase: str) -> bool:
        """Argon2id takes a moment on purpose: not in the event loop."""
        try:
            keys.unlock(self._home, lambda _new, _why: phrase)
        except StoreError:
            return False
        return True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Open, or say that it was wrong."""
        if not event.worker.is_finished or event.worker.is_cancelled:
            return
        if event.worker.result is True:
            self._open = True
            self._leave()
        else:
            self._message.set_lines([((_("That was not right. Still locked."), "error"),)])

    def on_screen_resume(self) -> None:
        """What lay above has gone."""
        self._leave()

    def _leave(self) -> None:
        # Only from the top: to dismiss a covered screen takes away the one above.
        if self._open and self.is_current:
            self.dismiss()
