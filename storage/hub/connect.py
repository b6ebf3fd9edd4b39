"""Connections to the shared database: with TLS and its certificate checked, or not at all.

``sslmode=verify-full`` is the rule. A plain connection needs an explicit word in the settings; a
Unix socket and a loopback address never leave the machine and need none.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from storage.errors import N_, StoreError

if TYPE_CHECKING:
    from psycopg import Connection

_LOOPBACK: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})
_ALLOWED: Final = frozenset({"sslmode", "sslrootcert", "host", "connect_timeout"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where the shared database is: ``postgresql://[user@]host[:port]/name[?sslrootcert=FILE]``."""

    host: str
    port: int
    database: str
    user: str
    sslmode: str
    sslrootcert: str

    @property
    def is_local(self) -> bool:
        """Whether it can be reached without a network."""
        return self.host in _LOOPBACK or self.host.startswith("/")

    @property
    def is_encrypted(self) -> bool:
        """Whether the connection is encrypted and the server proved who it is."""
        return self.sslmode == "verify-full"

    @property
    def shown(self) -> str:
        """The address for people, without a password."""
        return f"{self.host or 'localhost'}:{self.port}/{self.database}"

    def as_user(self, user: str) -> "Address":
        """The same address for another login."""
        return Address(self.host, self.port, self.database, user, self.sslmode, self.sslrootcert)


def parse(url: str, *, plain: bool = False) -> Address:
    """An address. ``plain``: the settings allow a connection without TLS.

    Raises StoreError ``hub.url`` (not an address, or one with a password in it, which would stand
    in the shell's history) and ``hub.plain`` (not encrypted, and nothing says that it may be).
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise StoreError(
            "hub.url", N_("This is no address of a database: postgresql://HOST/NAME is wanted.")
        )
    if parts.password is not None:
        raise StoreError(
            "hub.url", N_("A password has no place in the address; it is read from stdin.")
        )
    options = dict(parse_qsl(parts.query))
    if unknown := options.keys() - _ALLOWED:
        raise StoreError(
            "hub.url", N_("The address has an unknown option: {option}."), option=min(unknown)
        )
    host = options.get("host", unquote(parts.hostname or ""))
    mode = options.get("sslmode", "")
    local = host in _LOOPBACK or host.startswith("/")
    if not mode:
        mode = "prefer" if local else "disable" if plain else "verify-full"
    if mode != "verify-full" and not local and not plain:
        raise StoreError(
            "hub.plain",
            N_("An unencrypted connection is only made when the settings say so (sync.plain)."),
        )
    return Address(
        host,
        parts.port or 5432,
        parts.path.strip("/"),
        unquote(parts.username or ""),
        mode,
        options.get("sslrootcert", "system" if mode == "verify-full" else ""),
    )


def connect(address: Address, password: str | None = None, *, seconds: int = 5) -> "Connection":
    """A connection in autocommit mode. Raises StoreError ``hub.unreachable`` or ``hub.login``."""
    try:
        return psycopg.connect(
            host=address.host or None,
            port=address.port,
            dbname=address.database,
            user=address.user or None,
            password=password,
            sslmode=address.sslmode,
            sslrootcert=address.sslrootcert or None,
            connect_timeout=seconds,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
            application_name="clerk",
            options="-c search_path=clerk,pg_temp -c statement_timeout=60000",
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        raise in_words(error, address) from error


def in_words(error: psycopg.Error, address: Address) -> StoreError:
    """A database error that means: not reachable, or not let in."""
    text = str(error).lower()
    if "password" in text or "authentication" in text or "role" in text:
        return StoreError(
            "hub.login",
            N_("The shared database at {where} does not accept this login."),
            where=address.shown,
        )
    if "certificate" in text or "ssl" in text:
        return StoreError(
            "hub.certificate",
            N_("The shared database at {where} cannot prove who it is (TLS). Ask your IT."),
            where=address.shown,
        )
    return StoreError(
        "hub.unreachable",
        N_("The shared database at {where} cannot be reached."),
        where=address.shown,
    )
