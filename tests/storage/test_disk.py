"""A full disk, a file that cannot be written, and two programs at once: sentences, nothing half."""

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import driver
from storage.errors import StoreError
from storage.store import FILE_NAME, Store, open_store
from storage.verify import verify
from tests.nobody import in_child, without_rights
from tests.storage.making import ANNA, KEY, dump, item, new_item, people

BIG = "Sehr geehrte Damen und Herren, " * 600


@pytest.fixture(autouse=True)
def _people(store: Store) -> None:
    people(store)


def pages(store: Store) -> int:
    return int(store.db.execute("PRAGMA page_count").fetchone()[0])


@pytest.mark.parametrize("room", range(0, 16, 3))
def test_a_disk_that_gets_full_within_a_change(store: Store, room: int) -> None:
    """SQLITE_FULL of SQLite itself, at different places of the change."""
    store.db.execute(f"PRAGMA max_page_count = {pages(store) + room}")
    before = dump(store.db)
    with pytest.raises(StoreError) as refused:  # noqa: PT012
        for number in range(200):
            before = dump(store.db)
            new_item(store, f"Nummer {number}", f"{number} {BIG}")
    assert refused.value.code == "store.full"
    assert str(refused.value).startswith("The disk is full. Nothing of this change was kept.")
    assert dump(store.db) == before
    assert verify(store.db).difference is None
    store.db.execute("PRAGMA max_page_count = 1000000")
    new_item(store, "danach", BIG)
    assert len(dump(store.db)) == len(before) + 1
    assert verify(store.db).difference is None


def test_a_disk_that_gets_full_within_a_group(store: Store) -> None:
    before = dump(store.db)
    store.db.execute(f"PRAGMA max_page_count = {pages(store) + 20}")
    with pytest.raises(StoreError) as refused, store.group():  # noqa: PT012
        for number in range(200):
            new_item(store, f"Nummer {number}", f"{number} {BIG}")
    assert refused.value.code == "store.full"
    assert dump(store.db) == before
    store.db.execute("PRAGMA max_page_count = 1000000")
    new_item(store)
    assert verify(store.db).difference is None


def test_a_write_that_the_system_refuses_at_the_commit(store: Store) -> None:
    """The system lets the file grow no further: the commit itself fails."""
    before = dump(store.db)
    home = store.home

    def write() -> object:
        mine = open_store(home, KEY)
        wal = (home / f"{FILE_NAME}-wal").stat().st_size
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 30_000, resource.RLIM_INFINITY))
        first = refused(lambda: new_item(mine, "zu groß", BIG * 10))
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        new_item(mine, "danach", BIG)
        return f"{first} / {verify(mine.db).difference}"

    said = in_child(write)
    assert said in ("store.full / None", "store.io / None")
    assert len(dump(store.db)) == len(before) + 1
    assert verify(store.db).difference is None


def refused(do: Callable[[], object]) -> str:
    try:
        do()
    except StoreError as error:
        return error.code
    return "done"


@pytest.fixture
def nobodys(store: Store) -> Iterator[Path]:
    """A home that a user without rights can reach, whose file they may read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    home = folder / "home"
    shutil.copytree(store.home, home, ignore=shutil.ignore_patterns("*-shm", "*-wal"))
    home.chmod(0o755)
    (home / FILE_NAME).chmod(0o644)
    yield home
    home.chmod(0o755)
    shutil.rmtree(folder)


def lock(path: Path, mode: int) -> None:
    path.chmod(mode)
    if os.geteuid() == 0 and not mode & 0o007:
        os.chown(path, 65534, 65534)


def test_a_folder_that_cannot_be_written(nobodys: Path) -> None:
    lock(nobodys, 0o555)
    before = (nobodys / FILE_NAME).read_bytes()

    def work() -> object:
        without_rights()
        return new_item(open_store(nobodys, KEY))

    said = in_child(work)
    assert said.split(":")[0] in ("store.readonly", "store.unreadable")
    assert "folder" in said
    assert (nobodys / FILE_NAME).read_bytes() == before
    assert stat.S_IMODE(nobodys.stat().st_mode) == 0o555


def test_a_folder_that_cannot_be_entered(nobodys: Path) -> None:
    lock(nobodys, 0o600)

    def work() -> object:
        without_rights()
        return new_item(open_store(nobodys, KEY, create=True))

    assert in_child(work).startswith("store.unreadable: ")


def test_a_file_that_cannot_be_read(nobodys: Path) -> None:
    lock(nobodys / FILE_NAME, 0o000)

    def work() -> object:
        without_rights()
        return new_item(open_store(nobodys, KEY, create=True))

    assert in_child(work).startswith("store.unreadable: ")


def test_a_store_that_becomes_read_only(store: Store) -> None:
    before = dump(store.db)
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError) as error:
        new_item(store)
    assert error.value.code == "store.readonly"
    store.db.execute("PRAGMA query_only = OFF")
    assert dump(store.db) == before


HOLDER = """
import sys
from pathlib import Path
from storage.store import open_store
from tests.storage.making import KEY, new_item
store = open_store(Path(sys.argv[1]), KEY)
with store.group():
    new_item(store, "theirs")
    print("held", flush=True)
    sys.stdin.readline()
