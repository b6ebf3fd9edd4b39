"""Fetch what is new: the streams behind the cursors, then what they name and is not here."""

from typing import TYPE_CHECKING

from storage.hub import calls
from storage.records import RECORDS
from storage.sync.apply import Applied, apply_all
from storage.sync.settle import Overlay

if TYPE_CHECKING:
    from storage.store import Store
    from storage.sync.link import Link

PAGE = 1_000
_PATIENCE_S = 5.0


def cursors(store: "Store") -> dict[str, int]:
    """How far each stream of this replica was applied."""
    return dict(store.db.execute("SELECT scope, cursor FROM streams").fetchall())


def pull_news(store: "Store", link: "Link", page: int = PAGE) -> Applied:
    """Apply everything that is new. Raises StoreError ``sync.hole``, ``sync.diverged``;
    psycopg.Error where the shared store cannot be reached."""
    done = Applied()
    while True:
        with link.watched(_PATIENCE_S) as db:
            rows = calls.pull(db, store.device, cursors(store), page)
        if rows:
            some = apply_all(store, rows)
            done.entries += some.entries
            done.rows += some.rows
            done.refused += some.refused
            done.access = done.access or some.access
        if len(rows) < page:
            return done


def fetch_wanted(store: "Store", link: "Link", most: int = 20) -> int:
    """Bring rows that were named and are not here, with what hangs on them; returns how many.

    What is not ours to see is not asked for again.
    """
    came = 0
    wanted = store.db.execute(
        "SELECT tbl, row_id FROM wanted WHERE field = '' LIMIT ?", (most,)
    ).fetchall()
    for table, row_id in wanted:
        with link.watched(_PATIENCE_S) as db:
            found = calls.matter(db, table, row_id)
        came += bring(store, found)
        with store.beneath() as (local, _index):
            local.execute(
                "DELETE FROM wanted WHERE field = '' AND tbl = ? AND row_id = ?", (table, row_id)
            )
    return came


def bring(store: "Store", rows: list[calls.Row]) -> int:
    """Put rows here as the shared store has them now, where they are not here yet; what its
    streams still have to say of them comes later and ends the same."""
    came = 0
    with store.beneath() as (db, index):
        overlay = Overlay(db, index)
        copies = [(row.id, row.scope) for row in rows if row.tbl == "persons"]
        db.executemany("INSERT OR IGNORE INTO copies (row_id, scope) VALUES (?, ?)", copies)
        for row in rows:
            if row.tbl not in RECORDS:
                continue
            key = (row.tbl, row.id)
            if overlay.base(key)[0] is None:
                overlay.settle(key, dict(row.data))
                came += 1
            if "text_sha256" in row.data:
                db.execute(
                    "INSERT OR REPLACE INTO wanted (tbl, row_id, field, sha256)"
                    " SELECT ?1, ?2, 'text_sha256', ?3 WHERE NOT EXISTS"
                    " (SELECT 1 FROM content WHERE sha256 = ?3)",
                    (*key, row.data["text_sha256"]),
                )
    return came
