"""Group ``store``: what the replica answers, and how soon a change is durable.

An act is an endless iterator; each of its steps is one call that is measured. What an act needs
(keys at a depth, words that occur) is found before its first step.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from sqlite3 import Connection, connect
from time import perf_counter_ns
from typing import cast

from sqlcipher3 import dbapi2

from bench.figures import Allowed, Figure, Measured
from bench.stock import KEPT, ClerkError, clerk_environment, floor_file, office_home, remove
from storage.actor import Actor
from storage.counters import NOBODY, count
from storage.errors import StoreError
from storage.folding import words
from storage.keys import unlock
from storage.pages import items
from storage.pages.keyset import Keyset
from storage.records import Item
from storage.search import search
from storage.store import Store, open_store
from storage.terms import ItemState

PAGE = 50
Act = Iterator[None]


@dataclass(frozen=True)
class Line:
    """A line of the group: clerk's act, the floor's act, and the limit in ms."""

    name: str
    ours: Callable[[Store], Act]
    floor: str
    most: float


def figures(quick: bool) -> Iterator[Figure]:
    """Every act of clerk and of its floor in turn, a block of calls at a time."""
    runs, calls, size = (2, 20, 2_000) if quick else (5, 100, 1_000_000)
    with ExitStack() as stack:
        floors = _floors(stack, size)
        store, why = None, ""
        try:
            store = stack.enter_context(closing(_open(office_home(size))))
        except (ClerkError, StoreError) as error:
            why = f"clerk: {error}"
        ours = {line.name: line.ours(store) for line in LINES} if store else {}
        times: dict[str, list[tuple[float, ...]]] = {}
        for _ in range(runs):
            for name, act in (*ours.items(), *floors.items()):
                times.setdefault(name, []).append(tuple(_ms(act) for _ in range(calls)))
        measured = {name: Measured(tuple(blocks)) for name, blocks in times.items()}
        for line in LINES:
            yield Figure(
                name=line.name,
                ours=measured.get(line.name),
                floor=measured[line.floor],
                allowed=Allowed(most=line.most),
                floor_name=line.floor,
                why=why,
            )


def _ms(act: Act) -> float:
    begun = perf_counter_ns()
    next(act)
    return (perf_counter_ns() - begun) / 1e6


def _open(home: Path) -> Store:
    passphrase = Path(clerk_environment(home)["CLERK_PASSPHRASE_FILE"]).read_text().strip()
    return open_store(home, unlock(home, lambda _new, _why: passphrase))


# -- clerk's acts


def _pages_at(share: float) -> Callable[[Store], Act]:
    """Pages one after the other from ``share`` of the longest list on."""

    def act(store: Store) -> Act:
        state = _fullest_state(store.db)
        depth = int(count(store.db, "items", state) * share)
        key = store.db.execute(
            "SELECT received_at, id FROM items WHERE state = ?"
            " ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET ?",
            (state, depth),
        ).fetchone()
        return _pages(store.db, items.everywhere(state), tuple(key) if depth else None)

    return act


def _inbox(store: Store) -> Act:
    return _pages(store.db, items.of_offices(_offices(store.db)), None)


def _pages(
    db: Connection, rows: Keyset[items.ItemRow], start: tuple[str | int | None, ...] | None
) -> Act:
    key = start
    while True:
        page = rows.page(db, after=key, limit=PAGE)
        key = page[-1].key if len(page) == PAGE else start
        yield


def _counters(store: Store) -> Act:
    """The three counters of the inbox: mine, my offices, nobody's."""
    db, clerk, offices = store.db, _actor(store.db).clerk_id, _offices(store.db)
    while True:
        count(db, "items", ItemState.OPEN, clerks=[clerk])
        count(db, "items", ItemState.OPEN, offices=offices)
        count(db, "items", ItemState.OPEN, offices=[NOBODY])
        yield


def _searches(store: Store) -> Act:
    """Words and parts of words that occur, from rare to common, and pairs of them."""
    subjects = store.db.execute(
        "SELECT subject FROM items WHERE pos % (SELECT max(pos) / 100 + 1 FROM items) = 0"
    ).fetchall()
    queries: list[str] = []
    for (subject,) in subjects:
        found = sorted((word for word in words(subject) if len(word) > 2), key=len)
        if found:
            queries += [found[-1], found[-1][1:-1], f"{found[0]} {found[-1]}"]
    return _queries(store.db, queries)


