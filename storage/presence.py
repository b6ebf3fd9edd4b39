"""Which cases are open here, and who else has them open: told and heard by ``storage.sync``."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store


def attend(store: "Store", case_id: str) -> None:
    """The case is open here."""
    with store.beneath() as (db, _index):
        db.execute(
            "INSERT OR REPLACE INTO attention (case_id, at) VALUES (?, ?)", (case_id, store.clock())
        )


def leave(store: "Store", case_id: str) -> None:
    """It is open here no longer."""
    with store.beneath() as (db, _index):
        db.execute("DELETE FROM attention WHERE case_id = ?", (case_id,))


def leave_all(store: "Store") -> None:
    """Nothing is open here: at the start, after a program that could not say so."""
    if store.db.execute("SELECT 1 FROM attention LIMIT 1").fetchone() is not None:
        with store.beneath() as (db, _index):
            db.execute("DELETE FROM attention")


def others(db: "Connection", case_id: str, but: str) -> list[str]:
    """The ids of the clerks who have the case open elsewhere, the longest first; ``but`` (oneself,
    at another workstation) left out."""
    sql = "SELECT clerk_id FROM presence WHERE case_id = ? AND clerk_id <> ? ORDER BY since"
    return [str(row[0]) for row in db.execute(sql, (case_id, but))]
