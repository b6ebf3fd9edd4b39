"""Who else has a case open that is open here: told every few seconds, forgotten after thirty."""

from typing import TYPE_CHECKING

from storage.hub import calls

if TYPE_CHECKING:
    from storage.store import Store
    from storage.sync.link import Link


def exchange(store: "Store", link: "Link") -> bool:
    """Say what is open here and keep who else has it open; whether that changed."""
    open_here = [row[0] for row in store.db.execute("SELECT case_id FROM attention")]
    before = set(store.db.execute("SELECT case_id, clerk_id, since FROM presence"))
    if not open_here and not before:
        return False
    with link.watched() as db:
        now = set(calls.present(db, store.device, open_here))
    if now == before:
        return False
    with store.beneath() as (local, _index):
        local.execute("DELETE FROM presence")
        local.executemany(
            "INSERT INTO presence (case_id, clerk_id, since) VALUES (?, ?, ?)", sorted(now)
        )
    return True
