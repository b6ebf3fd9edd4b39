"""Opening the workstation's store: passphrase files, and starts that were cut off."""

import shutil
from pathlib import Path

import pytest

from clerk.refusal import Refused
from clerk.session import open_session, passphrase_source
from storage import keys
from storage.errors import StoreError
from storage.store import FILE_NAME, exists, open_store
from storage.verify import verify
from tests import support

PHRASE = support.PASSPHRASE


@pytest.fixture
def town(home: Path, founded: Path) -> Path:
    """A home with a founded town."""
    shutil.copytree(founded, home)
    return home


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_passphrase_file_of_any_editor(town: Path, tmp_path: Path, mark: str, end: str) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes((mark + PHRASE + end).encode())
    session = open_session(town, ask=passphrase_source(town, str(file)))
    assert session.actor.name == "Lena Leitung"
    session.store.close()


def test_spaces_belong_to_the_passphrase(town: Path, tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text(PHRASE + " \n")
    with pytest.raises(StoreError) as error:
        open_session(town, ask=passphrase_source(town, str(file)))
    assert error.value.code == "key.wrong"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_passphrase_file_that_cannot_be_read(
    town: Path, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "passphrase"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        open_session(town, ask=passphrase_source(town, str(file)))
    assert refused.value.refusal.code == "key.file"


def test_without_a_store_nothing_is_asked_or_made(home: Path) -> None:
    def never(_new: bool, _why: str) -> str:
        raise AssertionError("asked")

    with pytest.raises(StoreError) as error:
        open_session(home, ask=never)
    assert error.value.code == "store.missing"
    assert not home.exists()


@pytest.mark.parametrize("left", ["key file", "empty file", "empty store"])
def test_a_first_start_that_was_cut_off_goes_on(home: Path, left: str) -> None:
    """With the key of the first: another one would lock out what the first has written."""
    key = support.make_key(home)
    check = keys.read_key_file(home)
    if left == "empty file":
        (home / FILE_NAME).touch()
    if left == "empty store":
        open_store(home, key, create=True).close()
    ask = passphrase_source(home, str(home / support.PASSPHRASE_FILE))
    session = open_session(home, ask=ask, create=True, town="Musterstadt")
    assert exists(home)
    assert keys.read_key_file(home) == check
    assert verify(session.store.db).difference is None
    assert session.actor.offices
    session.store.close()
    again = open_session(home, ask=ask)
    assert again.actor == session.actor
    again.store.close()
