"""The schema of a migrated file is the one that storage/tables says, and records.py too."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from sqlite3 import Connection, connect

from storage import schema
from storage.records import RECORDS
from storage.store import Store


def generated(what: str) -> str:
    """What the tables say, from a process of its own: SQLModel stays out of the test process."""
    source = f"from storage.tables.generate import {what}; import sys; sys.stdout.write({what}())"
    return subprocess.run(
        [sys.executable, "-c", source], capture_output=True, check=True, encoding="utf-8"
    ).stdout


Shape = dict[str, tuple[list[tuple[object, ...]], list[str], list[tuple[str, ...]]]]


def shape(db: Connection) -> Shape:
    """Columns (type, not null, default, key), checks, and indexes of every record's table."""
    shapes: Shape = {}
    for table in RECORDS:
        columns = [tuple(row) for row in db.execute(f"PRAGMA table_info({table})")]
        sql = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
        checks = sorted(re.findall(r"CHECK \(.*?\)\)", re.sub(r"\s+", " ", sql)))
        indexes = []
        for _n, name, unique, origin, _part in db.execute(f"PRAGMA index_list({table})"):
            if origin == "c" and not name.startswith("ix_"):
                continue  # the orders of lists are the migration's own
            names = [row[2] for row in db.execute(f"PRAGMA index_info({name})")]
            indexes.append((str(unique), origin, *names))
        shapes[table] = (columns, checks, sorted(indexes))
    return shapes


def test_migrations_make_what_the_tables_say(store: Store) -> None:
    wanted = connect(":memory:")
    wanted.executescript(generated("ddl"))
    made = shape(store.db)
    assert made == shape(wanted)
    wanted.close()
    _columns, checks, indexes = made["items"]
    assert len(checks) == 2  # channel and state: the comparison did see them
    assert ("1", "u", "external_id") in indexes


def test_records_are_fresh() -> None:
    records = Path(schema.__file__).with_name("records.py").read_text(encoding="utf-8")
    assert generated("records_source") == records, "run `python -m storage.tables`"


def test_schema_is_the_number_of_the_last_migration(store: Store) -> None:
    names = [f.name for f in files("storage").joinpath("migrations").iterdir()]
    numbers = sorted(int(name[:4]) for name in names if name.endswith(".sql"))
    assert numbers == list(range(1, schema.SCHEMA + 1))
    assert store.db.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA,)
    assert store.db.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)


def test_every_reference_names_a_table(store: Store) -> None:
    for record in RECORDS.values():
        for column, target in record.REFERENCES.items():
            assert target in RECORDS
            assert column in record.__dataclass_fields__
