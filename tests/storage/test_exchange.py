"""A replica's file is exchanged while a workstation has it open, and the program that does so dies:
nobody finds a damaged store, and nothing that was written is lost."""

import shutil
import subprocess
import sys
from pathlib import Path
from sqlite3 import Connection

import pytest

from storage import driver, exchange
from storage.errors import StoreError
from storage.home import FILE_NAME
from storage.store import Store, open_store
from storage.verify import verify
from tests.nobody import in_child, without_rights
from tests.storage.faulty import Crash, Fuse, faulty_files
from tests.storage.making import KEY, new_item, people

WORKSTATION = """
import sys
from pathlib import Path
from sqlite3 import Connection
from storage.store import open_store
from tests.storage.making import KEY, new_item
store = open_store(Path(sys.argv[1]), KEY)
new_item(store, "before")
print("open", flush=True)
sys.stdin.readline()
new_item(store, "after")
print(store.db.execute("SELECT count(*) FROM items").fetchone()[0], flush=True)
sys.stdin.readline()
store.close()
"""
EXCHANGING = """
import os, signal, sys
from pathlib import Path
from sqlite3 import Connection
from storage.home import FILE_NAME
from storage.store import open_store
from storage import exchange
from tests.storage.making import KEY
home, where = Path(sys.argv[1]), sys.argv[2]
store = open_store(home, KEY)
def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "renamed":
    exchange._finish = die
elif where == "marked":
    os.replace = die
with store.exchanging():
    assert store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    exchange.exchange(home / "replica.next", home / FILE_NAME)
"""
OLD, NEW = 3, 300


@pytest.fixture
def next_one(store: Store, tmp_path: Path) -> Store:
    """A store with a few items; beside it lies one with many, ready to take its place."""
    people(store)
    for number in range(OLD):
        new_item(store, f"{number}")
    made = open_store(tmp_path / "made", KEY, create=True)
    people(made)
    with made.bulk(), made.group():
        for number in range(NEW):
            new_item(made, f"{number}", f"{number} " * 400)
    made.close()
    shutil.copyfile(tmp_path / "made" / FILE_NAME, store.home / "replica.next")
    return store


def items(store: Store) -> int:
    assert verify(store.db).difference is None
    return int(store.db.execute("SELECT count(*) FROM items").fetchone()[0])


@pytest.mark.parametrize("where", ["marked", "renamed", "done"])
@pytest.mark.parametrize("first", ["workstation", "another"])
def test_a_workstation_has_it_open(next_one: Store, where: str, first: str) -> None:
    home = next_one.home
    next_one.close()
    workstation = subprocess.Popen(
        [sys.executable, "-c", WORKSTATION, str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert workstation.stdin is not None
    assert workstation.stdout is not None
    assert workstation.stdout.readline() == "open\n"
    ended = subprocess.run([sys.executable, "-c", EXCHANGING, str(home), where], check=False)
    assert ended.returncode == (0 if where == "done" else -9)
    expected = OLD + 1 if where == "marked" else NEW
    if first == "another":
        another = open_store(home, KEY)
        assert items(another) == expected
        another.close()
    workstation.stdin.write("on\n")
    workstation.stdin.flush()
    assert workstation.stdout.readline() == f"{expected + 1}\n"
    another = open_store(home, KEY)
    assert items(another) == expected + 1
    new_item(another, "of another")
    workstation.communicate("end\n")
    assert items(another) == expected + 2
    another.close()
    found = open_store(home, KEY)
    assert items(found) == expected + 2
    found.close()
    assert not list(home.glob("*-exchange"))


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_death_at_each_step(next_one: Store, step: int, after: bool) -> None:
    home = next_one.home
    assert next_one.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    fuse = Fuse()
    fuse.arm(step, after=after)
    with faulty_files(fuse), pytest.raises(Crash):
        exchange.exchange(home / "replica.next", home / FILE_NAME)
    found = open_store(home, KEY)
    assert items(found) == (NEW if step or after else OLD)
    found.close()
    assert not list(home.glob("*-exchange"))


def test_who_opens_in_the_middle_opens_again(next_one: Store) -> None:
    """The exchange begins and ends between the look at the file and the connection."""
    path = next_one.home / FILE_NAME
    tries: list[int] = []
    real = driver._connect

    def connect() -> Connection:
        tries.append(len(tries))
        if len(tries) == 1:
            exchange.exchange(next_one.home / "replica.next", path)
            raise StoreError("store.damaged", "as it may look just then")
        return real(path, KEY, False, False, 0)

    db = exchange.opened(path, connect)
    assert tries == [0, 1]
    assert db.execute("SELECT count(*) FROM items").fetchone() == (NEW,)
    db.close()


def test_a_damaged_store_is_said_once() -> None:
    def connect() -> Connection:
        raise StoreError("store.damaged", "it is")

    with pytest.raises(StoreError):
        exchange.opened(Path("/nowhere/replica.db"), connect)


def test_a_mark_where_nothing_can_be_written_keeps_nobody_out(next_one: Store) -> None:
    home = next_one.home
    next_one.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    next_one.close()
    (home / f"{FILE_NAME}-exchange").write_text("1")
    for path in (*home.parents, home):
        if path.is_relative_to("/tmp") and path != Path("/tmp"):
            path.chmod(0o755)
    (home / FILE_NAME).chmod(0o644)
    (home / "place.lock").chmod(0o444)
    home.chmod(0o555)

    def look() -> object:
        without_rights()
        return open_store(home, KEY).db.execute("SELECT count(*) FROM items").fetchone()[0]

    try:
        assert in_child(look) == str(OLD)
    finally:
        home.chmod(0o755)
    assert list(home.glob("*-exchange"))
