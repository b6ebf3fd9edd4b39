"""Fill a replica from the shared store: into a fresh file, which takes the old one's place whole.

What is read is one moment of the shared store: the marks of the streams and all rows in a single
repeatable-read transaction. Cut off at any point, the old file is as it was and filling begins
anew. Own work and settings are carried over last, while no act of any program begins.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from storage.errors import N_, StoreError
from storage.exchange import exchange
from storage.home import FILE_NAME
from storage.hub import calls
from storage.records import RECORDS
from storage.sync.blank import Blank, remove
from storage.sync.carry import Progress, carry, carry_contents
from storage.sync.evict import DAY_MS, NAMED_PERSONS
from storage.sync.handshake import device_scope, remember_hello

if TYPE_CHECKING:
    from sqlite3 import Connection

    import psycopg

    from storage.hub.calls import Hello
    from storage.store import Store
    from storage.sync.bringing import Bringing
    from storage.sync.link import Link

NEXT_NAME = "replica.next"
_PATIENCE_S = 20.0


def bootstrap(
    store: "Store",
    link: "Link",
    hello: "Hello",
    say_hello: "Callable[[psycopg.Connection], Hello]",
    *,
    keep_days: int,
    bringing: "Bringing | None" = None,
    progress: Progress = lambda *_: None,
) -> None:
    """Fill the replica of ``store`` anew and let it go on with the new file.

    ``hello``: what the shared store said last; ``say_hello`` asks again, for an answer to an
    earlier push may still have been on its way. ``keep_days``: cases closed longer ago stay out.
    ``bringing``: how own work from before joining is said in the shared store's terms.
    """
    path = store.home / NEXT_NAME
    horizon = hello.now - keep_days * DAY_MS
    while True:
        blank = Blank(path, store.key)
        try:
            _fill(blank, link, store.device, (hello.scopes, horizon), progress)
            with link.watched(_PATIENCE_S) as db:
                again = say_hello(db)
            if (again.high_water, again.scopes, again.epoch) != (
                hello.high_water, hello.scopes, hello.epoch,
            ):  # fmt: skip
                hello = again
                blank.db.close()
                continue
            _device_stream(store, blank.db, link, hello)
            carry_contents(store.db, blank.db)
            blank.finish()
            with store.exchanging():
                blank.db.execute("BEGIN")
                carry(store.db, blank.db, hello.high_water, bringing, progress)
                remember_hello(blank.db, hello)
                blank.db.execute("COMMIT")
                blank.close()
                _exchange(store)
        except BaseException:
            blank.db.close()
            remove(path)
            raise
        return


def _fill(
    blank: Blank,
    link: "Link",
    device: str,
    what: tuple[Sequence[str], int],
    progress: Progress,
) -> None:
    scopes, horizon = what
    with link.watched(_PATIENCE_S) as db:
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        db.execute("SET LOCAL statement_timeout = 0")
        try:
            for mark in calls.marks(db, device):
                blank.db.execute(
                    "INSERT INTO streams (scope, cursor, digest) VALUES (?, ?, ?)",
                    (mark.scope, mark.last, mark.digest or 0),
                )
            for table in (name for name in RECORDS if name != "persons"):
                rows = calls.snapshot(db, table, scopes, horizon)
                blank.fill(table, _counted(rows, table, link, progress))
            # Last, for nobody is told of persons whom nothing in the working set names.
            named = [row[0] for row in blank.db.execute(NAMED_PERSONS)]
            persons = calls.snapshot(db, "persons", scopes, horizon, only=named)
            blank.fill("persons", _counted(persons, "persons", link, progress))
            blank.db.executemany(
                "INSERT INTO copies (row_id, scope) VALUES (?, ?)",
                calls.copies(db, named, scopes),
            )
        except BaseException:
            # In the middle of a COPY (the disk here is full, say) nothing else would be answered.
            db.close()
            raise
        db.execute("ROLLBACK")


def _counted(
    parts: Iterator[tuple[int, str]], table: str, link: "Link", progress: Progress
) -> Iterator[str]:
    done = 0
    for count, part in parts:
        yield part
        done += count
        link.pat()
        progress(table, done)
    progress(table, done)


def _device_stream(store: "Store", new: "Connection", link: "Link", hello: "Hello") -> None:
    """What this device alone is told may not have been heard yet: its stream goes on where it was,
    or from its beginning where the shared store is another than it was."""
    scope = device_scope(store.device)
    row = store.db.execute(
        "SELECT cursor, digest FROM streams WHERE scope = ?", (scope,)
    ).fetchone() or (0, 0)
    with link.watched() as db:
        marks = calls.compare(db, store.device, {scope: row[0]})
    if not marks or marks[0].digest != row[1]:
        row = (0, 0)
    new.execute(
        "INSERT OR REPLACE INTO streams (scope, cursor, digest) VALUES (?, ?, ?)", (scope, *row)
    )


def _exchange(store: "Store") -> None:
    """Put the new file in the place of the old one, all of which must lie in one file for that."""
    busy, _log, _done = store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError(
            "store.busy",
            N_("Another program is writing to this store. Nothing was changed; try again."),
        )
    exchange(store.home / NEXT_NAME, store.home / FILE_NAME)
    store.follow()
