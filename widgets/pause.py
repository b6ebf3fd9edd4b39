"""Call something when the typing pauses: how drafts are kept."""

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

PAUSE = 0.5  # seconds after the last key


class Pause:
    """Calls ``then`` once, ``seconds`` (more than none) after the last :meth:`touch`."""

    def __init__(
        self, owner: MessagePump, then: Callable[[], None], seconds: float = PAUSE
    ) -> None:
        self._owner = owner
        self._then = then
        self._seconds = seconds
        self._timer: Timer | None = None

    def touch(self) -> None:
        """A key was typed: wait anew."""
        self.drop()
        self._timer = self._owner.set_timer(self._seconds, self.now)

    def now(self) -> None:
        """Call now what is waiting, if anything is."""
        if self._timer is not None:
            self.drop()
            self._then()

    def drop(self) -> None:
        """Forget what is waiting."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
