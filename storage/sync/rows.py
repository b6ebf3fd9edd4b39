"""Rows as they are put into the replica: what differs is written, the search index goes with it."""

from typing import TYPE_CHECKING

from storage.driver import IntegrityError
from storage.overlay import Row, stripped
from storage.patches import Patch, apply, current
from storage.record import columns
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.indexing import Index

Key = tuple[str, str]
"""Table and id of a row."""

UNIQUE = {
    "cases": "number",
    "items": "external_id",
    "clerks": "login",
    "payments": "external_id",
    "fines": "external_id",
}


class TakenError(Exception):
    """Another row (``holder``) has the value that must be unique."""

    def __init__(self, holder: Key, column: str, value: object) -> None:
        super().__init__(holder, column)
        self.holder = holder
        self.column = column
        self.value = value


class Rows:
    """The records of a replica beneath the journal, within a transaction."""

    def __init__(self, db: "Connection", index: "Index") -> None:
        self._db = db
        self._index = index

    def read(self, key: Key) -> Row | None:
        """The row as it stands, without nulls."""
        row = current(self._db, *key)
        return None if row is None else stripped(row)

    def exists(self, key: Key) -> bool:
        """Whether the row is here."""
        sql = f"SELECT 1 FROM {key[0]} WHERE id = ?"
        return self._db.execute(sql, (key[1],)).fetchone() is not None

    def put(self, key: Key, wanted: Row | None) -> bool:
        """Make the row so; None: gone. Whether anything changed. Raises TakenError."""
        table, row_id = key
        now = current(self._db, table, row_id)
        if wanted is None:
            if now is None:
                return False
            self.write(Patch(table, row_id, "drop", {}))
            return True
        names = columns(RECORDS[table])[1:]
        if now is None:
            added = {name: [None, wanted[name]] for name in names if name in wanted}
            self.write(Patch(table, row_id, "add", added))
            return True
        differs = {
            name: [now[name], wanted.get(name)] for name in names if now[name] != wanted.get(name)
        }
        if differs:
            self.write(Patch(table, row_id, "set", differs))
        return bool(differs)

    def write(self, patch: Patch) -> None:
        """Apply a patch to a row that stands as it says. Raises TakenError."""
        self._index.before(patch)
        try:
            pos = apply(self._db, patch)
        except IntegrityError:
            if patch.op == "set":  # back into the index, which it has left
                self._index.after(patch, None, None)
            self._raise_taken(patch)
            raise
        self._index.after(patch, pos, None)

    def _raise_taken(self, patch: Patch) -> None:
        column = UNIQUE.get(patch.table, "")
        if column not in patch.fields:
            return
        value = patch.fields[column][1]
        row = self._db.execute(
            f"SELECT id FROM {patch.table} WHERE {column} = ? AND id <> ?",
            (value, patch.row_id),
        ).fetchone()
        if row is not None:
            raise TakenError((patch.table, str(row[0])), column, value)
