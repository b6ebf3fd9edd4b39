"""The figures of the decisions: ``.venv/bin/python docs/decisions/measure.py [NAME...]``.

Each name prints the figures that a page of this folder states; without one, all of them. Every
figure is the best of several runs in this process or in fresh ones, so a busy machine does little
harm, but two figures are only to be compared if they come from one run of this script.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from time import perf_counter

from clerk.demo.build import build
from clerk.session import open_session, passphrase_source
from storage.actor import Actor
from storage.counters import count
from storage.folding import distinct, fold
from storage.ids import uuid7
from storage.indexing import of_vocabulary
from storage.pages import items
from storage.records import Item
from storage.store import Store, open_store
from storage.terms import Channel, ItemState

ROWS = 300_000
LETTERS = 5_000
OFFICES = ("bauhof", "buergerbuero", "verkehr")
ACTOR = Actor("nobody", "Nobody", {})


def best(do: Callable[[], object], times: int = 20) -> float:
    """Milliseconds of the fastest of several calls."""
    taken = []
    for _ in range(times):
        begun = perf_counter()
        do()
        taken.append(perf_counter() - begun)
    return min(taken) * 1000


def say(what: str, value: float, unit: str) -> None:
    """One figure."""
    sys.stdout.write(f"  {what:<52}{value:>12,.2f} {unit}\n")


@contextmanager
def a_store() -> Iterator[Store]:
    """An empty encrypted store in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "home", bytes(32), create=True)
        yield store
        store.close()


def _fill(db: Connection, rows: int) -> None:
    """Items as an intake would leave them, without their entries: only lists are read here."""
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO items (id, channel, external_id, thread_key, sender_name, sender_address,"
        " subject, received_at, attachments, state, office_id, priority)"
        " VALUES (?, 'mail', ?, ?, 'Erika Beispiel', 'erika@example.org', ?, ?, 0, 'open', ?, 0)",
        (
            (uuid7(), f"m:{n}", f"m:{n}", f"Betreff {n}", n * 1000, OFFICES[n % 3])
            for n in range(rows)
        ),
    )
    db.execute("COMMIT")


def imports() -> None:
    """0002, 0009: what a start pays for, in fresh processes."""
    for module in ("sqlmodel", "textual.app", "storage.records", "clerk.desks.inbox_guards"):
        code = (
            "import time\n"
            "def used():\n"
            " return int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6\n"
            "before, begun = used(), time.perf_counter()\n"
            f"import {module}\n"
            "print((time.perf_counter() - begun) * 1000, used() - before)\n"
        )
        runs = [
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            for _ in range(5)
        ]
        figures = [tuple(map(float, run.stdout.split())) for run in runs]
        say(f"import {module}", min(one[0] for one in figures), "ms")
        say("", min(one[1] for one in figures), "MB")


def lists() -> None:
    """0005: pages by keyset and by OFFSET, counters and COUNT."""
    with a_store() as store:
        db = store.db
        _fill(db, ROWS)
        office = items.of_offices([OFFICES[0]])
        both = items.of_offices(OFFICES)
        for share in (0, 50, 99):
            depth = ROWS // 3 * share // 100
            by_offset = (
                "SELECT * FROM items WHERE state = 'open' AND office_id = ?"
                " ORDER BY received_at DESC, id DESC LIMIT 50 OFFSET ?"
            )
            key = ((ROWS - depth * 3) * 1000, "z") if depth else None
            page = partial(office.page, db, after=key, limit=50)
            say(f"page of 50 at {share} %, keyset", best(page), "ms")
            rows = partial(_rows, db, by_offset, OFFICES[0], depth)
            say(f"page of 50 at {share} %, OFFSET", best(rows), "ms")
        say("page of 50 of three offices, keyset", best(partial(both.page, db, limit=50)), "ms")
        counter = partial(count, db, "items", "open", offices=OFFICES)
        say("counter of three offices", best(counter), "ms")
        counted = "SELECT office_id, state, count(*) FROM items GROUP BY 1, 2"
        say(f"GROUP BY over {ROWS:,} rows", best(partial(_rows, db, counted), 5), "ms")


def _rows(db: Connection, sql: str, *values: str | int) -> list[tuple[object, ...]]:
    return db.execute(sql, values).fetchall()


