"""What a replica that is filled anew takes over from the one before: own work and own settings.

Own entries that the shared store does not have are put upon its rows again, in their order: those
that wait, and after it came back from a backup also those that it had acknowledged and lost.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from storage import overlay, seal
from storage.arrival import arriving
from storage.indexing import Index
from storage.overlay import PENDING
from storage.patches import Fields, Op, Patch, patch_from
from storage.record import Value
from storage.sync import own
from storage.sync.evict import BROUGHT
from storage.sync.settle import Overlay
from storage.sync.wire import CONTENTS, patches_of

if TYPE_CHECKING:
    from sqlite3 import Connection

_AS_THEY_ARE = (
    "local",
    "drafts",
    "number_ranges",
    "leases",
    "refusals",
    "content_out",
    "attention",
    "reads",
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Work:
    """An own entry that the shared store does not have, to be put upon its rows."""

    head: tuple[Value, ...]
    claim: int
    patches: list[Patch]


Rewrite = Callable[[Work], Work | None]
"""What becomes of an entry on its way: of one made before joining, say; None leaves it out."""


def as_it_is(work: Work) -> Work | None:
    """Nothing is rewritten."""
    return work


def carry(
    old: "Connection", new: "Connection", high_water: int, rewrite: Rewrite = as_it_is
) -> int:
    """Take over own work and settings within one transaction of ``new``; returns how many entries
    wait in it. ``high_water``: the last own entry that the shared store has judged."""
    for table in _AS_THEY_ARE:
        rows = old.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            new.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)
    works = [work for one in _unknown(old, high_water) if (work := rewrite(one)) is not None]
    _keep_sent(old, new, high_water)
    overlay.begin_high_band(new, high_water)
    index = Index(new)
    over = Overlay(new, index)
    for work in works:
        _own_contents(old, new, index, work)
        _put(new, over, work)
    index.flush()
    return len(works)


def _unknown(old: "Connection", high_water: int) -> list[Work]:
    """Own entries behind the mark, in their order."""
    found: dict[int, Work] = {}
    judged = {
        row[0]
        for row in old.execute(
            "SELECT r.entry_id FROM refusals r JOIN sent s ON s.id = r.entry_id"
            " WHERE s.dseq + ? NOT IN (SELECT seq FROM outbox)",
            (PENDING,),
        )
    }
    for dseq, wire in old.execute("SELECT dseq, entry FROM sent WHERE dseq > ?", (high_water,)):
        work = _of_wire(old, wire)
        if work.head[0] not in judged:
            found[dseq] = work
    joined = overlay.is_joined(old)
    edge = PENDING + high_water if joined else 0
    columns = f"SELECT seq, patches, claim, {seal.COLUMNS} FROM entries WHERE seq > ?"
    for seq, patches, claim, *head in old.execute(columns, (edge,)):
        if joined or old.execute("SELECT 1 FROM outbox WHERE seq = ?", (seq,)).fetchone():
            parsed = cast("list[tuple[str, str, Op, Fields]]", json.loads(patches))
            dseq = seq - PENDING if joined else seq
            found[dseq] = Work(tuple(head), claim, [patch_from(patch) for patch in parsed])
    return [found[dseq] for dseq in sorted(found)]


def _of_wire(old: "Connection", wire: str) -> Work:
    entry = cast("dict[str, Value]", json.loads(wire))
    device = old.execute("SELECT value FROM local WHERE name = 'device'").fetchone()
    values = entry | {"device": device[0], "office_id": None}
    head = tuple(values[name] for name in seal.COLUMNS.split(", "))
    return Work(head, int(entry["claim"] or 0), patches_of(wire))


def _put(new: "Connection", over: Overlay, work: Work) -> None:
    """One entry, pending again, upon the rows as they stand."""
    text = _encode([patch.as_json() for patch in work.patches])
    seq = new.execute(
        f"INSERT INTO entries ({seal.COLUMNS}, patches, seal, claim)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*work.head, text, seal.seal(work.head, text), work.claim),
    ).lastrowid
    assert seq is not None
    bases = {(p.table, p.row_id): over.base((p.table, p.row_id))[0] for p in work.patches}
    new.executemany(
        "INSERT INTO entry_rows (tbl, row_id, seq) VALUES (?, ?, ?)",
        [(*key, seq) for key in bases],
    )
    new.execute("INSERT INTO outbox (seq) VALUES (?)", (seq,))
    for key in sorted(bases, key=lambda key: bases[key] is not None):
        over.settle(key, bases[key])


def _keep_sent(old: "Connection", new: "Connection", high_water: int) -> None:
    """What was judged stays known, so that a refusal still finds what was typed."""
    rows = old.execute("SELECT * FROM sent WHERE dseq <= ?", (high_water,)).fetchall()
    new.executemany("INSERT OR IGNORE INTO sent VALUES (?, ?, ?, ?)", rows)
    if not overlay.is_joined(old):
        return
    for (seq,) in old.execute(
        "SELECT seq FROM entries WHERE seq > ? AND seq <= ?", (PENDING, PENDING + high_water)
    ).fetchall():
        wire = own.wire_of(old, seq)
        if wire is not None:
            own.keep_sent(new, seq, wire)


def _own_contents(old: "Connection", new: "Connection", index: Index, work: Work) -> None:
    for patch in work.patches:
        for name in CONTENTS:
            _old, sha256 = patch.fields.get(name, [None, None])
            if sha256 is not None:
                with arriving(new, index, str(sha256)):
                    _copy(old, new, str(sha256))


def carry_contents(old: "Connection", new: "Connection") -> None:
    """Content that the rows name and that is at hand need not be fetched; before the search index
    is built. Texts that are not at hand are wanted. What own entries brought is kept (``sweep``).
    """
    for table, column in (
        ("items", "text_sha256"),
        ("items", "raw_sha256"),
        ("documents", "content_sha256"),
    ):
        rows = new.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
        for (sha256,) in rows.fetchall():
            _copy(old, new, sha256)
    for (sha256,) in old.execute("SELECT sha256 FROM content_out").fetchall():
        _copy(old, new, sha256)
    for (sha256,) in old.execute(BROUGHT).fetchall():
        _copy(old, new, sha256)
        new.execute("INSERT OR IGNORE INTO loose (sha256) VALUES (?)", (sha256,))
    new.execute(
        "INSERT OR IGNORE INTO wanted (tbl, row_id, field, sha256)"
        " SELECT 'items', id, 'text_sha256', text_sha256 FROM items WHERE text_sha256 IS NOT NULL"
        " AND text_sha256 NOT IN (SELECT sha256 FROM content)"
    )


def _copy(old: "Connection", new: "Connection", sha256: str) -> None:
    row = old.execute("SELECT * FROM content WHERE sha256 = ?", (sha256,)).fetchone()
    if row:
        new.execute("INSERT OR IGNORE INTO content VALUES (?, ?, ?, ?)", row)
