"""Field patches ``[old, new]``: what an entry says was done, and how it is done or taken back.

A patch is ``[table, row id, op, {field: [old, new]}]`` with op ``add`` (the row did not exist),
``set`` or ``drop`` (the row is gone). Applying a patch is the only SQL that changes a record.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from storage.record import Value, columns
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

Op = Literal["add", "set", "drop"]
Fields = dict[str, list[Value]]
_INVERSE: dict[Op, Op] = {"add": "drop", "set": "set", "drop": "add"}


@dataclass(slots=True)
class Patch:
    """One row's part of an action."""

    table: str
    row_id: str
    op: Op
    fields: Fields

    def inverse(self) -> "Patch":
        """The patch that takes this one back."""
        swapped = {name: [new, old] for name, (old, new) in self.fields.items()}
        return Patch(self.table, self.row_id, _INVERSE[self.op], swapped)

    def as_json(self) -> list[object]:
        """As it stands in the entry."""
        return [self.table, self.row_id, self.op, self.fields]


def patch_from(data: tuple[str, str, Op, Fields]) -> Patch:
    """A patch as :meth:`Patch.as_json` wrote it."""
    return Patch(*data)


def apply(db: "Connection", patch: Patch) -> int | None:
    """Do what the patch says; returns the place (``pos``) of a row that was added."""
    sql, fields = _statement(patch.op, patch.table, tuple(patch.fields))
    values: list[Value] = [patch.fields[name][1] for name in fields]
    # The id comes first where a row is added, last where one is found by it.
    if patch.op == "add":
        return db.execute(sql, [patch.row_id, *values]).lastrowid
    if sql:
        db.execute(sql, [*values, patch.row_id])
    return None


@lru_cache(maxsize=512)
def _statement(op: Op, table: str, named: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The SQL of a patch ('' for none) and the fields whose new values it takes, once per shape.

    Names of tables and columns come from our records, not from data.
    """
    names = columns(RECORDS[table])
    fields = tuple(name for name in named if name in names)
    if op == "add":
        marks = ", ".join("?" * (len(fields) + 1))
        return f"INSERT INTO {table} ({', '.join(('id', *fields))}) VALUES ({marks})", fields
    if op == "drop":
        return f"DELETE FROM {table} WHERE id = ?", ()
    sets = ", ".join(f"{name} = ?" for name in fields)
    return (f"UPDATE {table} SET {sets} WHERE id = ?" if sets else ""), fields


def current(db: "Connection", table: str, row_id: str) -> dict[str, Value] | None:
    """The row as it stands now, by field, or None."""
    names = columns(RECORDS[table])
    row = db.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return None if row is None else dict(zip(names, row, strict=True))
