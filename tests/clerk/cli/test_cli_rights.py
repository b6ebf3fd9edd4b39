"""Whatever a run leaves in a home is for its owner only, also where the umask would share it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk.cli import inbox as clerk_inbox
from clerk.locks import workstation_lock
from tests.commands import Commands


@pytest.fixture
def _open_umask() -> Iterator[None]:
    old = os.umask(0)
    yield
    os.umask(old)


@pytest.mark.usefixtures("_open_umask")
def test_every_file_is_its_owners_alone(
    tmp_path: Path, home: Path, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = tmp_path / "1.eml"
    mail.write_text("From: a@example.org\nSubject: Erste\n\nText\n")
    for name in ("phrase", "new"):
        (tmp_path / name).write_text(f"lang genug {name}")
    known = ("--passphrase-file", str(tmp_path / "phrase"))
    assert clerk("intake", "mail", str(mail), "--once", *known).code == 0
    assert clerk("settings", "set", "theme", "hell").code == 0
    assert clerk("key", "change", "--new-passphrase-file", str(tmp_path / "new"), *known).code == 0
    with workstation_lock(home):
        monkeypatch.setattr(clerk_inbox, "opened", lambda: 1 / 0)
        assert clerk("inbox", "list").err.endswith("[crash]\n")
        seen = rights(home)
    assert len(seen) >= 6
    assert set(seen.values()) == {0o600}, seen


@pytest.mark.usefixtures("_open_umask")
def test_so_is_every_file_of_a_demo(home: Path, clerk: Commands) -> None:
    clerk.home = home
    line = ("demo", "--size", "3", "--no-open", "--passphrase-file", str(home.parent / "phrase"))
    (home.parent / "phrase").write_text("lang genug")
    assert clerk(*line).code == 0
    assert set(rights(home).values()) == {0o600}


def rights(home: Path) -> dict[str, int]:
    """The rights of every file below the home; its folders must be 0700."""
    found = {}
    for path in home.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.is_dir():
            assert mode == 0o700, path
        else:
            found[str(path.relative_to(home))] = mode
    return found