"""
WRITER = """
import sys
from pathlib import Path
from storage.store import open_store
from tests.storage.making import KEY, new_item
store = open_store(Path(sys.argv[1]), KEY)
print("ready", flush=True)
sys.stdin.readline()
for number in range(60):
    new_item(store, f"{sys.argv[2]} {number}")
"""


def program(source: str, *args: str) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-c", source, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    assert started.stdout.readline() in ("held\n", "ready\n")
    return started


def tell(started: subprocess.Popen[str]) -> None:
    assert started.stdin is not None
    started.stdin.write("go\n")
    started.stdin.flush()


def test_a_lock_that_is_held_is_said(store: Store) -> None:
    holder = program(HOLDER, str(store.home))
    hasty = open_store(store.home, KEY, busy_ms=0)
    before = dump(hasty.db)
    with pytest.raises(StoreError) as error:
        new_item(hasty)
    assert error.value.code == "store.busy"
    assert str(error.value).startswith("Another program is writing to this store.")
    assert dump(hasty.db) == before  # reading goes on
    holder.communicate("go\n")
    assert holder.returncode == 0
    new_item(hasty, "mine")
    hasty.close()
    assert {f["subject"] for (t, _), f in dump(store.db).items() if t == "items"} == {
        "theirs",
        "mine",
    }


def test_a_change_waits_for_another_program(store: Store) -> None:
    holder = program(HOLDER, str(store.home))
    patient = open_store(store.home, KEY, busy_ms=60_000)
    begun, done = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        new_item(patient, "mine")
        done.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert begun.wait(30)
    assert not done.is_set()
    holder.communicate("go\n")
    thread.join(60)
    assert done.is_set()
    assert verify(patient.db).difference is None
    patient.close()


def test_two_programs_write_at_once(store: Store) -> None:
    writers = [program(WRITER, str(store.home), name) for name in ("one", "two")]
    for writer in writers:
        tell(writer)
    assert [writer.wait(60) for writer in writers] == [0, 0]
    subjects = [f["subject"] for (t, _), f in dump(store.db).items() if t == "items"]
    assert len(set(subjects)) == 120
    assert verify(store.db).difference is None
    for writer in writers:
        writer.communicate()


def test_words_learned_by_another_program_are_not_learned_twice(store: Store) -> None:
    other = open_store(store.home, KEY)
    for one in (store, other, store):
        new_item(one, "Straßenlaterne Donaudampfschiff")
    other.close()
    assert verify(store.db).difference is None


def test_a_full_disk_is_named_where_the_driver_only_speaks_of_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = driver.OperationalError("disk I/O error")
    words = driver.in_words(error, tmp_path)
    assert isinstance(words, StoreError)
    assert words.code == "store.io"
    monkeypatch.setattr(driver, "_LEAST_ROOM", 2**80)  # more than any disk has
    words = driver.in_words(error, tmp_path)
    assert isinstance(words, StoreError)
    assert words.code == "store.full"


def test_an_error_of_the_driver_without_words_stays_itself() -> None:
    unknown = driver.OperationalError("no such table: x")
    assert driver.in_words(unknown) is unknown
    unique = driver.IntegrityError("UNIQUE constraint failed: t.full")
    assert driver.in_words(unique) is unique


def test_every_sentence_is_one(store: Store) -> None:
    for said in ("database or disk is full", "database is locked", "disk I/O error"):
        words = driver.in_words(driver.OperationalError(said))
        assert isinstance(words, StoreError)
        assert str(words)[0].isupper()
        assert str(words).endswith((".", "again."))
    with store.change(ANNA, "test") as change:
        change.add(item())
