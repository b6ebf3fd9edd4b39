"""Apply pulled rows of the shared store's streams: the only way in which others' work comes in.

An entry stands in every stream that it touches and is applied as one. What it did to a row goes to
the row itself, or, where own pending entries stand upon the row, to the shadow beneath them. All
of an entry, its rows, cursors and search index are one transaction; many entries share one, as
long as nobody else wants to write.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, cast

from storage.overlay import Row, over
from storage.patches import Patch
from storage.records import RECORDS
from storage.sync import own
from storage.sync.entries import Entries, office_of
from storage.sync.evict import evict
from storage.sync.rows import Key, TakenError
from storage.sync.settle import Overlay
from storage.sync.streams import Streams
from storage.sync.wire import ELSEWHERE, REFUSAL, Judged, StreamRow, WirePatch, to_local

if TYPE_CHECKING:
    from storage.store import Store

SLICE_S = 0.03
"""How long one transaction of a large pull applies entries; it ends at once when an act waits."""
_FEW = 100
_ACCESS = ("memberships", "absences")
_SHOWN = ("cases", "items")


@dataclass(slots=True)
class Applied:
    """What applying did: entries, rows that look different now, own entries that were refused, and
    whether it may have changed who may see what."""

    entries: int = 0
    rows: int = 0
    refused: int = 0
    access: bool = False


@dataclass(slots=True)
class _Fate:
    """What one entry did to one row, over all its streams."""

    change: WirePatch | None = None
    entered: Row | None = None
    left: bool = False


@dataclass(slots=True)
class _Parts:
    """One entry in all the streams in which it was pulled."""

    rows: list[StreamRow] = field(default_factory=list)

    @property
    def scopes(self) -> list[str]:
        return [row.scope for row in self.rows]


def apply_all(
    store: "Store", rows: Sequence[StreamRow], clock: Callable[[], float] = time.perf_counter
) -> Applied:
    """Apply the rows of one answer, in slices that end when an act of a person waits.

    Raises StoreError ``sync.hole`` or ``sync.diverged``; what was applied before stays.
    """
    entries = [_Parts(list(group)) for _no, group in groupby(rows, key=lambda row: row.no)]
    with store.bulk() if len(entries) > _FEW else nullcontext():
        return _in_slices(store, entries, clock)


def _in_slices(store: "Store", entries: list[_Parts], clock: Callable[[], float]) -> Applied:
    done = Applied()
    at = 0
    while at < len(entries):
        end = clock() + SLICE_S
        with applying(store) as work:
            while at < len(entries):
                work.entry(entries[at])
                at += 1
                if clock() > end or store.is_wanted():
                    break
        done.entries += work.done.entries
        done.rows += work.done.rows
        done.refused += work.done.refused
        done.access = done.access or work.done.access
    return done


@contextmanager
def applying(store: "Store") -> "Iterator[_Work]":
    """One transaction of pulled entries."""
    with store.beneath() as (db, index):
        streams, entries, overlay = Streams(db), Entries(db), Overlay(db, index)
        work = _Work(store, streams, entries, overlay)
        yield work
        entries.flush()
        streams.save()
        work.done.rows += overlay.changed


class _Work:
    """Applies entries one after the other within a transaction."""

    def __init__(
        self, store: "Store", streams: Streams, entries: Entries, overlay: Overlay
    ) -> None:
        self._db = store.db
        self._device = store.device
        self._streams = streams
        self._entries = entries
        self._overlay = overlay
        self._bare = overlay.is_empty()
        self.done = Applied()

    def entry(self, parts: _Parts) -> None:
        """Apply one entry."""
        parts.rows = [row for row in parts.rows if not self._streams.is_behind(row)]
        if not parts.rows:
            return
        for row in parts.rows:
            self._streams.advance(row)
        head = parts.rows[0]
        if head.scope.startswith("device:"):
            self._told(head)
            return
        fates = self._fates(parts)
        mine = head.device == self._device and head.dseq is not None
        bases = self._echo(head) if mine else {}
        self.done.access |= any(key[0] in _ACCESS for key in fates)
        kept: list[Patch] = []
        for key, fate in fates.items():
            if not fate.left and (patch := self._row(key, fate)) is not None:
                kept.append(patch)
            bases.pop(key, None)
        for key, base in bases.items():  # named by the own entry, but not seen to be changed
            self._overlay.settle(key, base)
        if gone := [key for key, fate in fates.items() if fate.left]:
            self._entries.flush()
            evict(self._db, self._overlay, gone)
        if kept:
            self._entries.add(head, office_of(parts.scopes), kept, mine)
        self.done.entries += 1

    def _echo(self, head: StreamRow) -> dict[Key, Row | None]:
        """An own entry came back: it leaves the overlay. Returns what stands beneath its rows."""
        seq = None if self._bare else own.pending_seq(self._db, head.id)
        if seq is None:  # what was withdrawn here was taken there all the same
            self._db.execute("DELETE FROM refusals WHERE entry_id = ?", (head.id,))
            return {}
        wire = own.wire_of(self._db, seq)
        assert wire is not None
        own.acknowledged(self._db, [(seq, wire)])
        bases = {key: self._overlay.base(key)[0] for key in self._overlay.patches(seq)}
        self._overlay.take_out(seq)
        return bases

    def _told(self, row: StreamRow) -> None:
        """What the shared store tells this device alone: an own entry was refused (kept with what
        was typed), or taken where this replica does not see it. Its rows are as they stand there.
        """
        for kind, entry_id, outcome, verdict in cast("list[Judged]", row.patches):
            if kind == REFUSAL:
                own.refused(self._db, entry_id, row.at, outcome, verdict)
                self.done.refused += 1
            elif kind != ELSEWHERE:
                continue
            seq = own.pending_seq(self._db, entry_id)
            if seq is not None:
                wire = own.wire_of(self._db, seq)
                assert wire is not None
                own.acknowledged(self._db, [(seq, wire)])
                self._overlay.leave(seq)

    def _fates(self, parts: _Parts) -> dict[Key, _Fate]:
        """What became of each row. A row that left one stream may have entered another one; a
        person may lie in several, and is gone with the last of its copies."""
        fates: dict[Key, _Fate] = {}
        for row in parts.rows:
            for patch in row.patches:
                key = (patch[0], patch[1])
                if key[0] not in RECORDS:
                    continue  # of a newer schema
                fate = fates.setdefault(key, _Fate())
                if patch[2] == "leave":
                    fate.left = True
                elif patch[2] == "enter":
                    fate.entered = patch[3]
                elif fate.change is None:
                    fate.change = patch
                if key[0] == "persons":
                    self._copy(key[1], row.scope, patch[2])
        for key, fate in fates.items():
            if fate.left:
                fate.left = (
                    not self._has_copy(key[1]) if key[0] == "persons" else fate.entered is None
                )
        return fates

    def _copy(self, person_id: str, scope: str, op: str) -> None:
        if op in ("add", "enter"):
            sql = "INSERT OR IGNORE INTO copies (row_id, scope) VALUES (?, ?)"
        elif op in ("leave", "drop"):
            sql = "DELETE FROM copies WHERE row_id = ? AND scope = ?"
        else:
            return
        self._db.execute(sql, (person_id, scope))

    def _has_copy(self, person_id: str) -> bool:
        sql = "SELECT 1 FROM copies WHERE row_id = ?"
        return self._db.execute(sql, (person_id,)).fetchone() is not None

    def _row(self, key: Key, fate: _Fate) -> Patch | None:
        """Do what was done to a row; returns what the journal keeps of it."""
        patch = None if fate.change is None else to_local(fate.change)
        if (
            patch is not None
            and fate.entered is None
            and self._is_plain(key)
            and self._simply(patch)
        ):
            return patch
        base, _pending = self._overlay.base(key)
        here = base is not None
        if fate.entered is not None:
            after: Row | None = fate.entered
        elif patch is None:
            return None
        elif not here and patch.op != "add":
            if patch.op == "set" and key[0] in _SHOWN:  # what hangs on them comes with them
                self._want(key, "")
            return None
        else:
            after = {} if patch.op == "add" else base
            after = over(after, patch)
        self._overlay.settle(key, after)
        self._look_around(key, after)
        if patch is None:
            # That it came is an entry in its history; what stood before is not known here.
            return Patch(*key, "set", {}) if not here and key[0] in _SHOWN else None
        if patch.op == "add" and here:  # fetched before its stream came so far
            return None
        return patch

    def _is_plain(self, key: Key) -> bool:
        """Whether no pending entry stands upon a row."""
        return self._bare or not self._overlay.is_shadowed(key)

    def _simply(self, patch: Patch) -> bool:
        """Write where nothing is pending and the row stands as the patch expects."""
        key = (patch.table, patch.row_id)
        if self._overlay.rows.exists(key) == (patch.op == "add"):
            return False
        try:
            self._overlay.rows.write(patch)
        except TakenError:
            return False
        self.done.rows += 1
        self._look_around(key, over({}, patch))
        return True

    def _look_around(self, key: Key, row: Row | None) -> None:
        """What the row names and is not here is wanted: its case or item, its person, its text."""
        if row is None:
            sql = "DELETE FROM wanted WHERE tbl = ? AND row_id = ?"
            self._db.execute(sql, key)
            return
        for column, target in RECORDS[key[0]].REFERENCES.items():
            if column in ("case_id", "item_id", "person_id") and column in row:
                named = (target, str(row[column]))
                if not self._overlay.rows.exists(named):
                    self._want(named, "")
        if "text_sha256" in row:
            sql = "SELECT 1 FROM content WHERE sha256 = ?"
            if self._db.execute(sql, (row["text_sha256"],)).fetchone() is None:
                self._want(key, "text_sha256", row["text_sha256"])

    def _want(self, key: Key, name: str, sha256: object = None) -> None:
        sql = "INSERT OR REPLACE INTO wanted (tbl, row_id, field, sha256) VALUES (?, ?, ?, ?)"
        self._db.execute(sql, (*key, name, sha256))