def _queries(db: Connection, queries: list[str]) -> Act:
    for query in cycle(queries):
        search(db, query, limit=PAGE)
        yield


def _changes(store: Store) -> Act:
    """Take an item and put it back; a block of calls leaves the stock as it was."""
    actor = _actor(store.db)
    rows = store.db.execute(
        "SELECT id FROM items WHERE state = ? AND claimed_by IS NULL ORDER BY id LIMIT 50",
        (ItemState.OPEN,),
    ).fetchall()
    return _take_and_put_back(store, actor, [row[0] for row in rows])


def _take_and_put_back(store: Store, actor: Actor, ids: list[str]) -> Act:
    for item_id in cycle(ids):
        for claimed_by in (actor.clerk_id, None):
            with store.change(actor, "item.take") as change:
                change.set(change.get(Item, item_id), claimed_by=claimed_by)
            yield


def _fullest_state(db: Connection) -> str:
    return max(ItemState, key=lambda state: count(db, "items", state))


def _offices(db: Connection) -> list[str]:
    """The three offices with the most to do."""
    rows = db.execute(
        "SELECT office_id FROM counters WHERE area = 'items' AND state = ? AND office_id <> ''"
        " GROUP BY office_id ORDER BY sum(n) DESC LIMIT 3",
        (ItemState.OPEN,),
    )
    return [row[0] for row in rows]


def _actor(db: Connection) -> Actor:
    return Actor(*db.execute("SELECT id, name FROM clerks ORDER BY pos LIMIT 1").fetchone())


# -- the floors


def _floors(stack: ExitStack, size: int) -> dict[str, Act]:
    plain = stack.enter_context(closing(connect(floor_file(size), isolation_level=None)))
    bare = stack.enter_context(closing(_bare_file()))
    return {
        PLAIN_PAGE: _plain_pages(plain, size),
        PLAIN_ROW: _plain_rows(plain, size),
        PLAIN_SEARCH: _plain_searches(plain, size),
        BARE_COMMIT: _bare_commits(bare),
    }


def _bare_file() -> Connection:
    """A fresh SQLCipher file with one small table, as durable as the replica."""
    path = KEPT / "floor-commits.db"
    for suffix in ("", "-wal", "-shm"):
        remove(path.with_name(path.name + suffix))
    db = cast("Connection", dbapi2.connect(str(path), isolation_level=None))
    db.execute(f"PRAGMA key = \"x'{bytes(32).hex()}'\"")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, state TEXT)")
    return db


def _plain_pages(db: Connection, size: int) -> Act:
    while True:
        for first in range(0, size, max(PAGE, size // 500)):
            db.execute("SELECT * FROM item WHERE id >= ? LIMIT ?", (first, PAGE)).fetchall()
            yield


def _plain_rows(db: Connection, size: int) -> Act:
    while True:
        for row in range(0, size, max(1, size // 500)):
            db.execute("SELECT state FROM item WHERE id = ?", (row,)).fetchone()
            yield


def _plain_searches(db: Connection, size: int) -> Act:
    for query in cycle(["vorgang", f"{size // 2}", "rückfrage", f"vorgang {size - 7}"]):
        db.execute(
            "SELECT item.* FROM found JOIN item ON item.id = found.rowid WHERE found MATCH ?"
            " ORDER BY found.rowid DESC LIMIT ?",
            (query, PAGE),
        ).fetchall()
        yield


def _bare_commits(db: Connection) -> Act:
    """Autocommit: every statement is a durable transaction (``synchronous = FULL``)."""
    while True:
        db.execute("INSERT INTO item (state) VALUES ('open')")
        yield


PLAIN_PAGE = "50 rows of plain SQLite"
PLAIN_ROW = "1 row of plain SQLite"
PLAIN_SEARCH = "newest 50 of plain FTS5"
BARE_COMMIT = "1 row committed by bare SQLCipher"

LINES = (
    Line("page of 50, at the top", _pages_at(0), PLAIN_PAGE, 1),
    Line("page of 50, half way down", _pages_at(0.5), PLAIN_PAGE, 1),
    Line("page of 50, at 99 %", _pages_at(0.99), PLAIN_PAGE, 1),
    Line("page of 50, inbox of three offices", _inbox, PLAIN_PAGE, 1),
    Line("the inbox's three counters", _counters, PLAIN_ROW, 1),
    Line("search, newest 50", _searches, PLAIN_SEARCH, 10),
    Line("a change, durable", _changes, BARE_COMMIT, 2),
)
