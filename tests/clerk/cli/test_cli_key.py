"""``clerk key``: another passphrase, and never a moment at which nobody can open the store."""

import json
import os
from pathlib import Path

import pytest

from clerk.session import DEMO_PASSPHRASE_FILE, Session
from storage import keys
from storage.errors import StoreError
from tests import support
from tests.commands import Commands

NEW = "eine ganz neue"


@pytest.fixture
def new_file(tmp_path: Path) -> Path:
    path = tmp_path / "new"
    path.write_text(NEW + "\n")
    return path


def test_show_says_how_and_never_the_key(session: Session, clerk: Commands) -> None:
    document = clerk.done("key", "show")
    assert (document["kind"], document["changed"]) == ("passphrase", False)
    said = clerk("key", "show").out
    assert "a passphrase" in said
    key = support.make_key(session.home).hex()
    assert key not in said + json.dumps(document)


def test_the_new_passphrase_opens_and_the_old_one_does_not(
    session: Session, clerk: Commands, new_file: Path
) -> None:
    item = support.add_item(session)
    (session.home / DEMO_PASSPHRASE_FILE).write_text(support.PASSPHRASE)
    clerk.done("key", "change", "--new-passphrase-file", str(new_file))
    clerk.refused("inbox", "list", code="key.wrong")
    assert not (session.home / DEMO_PASSPHRASE_FILE).exists()
    answer = clerk("inbox", "show", item, "--passphrase-file", str(new_file))
    assert answer.code == 0
    # And once more, from the changed one.
    third = new_file.with_name("third")
    third.write_text("und noch eine dritte")
    options = ["--passphrase-file", str(new_file), "--new-passphrase-file", str(third)]
    assert clerk("key", "change", *options).code == 0
    assert clerk("verify", "--passphrase-file", str(third)).code == 0
    clerk.refused("verify", "--passphrase-file", str(new_file), code="key.wrong")


def test_a_short_or_wrong_passphrase_changes_nothing(
    session: Session, clerk: Commands, tmp_path: Path, new_file: Path
) -> None:
    before = (session.home / keys.FILE_NAME).read_bytes()
    short = tmp_path / "short"
    short.write_text("kurz")
    clerk.refused("key", "change", "--new-passphrase-file", str(short), code="key.short")
    options = ["--passphrase-file", str(short), "--new-passphrase-file", str(new_file)]
    clerk.refused("key", "change", *options, code="key.wrong")
    clerk.refused("key", "change", code="key.no_terminal")
    assert (session.home / keys.FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_crash_at_any_step_leaves_one_passphrase_that_opens(
    session: Session, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    home = session.home
    key = keys.unlock(home, lambda _new, _why: support.PASSPHRASE)

    def crash(*_arguments: object, **_named: object) -> int:
        raise OSError(28, "full")

    target: object = Path if step == "replace" else os
    with monkeypatch.context() as patch:
        patch.setattr(target, step, crash)
        with pytest.raises(OSError, match="full"):
            keys.change_passphrase(home, key, lambda _new, _why: NEW)
    assert keys.unlock(home, lambda _new, _why: support.PASSPHRASE) == key
    keys.change_passphrase(home, key, lambda _new, _why: NEW)
    assert keys.unlock(home, lambda _new, _why: NEW) == key


def test_a_key_of_the_keyring_has_no_passphrase_to_change(home: Path) -> None:
    key = support.make_key(home)
    how = {"kind": "keyring", "check": keys.key_check(key), "name": "x"}
    (home / keys.FILE_NAME).write_text(json.dumps(how))
    with pytest.raises(StoreError) as refused:
        keys.change_passphrase(home, key, lambda _new, _why: NEW)
    assert refused.value.code == "key.keyring"
