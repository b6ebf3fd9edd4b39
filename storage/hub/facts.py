"""What a clerk's login can learn about the shared database, for ``clerk doctor``."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from storage.errors import StoreError
from storage.hub import calls

if TYPE_CHECKING:
    from psycopg import Connection

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
OLDEST_SERVER, NEWEST_SERVER = 15, 18


@dataclass(frozen=True, slots=True)
class Facts:
    """``hello``: the handshake, or why the server refused it; ``revision``: '' where it does not
    tell; ``newest``: the revision that this program brings."""

    server: str
    major: int
    encrypted: bool
    hello: calls.Hello | StoreError
    revision: str
    newest: str


def facts(db: "Connection", device: str, schema: int, program: str) -> Facts:
    """Ask the server; the handshake is that of this device."""
    hello: calls.Hello | StoreError
    try:
        hello = calls.hello(db, device, schema, program)
    except StoreError as error:
        hello = error
    return Facts(
        str(db.info.parameter_status("server_version")),
        db.info.server_version // 10_000,
        db.pgconn.ssl_in_use,
        hello,
        _revision(db),
        max(path.name[:4] for path in _VERSIONS.glob("[0-9]*.py")),
    )


def _revision(db: "Connection") -> str:
    try:
        row = db.execute("SELECT version_num FROM clerk.alembic_version").fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return ""
    return str(row[0]) if row else ""