def words() -> None:
    """0006: parts of words by the vocabulary, and by trigrams over the texts."""
    texts = _texts()
    say(f"{len(texts):,} texts", sum(map(len, texts)) / 1e6, "MB")
    with a_store() as store:
        db = store.db
        db.execute("CREATE VIRTUAL TABLE w USING fts5(t, content='')")
        db.execute(
            "CREATE VIRTUAL TABLE v USING"
            " fts5(t, content='', tokenize='trigram', detail=none, columnsize=0)"
        )
        db.execute("CREATE VIRTUAL TABLE g USING fts5(t, content='', tokenize='trigram')")
        vocabulary = sorted(of_vocabulary(set().union(*map(distinct, texts))))
        say("distinct words", len(vocabulary), "")
        for name, rows in (("w", texts), ("v", vocabulary), ("g", texts)):
            size, begun = _bytes(db), perf_counter()
            db.execute("BEGIN")
            db.executemany(f"INSERT INTO {name} (rowid, t) VALUES (?, ?)", enumerate(rows, 1))
            db.execute("COMMIT")
            kind = {"w": "words", "v": "parts of the vocabulary", "g": "trigrams of the texts"}
            say(f"index of {kind[name]}", perf_counter() - begun, "s")
            say("", (_bytes(db) - size) / 1e6, "MB")


def _texts() -> list[str]:
    """The folded texts of a demo town's items."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build(home, passphrase_source(home), size=LETTERS)
        session = open_session(home, ask=passphrase_source(home))
        rows = session.store.db.execute(
            "SELECT c.data FROM items i JOIN content c ON c.sha256 = i.text_sha256"
        ).fetchall()
        session.store.close()
    return [fold(bytes(data).decode()) for (data,) in rows]


def _bytes(db: Connection) -> int:
    # SQLCipher gives the size of a page as a text.
    pages, size = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size")
    )
    return pages * size


def groups() -> None:
    """0007: one transaction per entry, and 500 entries in one."""
    for size in (1, 500):
        with a_store() as store:
            begun, n = perf_counter(), 2_000
            for start in range(0, n, size):
                with store.group():
                    for number in range(start, start + size):
                        _one(store, number)
            say(f"an entry, {size} in a transaction", (perf_counter() - begun) / n * 1000, "ms")


def _one(store: Store, number: int) -> None:
    with store.change(ACTOR, "item.receive", undoable=False) as change:
        text = f"Guten Tag, die Laterne vor Nr. {number} flackert."
        change.add(
            Item(
                channel=Channel.MAIL,
                external_id=f"m:{number}",
                thread_key=f"m:{number}",
                subject=f"Laterne {number}",
                text_sha256=change.content(text.encode()),
                received_at=number,
                state=ItemState.OPEN,
            )
        )


def start() -> None:
    """0009: the key alone, the imports alone, both after each other and beside each other."""
    head = (
        "import threading, time\n"
        "from storage.keys import KeyFile, _derive\n"
        "import argon2.low_level\n"
        "how = KeyFile('passphrase', '', salt='c2FsdHNhbHRzYWx0c2FsdA==')\n"
        "def key(): _derive('a passphrase', how)\n"
        "def screens():\n import screens.app\n"
        "begun = time.perf_counter()\n"
    )
    tail = "print((time.perf_counter() - begun) * 1000)\n"
    ways = {
        "the key": "key()\n",
        "the imports": "screens()\n",
        "the key, then the imports": "key()\nscreens()\n",
        "the key beside the imports": (
            "t = threading.Thread(target=key)\nt.start()\nscreens()\nt.join()\n"
        ),
    }
    taken: dict[str, list[float]] = {what: [] for what in ways}
    for _ in range(11):  # in turn, so that a busy moment does not fall on one of them
        for what, middle in ways.items():
            program = [sys.executable, "-c", head + middle + tail]
            run = subprocess.run(program, capture_output=True, text=True, check=True)
            taken[what].append(float(run.stdout))
    for what, times in taken.items():
        say(what, min(times), "ms")


FIGURES = {"imports": imports, "lists": lists, "words": words, "groups": groups, "start": start}


def main() -> None:
    """The figures asked for."""
    for name in sys.argv[1:] or FIGURES:
        sys.stdout.write(f"{name}: {FIGURES[name].__doc__}\n")
        FIGURES[name]()


if __name__ == "__main__":
    main()
