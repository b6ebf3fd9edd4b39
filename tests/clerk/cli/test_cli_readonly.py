"""A home that cannot be written to (another one's, a mount, a backup): reading works, the rest says
why not."""

import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clerk.__main__ import main
from clerk.session import Session
from storage.store import FILE_NAME
from tests import support
from tests.commands import Commands
from tests.nobody import in_child, without_rights

Clerk = Callable[..., tuple[int, str, str]]
READING = (
    ("inbox", "list"),
    ("inbox", "list", "--json"),
    ("case", "list"),
    ("search", "laterne"),
    ("history",),
    ("offices", "list"),
    ("clerks", "list"),
    ("services", "list"),
    ("settings", "show"),
    ("key", "show"),
)


@pytest.fixture
def nobodys(session: Session) -> Iterator[Path]:
    """A copy of the store where a user without rights can reach it."""
    support.add_item(session)
    support.add_case(session)
    session.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    home = folder / "home"
    shutil.copytree(session.home, home, ignore=shutil.ignore_patterns("*-wal", "*-shm", "*.lock"))
    yield home
    home.chmod(0o755)
    shutil.rmtree(folder)


def close(home: Path, folder: int = 0o555, files: int = 0o444) -> None:
    for path in home.iterdir():
        path.chmod(files)
    home.chmod(folder)


def as_nobody(home: Path, *words: str) -> str:
    """Exit code, stdout and stderr of a command by a user who may only read, in one text."""

    def run() -> str:
        without_rights()
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        phrase = str(home / support.PASSPHRASE_FILE)
        line = ["--home", str(home), "--lang", "en", "--passphrase-file", phrase, *words]
        code = main(line)
        return f"{code}\n{sys.stdout.getvalue()}{sys.stderr.getvalue()}"

    return in_child(run)


@pytest.mark.parametrize("line", READING, ids=" ".join)
def test_reading_works(nobodys: Path, clerk: Commands, line: tuple[str, ...]) -> None:
    clerk.home = nobodys
    answer = clerk(*line)  # as its owner
    for path in nobodys.glob("*.lock"):
        path.unlink()
    close(nobodys)
    before = sorted(path.name for path in nobodys.iterdir())
    assert as_nobody(nobodys, *line) == f"{answer.code}\n{answer.out}{answer.err}"
    assert answer.code == 0
    assert sorted(path.name for path in nobodys.iterdir()) == before


def test_showing_and_the_history_of_a_record_work(
    session: Session, nobodys: Path, clerk: Commands
) -> None:
    (item,) = session.store.db.execute("SELECT id FROM items").fetchone()
    close(nobodys)
    clerk.home = session.home
    for line in (("inbox", "show", item), ("history", item)):
        assert as_nobody(nobodys, *line) == f"0\n{clerk(*line).out}"


def test_verify_proves_what_can_be_proved_and_says_what_was_left_out(
    nobodys: Path, clerk: Commands
) -> None:
    assert clerk("verify").code == 0
    close(nobodys)
    said = as_nobody(nobodys, "verify")
    assert said.startswith("0\n")
    assert "The search indexes were left out: for them the store must be writable.\n" in said
    assert said.endswith("The store is what its journal says.\n")


WRITING = (
    (("case", "new", "--subject", "x", "--office", "buergerbuero"), "store.readonly"),
    (("clerks", "sit", support.FOUNDER), "store.readonly"),
    (("settings", "set", "theme", "hell"), "os.eacces"),
    (("demo", "--no-open"), "demo.real_store"),
)


@pytest.mark.parametrize(("line", "code"), WRITING, ids=str)
def test_writing_is_refused_in_words(
    session: Session, nobodys: Path, clerk: Commands, line: tuple[str, ...], code: str
) -> None:
    clerk(*line)  # what it imports, the other user may not read
    close(nobodys)
    before = {path.name: path.read_bytes() for path in nobodys.iterdir()}
    said = as_nobody(nobodys, *line)
    assert said.startswith("1\nclerk: ")
    assert said.endswith(f" [{code}]\n")
    assert said.count("\n") == 2
    assert {path.name: path.read_bytes() for path in nobodys.iterdir()} == before


def test_an_intake_is_refused_in_words(nobodys: Path, clerk: Commands) -> None:
    mail = nobodys.parent / "1.eml"
    mail.write_text("From: a@example.org\nSubject: Erste\n\nText\n")
    clerk("intake", "mail", str(mail), "--once")
    close(nobodys)
    said = as_nobody(nobodys, "intake", "mail", str(mail), "--once")
    assert said.startswith(f"1\nclerk: The folder {nobodys} cannot be used: ")
    assert said.endswith(" [store.unreadable]\n")


@pytest.mark.parametrize(("folder", "files"), [(0o555, 0o666), (0o777, 0o444)])
def test_either_alone_is_enough_to_read(
    nobodys: Path, clerk: Commands, folder: int, files: int
) -> None:
    clerk("inbox", "list")
    close(nobodys, folder, files)
    assert "Laterne" in as_nobody(nobodys, "search", "laterne")
    close(nobodys)
    assert "Laterne" in as_nobody(nobodys, "search", "laterne")  # nothing was left in the way


def test_beside_an_open_store_the_newest_is_read(session: Session, nobodys: Path) -> None:
    """The files beside it are there, and so are its locks."""
    home = nobodys.with_name("live")
    session.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    support.add_item(session, "Ganz neu")
    shutil.copytree(session.home, home)  # as after a power cut, with -wal and -shm
    close(home)
    assert (home / f"{FILE_NAME}-wal").stat().st_size > 0
    assert "Ganz neu" in as_nobody(home, "inbox", "list")
    home.chmod(0o755)
    (home / f"{FILE_NAME}-shm").unlink()
    close(home)
    said = as_nobody(home, "inbox", "list")
    assert said.startswith("1\nclerk: This store was not closed properly")
    assert said.endswith(" [store.left_open]\n")
    home.chmod(0o755)


def test_an_older_store_is_not_brought_up_to_date(nobodys: Path, session: Session) -> None:
    from storage import driver

    db = driver.connect(nobodys / FILE_NAME, support.make_key(nobodys))
    db.execute("PRAGMA user_version = 4")
    db.close()
    close(nobodys)
    said = as_nobody(nobodys, "inbox", "list")
    assert said.startswith("1\nclerk: This store is of an older version")
    assert said.endswith(" [store.older]\n")
