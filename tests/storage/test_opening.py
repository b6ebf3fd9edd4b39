"""Opening: what is no replica of ours is refused with a sentence and left byte for byte."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import driver, schema
from storage.errors import StoreError
from storage.store import FILE_NAME, Store, exists, open_store
from storage.verify import verify
from tests.storage.making import ANNA, KEY, OTHER_KEY, after_power_cut, files, new_case, people


def text(path: Path) -> None:
    path.write_text("Sehr geehrte Damen und Herren,\n" * 400, encoding="utf-8")


def one_byte(path: Path) -> None:
    path.write_bytes(b"x")


def short(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"\x10" * 400)


def random_bytes(path: Path) -> None:
    path.write_bytes(os.urandom(3 * 4096))


def plain_sqlite(path: Path) -> None:
    db = sqlite3.connect(path)
    db.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    db.close()


def plain_sqlite_in_wal(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    shutil.copytree(path.parent, path.parent.with_name("kept"))
    db.close()
    for file in path.parent.with_name("kept").iterdir():
        shutil.move(file, path.parent / file.name)


def another_program(path: Path) -> None:
    path.touch()
    db = driver.connect(path, KEY)
    db.execute("CREATE TABLE t (a)")
    db.execute("PRAGMA user_version = 2")
    db.close()


def truncated(path: Path) -> None:
    open_store(path.parent, KEY, create=True).close()
    path.write_bytes(path.read_bytes()[:300])


def folder(path: Path) -> None:
    path.mkdir()
    (path / "x").touch()


FOREIGN = (
    text,
    one_byte,
    short,
    random_bytes,
    plain_sqlite,
    plain_sqlite_in_wal,
    another_program,
    truncated,
    folder,
)


@pytest.mark.parametrize("make", FOREIGN, ids=lambda make: str(make.__name__))
@pytest.mark.parametrize("create", [False, True])
def test_no_replica_is_refused_untouched(
    tmp_path: Path, make: Callable[[Path], None], create: bool
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    make(home / FILE_NAME)
    before = files(home) if make is not folder else {}
    with pytest.raises(StoreError) as refused:
        open_store(home, KEY, create=create)
    assert refused.value.code == "store.not_a_replica"
    assert "left untouched" in str(refused.value)
    if make is not folder:
        assert files(home) == before
    assert exists(home)


def test_an_empty_file_is_what_a_cut_off_start_leaves(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    assert not exists(tmp_path)
    with pytest.raises(StoreError, match="no store in"):
        open_store(tmp_path, KEY)
    assert (tmp_path / FILE_NAME).stat().st_size == 0
    open_store(tmp_path, KEY, create=True).close()
    assert exists(tmp_path)


def test_a_missing_store_is_not_made_by_opening(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        open_store(tmp_path / "home", KEY)
    assert refused.value.code == "store.missing"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("cut", [False, True], ids=["closed", "with a hot -wal"])
def test_a_wrong_key_leaves_the_file_untouched(store: Store, tmp_path: Path, cut: bool) -> None:
    people(store)
    home = leave(store, tmp_path, cut)
    before = files(home)
    assert ("replica.db-wal" in before) is cut
    with pytest.raises(StoreError) as refused:
        open_store(home, OTHER_KEY)
    assert refused.value.code == "store.not_a_replica"
    assert files(home) == before
    open_store(home, KEY).close()


def leave(store: Store, tmp_path: Path, cut: bool) -> Path:
    """The files of a store, closed or as after a power cut, in a folder of their own."""
    home = tmp_path / "left"
    if not cut:
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(store.home, home, ignore=shutil.ignore_patterns("*-shm"))
    for file in home.iterdir():
        if file.stat().st_size == 0:
            file.unlink()
    return home


@pytest.mark.parametrize("cut", [False, True], ids=["closed", "with a hot -wal"])
def test_a_newer_store_is_refused_untouched(store: Store, tmp_path: Path, cut: bool) -> None:
    people(store)
    store.db.execute(f"PRAGMA user_version = {schema.SCHEMA + 1}")
    home = leave(store, tmp_path, cut)
    before = files(home)
    with pytest.raises(StoreError) as refused:
        open_store(home, KEY, create=True)
    assert refused.value.code == "store.newer"
    assert f"schema {schema.SCHEMA + 1}" in str(refused.value)
    assert f"knows {schema.SCHEMA}" in str(refused.value)
    assert files(home) == before


@pytest.mark.parametrize("version", range(schema.SCHEMA))
def test_an_older_store_is_brought_up_to_date(
    tmp_path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what a start leaves that was cut off between two migrations."""
    with monkeypatch.context() as older:
        older.setattr(schema, "SCHEMA", version)
        (tmp_path / FILE_NAME).touch()
        db = driver.connect(tmp_path / FILE_NAME, KEY)
        schema.migrate(db, 0)
        if version == 0:
            db.execute("PRAGMA journal_mode = WAL")
        db.close()
    store = open_store(tmp_path, KEY, create=True)
    assert store.db.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA,)
    people(store)
    assert verify(store.db).difference is None
    store.close()


