"""Building a demo: the same twice, never over anything real, begun again after being cut off."""

import errno
import hashlib
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clerk.demo.build import BUILT, build
from clerk.refusal import Refused
from clerk.session import (
    DEMO_FOLDER,
    DEMO_PASSPHRASE_FILE,
    Session,
    key_for,
    open_session,
    passphrase_source,
)
from storage.store import FILE_NAME, Store, exists, open_store
from storage.verify import verify
from tests import support
from tests.clerk.demo.towns import UNTIL, build_town, cheap_home, open_town
from tests.commands import Commands

_ALONE = """
import sys
from pathlib import Path
from clerk.demo.build import build
from clerk.session import passphrase_source

home = Path(sys.argv[1])
ask = passphrase_source(home, sys.argv[2])
build(home, ask, size=100_000, progress=lambda done, of: print(done, flush=True))
"""


def _journal(store: Store) -> str:
    """A hash over everything that the journal says was done, ids and moments included."""
    digest = hashlib.sha256()
    sql = "SELECT id, at, clerk_id, action, office_id, patches FROM entries ORDER BY seq"
    for row in store.db.execute(sql):
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def _built(home: Path, *, size: int, seed: int = 1) -> str:
    assert build_town(cheap_home(home), size=size, seed=seed)
    store = open_town(home)
    try:
        return _journal(store)
    finally:
        store.close()


def test_the_same_seed_gives_the_same_town(tmp_path: Path) -> None:
    first = _built(tmp_path / "a", size=120)
    assert _built(tmp_path / "b", size=120) == first
    assert _built(tmp_path / "c", size=120, seed=2) != first


@pytest.mark.parametrize("size", [1, 2, 7, 61])
def test_small_towns_stand_too(tmp_path: Path, size: int) -> None:
    home = cheap_home(tmp_path / "home")
    assert build_town(home, size=size)
    store = open_town(home)
    assert store.db.execute("SELECT count(*) FROM items").fetchone()[0] == size
    assert verify(store.db).difference is None
    store.close()


def test_a_demo_without_items_is_refused(home: Path) -> None:
    with pytest.raises(Refused) as refused:
        build_town(cheap_home(home), size=0)
    assert refused.value.refusal.code == "demo.size"


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    before = _built(home, size=30)
    assert build_town(home, size=30) is False
    with pytest.raises(Refused) as refused:
        build_town(home, size=31)
    assert refused.value.refusal.code == "demo.other_size"
    store = open_town(home)
    assert _journal(store) == before
    store.close()


def test_a_real_store_is_never_touched(session: Session, home: Path) -> None:
    before = _journal(session.store)
    with pytest.raises(Refused) as refused:
        build_town(home)
    assert refused.value.refusal.code == "demo.real_store"
    assert _journal(session.store) == before
    assert session.store.local("demo") is None


def test_a_real_store_whose_key_is_somebodys_is_refused_without_asking(
    session: Session, home: Path
) -> None:
    with pytest.raises(Refused) as refused:
        build(home, passphrase_source(home), size=10)
    assert refused.value.refusal.code == "demo.real_store"
    assert not (home / DEMO_PASSPHRASE_FILE).exists()


def test_nobody_is_asked_on_a_terminal_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The random passphrase is kept for its owner alone, and opens the store."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    home = tmp_path / "home"
    build(home, passphrase_source(home), size=5, until=UNTIL)
    kept = home / DEMO_PASSPHRASE_FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(kept.read_text()) > 30
    store = open_store(home, key_for(home, passphrase_source(home), create=False))
    assert store.local("demo") == BUILT
    store.close()


