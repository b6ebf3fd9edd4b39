"""What a replica that is filled anew takes over from the one before: own work and own settings.

Own entries that the shared store does not have are put upon its rows again, in their order: those
that wait, and after it came back from a backup also those that it had acknowledged and lost.
"""

import json
from collections.abc import Callable, Iterator
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

    from storage.sync.bringing import Bringing

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
_EVERY = 1_000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


Progress = Callable[[str, int], None]
"""Told which table is being filled and how many rows it has so far."""


@dataclass(slots=True)
class Work:
    """An own entry that the shared store does not have, to be put upon its rows. ``brought``: it is
    from before this replica joined."""

    head: tuple[Value, ...]
    claim: int
    patches: list[Patch]
    brought: bool = False


def carry(
    old: "Connection",
    new: "Connection",
    high_water: int,
    bringing: "Bringing | None" = None,
    progress: Progress = lambda *_: None,
) -> int:
    """Take over own work and settings within one transaction of ``new``; returns how many entries
    wait in it. ``high_water``: the last own entry that the shared store has judged; ``bringing``:
    how work from before joining is said there."""
    for table in _AS_THEY_ARE:
        rows = old.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            new.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)
    works = own_works(old, high_water)
    if bringing is not None:
        works = bringing.said_there(works)
        bringing.settle(new)
    _keep_sent(old, new, high_water)
    overlay.begin_high_band(new, high_water)
    index = Index(new)
    over = Overlay(new, index)
    last, brought = high_water, min(_brought(old), high_water)
    for work in works:
        _own_contents(old, new, index, work)
        _put(new, over, work)
        last += 1
        brought = last if work.brought else brought
        if (last - high_water) % _EVERY == 0:
            progress("entries", last - high_water)
    if brought != _brought(old):
        new.execute("INSERT OR REPLACE INTO local VALUES (?, ?)", (own.BROUGHT, str(brought)))
    index.flush()
    return last - high_water


def has_worked(db: "Connection") -> bool:
    """Whether anything was done here that no shared store knows."""
    return db.execute("SELECT 1 FROM outbox LIMIT 1").fetchone() is not None


def own_works(old: "Connection", high_water: int = 0) -> Iterator[Work]:
    """Own entries that the shared store does not have, in their order. ``high_water``: the last one
    that it has judged; they stand behind it."""
    found: dict[int, str | None] = {}  # by own number: as it was pushed, None: in the journal
    judged = {
        row[0]
        for row in old.execute(
            "SELECT r.entry_id FROM refusals r JOIN sent s ON s.id = r.entry_id"
            " WHERE s.dseq + ? NOT IN (SELECT seq FROM outbox)",
            (PENDING,),
        )
    }
    sent = "SELECT dseq, id, entry FROM sent WHERE dseq > ?"
    for dseq, entry_id, wire in old.execute(sent, (high_water,)):
        if entry_id not in judged:
            found[dseq] = wire
    if overlay.is_joined(old):
        first = PENDING
        seqs = old.execute("SELECT seq FROM entries WHERE seq > ?", (PENDING + high_water,))
    else:
        first = 0
        seqs = old.execute("SELECT seq FROM entries WHERE seq IN (SELECT seq FROM outbox)")
    found |= {seq - first: None for (seq,) in seqs}
    before = _brought(old)
    for dseq in sorted(found):
        wire = found[dseq]
        if wire is not None:
            yield _of_wire(old, wire)
        else:
            yield _of_journal(old, first + dseq, brought=dseq <= before)


def _brought(db: "Connection") -> int:
    row = db.execute("SELECT value FROM local WHERE name = ?", (own.BROUGHT,)).fetchone()
    return int(row[0]) if row else 0


def _of_journal(old: "Connection", seq: int, *, brought: bool) -> Work:
    columns = f"SELECT patches, claim, {seal.COLUMNS} FROM entries WHERE seq = ?"
    patches, claim, *head = old.execute(columns, (seq,)).fetchone()
    parsed = cast("list[tuple[str, str, Op, Fields]]", json.loads(patches))
    return Work(tuple(head), claim, [patch_from(patch) for patch in parsed], brought)


def _of_wire(old: "Connection", wire: str) -> Work:
    entry = cast("dict[str, Value]", json.loads(wire))
    device = old.execute("SELECT value FROM local WHERE name = 'device'").fetchone()
    values = entry | {"device": device[0], "office_id": None}
    head = tuple(values[name] for name in seal.COLUMNS.split(", "))
    return Work(head, int(entry["claim"] or 0), patches_of(wire), "brought" in entry)


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
