"""Answers to what was asked beyond the working set: found in the shared store, fetched from it."""

from typing import TYPE_CHECKING

from storage import inquiries
from storage.errors import StoreError
from storage.hub import calls
from storage.inquiries import Answer, Far, Inquiry
from storage.records import RECORDS
from storage.sync.evict import DAY_MS
from storage.sync.pull import bring
from storage.sync.workingset import keep_fetched

if TYPE_CHECKING:
    from storage.store import Store
    from storage.sync.link import Link

_PATIENCE_S = 4.0
MOST = 50


def answer_all(store: "Store", link: "Link", keep_days: int) -> int:
    """Answer everything that was asked; returns how many. Raises psycopg.Error where the shared
    store cannot be reached: then it is still asked."""
    asked = inquiries.open_ones(store.db)
    for one in asked:
        try:
            answer = Answer("", _found(store, link, one, keep_days))
        except StoreError as error:  # refused there
            answer = Answer(error.code)
        inquiries.tell(store, one.id, answer)
    return len(asked)


def fail_all(store: "Store", code: str) -> bool:
    """Say why there is no answer; whether anybody waits for one."""
    asked = inquiries.open_ones(store.db)
    for one in asked:
        inquiries.tell(store, one.id, Answer(code))
    return bool(asked)


def _found(store: "Store", link: "Link", one: Inquiry, keep_days: int) -> tuple[Far, ...]:
    if one.kind == "row":
        return _fetched(store, link, one)
    with link.watched(_PATIENCE_S) as db:
        if one.kind == "numbers":
            found = calls.find_numbers(db, store.device, one.what)
        else:
            found = calls.search(
                db,
                store.device,
                one.what,
                areas=one.areas,
                before=store.clock() - keep_days * DAY_MS,
                here=one.here,
                most=MOST,
                reason=one.reason,
            )
    far = (Far(hit.tbl, hit.id, hit.at, dict(hit.data)) for hit in found)
    return tuple(one for one in far if not _is_here(store, one))


def _is_here(store: "Store", far: Far) -> bool:
    if far.table not in RECORDS:
        return True  # of a newer schema: it could not be shown
    sql = f"SELECT 1 FROM {far.table} WHERE id = ?"
    return store.db.execute(sql, (far.id,)).fetchone() is not None


def _fetched(store: "Store", link: "Link", one: Inquiry) -> tuple[Far, ...]:
    table, row_id = one.what
    with link.watched(_PATIENCE_S) as db:
        rows = calls.look_up(db, store.device, table, row_id, way=one.way, reason=one.reason)
    if not any((row.tbl, row.id) == (table, row_id) for row in rows):
        return ()
    bring(store, rows)
    keep_fetched(store, table, row_id)
    return (Far(table, row_id, 0, {}),)
