"""Numbered migrations: the file of an older schema is brought up to date, a newer one refused."""

from typing import TYPE_CHECKING

from storage.driver import transaction
from storage.errors import N_, StoreError

if TYPE_CHECKING:
    from sqlite3 import Connection

SCHEMA = 8  # the number of the last file in migrations/; a test holds the two together
# "clrk": tells our file from another program's SQLCipher file with, by chance, the same key.
APPLICATION_ID = 0x636C726B


def check(db: "Connection") -> int:
    """The schema number of an opened file; 0 is an empty one.

    Raises StoreError for a file of a newer schema or of another program, without touching it.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    application = int(db.execute("PRAGMA application_id").fetchone()[0])
    empty = version == 0 and db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application != APPLICATION_ID and not empty:
        raise StoreError(
            "store.not_a_replica",
            N_("The file is damaged or is no store of clerk. It was left untouched."),
        )
    if version > SCHEMA:
        raise StoreError(
            "store.newer",
            N_(
                "This store was written by a newer clerk (schema {theirs}, this program knows"
                " {ours}). Update the program; the store was left untouched."
            ),
            theirs=version,
            ours=SCHEMA,
        )
    return version


def migrate(db: "Connection", version: int) -> None:
    """Run every migration above ``version``, each in one transaction of its own."""
    for number in range(version + 1, SCHEMA + 1):
        script = migration(number)
        with transaction(db):
            if int(db.execute("PRAGMA user_version").fetchone()[0]) >= number:
                continue  # another program, started at the same time, was faster
            for statement in _statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number}")


def migration(number: int) -> str:
    """The SQL of migration ``number``."""
    from importlib.resources import files  # 10 ms that only a migration pays for

    folder = files("storage").joinpath("migrations")
    for entry in folder.iterdir():
        if entry.name.startswith(f"{number:04}_"):
            return entry.read_text(encoding="utf-8")
    raise FileNotFoundError(f"migration {number:04}")


def _statements(script: str) -> list[str]:
    """The statements of a script; sqlite's own completeness test keeps triggers whole."""
    from sqlcipher3.dbapi2 import complete_statement

    statements, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if part.strip() and line.rstrip().endswith(";") and complete_statement(part):
            statements.append(part)
            part = ""
    if part.strip():
        raise ValueError(f"a statement without an end: {part.strip()[:60]}")
    return statements
