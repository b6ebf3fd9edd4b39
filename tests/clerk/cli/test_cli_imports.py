"""What a command may import: it starts fast because it leaves the rest alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from clerk.session import Session
from tests import support

# pydantic is not among them: typer itself checks its parameters with it.
HEAVY = ("textual", "sqlmodel", "sqlalchemy", "httpx", "keyring", "imapclient", "selectolax")


def imported(session: Session, *words: str) -> set[str]:
    """The top-level modules of a process that ran this line."""
    file = str(session.home / support.PASSPHRASE_FILE)
    line = ["--home", str(session.home), "--passphrase-file", file, *words]
    code = (
        "import sys; from clerk.__main__ import main; code = main(sys.argv[1:]);"
        "sys.stderr.write(' '.join(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *line], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.split()} | set(done.stderr.split())


@pytest.mark.parametrize(
    "line",
    [
        ("inbox", "list"),
        ("inbox", "list", "--json"),
        ("case", "list"),
        ("search", "Laterne"),
        ("history",),
        ("verify",),
        ("services", "list"),
        ("offices", "list"),
        ("clerks", "list"),
        ("settings", "show"),
        ("key", "show"),
    ],
    ids=" ".join,
)
def test_a_command_leaves_the_heavy_modules_alone(session: Session, line: tuple[str, ...]) -> None:
    support.add_item(session)
    modules = imported(session, *line)
    assert modules & set(HEAVY) == set()
    assert not {name for name in modules if name.startswith(("screens", "widgets"))}
    if "--json" in line:
        assert "rich" not in modules


def test_help_and_version_do_not_even_import_typer(session: Session) -> None:
    for line in ("--help", "--version"):
        assert imported(session, line) & {"typer", "rich", "storage", *HEAVY} == set()


def test_only_the_noun_that_is_asked_for_is_imported(session: Session) -> None:
    modules = imported(session, "inbox", "list")
    assert "clerk.cli.inbox" in modules
    assert "clerk.cli.case" not in modules
    assert "clerk.library.load" not in modules


def test_a_plain_intake_imports_neither_typer_nor_the_parser(
    session: Session, tmp_path: Path
) -> None:
    """Its workers parse, unless the mails are few."""
    for folder in ("cur", "new"):
        (tmp_path / folder).mkdir()
    modules = imported(session, "intake", "mail", str(tmp_path), "--once")
    assert modules & {"typer", "pydantic", "isal", "clerk.intake.parse", *HEAVY} == set()
    assert "clerk.intake.receive" in modules
