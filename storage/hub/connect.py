"""Connections to the shared database: with TLS and its certificate checked, or not at all.

``sslmode=verify-full`` is the rule. A plain connection needs an explicit word in the settings; a
Unix socket and a loopback address never leave the machine and need none.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.conninfo import make_conninfo

from storage.errors import N_, StoreError
from storage.hub.sqlstate import ANSWERED, sqlstate_of

if TYPE_CHECKING:
    from psycopg import Connection

_LOOPBACK: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})
_ALLOWED: Final = frozenset({"sslmode", "sslrootcert", "host"})
_MODES: Final = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
# Where systems keep the authorities they trust. The OpenSSL within psycopg's wheels looks in a
# folder of the machine they were built on, so "system" alone would trust nobody.
_SYSTEM_ROOTS: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


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
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
        wrong = parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/")
    except ValueError:
        wrong = True
    if wrong:
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
    if mode and mode not in _MODES:
        raise StoreError(
            "hub.url", N_("The address has an unknown option: {option}."), option=f"sslmode={mode}"
        )
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
        port,
        parts.path.strip("/"),
        unquote(parts.username or ""),
        mode,
        options.get("sslrootcert", "system" if mode == "verify-full" else ""),
    )


def connect(address: Address, password: str | None = None, *, seconds: int = 5) -> "Connection":
    """A connection in autocommit mode. Raises StoreError: see :func:`in_words`."""
    parameters: dict[str, str | int] = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": address.user,
        "password": password or "",
        "sslmode": address.sslmode,
        "sslrootcert": _roots(address.sslrootcert),
        # A ticket of the domain must not stand in for the certificate.
        "gssencmode": "disable",
        # Whoever is not known by a certificate is not told the password, only that it is known.
        "require_auth": "" if address.is_encrypted else "!password",
        "connect_timeout": seconds,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "application_name": "clerk",
        "options": "-c search_path=clerk,pg_temp -c statement_timeout=60000",
    }
    given = make_conninfo("", **{name: value for name, value in parameters.items() if value != ""})
    try:
        return psycopg.connect(given, autocommit=True)
    except psycopg.OperationalError as error:
        # Before a login the server's words are in its own language; only the code is the same.
        state = sqlstate_of(given) if ANSWERED.search(str(error)) else None
        raise in_words(error, address.shown, state) from error


def _roots(named: str) -> str:
    if named != "system":
        return named
    known = (os.environ.get("SSL_CERT_FILE", ""), *_SYSTEM_ROOTS)
    return next((path for path in known if path and Path(path).is_file()), named)


def in_words(error: psycopg.Error, where: str, sqlstate: str | None = None) -> StoreError:
    """What keeps a connection from being made, has ended it, or what a call on it failed at, in
    words; ``where``: the address for people.

    ``hub.login`` (not let in), ``hub.certificate`` (no TLS, or not proved by it), ``hub.database``
    (no such database), ``hub.client_new`` (the database lacks what this program calls),
    ``hub.crowded`` (no connection left), ``hub.full`` (its disk is), ``hub.fault`` (it could not
    do what it should) and ``hub.unreachable``: all else, for which trying again soon is right.
    ``sqlstate``: the server's code where the error has none.
    """
    state = error.sqlstate or sqlstate or ""
    said = _NAMES.sub("", str(error).lower())
    code, sentence = _by_state(state) or _by_libpq(said) or _UNREACHABLE
    if not state and not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        code, sentence = _FAULT  # our own: it never came to the server
    return StoreError(code, sentence, where=where, state=state)


_NAMES: Final = re.compile(r""" "[^"]*" | '[^']*' """, re.VERBOSE)
# No such function, table or column.
_LACKING: Final = ("42883", "42P01", "42703")
# Data, constraints, the statement itself, the function's own fault, a damaged database.
_FAULTS: Final = ("22", "23", "42", "54", "P0", "XX")
_UNREACHABLE = ("hub.unreachable", N_("The shared database at {where} cannot be reached."))
_FAULT = (
    "hub.fault",
    N_("The shared database at {where} could not do it ({state}). Your IT should know."),
)
_LOGIN = ("hub.login", N_("The shared database at {where} does not accept this login."))
_CERTIFICATE = (
    "hub.certificate",
    N_("The shared database at {where} cannot prove who it is (TLS). Ask your IT."),
)


def _by_state(state: str) -> tuple[str, str] | None:
    """The server's own answer (Appendix A of PostgreSQL's manual)."""
    if state in ("28P01", "42501"):
        return _LOGIN
    if state.startswith("28"):
        return (
            "hub.login",
            N_("The shared database at {where} does not let this login in from here. Ask your IT."),
        )
    if state == "3D000":
        return ("hub.database", N_("There is no such database: {where}."))
    if state == "3F000":
        return ("hub.database", N_("There is no shared store in the database {where}."))
    if state == "53100":
        return (
            "hub.full",
            N_("The disk of the shared database at {where} is full. What is done here waits."),
        )
    if state.startswith("53"):
        return (
            "hub.crowded",
            N_("The shared database at {where} takes no more connections now. Try again later."),
        )
    if state in _LACKING:
        return (
            "hub.client_new",
            N_("This program is newer than the shared store. Your IT must run hub migrate."),
        )
    if state[:2] in _FAULTS:
        return _FAULT
    return _UNREACHABLE if state else None


def _by_libpq(text: str) -> tuple[str, str] | None:
    """What the client's own library says, which it always says in English."""
    if "does not support ssl" in text:
        return (
            "hub.certificate",
            N_("The shared database at {where} does not encrypt (no TLS). Ask your IT."),
        )
    if "root certificate" in text:
        return (
            "hub.certificate",
            N_("The file that shall prove who {where} is (sslrootcert) cannot be read."),
        )
    if "certificate" in text or ("ssl error" in text and "eof" not in text):
        return _CERTIFICATE
    if "no password supplied" in text or "authentication" in text:
        return _LOGIN
    return None
