"""Why no connection is made: told apart by the server's code, in whatever language it speaks."""

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from storage.errors import StoreError
from storage.hub.connect import Address, connect, in_words, parse
from tests.hub.server import PASSWORD, Given, Server


def refused(where: Address, password: str | None = PASSWORD) -> StoreError:
    with pytest.raises(StoreError) as caught:
        connect(where, password).close()
    return caught.value


@pytest.fixture
def own(server: Server | Given) -> Server:
    """A server whose settings are ours."""
    if isinstance(server, Given):
        pytest.skip("needs a server of our own")
    return server


def url(server: Server, database: str = "postgres", **options: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return f"{server.url(database).replace('://', '://postgres@')}?{query}"


def test_a_wrong_password_is_the_login(own: Server) -> None:
    assert refused(parse(url(own)), "falsch").code == "hub.login"
    assert refused(parse(url(own)), None).code == "hub.login"
    assert refused(parse(url(own)).as_user("niemand")).code == "hub.login"


def test_a_database_that_is_not_there_is_named(own: Server) -> None:
    error = refused(parse(url(own, "fehlt")))
    assert (error.code, "/fehlt" in str(error)) == ("hub.database", True)


def test_a_server_without_a_free_connection_is_crowded(own: Server) -> None:
    with own.database() as name, own.connect(name) as db:
        role = f"{name}_einer"
        db.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0 PASSWORD 'lang-genug'".encode())
        where = parse(url(own)).as_user(role)
        assert refused(where, "lang-genug").code == "hub.crowded"


def test_a_login_that_may_not_log_in_is_the_login(own: Server) -> None:
    with own.database() as name, own.connect(name) as db:
        role = f"{name}_gruppe"
        db.execute(f"CREATE ROLE {role} NOLOGIN PASSWORD 'lang-genug'".encode())
        assert refused(parse(url(own)).as_user(role), "lang-genug").code == "hub.login"


def test_a_server_without_tls_is_said_so() -> None:
    with answering(b"N") as port:
        where = parse(f"postgresql://127.0.0.1:{port}/stadt?sslmode=verify-full")
        error = refused(where)
    assert (error.code, "no TLS" in str(error)) == ("hub.certificate", True)


def test_nobody_there_is_unreachable() -> None:
    for host in ("127.0.0.1:1", "nobody.invalid"):
        where = parse(f"postgresql://{host}/stadt?sslmode=verify-full")
        assert refused(where).code == "hub.unreachable"


def test_a_host_called_after_certificates_is_only_unreachable() -> None:
    where = parse("postgresql://ssl-certificate-authentication.invalid/stadt")
    assert refused(where).code == "hub.unreachable"


@pytest.mark.parametrize(
    ("state", "german", "code"),
    [
        ("28P01", "Passwort-Authentifizierung für Benutzer »meier« fehlgeschlagen", "hub.login"),
        ("28000", "kein pg_hba.conf-Eintrag für Host »10.0.0.1«", "hub.login"),
        ("3D000", "Datenbank »stadt« existiert nicht", "hub.database"),
        ("53300", "tut mir leid, schon zu viele Verbindungen", "hub.crowded"),
        ("57P03", "das Datenbanksystem startet", "hub.unreachable"),
        ("57P03", "certificate role password ssl error", "hub.unreachable"),
    ],
)
def test_a_server_that_speaks_german_is_understood(state: str, german: str, code: str) -> None:
    with answering(b"N", refusal(state, german)) as port:
        assert refused(parse(f"postgresql://127.0.0.1:{port}/stadt")).code == code


def test_a_password_is_not_given_away_in_the_clear() -> None:
    asks_for_it = b"R" + struct.pack("!ii", 8, 3)  # AuthenticationCleartextPassword
    heard = bytearray()
    with answering(b"N", asks_for_it, heard) as port:
        assert refused(parse(f"postgresql://127.0.0.1:{port}/stadt")).code == "hub.login"
    assert b"stadt" in heard
    assert PASSWORD.encode() not in heard


@pytest.mark.parametrize(
    "text",
    ["SSL SYSCALL error: EOF detected", "SSL connection has been closed unexpectedly",
     "SSL error: unexpected eof while reading", "the connection is lost"],
)  # fmt: skip
def test_a_connection_that_broke_is_no_matter_of_certificates(text: str) -> None:
    assert in_words(psycopg.OperationalError(text), "db.example.org").code == "hub.unreachable"


def test_plain_needs_a_word_in_the_settings() -> None:
    far = "postgresql://db.example.org/stadt"
    for mode in ("disable", "allow", "prefer", "require", "verify-ca"):
        with pytest.raises(StoreError, match=r"^hub\.plain$|sync\.plain"):
            parse(f"{far}?sslmode={mode}")
        assert not parse(f"{far}?sslmode={mode}", plain=True).is_encrypted
    assert parse(far).sslmode == "verify-full"
    assert parse(far).sslrootcert == "system"
    assert parse(far, plain=True).sslmode == "disable"
    assert parse(f"{far}?sslmode=verify-full", plain=True).is_encrypted
    for near in ("localhost", "127.0.0.1", "[::1]"):
        assert parse(f"postgresql://{near}/stadt").is_local
    assert parse("postgresql:///stadt?host=/run/postgresql").is_local


@pytest.mark.parametrize(
    "wrong",
    ["", "db.example.org/stadt", "postgresql://db.example.org", "postgresql://h:port/stadt",
     "postgresql://h:99999/stadt", "postgresql://[::1/stadt", "mysql://h/stadt",
     "postgresql://h/stadt?sslmode=sure", "postgresql://h/stadt?options=-c%20x",
     "postgresql://meier:geheim@h/stadt"],
)  # fmt: skip
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(StoreError) as caught:
        parse(wrong)
    assert caught.value.code == "hub.url"
    assert "geheim" not in str(caught.value)


def refusal(state: str, words: str) -> bytes:
    """PostgreSQL's ErrorResponse."""
    fields = f"SFATAL\0VFATAL\0C{state}\0M{words}\0\0".encode()
    return b"E" + struct.pack("!i", len(fields) + 4) + fields


@contextmanager
def answering(
    to_tls: bytes, to_start: bytes = b"", heard: bytearray | None = None
) -> Iterator[int]:
    """A server that answers a question for TLS and the start, then hangs up; ``heard`` gets what it
    was told."""
    heard = bytearray() if heard is None else heard

    def serve() -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            with client:
                client.settimeout(2)
                while data := _read(client):
                    heard.extend(data)
                    is_tls = re.fullmatch(rb"\0\0\0\x08\x04\xd2\x16/", data)
                    client.sendall(to_tls if is_tls else to_start)
                    if not is_tls:
                        break
                heard.extend(_read(client))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _read(client: socket.socket) -> bytes:
    try:
        return client.recv(4096)
    except OSError:
        return b""
