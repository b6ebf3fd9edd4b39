"""What the doctor finds, area by area."""

import json
from pathlib import Path

import pytest

from clerk import clock
from clerk.doctor import database, replica, terminal, versions
from clerk.doctor.finding import Finding, Level
from clerk.session import Session
from storage.errors import StoreError
from storage.hub.connect import parse
from storage.hub.facts import Facts
from tests.commands import Commands
from tests.support import PASSPHRASE_FILE, make_key

GOOD = {"TERM": "xterm-256color", "LANG": "de_DE.UTF-8", "COLORTERM": "truecolor"}


def level(findings: "list[Finding]", check: str) -> Level:
    """The level of one check; each stands there once."""
    (found,) = [one for one in findings if one.check == check]
    if found.level is not Level.OK:
        assert found.advice, found
    return found.level


def by(environment: dict[str, str], size: tuple[int, int] | None = (80, 24)) -> list[Finding]:
    return list(terminal.look(environment, size))


def test_a_good_terminal_is_left_alone() -> None:
    assert {one.level for one in by(GOOD)} == {Level.OK}
    assert {one.level for one in by(GOOD, None)} == {Level.OK}


@pytest.mark.parametrize("size", [(79, 24), (80, 23)])
def test_a_small_terminal_is_a_warning(size: tuple[int, int]) -> None:
    assert level(by(GOOD, size), "terminal.size") is Level.WARNING


def test_the_locale_that_counts_must_be_utf8() -> None:
    assert level(by({"LANG": "C"}), "terminal.utf8") is Level.WARNING
    assert level(by({}), "terminal.utf8") is Level.WARNING
    overruled = {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}
    assert level(by(overruled), "terminal.utf8") is Level.WARNING
    assert level(by({"LC_ALL": "C.utf8"}), "terminal.utf8") is Level.OK


def test_a_terminal_of_no_kind_is_a_warning_where_there_is_one() -> None:
    assert level(by({"TERM": "dumb"}), "terminal.kind") is Level.WARNING
    assert level(by({"TERM": "dumb"}, None), "terminal.kind") is Level.OK


def test_files_that_others_may_read_are_a_warning(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make_key(home)
    (home / "replica.db").write_bytes(b"x")
    (home / "replica.db").chmod(0o600)
    assert level(list(replica.look_at_files(home)), "replica.rights") is Level.OK
    (home / "replica.db").chmod(0o640)
    assert level(list(replica.look_at_files(home)), "replica.rights") is Level.WARNING
    (home / "replica.db").chmod(0o600)
    home.chmod(0o755)
    assert level(list(replica.look_at_files(home)), "replica.rights") is Level.WARNING


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("/dev/sda1 / ext4 rw 0 0\n", Level.OK),
        ("/dev/sda1 / ext4 rw 0 0\nserver:/h {above} nfs4 rw 0 0\n", Level.FAULT),
        ("//server/h / cifs rw 0 0\n/dev/sdb1 {home} ext4 rw 0 0\n", Level.OK),
        ("/dev/sda1 / ext4 rw 0 0\nu@h: {home} fuse.sshfs rw 0 0\n", Level.FAULT),
        ("", Level.OK),
    ],
)
def test_a_network_file_system_is_a_fault(tmp_path: Path, table: str, expected: Level) -> None:
    home = tmp_path / "ein Haus"
    home.mkdir()
    written = {"home": str(home).replace(" ", "\\040"), "above": str(tmp_path)}
    (tmp_path / "mounts").write_text(table.format(**written))
    found = list(replica.look_at_files(home, tmp_path / "mounts"))
    assert level(found, "replica.file_system") is expected


def test_little_room_is_a_warning_and_none_a_fault() -> None:
    rooms = [replica._room(free).level for free in (900_000_000, 400_000_000, 40_000_000)]
    assert rooms == [Level.OK, Level.WARNING, Level.FAULT]


def test_a_proof_long_ago_is_a_warning() -> None:
    day = 86_400_000
    now = 2_000_000 * day // 100
    assert replica._verified(str(now - 5 * day), now).level is Level.OK
    assert replica._verified(str(now - 31 * day), now).level is Level.WARNING
    assert replica._verified(None, now).level is Level.OK


def facts(**more: object) -> Facts:
    from storage.hub.calls import Hello

    hello = Hello("e", "c", "Clara Kern", ("town",), 0, 0, 6, 7)
    known: dict[str, object] = {
        "server": "17.2", "major": 17, "encrypted": True, "hello": hello, "revision": "0001",
        "newest": "0001",
    }  # fmt: skip
    return Facts(**(known | more))  # type: ignore[arg-type]  # parts of a test's own


def reached(url: str = "postgresql://db.example.org/stadt", ahead: int = 0, **more: object) -> (
    database.Reached
):  # fmt: skip
    return database.Reached(parse(url, plain=True), facts(**more), ahead)