def test_a_key_of_another_length_is_never_taken_for_a_passphrase(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(ValueError, match="32 bytes"):
        driver.connect(tmp_path / FILE_NAME, b"short")


def test_durability_is_as_promised(store: Store) -> None:
    pragmas = ("synchronous", "journal_mode")
    for db in (store.db, store.reader()):
        assert [db.execute(f"PRAGMA {p}").fetchone()[0] for p in pragmas] == [2, "wal"]
    with store.bulk():
        assert store.db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_reader_cannot_write(store: Store) -> None:
    reader = store.reader()
    with pytest.raises(driver.OperationalError, match="readonly"):
        reader.execute("DELETE FROM offices")
    reader.close()


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    old = os.umask(0)
    try:
        store = open_store(home, KEY, create=True)
    finally:
        os.umask(old)
    people(store)
    assert [rights(p) for p in (home.parent, home)] == [0o700, 0o700]
    assert {rights(p) for p in home.iterdir()} == {0o600}
    store.close()


def test_an_existing_home_with_wider_rights_is_narrowed(store: Store) -> None:
    store.close()
    store.home.chmod(0o755)
    (store.home / FILE_NAME).chmod(0o644)
    again = open_store(store.home, KEY)
    people(again)
    assert rights(store.home) == 0o700
    assert {rights(p) for p in store.home.iterdir()} == {0o600}
    again.close()


def test_an_existing_folder_becomes_a_home_with_narrow_rights(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    open_store(home, KEY, create=True).close()
    assert rights(home) == 0o700


def test_a_folder_that_all_use_is_not_narrowed(tmp_path: Path) -> None:
    """As root, ``--home /tmp`` would lock everybody out of it."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with pytest.raises(StoreError) as refused:
        open_store(shared, KEY, create=True)
    assert refused.value.code == "store.shared_folder"
    assert (rights(shared), list(shared.iterdir())) == (0o1777, [])


def test_a_home_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("x")
    home.chmod(0o644)
    with pytest.raises(StoreError, match="cannot be used: Not a directory") as refused:
        open_store(home, KEY, create=True)
    assert refused.value.code == "store.unreadable"
    assert (home.read_text(), rights(home)) == ("x", 0o644)


OPENER = """
import sys
from pathlib import Path
from storage.store import open_store
sys.stdin.readline()
store = open_store(Path(sys.argv[1]), bytes(range(32)), create=True)
print(store.device)
"""


def test_programs_that_start_at_once_make_one_store(tmp_path: Path) -> None:
    home = tmp_path / "home"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    devices = {program.communicate()[0].strip() for program in programs}
    assert [program.returncode for program in programs] == [0, 0, 0]
    store = open_store(home, KEY)
    assert devices == {store.device}
    assert verify(store.db).difference is None
    store.close()


def test_a_second_opener_that_was_slower_does_not_migrate_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_store(tmp_path, KEY, create=True)
    monkeypatch.setattr(schema, "check", lambda _db: 0)  # as it was when it looked
    second = open_store(tmp_path, KEY)
    people(second)
    assert first.device == second.device
    assert verify(second.db).difference is None
    first.close()
    second.close()


def test_what_was_written_survives_a_power_cut(store: Store, tmp_path: Path) -> None:
    people(store)
    case = new_case(store, ANNA)
    found = after_power_cut(store, tmp_path / "found")
    assert found.db.execute("SELECT id FROM cases").fetchall() == [(case.id,)]
    assert verify(found.db).difference is None
    found.close()
