"""A scope that is no longer ours: everything in it leaves this replica, and its file."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from storage import driver
from storage.errors import StoreError
from storage.overlay import PENDING
from storage.records import RECORDS
from storage.sync.evict import evict, family, sweep
from storage.sync.rows import Key
from storage.sync.settle import Overlay
from storage.sync.vocabulary import learn_anew

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store

TOWN = (
    "offices",
    "clerks",
    "memberships",
    "absences",
    "services",
    "service_versions",
    "service_steps",
)

_UNTIDY = "untidy"  # the local value that says that what left can still be found in the file
_LATER = ("store.full", "store.busy", "store.io")


def purge(store: "Store", kept: Collection[str]) -> int:
    """Let everything leave that lies in no scope of ``kept``; returns how many rows.

    Own entries that were taken there do not come back any more and leave the overlay; what waits
    goes on waiting and is judged. The file is written anew, so that nothing can be found in it.
    """
    lost = {
        scope
        for (scope,) in store.db.execute("SELECT scope FROM streams")
        if scope not in kept and not scope.startswith("device:")
    }
    if not lost:
        return 0
    with store.beneath() as (db, index):
        overlay = Overlay(db, index)
        keys = [key for scope in lost for key in rows_of(db, scope)]
        for scope in lost:
            db.execute("DELETE FROM copies WHERE scope = ?", (scope,))
            db.execute("DELETE FROM streams WHERE scope = ?", (scope,))
        alone = "SELECT id FROM persons WHERE id NOT IN (SELECT row_id FROM copies)"
        own = "SELECT row_id FROM shadow WHERE tbl = 'persons' AND data IS NULL"
        keys += [("persons", row[0]) for row in db.execute(f"{alone} AND id NOT IN ({own})")]
        evict(db, overlay, keys)
        taken = db.execute(
            "SELECT seq FROM entries WHERE seq > ? AND seq NOT IN (SELECT seq FROM outbox)",
            (PENDING,),
        ).fetchall()
        for (seq,) in taken:
            overlay.leave(seq)
        sweep(db)
        db.execute("INSERT OR REPLACE INTO local (name, value) VALUES (?, '1')", (_UNTIDY,))
    tidy(store)
    return len(keys)


def tidy(store: "Store") -> bool:
    """Leave no trace in the file of what was purged: among the search's words, and on the pages
    where it stood. Whether it is so now; where it cannot be (a full disk, somebody who reads) it
    has to be done later."""
    if not store.local(_UNTIDY):
        return True
    try:
        with store.beneath() as (db, _index):  # the rows have left the indexes
            learn_anew(db)
        with store.exchanging():
            store.db.execute("VACUUM")
            busy, _log, _done = store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except (StoreError, driver.DatabaseError) as error:
        words = error if isinstance(error, StoreError) else driver.in_words(error, store.home)
        if isinstance(words, StoreError) and words.code in _LATER:
            return False
        raise words from error
    if not busy:
        store.set_local(_UNTIDY, "")
    return not busy


def rows_of(db: "Connection", scope: str) -> list[Key]:
    """The rows here that lie in a scope, persons aside: as the shared store reckons it."""
    if scope == "town":
        return [(table, row[0]) for table in TOWN for row in db.execute(f"SELECT id FROM {table}")]
    found: dict[Key, None] = {}
    heads: list[Key] = []
    if scope == "inbox":
        free = "SELECT id FROM items WHERE office_id IS NULL AND case_id IS NULL"
        heads += [("items", row[0]) for row in db.execute(free)]
    else:
        cases = db.execute("SELECT id FROM cases WHERE office_id = ?", (scope,))
        heads += [("cases", row[0]) for row in cases]
        items = "SELECT id FROM items WHERE office_id = ? AND case_id IS NULL"
        heads += [("items", row[0]) for row in db.execute(items, (scope,))]
    for head in heads:
        found.update(dict.fromkeys(family(db, *head)))
    found.update(dict.fromkeys(_alone(db, scope)))
    return list(found)


def _alone(db: "Connection", scope: str) -> list[Key]:
    """Rows that hang on no case and no item: they lie with their own office, or in the inbox."""
    found: list[Key] = []
    for table, record in RECORDS.items():
        names = record.REFERENCES.keys()
        if table == "items" or not names & {"case_id", "item_id"}:
            continue
        free = " AND ".join(f"{name} IS NULL" for name in ("case_id", "item_id") if name in names)
        if "office_id" in names:
            where, values = f"{free} AND ifnull(office_id, 'inbox') = ?", [scope]
        elif scope == "inbox":
            where, values = free, []
        else:
            continue
        rows = db.execute(f"SELECT id FROM {table} WHERE {where}", values)
        found += [(table, row[0]) for row in rows]
    return found
