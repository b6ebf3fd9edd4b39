"""Locks between programs on one home: who is refused, who waits, and for nobody else to read."""

import os
import stat
from pathlib import Path

import pytest

from clerk import locks
from clerk.refusal import Refused


def test_a_second_workstation_is_refused(home: Path) -> None:
    with locks.workstation_lock(home):
        assert locks.is_open(home)
        with pytest.raises(Refused) as refused, locks.workstation_lock(home):
            raise AssertionError
    assert refused.value.refusal.code == "store.in_use"
    assert not locks.is_open(home)


def test_an_intake_waits_for_the_one_before_it_and_says_so_once(home: Path) -> None:
    first = locks.take(home, locks.INTAKE)
    assert first is not None
    told = []

    def waiting() -> None:
        told.append("waiting")
        locks.release(first)

    with locks.intake_lock(home, 60, waiting):
        assert locks.take(home, locks.INTAKE) is None
    assert told == ["waiting"]


def test_an_intake_that_may_not_wait_is_refused(home: Path) -> None:
    first = locks.take(home, locks.INTAKE)
    assert first is not None
    with pytest.raises(Refused) as refused, locks.intake_lock(home, 0, pytest.fail):
        raise AssertionError
    assert refused.value.refusal.code == "intake.running"
    locks.release(first)


@pytest.mark.parametrize("name", [locks.WORKSTATION, locks.INTAKE, locks.DEMO])
def test_a_lock_is_its_owners_alone(home: Path, name: str) -> None:
    """Also one that an older program left open to others."""
    home.mkdir()
    (home / name).touch(0o644)
    (home / name).chmod(0o644)
    old = os.umask(0)
    try:
        held = locks.take(home, name)
    finally:
        os.umask(old)
    assert held is not None
    locks.release(held)
    assert stat.S_IMODE((home / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