def test_a_named_passphrase_file_is_used(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "phrase"
    file.write_text("ein langer Satz nur fuer Tests\n", encoding="utf-8")
    build(home, passphrase_source(home, str(file)), size=5, until=UNTIL)
    assert not (home / DEMO_PASSPHRASE_FILE).exists()
    key_for(home, passphrase_source(home, str(file)), create=False)


def test_a_passphrase_file_that_is_missing_is_no_reason_for_another(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with pytest.raises(Refused) as refused:
        build(home, passphrase_source(home, str(tmp_path / "none")), size=5)
    assert refused.value.refusal.code == "key.file"
    assert not (home / DEMO_PASSPHRASE_FILE).exists()


def test_killed_in_the_middle_it_is_begun_again(tmp_path: Path) -> None:
    home = cheap_home(tmp_path / "home")
    phrase = str(home / support.PASSPHRASE_FILE)
    child = subprocess.Popen(
        [sys.executable, "-c", _ALONE, str(home), phrase], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert int(child.stdout.readline()) > 0  # something was committed, and much is still to come
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert (home / DEMO_FOLDER / FILE_NAME).exists()
    assert not exists(home)  # half a town is none
    with pytest.raises(Refused) as refused:
        open_session(home, ask=passphrase_source(home, phrase), create=True)
    assert refused.value.refusal.code == "demo.unfinished"
    assert not exists(home)

    assert build_town(home, size=30)
    assert not (home / DEMO_FOLDER).exists()
    store = open_town(home)
    assert store.local("demo") == BUILT
    assert store.db.execute("SELECT count(*) FROM items").fetchone()[0] == 30
    assert verify(store.db).difference is None
    store.close()


def test_on_a_full_disk_there_is_no_half_town(home: Path) -> None:
    """The system lets no file grow beyond 600 KB; then it does."""
    line = f"{sys.executable} -m clerk --home {home} --lang en demo --size 400 --no-open"
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 600; {line}"],
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr in (
        "clerk: The disk is full. Nothing of this change was kept. Make room, then do it again."
        " [store.full]\n",
        "clerk: The disk reported an error. Nothing of this change was kept. [store.io]\n",
    )
    assert not exists(home)
    assert not (home / DEMO_FOLDER).exists()
    assert not (home / "crashes").exists()
    with pytest.raises(Refused) as refused:  # no real store beside the open key of a demo
        open_session(home, ask=passphrase_source(home), create=True)
    assert refused.value.refusal.code == "demo.unfinished"
    assert build(home, passphrase_source(home), size=40, until=UNTIL)
    store = open_store(home, key_for(home, passphrase_source(home), create=False))
    assert verify(store.db).difference is None
    store.close()


def test_a_key_file_that_finds_no_room_is_said(
    clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    (clerk.home.parent / "phrase").write_text(support.PASSPHRASE)
    line = ("demo", "--no-open", "--passphrase-file", str(clerk.home.parent / "phrase"))
    said = clerk.refused(*line, code="os.enospc")
    assert str(clerk.home) in said
    assert not (clerk.home / "crashes").exists()


def test_an_empty_store_gives_way_to_the_demo(tmp_path: Path) -> None:
    home = cheap_home(tmp_path / "home")
    key = support.make_key(home)
    open_store(home, key, create=True).close()
    assert build_town(home, size=5)
    store = open_town(home)
    assert store.local("demo") == BUILT
    store.close()


def test_cut_off_before_the_store_the_passphrase_is_used_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    build(home, passphrase_source(home), size=5, until=UNTIL)
    for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
        (home / name).unlink(missing_ok=True)
    phrase = (home / DEMO_PASSPHRASE_FILE).read_text()
    assert build(home, passphrase_source(home), size=5, until=UNTIL)
    assert (home / DEMO_PASSPHRASE_FILE).read_text() == phrase


def test_a_demo_that_is_being_built_is_not_taken_for_cut_off(tmp_path: Path) -> None:
    home = cheap_home(tmp_path / "home")
    ask = passphrase_source(home, str(home / support.PASSPHRASE_FILE))
    codes: list[str] = []

    def second(_done: int, _of: int) -> None:
        try:
            build(home, ask, size=5, until=UNTIL)
        except Refused as error:
            codes.append(error.refusal.code)

    build(home, ask, size=5, until=UNTIL, progress=second)
    assert codes == ["demo.running"]
    store = open_town(home)
    assert store.local("demo") == BUILT
    store.close()
    assert os.access(home, os.R_OK)
