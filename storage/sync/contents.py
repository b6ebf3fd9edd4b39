"""Content between replica and shared store: texts with the entries, the rest when it is wanted.

The text of an item goes ahead of the entry that names it, so that everybody can find it; the raw
mail and attachments follow in the background. Coming in, texts are fetched for the search index;
of the rest a replica only holds what somebody opened (``want``).
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from storage.arrival import arriving
from storage.content import get_content, put_content
from storage.errors import StoreError
from storage.hub import calls
from storage.sync.wire import CONTENTS, WirePatch

if TYPE_CHECKING:
    from storage.store import Store
    from storage.sync.link import Link

_AT_ONCE = 100
_PATIENCE_S = 15.0  # a scanned file over a slow line


def want(store: "Store", table: str, row_id: str, field: str) -> None:
    """Somebody opens content that is not here: the next round of synchronisation fetches it."""
    with store.beneath() as (db, _index):
        db.execute(
            "INSERT OR IGNORE INTO wanted (tbl, row_id, field) VALUES (?, ?, ?)",
            (table, row_id, field),
        )


def named_by(entries: Iterable[dict[str, object]]) -> list[tuple[str, str]]:
    """The content that entries name anew: (field, sha256)."""
    return [
        (field, str(patch[3][field]))
        for entry in entries
        for patch in cast("list[WirePatch]", entry["patches"])
        for field in CONTENTS
        if field in patch[3]
    ]


def send(store: "Store", link: "Link", hashes: Sequence[str]) -> None:
    """Send content that the shared store does not have."""
    for at in range(0, len(hashes), _AT_ONCE):
        some = list(dict.fromkeys(hashes[at : at + _AT_ONCE]))
        with link.watched() as db:
            missing = calls.content_missing(db, some)
        blobs = []
        for sha256 in missing:
            try:
                blobs.append((get_content(store.db, sha256),))
            except StoreError:  # never was here
                continue
        if blobs:
            with link.watched(_PATIENCE_S) as db, db.cursor() as cursor:
                cursor.executemany("SELECT clerk.content_put(%s)", blobs)


def send_later(store: "Store", link: "Link") -> bool:
    """Send a little of what follows in the background; whether there is more."""
    rows = store.db.execute("SELECT sha256 FROM content_out LIMIT 10").fetchall()
    if not rows:
        return False
    send(store, link, [row[0] for row in rows])
    with store.beneath() as (db, _index):
        db.executemany("DELETE FROM content_out WHERE sha256 = ?", rows)
    return True


def fetch(store: "Store", link: "Link", tried: set[tuple[str, str, str]]) -> int:
    """Fetch a little of the content that is wanted; returns how much came.

    ``tried`` remembers what the shared store did not have, so that it is not asked again at once.
    """
    wanted: dict[tuple[str, str], list[str]] = {}
    rows = store.db.execute(
        "SELECT tbl, row_id, field FROM wanted WHERE field <> '' ORDER BY field = 'text_sha256'"
        " LIMIT ?",
        (_AT_ONCE + len(tried),),
    )
    for table, row_id, field in rows:
        if (table, row_id, field) not in tried:
            wanted.setdefault((table, field), []).append(row_id)
    came = 0
    for (table, field), ids in wanted.items():
        with link.watched(_PATIENCE_S) as db:
            found = calls.content_get(db, table, ids, field)
        with store.beneath() as (local, index):
            for row_id, sha256, data in found:
                with arriving(local, index, sha256):
                    put_content(local, data)
                local.execute(
                    "DELETE FROM wanted WHERE tbl = ? AND row_id = ? AND field = ?",
                    (table, row_id, field),
                )
        got = {row_id for row_id, _sha256, _data in found}
        tried |= {(table, row_id, field) for row_id in ids if row_id not in got}
        came += len(found)
    return came
