"""How far each stream was applied, and the proof that nothing was left out.

A stream's numbers are dense, so a hole is a fault and never something to wait for. The digest is an
XOR over what was applied; where the shared store's differs, the two are not the same
stream (it came back from a backup, say), and the replica is filled anew.
"""

import hashlib
from typing import TYPE_CHECKING

from storage.errors import N_, StoreError
from storage.sync.wire import StreamRow

if TYPE_CHECKING:
    from sqlite3 import Connection


def digest_after(digest: int, entry_id: str, n: int) -> int:
    """The digest of a stream behind its row ``n`` (signed, 64 bits), from the one before it."""
    hashed = hashlib.md5(f"{entry_id}:{n}".encode(), usedforsecurity=False).digest()
    return digest ^ int.from_bytes(hashed[:8], signed=True)


class Streams:
    """The cursors of a replica while rows are applied; :meth:`save` within the transaction."""

    def __init__(self, db: "Connection") -> None:
        self._db = db
        self._at: dict[str, tuple[int, int]] = {
            scope: (cursor, digest)
            for scope, cursor, digest in db.execute("SELECT scope, cursor, digest FROM streams")
        }
        self._moved: set[str] = set()

    def cursors(self) -> dict[str, int]:
        """How far each stream was applied."""
        return {scope: cursor for scope, (cursor, _digest) in self._at.items()}

    def digest(self, scope: str) -> int:
        """The digest of what was applied of a stream."""
        return self._at[scope][1]

    def is_behind(self, row: StreamRow) -> bool:
        """Whether this row was applied already (an answer that came twice)."""
        return row.scope in self._at and row.n <= self._at[row.scope][0]

    def advance(self, row: StreamRow) -> None:
        """Go on to this row. StoreError ``sync.hole`` or ``sync.diverged`` if it is not next."""
        cursor, digest = self._at.get(row.scope, (0, 0))
        if row.n != cursor + 1:
            raise StoreError(
                "sync.hole",
                N_("Number {missing} of “{scope}” was left out by the shared store."),
                missing=cursor + 1,
                scope=row.scope,
            )
        digest = digest_after(digest, row.id, row.n)
        if digest != row.digest:
            raise StoreError(
                "sync.diverged",
                N_("What is here of “{scope}” is not what the shared store has."),
                scope=row.scope,
            )
        self._at[row.scope] = (row.n, digest)
        self._moved.add(row.scope)

    def save(self) -> None:
        """Write the cursors that moved."""
        self._db.executemany(
            "INSERT INTO streams (scope, cursor, digest) VALUES (?, ?, ?)"
            " ON CONFLICT (scope) DO UPDATE SET cursor = excluded.cursor, digest = excluded.digest",
            [(scope, *self._at[scope]) for scope in self._moved],
        )
        self._moved.clear()
