"""From a typed line to an exit code: what is refused, not understood, unforeseen, cut off."""

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from clerk import i18n
from clerk.__main__ import main
from clerk.cli import inbox as clerk_inbox
from clerk.refusal import refuse
from clerk.session import Session
from storage import driver
from storage.store import FILE_NAME
from storage.terms import Role
from storage.verify import verify
from tests import support
from tests.commands import Commands

AddItem = partial[str]


def program(
    home: Path, *words: str, env: Mapping[str, str] | None = None, stdin: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    """The program as a process of its own."""
    file = str(home / support.PASSPHRASE_FILE)
    return subprocess.run(
        [sys.executable, "-m", "clerk", "--home", str(home), "--passphrase-file", file, *words],
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    "line",
    [
        ("inbox", "list"),
        ("case", "list"),
        ("search", "x"),
        ("history",),
        ("undo",),
        ("verify",),
        ("offices", "list"),
        ("key", "show"),
    ],
)
def test_reading_never_makes_a_store(home: Path, clerk: Commands, line: tuple[str, ...]) -> None:
    assert str(home) in clerk.refused(*line, code="store.missing")
    assert not home.exists()


def test_a_wrong_passphrase_is_refused(session: Session, tmp_path: Path, clerk: Commands) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("ganz falsch")
    clerk.refused("inbox", "list", "--passphrase-file", str(wrong), code="key.wrong")
    missing = str(tmp_path / "nix")
    said = clerk.refused("inbox", "list", "--passphrase-file", missing, code="key.file")
    assert missing in said


def test_without_a_terminal_and_a_file_a_passphrase_is_missing(
    session: Session, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session.home / support.PASSPHRASE_FILE).rename(session.home / "elsewhere")
    monkeypatch.setenv("CLERK_PASSPHRASE_FILE", str(session.home / "elsewhere"))
    done = subprocess.run(
        [sys.executable, "-m", "clerk", "--home", str(session.home), "inbox", "list"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    monkeypatch.delenv("CLERK_PASSPHRASE_FILE")
    done = subprocess.run(
        [sys.executable, "-m", "clerk", "--home", str(session.home), "inbox", "list"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.endswith(b"[key.no_terminal]\n")


def test_a_newer_store_is_refused_and_left_alone(session: Session, clerk: Commands) -> None:
    path = session.home / FILE_NAME
    session.store.close()
    db = driver.connect(path, support.make_key(session.home))
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    assert "99" in clerk.refused("inbox", "list", code="store.newer")
    assert path.read_bytes() == before


def test_another_clerk_acts_by_as_and_an_unknown_one_is_refused(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    other = support.add_clerk(session, "frau-zwei", {"buergerbuero": Role.CLERK})
    item = add_item()
    assert clerk("--as", "frau-zwei", "inbox", "take", item).code == 0
    assert clerk.done("inbox", "show", item)["claimed_by"] == other
    clerk.refused("--as=niemand", "inbox", "list", code="clerk.unknown")


def test_in_a_shared_store_nobody_acts_as_another(session: Session, clerk: Commands) -> None:
    session.store.set_local("shared", "postgresql://rathaus/clerk")
    clerk.refused("--as", support.FOUNDER, "inbox", "list", code="clerk.shared")
    clerk.refused("clerks", "sit", support.FOUNDER, code="clerk.shared")
    assert clerk("inbox", "list").code == 0


@pytest.mark.parametrize(
    "line",
    [
        ("nonsense",),
        ("inbx", "list"),
        ("inbox",),
        ("inbox", "nonsense"),
        ("inbox", "list", "--nonsense"),
        ("inbox", "list", "--limit", "0"),
        ("inbox", "list", "--limit", "many"),
        ("inbox", "list", "--state", "nonsense"),
        ("inbox", "list", "too", "many"),
        ("inbox", "take"),
        ("inbox", "hand-over", "abcdef"),
        ("search",),
        ("--home",),
        ("--lang", "fr", "inbox", "list"),
        ("--as", "x"),
        ("--nonsense",),
        ("key", "change", "--new-passphrase-file"),
    ],
)
def test_what_is_not_understood_ends_with_2_and_one_sentence(
    session: Session, clerk: Commands, line: tuple[str, ...]
) -> None:
    answer = clerk(*line)
    assert answer.code == 2
    assert answer.out == ""
    if line != ("inbox",):  # a noun alone shows its help
        assert answer.err.startswith("clerk: ")
        assert answer.err.endswith("[usage]\n")
        assert answer.err.count("\n") == 1


def test_a_near_noun_is_named(clerk: Commands) -> None:
    assert "inbox" in clerk("inbx").err


def test_global_options_stand_anywhere(session: Session, add_item: AddItem) -> None:
    add_item("Laterne")
    done = program(session.home, "inbox", "--lang=en", "list", "--json", "--split", "all")
    assert done.returncode == 0
    assert b"Laterne" in done.stdout


def test_behind_two_dashes_nothing_is_an_option(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    add_item("Betreff --lang de", "Text")
    assert clerk("search", "--", "--lang").out.splitlines()[-1] == "1 found"


def test_version_and_help_need_no_store(home: Path, clerk: Commands) -> None:
    assert clerk("--version").out.startswith("clerk ")
    assert clerk("--help").code == clerk("help").code == clerk("-h").code == 0
    assert not home.exists()


def test_the_workstation_needs_a_terminal(session: Session) -> None:
    done = program(session.home)
    assert done.returncode == 1
    assert done.stderr.endswith(b"[terminal.none]\n")


def test_what_is_not_reachable_ends_with_3(
    session: Session, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_arguments: object) -> None:
        raise refuse("intake.imap.unreachable", "Nobody there.")

    monkeypatch.setattr(clerk_inbox, "opened", unreachable)
    answer = clerk("inbox", "list")
    assert (answer.code, answer.err) == (3, "clerk: Nobody there. [intake.imap.unreachable]\n")


def test_the_unforeseen_becomes_a_report_without_data(
    session: Session, add_item: AddItem, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = add_item()

    def fail(_store: object, _actor: object, ids: list[str]) -> None:
        raise KeyError(f"Erika Beispiel {ids}")

    monkeypatch.setattr("clerk.desks.inbox.take", fail)
    answer = clerk("inbox", "take", item)
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.endswith("[crash]\n")
    (report,) = (session.home / "crashes").glob("*.txt")
    assert report.stem in answer.err
    text = report.read_text()
    assert "builtins.KeyError" in text
    assert "clerk/cli/inbox.py:" in text
    for secret in ("Erika", item, str(session.home)):
        assert secret not in text + answer.err
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, clerk: Commands) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    mails = tmp_path / "mails"
    mails.mkdir()
    (mails / "1.eml").write_text("Subject: x\n\ny")
    clerk.home = blocked / "home"
    (tmp_path / "p").write_text("lang genug")
    answer = clerk("intake", "mail", str(mails), "--once", "--passphrase-file", str(tmp_path / "p"))
    assert answer.code == 1
    assert answer.err.endswith("[store.unreadable]\n")


def test_a_file_that_cannot_be_written_is_a_sentence(session: Session, clerk: Commands) -> None:
    (session.home / "settings.toml.new").mkdir()
    said = clerk.refused("settings", "set", "theme", "hell", code="os.eisdir")
    assert "settings.toml.new" in said
    assert not (session.home / "crashes").exists()


def test_a_closed_pipe_ends_quietly(session: Session) -> None:
    for n in range(200):
        support.add_item(session, f"Mail {n} " + "x" * 400)
    file = str(session.home / support.PASSPHRASE_FILE)
    line = [
        sys.executable, "-m", "clerk", "--home", str(session.home), "--passphrase-file", file,
        "inbox", "list", "--limit", "1000", "--json",
    ]  # fmt: skip
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 130


def test_interrupting_ends_quietly(
    session: Session, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clerk_inbox, "opened", interrupt)
    answer = clerk("inbox", "list")
    assert (answer.code, answer.out, answer.err) == (130, "", "")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PYTHONIOENCODING": "ascii"}, b"Strassenlaterne Bruecke EUR"),
        (
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            b"Strassenlaterne Bruecke EUR",
        ),
        ({"PYTHONIOENCODING": "latin-1"}, "Straßenlaterne Brücke EUR".encode("latin-1")),
        (
            {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"},
            "Straßenlaterne Brücke EUR".encode("latin-1"),
        ),
    ],
)
def test_without_utf8_the_output_stays_readable(
    session: Session, add_item: AddItem, environment: dict[str, str], expected: bytes
) -> None:
    item = add_item("Straßenlaterne Brücke € 日本")
    done = program(session.home, "inbox", "list", env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert expected in done.stdout
    done = program(session.home, "inbox", "show", item, "--json", env=environment)
    assert b"\\u65e5" in done.stdout  # JSON loses nothing
    done = program(session.home, "inbox", "show", "ffffff", "--lang", "en", env=environment)
    assert b"There is no record" in done.stderr
    assert done.returncode == 1


def test_words_in_the_old_code_page_become_text(session: Session, add_item: AddItem) -> None:
    item = add_item()
    file = str(session.home / support.PASSPHRASE_FILE).encode()
    done = subprocess.run(
        [
            sys.executable.encode(), b"-m", b"clerk", b"--home", str(session.home).encode(),
            b"--passphrase-file", file, b"inbox", b"note", item.encode(), "Größe".encode("cp1252"),
        ],
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Größe" in program(session.home, "inbox", "show", item).stdout.decode()


def test_the_language_comes_from_the_line_the_settings_the_environment(
    session: Session, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(session.home)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    main(["--home", home, "--version"])
    assert i18n.language() == "en"
    (session.home / "settings.toml").write_text('language = "de"\n')
    main(["--home", home, "--version"])
    assert i18n.language() == "de"
    main(["--home", home, "--version", "--lang", "en"])
    assert i18n.language() == "en"
    (session.home / "settings.toml").write_text("language = 1\n")
    assert main(["--home", home, "--version"]) == 0
    assert i18n.language() == "en"


def shell(home: Path, line: str, output: str) -> "subprocess.CompletedProcess[bytes]":
    """The program with its output redirected as a shell does it."""
    file = str(home / support.PASSPHRASE_FILE)
    options = f"--home {home} --passphrase-file {file} --lang en"
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m clerk {options} {line} {output}"],
        capture_output=True,
        check=False,
    )


NEW = "case new --subject Tresen --office buergerbuero"
LOSSES = (
    (">/dev/full", b"No space left on device"),
    (">&-", b"Bad file descriptor"),
    ("| true; exit ${PIPESTATUS[0]}", b"Broken pipe"),
)


@pytest.mark.parametrize(("output", "why"), LOSSES)
def test_an_act_whose_output_is_lost_is_said_to_be_done(
    session: Session, output: str, why: bytes
) -> None:
    done = shell(session.home, NEW, output)
    said = b"clerk: It is done, but the output could not be written: %b. [output.unwritten]\n" % why
    assert (done.returncode, done.stderr) == (4, said)
    cases = session.store.db.execute("SELECT subject FROM cases").fetchall()
    assert cases == [("Tresen",)]
    assert not (session.home / "crashes").exists()


@pytest.mark.parametrize("line", ["inbox list", "--help", "inbox --help", "--version"])
@pytest.mark.parametrize(("output", "why"), LOSSES[:2])
def test_reading_whose_output_is_lost_says_so(
    session: Session, line: str, output: str, why: bytes
) -> None:
    done = shell(session.home, line, output)
    said = b"clerk: The output could not be written: %b. [output.unwritten]\n" % why
    assert (done.returncode, done.stderr) == (4, said)


def test_without_any_stream_a_command_does_its_work(session: Session) -> None:
    """As some schedulers start it: no file that it opens may take the place of one."""
    assert shell(session.home, NEW, "<&- >&- 2>&-").returncode == 4
    assert shell(session.home, "inbox show ffffff", ">/dev/full 2>/dev/full").returncode == 1
    assert session.store.db.execute("SELECT count(*) FROM cases").fetchone() == (1,)
    assert verify(session.store.db).difference is None
    assert not (session.home / "crashes").exists()
