"""What the programs are measured on, made once and kept in ``.bench/``.

Each thing has a marker beside it that says what it was made from; another size or schema version
makes it anew. Nothing here is the customer's: the floor's rows are counted up, the office's stock
is the demo city.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.environment import program_environment
from storage.schema import SCHEMA

REPOSITORY = Path(__file__).parent.parent
KEPT = REPOSITORY / ".bench"
FLOOR_VERSION = 2
_STATES = ("offen", "gelesen", "erledigt", "beiseite")
_SENDERS = ("Jürgen Müller", "Aylin Öztürk", "Kurt Groß", "Maja Schäfer", "Bauhof Nord")
_FIRST = 1_704_100_000  # 2024-01-01, seconds since the epoch


class ClerkError(Exception):
    """A command of clerk could not be run; the message is its last word."""


def floor_file(items: int) -> Path:
    """A plain SQLite file with ``items`` rows (id, ts, sender, subject, state, amount) in table
    ``item``, and a plain FTS5 index ``found`` of the subjects."""
    path = KEPT / f"floor-{items}.sqlite"
    return kept(path, {"items": items, "version": FLOOR_VERSION}, lambda: _fill(path, items))


def office_home(items: int) -> Path:
    """A home of clerk with the demo city in it, ``items`` items large.

    Raises ClerkError when it cannot be made.
    """
    path = KEPT / f"home-{items}"
    made_from = {"items": items, "version": SCHEMA}

    def build() -> None:
        print(f"building a demo city of {items:,} items in {path}", file=sys.stderr)
        run_clerk(path, "demo", "--size", str(items), "--no-open")

    return kept(path, made_from, build)


def clerk_command() -> str:
    """The program under test: the one installed beside this Python."""
    return str(Path(sys.executable).with_name("clerk"))


def clerk_environment(home: Path) -> dict[str, str]:
    """Where clerk finds its home and, without asking, its passphrase."""
    KEPT.mkdir(exist_ok=True)
    passphrase = KEPT / "passphrase"
    if not passphrase.exists():
        passphrase.touch(0o600)
        passphrase.write_text("only invented people live here\n")
    return {"CLERK_HOME": str(home), "CLERK_PASSPHRASE_FILE": str(passphrase)}


def run_clerk(home: Path, *arguments: str) -> str:
    """Run a command of clerk without a terminal; what it printed. Raises ClerkError."""
    command = [clerk_command(), "--home", str(home), *arguments]
    try:
        done = subprocess.run(
            command,
            env=program_environment(clerk_environment(home)),
            check=True,
            capture_output=True,
            text=True,
        )
    except OSError as error:
        raise ClerkError(f"{command[0]}: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        words = error.stderr.strip().splitlines()[-1:] or [f"exit status {error.returncode}"]
        raise ClerkError(f"clerk {' '.join(arguments)}: {words[0]}") from error
    return done.stdout


def kept(path: Path, made_from: dict[str, int], build: Callable[[], None]) -> Path:
    marker = path.with_name(path.name + ".made.json")
    if path.exists() and marker.exists() and json.loads(marker.read_text()) == made_from:
        return path
    KEPT.mkdir(exist_ok=True)
    marker.unlink(missing_ok=True)
    remove(path)
    build()
    marker.write_text(json.dumps(made_from))
    return path


def remove(path: Path) -> None:
    """Remove a file or a folder of ``.bench/`` if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _fill(path: Path, items: int) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, ts INTEGER, sender TEXT, subject TEXT,"
            " state TEXT, amount REAL)"
        )
        connection.executemany("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?)", _rows(items))
        connection.execute(
            "CREATE VIRTUAL TABLE found USING fts5 (subject, content=item, content_rowid=id)"
        )
        connection.execute("INSERT INTO found (found) VALUES ('rebuild')")
    connection.close()


def _rows(items: int) -> Iterator[tuple[int, int, str, str, str, float]]:
    for number in range(items):
        sender = _SENDERS[number % len(_SENDERS)]
        subject = f"Rückfrage zu Vorgang {number}"
        state = _STATES[number % len(_STATES)]
        yield number, _FIRST + number * 60, sender, subject, state, number % 9973 / 100
