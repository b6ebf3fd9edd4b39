"""The rules that the shared database checks again, as data: who may do what, which states follow
which, what a field may hold. Uploaded by ``clerk hub init`` and ``hub migrate``."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb
from sqlmodel import Integer

from storage.brought import AUTHORS
from storage.tables import TABLES
from storage.tables.generate import terms_of

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Rules:
    """``actions``: action -> (roles, tables it may touch); ``states``: table -> {state: {action:
    next state}}; ``also``: (table, state, action, next state) that actions bring about beside what
    they are for. What a field may hold comes from ``storage.tables``."""

    actions: Mapping[str, tuple[Collection[str], Collection[str]]]
    states: Mapping[str, Mapping[str, Mapping[str, str]]]
    also: Collection[tuple[str, str, str, str]] = ()

    def write(self, db: "Connection") -> None:
        """Put them in place of those that are there, in the caller's transaction."""
        for table in ("rule_action", "rule_transition", "rule_table"):
            db.execute(f"DELETE FROM clerk.{table}".encode())
        cursor = db.cursor()
        cursor.executemany(
            "INSERT INTO clerk.rule_action VALUES (%s, %s, %s)",
            [(name, sorted(r), sorted(t)) for name, (r, t) in self.actions.items()],
        )
        cursor.executemany(
            "INSERT INTO clerk.rule_transition VALUES (%s, %s, %s, %s)",
            sorted(
                {
                    *self.also,
                    *(
                        (table, state, action, after)
                        for table, states in self.states.items()
                        for state, actions in states.items()
                        for action, after in actions.items()
                    ),
                }
            ),
        )
        cursor.executemany(
            "INSERT INTO clerk.rule_table VALUES (%s, %s, %s)",
            [(name, sorted(required), Jsonb(fields)) for name, required, fields in _tables()],
        )


def _tables() -> list[tuple[str, list[str], dict[str, dict[str, object]]]]:
    """Of every record: its table, the fields that it must have, and what each field may hold."""
    out = []
    for table in TABLES:
        name = str(table.__tablename__)
        columns = [c for c in table.metadata.tables[name].columns if c.name not in ("pos", "id")]
        fields: dict[str, dict[str, object]] = {}
        for column in columns:
            rule = fields[column.name] = {
                "kind": "number" if isinstance(column.type, Integer) else "string"
            }
            if terms := terms_of(table, column.name):
                rule["terms"] = terms
            for key in column.foreign_keys:
                rule["refers"] = key.column.table.name
            if AUTHORS.get(name) == column.name:
                rule["author"] = True
        out.append((name, [c.name for c in columns if not c.nullable], fields))
    return out
