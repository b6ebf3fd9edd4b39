"""The process that synchronises: started by the workstation, watched, started again when it ends.

It is apart so that no pull ever holds up a key. The store's key goes to it through a pipe; see
``clerk.cli.synchronise`` for what else the pipes carry.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_STEADY_S = 10.0
_PATIENCE_S = 3.0


class SyncProcess:
    """One process after the other, for one store, until :meth:`stop`."""

    def __init__(self, home: Path, key: bytes, changed: Callable[[], None]) -> None:
        """``changed`` is told, from a thread, that rows look different now."""
        self._home = home
        self._key = key
        self._changed = changed
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sync", daemon=True)

    def start(self) -> None:
        """Start it; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """Something was committed here: send it now."""
        running = self._running
        if running is not None and running.stdin is not None:
            with suppress(OSError, ValueError):  # just ended; the next one looks at everything
                running.stdin.write(b".")
                running.stdin.flush()

    def stop(self) -> None:
        """End it and wait for it: what it was at is whole, or undone."""
        self._stopped.set()
        running = self._running
        if running is not None:
            with suppress(OSError, ValueError):
                if running.stdin is not None:
                    running.stdin.close()
            try:
                running.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                running.kill()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _watch(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self._stopped.is_set():
            begun = time.monotonic()
            heard = self._run_once()
            # Only one that cannot even begin is started less and less often.
            steady = heard or time.monotonic() - begun > _STEADY_S
            pause = _FIRST_PAUSE_S if steady else pause
            self._stopped.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _run_once(self) -> bool:
        """Run one process to its end; whether it was heard of."""
        heard = False
        try:
            running = self._running = subprocess.Popen(
                [sys.executable, "-P", "-m", "clerk", "--home", str(self._home), "sync", "--watch",
                 "--by-workstation"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        except OSError:
            return False
        with running, suppress(OSError, ValueError):
            assert running.stdin is not None
            assert running.stdout is not None
            running.stdin.write(self._key)
            running.stdin.flush()
            while running.stdout.read(1):
                heard = True
                self._changed()
        return heard
