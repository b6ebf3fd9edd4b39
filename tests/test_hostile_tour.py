"""The bytes of the real program on a real pseudo terminal, with the hostile record everywhere.

The same tour is made over a harmless record: both times the program does the same to the terminal.
"""

import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.pty import Terminal
from clerk import clock
from clerk.desks.people import actor_of
from clerk.session import Session
from storage.store import open_store
from tests import support
from tests.terminal_bytes import (
    HARMLESS,
    HOSTILE,
    LONG_HARMLESS,
    LONG_HOSTILE,
    loose,
    plant,
    sequences,
    shapes,
    smuggled,
)

ESCAPE, UP, DOWN, PAGE_DOWN = b"\x1b", b"\x1b[A", b"\x1b[B", b"\x1b[6~"
HELP, SAVE, PALETTE, LOCK, ENTER = b"\x1bOP", b"\x1b[20~", b"\x0b", b"\x0c", b"\r"
_PATIENCE = 150  # looks at the screen, 20 ms apart


def test_no_command_of_a_record_reaches_the_terminal(tmp_path: Path, founded: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        tours = [
            pool.submit(_tour, tmp_path / "hostile", founded, LONG_HOSTILE, HOSTILE),
            pool.submit(_tour, tmp_path / "harmless", founded, LONG_HARMLESS, HARMLESS),
        ]
        hostile, harmless = (tour.result() for tour in tours)
    assert smuggled(hostile) == set()
    assert loose(hostile) == set()
    assert shapes(hostile) <= shapes(harmless)
    assert {one for one in sequences(hostile) if not one.startswith("\x1b[")} <= sequences(harmless)


def _tour(home: Path, founded: Path, text: str, short: str) -> bytes:
    """Everything that shows records; each step waits for what it leads to."""
    shutil.copytree(founded, home)
    store = open_store(home, support.make_key(home), clock=clock.now)
    plant(Session(store, actor_of(store), home), text)
    store.close()
    written = bytearray()
    command = [sys.executable, "-m", "clerk", "--home", str(home), "--lang", "en",
               "--passphrase-file", str(home / support.PASSPHRASE_FILE)]  # fmt: skip
    with Terminal(command, transcript=written) as terminal:
        terminal.wait_for(re.compile("1 of 2"))
        _walk(terminal, short)
    return bytes(written)


def _walk(terminal: Terminal, text: str) -> None:
    pasted = b"\x1b[200~" + text.replace("\x1b", "").encode() + b"\x1b[201~"
    steps: list[tuple[bytes, str]] = [  # keys, and what is on screen after them
        (DOWN, "2 of 2"), (UP, "1 of 2"), (ENTER, ""), (PAGE_DOWN, ""), (PAGE_DOWN, ""),
        (ESCAPE, "1 of 2"), (b"x", "1 marked"), (b"x", "2 marked"), (ESCAPE, "1 of 2|2 of 2"),
        (b"i", "Note on"), (pasted, ""), (SAVE, "✓"),
        (b"w", "Follow-up"), (b"3t " + pasted, "→"), (ENTER, "✓"),
        (b"a", "Hand over to"), (pasted, "0 of"), (ESCAPE, "of 2"),
        (b"v", "File into a case"), (ENTER, "✓"),
        (b"z", "Z does"), (b"Z", "z takes"), (b"z", "Z does"),
        (b"n", "✓"), (b"s", "Search in"), (pasted, ""), (ENTER, "Search:"),
        (ESCAPE, "of 2"), (PALETTE, "Commands"), (pasted, "0 of"), (ESCAPE, "of 2"),
        (b":", "Jump"), (pasted, ""), (ENTER, "✗"), (ESCAPE, "of 2"),
        (HELP, "Help: Inbox"), (PAGE_DOWN, ""), (ESCAPE, "of 2"),
        (b"gv", "Cases"), (ENTER, "1 Overview"), (b"2", ""), (PAGE_DOWN, ""), (b"3", ""),
        (b"4", "Received"), (PAGE_DOWN, ""), (b"i", "Note"), (pasted, ""),
        (ESCAPE, "4 History"), (b"e", "Close"), (pasted, ""), (ENTER, "✓"),
        (b"gm", "My cases"), (b"gw", "Follow-ups"), (DOWN, "2 of 4"), (b"e", "✓"),
        (b"go", "Runs out"), (ENTER, "1 Overview"), (b"2", "Steps"), (b"3", "offender"),
        (b"4", "Owed"), (ESCAPE, "1 of 1"),
        (b"n", "Record fines"), (pasted, ""), (b"\t" + pasted, ""), (ESCAPE, "1 of 1"),
        (b"d", "Change"), (ESCAPE, "1 of 1"),
        (b"gp", "Process library"), (LOCK, "locked"), (b"falsch\r", "Still"),
        (support.PASSPHRASE.encode() + b"\r", "on its own"),
    ]  # fmt: skip
    for keys, wanted in steps:
        _go(terminal, keys, re.compile(wanted))


def _go(terminal: Terminal, keys: bytes, wanted: re.Pattern[str]) -> None:
    terminal.press(keys)
    for _ in range(_PATIENCE):
        if wanted.search(terminal.text()):
            return
        terminal.rest(20)
    raise AssertionError(f"no {wanted.pattern!r} after {keys[:20]!r}:\n{terminal.text()}")
