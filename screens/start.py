"""From the door to the first paint.

The key of a passphrase takes about as long as importing Textual, and there are two cores: the one
is stretched in a thread while the other is imported.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from clerk import session
from clerk.session import Session

if TYPE_CHECKING:
    from clerk.settings import Settings


class _Key(threading.Thread):
    """The key of an existing store, made beside the imports. Asks nobody anything."""

    def __init__(self, home: Path, ask: session.Ask) -> None:
        super().__init__(daemon=True)
        self._home = home
        self._ask = ask
        self._key = b""
        self._error: Exception | None = None

    def run(self) -> None:
        """Stretch the passphrase, or fetch the key from the keyring."""
        try:
            self._key = session.key_for(self._home, self._ask, create=False)
        except Exception as error:
            self._error = error

    def get(self) -> bytes:
        """The key, or the error that there was."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._key


def run_workstation(home: Path, *, passphrase_file: str | None) -> int:
    """Open the store of ``home`` and run the workstation; returns the exit code.

    A home without a store is set up first. Raises Refused and StoreError.
    """
    ask = session.passphrase_source(home, passphrase_file)
    with session.workstation_lock(home):
        opened = _open(home, ask, silent=session.is_silent(home, passphrase_file))
        from screens.app import Workstation

        try:
            station = Workstation(opened, _settings(home))
            try:
                station.run()
            finally:
                station.end_sharing()
            return station.return_code or 0
        finally:
            opened.store.close()


def _open(home: Path, ask: session.Ask, *, silent: bool) -> Session:
    if not silent:  # somebody has to be asked: that comes first, and before the screen is taken
        return session.open_session(home, ask=ask, create=True)
    key = _Key(home, ask)
    key.start()
    import screens.app  # noqa: F401 - imported while the key is being made

    return session.open_with(home, key.get())


def _settings(home: Path) -> "Settings | None":
    if not (home / "settings.toml").exists():
        return None
    from clerk.settings import load_settings

    return load_settings(home)
