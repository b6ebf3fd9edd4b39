"""What administrators do with the shared database: found it, let clerks in, give and take roles."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from storage.errors import N_, StoreError
from storage.hub import schema
from storage.hub.facts import NEWEST_SERVER, OLDEST_SERVER
from storage.hub.rules import Rules
from storage.hub.words import PROTOCOL, refused
from storage.ids import uuid7
from storage.schema import SCHEMA

if TYPE_CHECKING:
    from psycopg import Connection

_OLDEST = 6  # the first schema of a replica that can be joined
_LOGIN = re.compile(r"[a-z][a-z0-9_.-]{0,30}")


@dataclass(frozen=True, slots=True)
class Status:
    """How the shared database stands: counts of all offices, for ``clerk hub status``."""

    server: str
    revision: str
    newest: str
    epoch: str
    schema_min: int
    schema_max: int
    offices: int
    clerks: int
    devices: int
    records: int
    entries: int
    refusals: int
    incidents: int
    bytes: int


def init(db: "Connection", rules: Rules) -> None:
    """Make roles, schema and rules in an empty database. Safe to run again.

    Raises StoreError ``hub.server`` (a version that was not tested) and ``hub.rights``.
    """
    version = db.info.server_version // 10_000
    if not OLDEST_SERVER <= version <= NEWEST_SERVER:
        raise StoreError(
            "hub.server",
            N_("PostgreSQL {found} is not supported; {oldest} to {newest} are."),
            found=str(version),
            oldest=str(OLDEST_SERVER),
            newest=str(NEWEST_SERVER),
        )
    try:
        with db.transaction():
            for role in roles_of(db):
                _make_group(db, role)
            owner = roles_of(db)[0]
            db.execute(
                sql.SQL("GRANT {} TO {}").format(
                    sql.Identifier(owner), sql.Identifier(db.info.user)
                )
            )
        migrate(db, rules)
    except psycopg.errors.InsufficientPrivilege as error:
        raise StoreError(
            "hub.rights",
            N_("This login may not make roles or a schema there. Log in as the owner."),
        ) from error


def migrate(db: "Connection", rules: Rules) -> None:
    """Bring schema and rules to this program's; clients of older releases go on working."""
    owner, clerks = roles_of(db)
    schema.migrate(db, owner=owner, clerks=clerks)
    with db.transaction():
        db.execute(
            "INSERT INTO clerk.hub (epoch, protocol, schema_min, schema_max)"
            " VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (one) DO UPDATE SET protocol = excluded.protocol,"
            " schema_max = greatest(hub.schema_max, excluded.schema_max)",
            (uuid7(), PROTOCOL, _OLDEST, SCHEMA),
        )
        rules.write(db)


def roles_of(db: "Connection") -> tuple[str, str]:
    """The owner of everything and the group of all clerks. Roles are the server's, so their names
    begin with that of the database."""
    return f"{db.info.dbname}_owner", f"{db.info.dbname}_clerks"


def login_of(db: "Connection", login: str) -> str:
    """The PostgreSQL role of a clerk."""
    return f"{db.info.dbname}_{login}"


def _make_group(db: "Connection", role: str) -> None:
    if db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
        db.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))


def add_office(db: "Connection", office_id: str, name: str, prefix: str, *, intake: bool) -> None:
    """A new office. Raises StoreError ``hub.refused``."""
    _call(db, "SELECT clerk.add_office(%s, %s, %s, %s)", office_id, name, prefix, int(intake))


def add_clerk(db: "Connection", login: str, name: str, password: str) -> str:
    """A new clerk with a PostgreSQL role of their own; returns the clerk's id.

    The password reaches the server as a SCRAM verifier only: it stands in no log there.
    Raises StoreError ``hub.login_name`` and ``hub.refused``.
    """
    if not _LOGIN.fullmatch(login):
        raise StoreError(
            "hub.login_name",
            N_("A login has small letters, digits, '.', '-' and '_', and begins with a letter."),
        )
    clerk_id, role = uuid7(), login_of(db, login)
    with db.transaction():
        _set_password(db, "CREATE ROLE {} LOGIN PASSWORD {}", role, password)
        db.execute(
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(roles_of(db)[1]), sql.Identifier(role))
        )
        _call(db, "SELECT clerk.add_clerk(%s, %s, %s, %s)", clerk_id, login, name, role)
    return clerk_id


