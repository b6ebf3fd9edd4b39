"""Group ``joined``: the workstation itself with synchronisation on: its start and its keys.

The start beside the bare list, as in group ``start``: with the shared store at hand, with a server
that is stopped, and with one that takes connections and never answers. The keys while a large pull
is applied, beside the same keys when nothing comes.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from itertools import takewhile
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from bench.apps import App, bare_list, joined
from bench.environment import program_environment
from bench.figures import Allowed, Figure, Measured
from bench.pty import DOWN, UP, Terminal
from bench.stock import clerk_command, clerk_environment
from bench.sync_applied import push
from bench.sync_town import PASSWORD, Town, town
from storage.keys import unlock
from storage.store import Store, open_store


def figures(quick: bool) -> Iterator[Figure]:
    """The keys, then the starts in turn, upon one replica of a town of that many items."""
    runs, count, entries, presses = (2, 2_000, 8_000, 10) if quick else (15, 100_000, 15_000, 60)
    with town(2) as shared, TemporaryDirectory(prefix="clerk-bench-") as folder:
        shared.stock("items", count)
        home = Path(folder)
        _join(shared, home)
        ours, floor = joined(home), bare_list(count)
        keys = list(_keys(shared, ours, home, entries, presses))
        yield from _starts(shared, ours, floor, runs)  # stops the server, so it comes last
        yield from keys


def _join(shared: Town, home: Path) -> None:
    url = f"postgresql://127.0.0.1:{shared.server.port}/{shared.database}"
    subprocess.run(
        [clerk_command(), "--home", home, "join", url, "--clerk", "clerk0000", "--password-stdin"],
        env=program_environment(clerk_environment(home)),
        input=PASSWORD.encode() + b"\n",
        check=True,
        capture_output=True,
    )


def _starts(shared: Town, ours: App, floor: App, runs: int) -> Iterator[Figure]:
    for app in (ours, floor):
        _start_ms(app)  # fills the file cache
    places: dict[str, Callable[[Town], AbstractContextManager[None]]] = {
        "the shared store at hand": lambda _shared: nullcontext(),
        "a server that never answers": _frozen,
        "the server stopped": _stopped,
    }
    for name, place in places.items():
        starts, bare = [], []
        with place(shared):
            for _ in range(runs):
                starts.append(_start_ms(ours))
                bare.append(_start_ms(floor))
        yield Figure(
            name=f"start, {name}",
            ours=Measured.each(starts),
            floor=Measured.each(bare),
            allowed=Allowed(ratio=1.3),
            floor_name=floor.name,
        )


@contextmanager
def _stopped(shared: Town) -> Iterator[None]:
    shared.server.stop()
    try:
        yield
    finally:
        shared.server.start()


@contextmanager
def _frozen(shared: Town) -> Iterator[None]:
    """The server takes connections (its system does) and answers none."""
    pid = shared.postmaster
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _start_ms(app: App) -> float:
    with app.open() as terminal:
        return terminal.wait_for(app.ready).seen_ms


def _keys(shared: Town, ours: App, home: Path, entries: int, presses: int) -> Iterator[Figure]:
    with closing(_replica(home)) as store:

        def left() -> int:
            """How many entries of the office are still to come."""
            office = shared.clerks[0].office
            sql = "SELECT cursor FROM streams WHERE scope = ?"
            return shared.last(office) - int(store.db.execute(sql, (office,)).fetchone()[0])

        with ours.open() as terminal:
            terminal.wait_for(ours.ready)
            _wait_until(lambda: left() == 0)
            quiet = list(_pressed(terminal, presses))
        push(shared.clerks[1], entries)
        begun = left()
        with ours.open() as terminal:
            terminal.wait_for(ours.ready)
            _wait_until(lambda: left() < begun)
            busy = list(takewhile(lambda _paint: left() > 0, _pressed(terminal, presses)))
    yield Figure(
        name=f"Down and Up while {begun:,} entries come",
        ours=Measured.each(busy) if busy else None,
        floor=Measured.each(quiet),
        allowed=Allowed(ratio=1.5),
        floor_name="the same, nothing comes",
        by="p95",
        why="" if busy else "all entries had come before the first key was pressed",
    )


def _pressed(terminal: Terminal, presses: int) -> Iterator[float]:
    """Down and Up again, so that the list does not scroll, at random moments: ms to the paint."""
    random = Random(6)
    for number in range(presses):
        terminal.rest(random.uniform(20, 60))
        yield terminal.press(UP if number % 20 >= 10 else DOWN).first_ms


def _wait_until(condition: Callable[[], bool]) -> None:
    end = monotonic() + 60
    while not condition():
        if monotonic() > end:
            raise RuntimeError("what was sent did not come")
        sleep(0.05)


def _replica(home: Path) -> Store:
    passphrase = Path(clerk_environment(home)["CLERK_PASSPHRASE_FILE"]).read_text().strip()
    return open_store(home, unlock(home, lambda _new, _why: passphrase))
