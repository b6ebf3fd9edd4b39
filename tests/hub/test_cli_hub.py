"""``clerk hub`` against a real server: founding, clerks, roles, figures, a damaged backup."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage.hub import calls
from storage.hub.connect import connect, parse
from storage.ids import uuid7
from storage.schema import SCHEMA
from tests.commands import Commands
from tests.hub.server import PASSWORD, Given, Server


@pytest.fixture
def empty(server: Server | Given) -> Iterator[str]:
    """The owner's URL of an empty database."""
    with server.database() as name:
        yield server.url(name).replace("://", "://postgres@")


@pytest.fixture
def hub_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    return Commands(tmp_path, capsys, monkeypatch)


def _own(more: bytes = b"") -> bytes:
    return PASSWORD.encode() + b"\n" + more


def test_from_an_empty_database_to_a_clerk_who_signs_in(empty: str, hub_line: Commands) -> None:
    secret = "--password-stdin"
    made = hub_line.done("hub", "init", empty, secret, stdin=_own(b"verwaltung-geheim\n"))
    assert made["revision"] == "0001"
    again = hub_line.done("hub", "init", empty, secret, stdin=_own())
    assert again["epoch"] == made["epoch"]
    hub_line.done("hub", "add-office", empty, "buergeramt", "Bürgeramt", "--prefix", "32.1", secret,
                  stdin=_own())  # fmt: skip
    hub_line.done("hub", "add-clerk", empty, "meier", "--name", "Meier", secret,
                  stdin=_own(b"meier-geheim\n"))  # fmt: skip
    hub_line.done("hub", "grant", empty, "meier", "buergeramt", "clerk", secret, stdin=_own())
    status = hub_line.done("hub", "status", empty, secret, stdin=_own())
    assert (status["offices"], status["clerks"], status["incidents"]) == (2, 2, 0)

    name = urlsplit(empty).path[1:]
    with connect(parse(empty).as_user(f"{name}_meier"), "meier-geheim") as db:
        hello = calls.hello(db, uuid7(), SCHEMA, "test")
    assert hello.scopes == ("town", "buergeramt", "inbox")
    hub_line.done("hub", "revoke", empty, "meier", "buergeramt", secret, stdin=_own())
    with connect(parse(empty).as_user(f"{name}_meier"), "meier-geheim") as db:
        assert calls.hello(db, uuid7(), SCHEMA, "test").scopes == ("town",)


def test_what_is_wrong_is_said_in_words(empty: str, hub_line: Commands) -> None:
    secret = "--password-stdin"
    hub_line.done("hub", "init", empty, secret, stdin=_own(b"verwaltung-geheim\n"))
    short = hub_line("hub", "add-clerk", empty, "kurz", secret, stdin=_own(b"kurz\n"))
    assert (short.code, "[hub.password]" in short.err) == (1, True)
    nobody = hub_line("hub", "grant", empty, "niemand", "hauptamt", "clerk", secret, stdin=_own())
    assert (nobody.code, "[hub.refused]" in nobody.err) == (1, True)
    wrong = hub_line("hub", "grant", empty, "admin", "hauptamt", "chef", secret, stdin=_own())
    assert wrong.code == 2
    wrong = hub_line("hub", "status", empty, secret, stdin=b"falsch\n")
    assert (wrong.code, "[hub.login]" in wrong.err) == (1, True)
    far = hub_line("hub", "status", "postgresql://127.0.0.1:1/x", secret, stdin=b"\n")
    assert (far.code, "[hub.unreachable]" in far.err) == (3, True)
    loud = hub_line("hub", "status", "postgresql://a:b@127.0.0.1/x")
    assert (loud.code, "[hub.url]" in loud.err) == (1, True)
    plain = hub_line("hub", "status", "postgresql://db.example.org/x?sslmode=disable")
    assert (plain.code, "[hub.plain]" in plain.err) == (1, True)


def test_a_damaged_backup_is_found(empty: str, server: Server | Given, hub_line: Commands) -> None:
    secret = "--password-stdin"
    hub_line.done("hub", "init", empty, secret, stdin=_own(b"verwaltung-geheim\n"))
    whole = hub_line.done("hub", "backup-check", empty, "--restored", secret, stdin=_own())
    assert whole["ok"] is True
    with server.connect(urlsplit(empty).path[1:]) as db:
        db.execute("DELETE FROM clerk.stream WHERE scope = 'town' AND n = 1")
    damaged = hub_line("hub", "backup-check", empty, secret, stdin=_own())
    assert (damaged.code, "[hub.damaged]" in damaged.err) == (1, True)
