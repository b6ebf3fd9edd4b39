"""Pulled entries as the journal keeps them: in the low band, in the order of the shared store."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from storage import seal
from storage.brought import is_brought
from storage.overlay import PENDING
from storage.patches import Patch
from storage.record import Value
from storage.sync.wire import StreamRow

if TYPE_CHECKING:
    from sqlite3 import Connection

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NO_OFFICE = ("town", "inbox")
_INSERT = (
    f"INSERT INTO entries ({seal.COLUMNS}, patches, seal, seq, dseq, claim, hub_no)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_LINK = "INSERT INTO entry_rows (tbl, row_id, seq) VALUES (?, ?, ?)"


def office_of(scopes: Sequence[str]) -> str | None:
    """The office whose matter an entry is, from the streams that it stands in."""
    return next((s for s in scopes if s not in _NO_OFFICE and not s.startswith("device:")), None)


class Entries:
    """Collects entries and writes them together; :meth:`flush` within the transaction."""

    def __init__(self, db: "Connection") -> None:
        self._db = db
        row = db.execute("SELECT max(seq) FROM entries WHERE seq < ?", (PENDING,)).fetchone()
        self._last = max(int(row[0] or 0), 0)
        self._rows: list[tuple[object, ...]] = []
        self._links: list[tuple[str, str, int]] = []

    def add(
        self,
        row: StreamRow,
        office_id: str | None,
        patches: Sequence[Patch],
        own: bool,
        *,
        seq: int | None = None,
    ) -> None:
        """One entry, with the shared store's time: clocks of workstations do not order anything.
        What was brought along keeps the time at which it was done, as far as that was before.

        Its place is behind all others of the low band, or ``seq`` for what was before all of them.
        """
        if seq is None:
            seq = self._last = self._last + 1
        undoes = row.undoes
        if undoes is not None and self._is_undone(undoes):
            undoes = None  # two devices took it back at once; one entry can say so
        at = row.at
        if is_brought(row.clerk_id, row.on_behalf_of):
            at = min(at, row.device_at)
        head: tuple[Value, ...] = (
            row.id,
            at,
            row.clerk_id,
            row.on_behalf_of,
            row.device,
            row.action,
            row.kind,
            undoes,
            row.undoable,
            office_id,
            row.schema,
        )
        text = _encode([patch.as_json() for patch in patches])
        dseq = row.dseq if own else None
        self._rows.append((*head, text, seal.seal(head, text), seq, dseq, row.claim, row.no))
        self._links += [(patch.table, patch.row_id, seq) for patch in patches]

    def _is_undone(self, entry_id: str) -> bool:
        self.flush()
        sql = "SELECT 1 FROM entries WHERE undoes = ?"
        return self._db.execute(sql, (entry_id,)).fetchone() is not None

    def flush(self) -> None:
        """Write what was collected."""
        if self._rows:
            self._db.executemany(_INSERT, self._rows)
            self._db.executemany(_LINK, self._links)
            self._rows.clear()
            self._links.clear()
