"""Own pending entries over what the shared store says: a row is its shadow and they upon it.

Replayed in the transaction of the pull. An entry leaves the overlay when it comes back in a stream
or was refused; one that would stand in the way of a row of the shared store, because both have a
number that only one can have, is withdrawn, for the shared store is going to refuse it.
"""

import json
from typing import TYPE_CHECKING, cast

from storage import overlay
from storage.errors import N_, StoreError
from storage.overlay import PENDING, Row
from storage.patches import Fields, Op, Patch, patch_from
from storage.sync import own
from storage.sync.rows import Key, Rows, TakenError

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.indexing import Index

_MOST_KNOWN = 2_000


class Overlay:
    """Shadows and pending entries of one replica, within a transaction."""

    def __init__(self, db: "Connection", index: "Index") -> None:
        self._db = db
        self.rows = Rows(db, index)
        # Entries never change, so what was read once holds for good.
        self._read: dict[int, dict[Key, Patch]] = {}
        self.changed = 0

    def is_empty(self) -> bool:
        """Whether nothing is pending."""
        return self._db.execute("SELECT 1 FROM shadow LIMIT 1").fetchone() is None

    def is_shadowed(self, key: Key) -> bool:
        """Whether the row here is not the shared store's: pending entries stand upon it."""
        sql = "SELECT 1 FROM shadow WHERE tbl = ? AND row_id = ?"
        return self._db.execute(sql, key).fetchone() is not None

    def base(self, key: Key) -> tuple[Row | None, bool]:
        """The shared store's row, and whether pending entries stand upon it."""
        found = self._db.execute(
            "SELECT data FROM shadow WHERE tbl = ? AND row_id = ?", key
        ).fetchone()
        if found is None:
            return self.rows.read(key), False
        return (None if found[0] is None else cast("Row", json.loads(found[0]))), True

    def pending(self, key: Key) -> list[int]:
        """The pending entries that touch a row, in their order."""
        sql = "SELECT seq FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq > ? ORDER BY seq"
        return [row[0] for row in self._db.execute(sql, (*key, PENDING))]

    def patches(self, seq: int) -> dict[Key, Patch]:
        """What a pending entry does, by row."""
        known = self._read.get(seq)
        if known is None:
            if len(self._read) > _MOST_KNOWN:
                self._read.clear()
            row = self._db.execute("SELECT patches FROM entries WHERE seq = ?", (seq,)).fetchone()
            found = cast("list[tuple[str, str, Op, Fields]]", json.loads(row[0]))
            known = self._read[seq] = {(p[0], p[1]): patch_from(p) for p in found}
        return known

    def settle(self, key: Key, base: Row | None) -> None:
        """The shared store's row is ``base`` now: write the shadow and the row upon it."""
        while True:
            seqs = self.pending(key)
            row = base
            for seq in seqs:
                row = overlay.over(row, self.patches(seq)[key])
            if seqs:
                overlay.write(self._db, *key, base)
            else:
                self._db.execute("DELETE FROM shadow WHERE tbl = ? AND row_id = ?", key)
            try:
                self.changed += self.rows.put(key, row)
            except TakenError as taken:
                self._make_room(key, taken)
                continue
            return

    def take_out(self, seq: int) -> dict[Key, Patch]:
        """Remove a pending entry; its rows must be settled by the caller. Returns its patches."""
        patches = self.patches(seq)
        self._db.executemany(
            "DELETE FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq = ?",
            [(*key, seq) for key in patches],
        )
        self._db.execute("DELETE FROM entries WHERE seq = ?", (seq,))
        self._read.pop(seq, None)
        return patches

    def leave(self, seq: int) -> None:
        """An own entry was not taken: it goes, and what it stood on is seen again."""
        bases = {key: self.base(key)[0] for key in self.patches(seq)}
        self.take_out(seq)
        # What goes makes room for what comes back.
        for key in sorted(bases, key=lambda key: bases[key] is not None):
            self.settle(key, bases[key])

    def _make_room(self, key: Key, taken: TakenError) -> None:
        """Withdraw the pending entry that gave the value away which the shared store has given to
        another row. Where there is none the replica is not what the shared store has."""
        for one in (taken.holder, key):
            for seq in reversed(self.pending(one)):
                fields = self.patches(seq)[one].fields
                if fields.get(taken.column, [None, None])[1] == taken.value:
                    own.withdraw(self._db, seq, taken.column, one)
                    self.leave(seq)
                    return
        raise StoreError(
            "sync.diverged",
            N_("What is here of “{scope}” is not what the shared store has."),
            scope=key[0],
        )