SURE = "postgresql://db.example.org/stadt?sslmode=verify-full"


def test_a_proved_connection_is_good() -> None:
    found = list(database.look(reached(SURE)))
    assert {one.level for one in found} == {Level.OK}
    assert "Clara" not in json.dumps([one.sentence for one in found])


def test_a_plain_connection_is_an_alarm() -> None:
    for answer in (
        reached(encrypted=False),
        reached("postgresql://db.example.org/stadt?sslmode=require"),
    ):
        (found,) = [one for one in database.look(answer) if one.check == "database.tls"]
        assert (found.level, found.alarm) == (Level.WARNING, True)
    near = list(database.look(reached("postgresql://localhost/stadt", encrypted=False)))
    assert level(near, "database.tls") is Level.OK


def test_versions_that_do_not_fit_are_told() -> None:
    assert level(list(database.look(reached(SURE, major=14))), "database.server") is Level.WARNING
    old = list(database.look(reached(SURE, newest="0002")))
    assert level(old, "database.revision") is Level.WARNING
    new = list(database.look(reached(SURE, revision="0002")))
    assert level(new, "database.revision") is Level.OK
    refused = list(database.look(reached(SURE, hello=StoreError("hub.client_old", "Too old."))))
    assert level(refused, "database.accepts") is Level.FAULT


def test_an_unreachable_database_is_a_fault() -> None:
    found = list(database.look(StoreError("hub.unreachable", "{where} is gone.", where="db:5432")))
    assert level(found, "database.reachable") is Level.FAULT


@pytest.mark.parametrize(
    ("ahead", "words"), [(61_000, "61 seconds ahead"), (-90_000, "90 seconds b")]
)
def test_a_wrong_clock_is_a_warning_with_its_figure(ahead: int, words: str) -> None:
    found = list(database.look_at_clock(None, reached(SURE, ahead)))
    assert level(found, "clock.server") is Level.WARNING
    assert words in found[1].sentence
    right = list(database.look_at_clock(None, reached(SURE, 59_000)))
    assert level(right, "clock.server") is Level.OK


def test_versions_are_held_against_what_the_program_asks_for() -> None:
    assert versions.needed()["textual"][0] == "=="
    assert {one.level for one in versions.look()} == {Level.OK}
    assert versions._judged("textual", "Textual", ("==", "1.0")).level is Level.WARNING
    assert versions._judged("psycopg", "psycopg", (">=", "99.0")).level is Level.WARNING


def test_a_sound_workstation_that_works_alone(session: Session, clerk: Commands) -> None:
    session.store.close()
    answer = clerk("doctor", "--json")
    assert (answer.code, answer.err) == (0, "")
    checks = {str(one["check"]): one for one in answer.rows("checks")}
    assert answer.document["ok"] is True
    assert "alone" in str(checks["database.joined"]["sentence"])
    assert checks["replica.opens"]["level"] == "ok"
    assert "not proved yet" in str(checks["replica.verified"]["sentence"])
    clerk("verify")
    answer = clerk("doctor")
    assert answer.code == 0
    assert "was proved last" in answer.out


def test_nothing_about_people_is_said(session: Session, clerk: Commands) -> None:
    store, home = session.store, str(session.home)
    for name, value in {
        "shared": "1", "hub_account": "stadt_meier", "hub_secret": "sehr-geheim",
        "hub_url": "postgresql://127.0.0.1:1/stadt",
    }.items():  # fmt: skip
        store.set_local(name, value)
    store.close()
    answer = clerk("doctor", "--json")
    assert (answer.code, "[hub.unreachable]" in answer.out) == (1, True)
    assert answer.err.endswith("[doctor.fault]\n")
    for word in ("meier", "geheim", home, "leitung", "Lena"):
        assert word not in answer.out + answer.err


def test_a_store_that_does_not_open_is_a_fault(session: Session, clerk: Commands) -> None:
    session.store.close()
    (session.home / PASSPHRASE_FILE).write_text("something else\n")
    answer = clerk("doctor", "--json")
    checks = {str(one["check"]): one for one in answer.rows("checks")}
    assert answer.code == 1
    assert checks["replica.opens"]["level"] == "fault"
    assert "[key.wrong]" in str(checks["replica.opens"]["sentence"])
    assert str(session.home) not in answer.out


def test_a_home_without_a_store_is_no_fault(clerk: Commands, tmp_path: Path) -> None:
    answer = clerk("doctor")
    assert answer.code == 0
    assert "There is no store here yet." in answer.out
    assert not (tmp_path / "home").exists()


def test_a_clock_that_was_set_back_is_told(
    session: Session, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.store.close()
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real - 600_000)
    answer = clerk("doctor")
    assert answer.code == 0
    assert "The clock was set back by" in answer.out
