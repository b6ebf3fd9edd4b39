"""An empty replica that is filled at once: rows first, indexes, counters and search after.

Filling without indexes, triggers and durability takes a third of the time; the file is nobody's
until it is complete, so there is nothing to lose.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from storage import driver, schema
from storage.counters import COUNTED
from storage.record import columns
from storage.records import RECORDS
from storage.search import AREAS
from storage.sync.vocabulary import learn_anew

if TYPE_CHECKING:
    from sqlite3 import Connection


class Blank:
    """The file at ``path`` while it is filled; ``db`` is its connection."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        remove(path)
        path.touch(mode=0o600)
        self.db: Connection = driver.connect(path, key)
        try:
            self._later = self._prepare()
        except BaseException:  # a full disk, which would not be emptier by what is left here
            self.db.close()
            remove(path)
            raise

    def _prepare(self) -> "list[tuple[str, str, str]]":
        """Tables without their indexes and triggers, which are returned: kind, name, SQL."""
        schema.migrate(self.db, 0)
        self.db.execute("PRAGMA journal_mode = MEMORY")
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute(f"PRAGMA cache_size = -{driver.BULK_CACHE_KIB}")
        marks = ", ".join("?" * len(RECORDS))
        later = self.db.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger')"
            f" AND sql IS NOT NULL AND tbl_name IN ({marks})",
            tuple(RECORDS),
        ).fetchall()
        for kind, name, _sql in later:
            self.db.execute(f"DROP {kind.upper()} {name}")
        self.db.execute("BEGIN")
        return later

    def fill(self, table: str, parts: Iterable[str]) -> None:
        """Insert the rows of each part, as :func:`storage.hub.calls.snapshot` has them.

        SQLite takes them apart itself, in half of the time that handing over their values takes. A
        field that no row of a part has is not looked for.
        """
        for part in parts:
            found = [name for name in columns(RECORDS[table])[1:] if f'"{name}":' in part]
            values = ", ".join(f"value ->> '{name}'" for name in found)
            self.db.execute(
                f"INSERT INTO {table} (id, {', '.join(found)})"
                f" SELECT key, {values} FROM json_each(?)",
                (part,),
            )

    def finish(self) -> None:
        """Indexes, triggers, counters and search, as if every row had come by itself."""
        for _kind, _name, sql in self._later:
            self.db.execute(sql)
        for area, (office, clerk) in COUNTED.items():
            self.db.execute(
                "INSERT INTO counters (area, office_id, state, clerk_id, n)"
                f" SELECT '{area}', ifnull({office}, ''), state, ifnull({clerk}, ''), count(*)"
                f" FROM {area} GROUP BY 2, 3, 4"
            )
        self.db.execute("COMMIT")
        for area in AREAS:
            name = f"{area}_search"
            self.db.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
        learn_anew(self.db)

    def close(self) -> None:
        """Make it durable and let go of it."""
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.close()
        file = os.open(self._path, os.O_RDWR)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def remove(path: Path) -> None:
    """Remove a replica's file with what belongs to it."""
    for end in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).unlink()