def set_password(db: "Connection", login: str, password: str) -> None:
    """A new password for a clerk."""
    _set_password(db, "ALTER ROLE {} PASSWORD {}", login_of(db, login), password)


def _set_password(db: "Connection", statement: str, role: str, password: str) -> None:
    verifier = db.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    try:
        db.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(verifier)))
    except psycopg.errors.DuplicateObject as error:
        raise StoreError("hub.refused", N_("This login exists already.")) from error


def grant(db: "Connection", login: str, office_id: str, role: str) -> None:
    """A role in an office. Raises StoreError ``hub.refused``."""
    _call(db, "SELECT clerk.grant_role(%s, %s, %s)", login, office_id, role)


def revoke(db: "Connection", login: str, office_id: str) -> None:
    """No role in the office any more; their workstations forget it at the next contact."""
    _call(db, "SELECT clerk.revoke_role(%s, %s)", login, office_id)


def restored(db: "Connection") -> str:
    """Say that a backup was restored: every workstation compares and sends what is missing."""
    row = _call(db, "SELECT clerk.new_epoch()")
    return str(row)


def status(db: "Connection") -> Status:
    """Figures for the IT."""
    row = db.execute(
        "SELECT current_setting('server_version'), h.epoch, h.schema_min, h.schema_max,"
        " (SELECT count(*) FROM clerk.record WHERE tbl = 'offices' AND NOT gone),"
        " (SELECT count(*) FROM clerk.account), (SELECT count(*) FROM clerk.device),"
        " (SELECT count(*) FROM clerk.record), (SELECT count(*) FROM clerk.entry),"
        " (SELECT count(*) FROM clerk.refusal), (SELECT count(*) FROM clerk.incident),"
        " pg_database_size(current_database()) FROM clerk.hub h"
    ).fetchone()
    if row is None:
        raise StoreError("hub.empty", N_("There is no shared store in this database yet."))
    return Status(row[0], schema.revision(db) or "", schema.newest() or "", *row[1:])


def clerk_logins(db: "Connection") -> list[str]:
    """The logins of all clerks."""
    rows = db.execute(
        "SELECT data ->> 'login' FROM clerk.record WHERE tbl = 'clerks' AND NOT gone ORDER BY 1"
    )
    return [str(row[0]) for row in rows]


_FAULTS = {
    "a stream has a hole": (
        "SELECT scope FROM clerk.stream GROUP BY scope HAVING max(n) <> count(*)"
    ),
    "a stream does not end where it is said to": (
        "SELECT s.id FROM clerk.scope s WHERE s.last <>"
        " coalesce((SELECT max(n) FROM clerk.stream t WHERE t.scope = s.id), 0)"
    ),
    "a digest does not fit its stream": (
        "SELECT s.id FROM clerk.scope s JOIN ("
        "SELECT t.scope, bit_xor(clerk.digest_of(e.id, t.n)) AS d"
        " FROM clerk.stream t JOIN clerk.entry e USING (no) GROUP BY t.scope) x ON x.scope = s.id"
        " WHERE s.digest <> x.d"
    ),
    "an entry of a stream is missing": (
        "SELECT t.scope FROM clerk.stream t LEFT JOIN clerk.entry e USING (no) WHERE e.no IS NULL"
    ),
    "a device is ahead of its entries": (
        "SELECT d.id FROM clerk.device d WHERE d.last <>"
        " coalesce((SELECT max(dseq) FROM clerk.entry e WHERE e.device = d.id), 0)"
    ),
    "a content does not fit its hash": (
        "SELECT sha256 FROM clerk.content WHERE encode(sha256(data), 'hex') <> sha256"
    ),
}


def faults(db: "Connection") -> tuple[str, ...]:
    """What is not whole, in English words; empty where streams, journal and content agree."""
    return tuple(
        words
        for words, query in _FAULTS.items()
        if db.execute(f"{query} LIMIT 1".encode()).fetchone() is not None
    )


def _call(db: "Connection", statement: str, *values: object) -> object:
    try:
        row = db.execute(statement, values).fetchone()
    except psycopg.Error as error:
        if (error.sqlstate or "").startswith("CK"):
            raise refused(error) from error
        raise
    return None if row is None else row[0]
