"""A workstation without a screen: ``python -m tests.chaos.worker HOME LOG SEED [alone] [naive]``.

It acts while it is told to (``act``, ``rest`` on stdin, the end of stdin is its end) and runs the
program's own process that synchronises. LOG gets a line, made durable, before an entry is committed
(``begun ID``) and one when it was said to be done (``done ID``).
"""

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random
from typing import cast

from clerk import clock
from clerk.sharing.process import SyncProcess
from storage.journal import Change
from storage.store import Store, open_store
from tests.chaos.acts import Day
from tests.support import make_key

MOST_AT_ONCE = 6
PAUSE_S = 0.8


class Log:
    """The ids of entries, as durable as they are."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._begun: list[str] = []

    def over(self, store: Store) -> None:
        """Write down what is begun in a store from now on."""
        inner = cast("Callable[..., AbstractContextManager[Change]]", store.change)

        @contextmanager
        def change(*args: object, **more: object) -> Iterator[Change]:
            with inner(*args, **more) as made:
                yield made
                self._write("begun", made.entry_id)
            if made.seq is not None:
                self._begun.append(made.entry_id)

        store.change = change  # type: ignore[method-assign]

    def done(self, *, well: bool) -> None:
        """An act is over; if it went ``well``, what was begun is done: each is committed."""
        if well:
            for one in self._begun:
                self._write("done", one)
        self._begun.clear()

    def _write(self, what: str, entry_id: str) -> None:
        os.write(self._file, f"{what} {entry_id}\n".encode())
        os.fsync(self._file)


def work(home: Path, log: Log, rng: Random, *, alone: bool) -> None:
    """Until stdin ends."""
    key = make_key(home)
    store = open_store(home, key, clock=clock.now)
    log.over(store)
    day = Day(store, rng, alone=alone)
    sync = SyncProcess(home, key, lambda: None)
    sync.start()
    acts = False
    while True:
        pause = rng.expovariate(1 / PAUSE_S) if acts else None
        if select.select([sys.stdin], [], [], pause)[0]:
            order = os.read(sys.stdin.fileno(), 100)
            if not order:
                break
            acts = order.endswith(b"act\n")
            if not acts:
                os.write(sys.stdout.fileno(), b"rests\n")
            continue
        store.follow()
        for _ in range(rng.randrange(1, MOST_AT_ONCE)):
            log.done(well=day.act())
        sync.wake()
    sync.stop()
    store.close()


if __name__ == "__main__":
    if "naive" in sys.argv:
        from tests.chaos.naive import start_naive

        start_naive()
    work(Path(sys.argv[1]), Log(Path(sys.argv[2])), Random(sys.argv[3]), alone="alone" in sys.argv)
