"""What docs/operations.md says about backups is so: which files, when, and what comes back."""

import shutil
import subprocess
from pathlib import Path

import pytest

from clerk import clock
from clerk.desks import inbox
from clerk.desks.people import actor_of
from clerk.session import Session, workstation_lock
from storage.keys import unlock
from storage.store import FILE_NAME, open_store
from storage.verify import verify
from tests import support


def restored(backup: Path) -> Session:
    """The backup, opened with what lies in it and the passphrase."""
    key = unlock(backup, lambda _new, _why: support.PASSPHRASE)
    store = open_store(backup, key, clock=clock.now)
    return Session(store, actor_of(store), backup)


def claimed(session: Session) -> int:
    row = session.store.db.execute("SELECT count(*) FROM items WHERE claimed_by IS NOT NULL")
    return int(row.fetchone()[0])


def test_a_copy_of_the_closed_home_is_whole(session: Session, tmp_path: Path) -> None:
    item = support.add_item(session)
    inbox.take(session.store, session.actor, [item])
    session.store.close()
    shutil.copytree(session.home, tmp_path / "backup")

    back = restored(tmp_path / "backup")
    assert claimed(back) == 1
    assert verify(back.store.db).difference is None
    back.store.close()


def test_a_snapshot_of_the_open_home_is_whole(session: Session, tmp_path: Path) -> None:
    item = support.add_item(session)
    inbox.take(session.store, session.actor, [item])
    shutil.copytree(session.home, tmp_path / "backup")  # nothing writes meanwhile: a snapshot

    back = restored(tmp_path / "backup")
    assert claimed(back) == 1
    assert verify(back.store.db).difference is None
    back.store.close()


def test_without_the_wal_the_last_changes_are_missing(session: Session, tmp_path: Path) -> None:
    item = support.add_item(session)
    inbox.take(session.store, session.actor, [item])
    backup = tmp_path / "backup"
    shutil.copytree(session.home, backup)
    for ending in ("-wal", "-shm"):
        (backup / (FILE_NAME + ending)).unlink()

    back = restored(backup)
    assert claimed(back) == 0
    back.store.close()


@pytest.mark.skipif(shutil.which("flock") is None, reason="there is no flock")
def test_a_backup_and_a_workstation_keep_each_other_out(home: Path) -> None:
    lock = ["flock", "--nonblock", str(home / "workstation.lock"), "true"]
    with workstation_lock(home):
        assert subprocess.run(lock, check=False).returncode == 1
    assert subprocess.run(lock, check=False).returncode == 0
