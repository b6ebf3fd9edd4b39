"""Locks between programs on one home, each a file of its own that stays; 0600, like all there.

A lock goes with its process, however that ends.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clerk.i18n import _
from clerk.refusal import refuse
from clerk.system_words import in_our_words
from storage.store import make_home

WORKSTATION, INTAKE, DEMO, SYNC = "workstation.lock", "intake.lock", "demo.lock", "sync.lock"
_EVERY = 0.2  # seconds between two tries


def take(home: Path, name: str) -> int | None:
    """Take a lock; returns what :func:`release` wants, or None where another program holds it.

    Refused ``store.readonly`` where the home cannot be written to.
    """
    make_home(home)
    try:
        held = os.open(home / name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise refuse(
            "store.readonly",
            _("The folder {home} cannot be written to: {reason}.").format(
                home=home, reason=in_our_words(error.strerror)
            ),
        ) from error
    with suppress(PermissionError):  # another one's, who lets us use it
        os.fchmod(held, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held


def release(held: int) -> None:
    """Let go of a lock."""
    os.close(held)


@contextmanager
def workstation_lock(home: Path) -> Iterator[None]:
    """One workstation per store: a second one is refused (``store.in_use``), commands are not."""
    held = take(home, WORKSTATION)
    if held is None:
        raise refuse(
            "store.in_use",
            _("A workstation is already open on this store. Use that one, or close it."),
        )
    try:
        yield
    finally:
        release(held)


def is_open(home: Path) -> bool:
    """Whether a workstation is open on this store just now."""
    held = take(home, WORKSTATION)
    if held is None:
        return True
    release(held)
    return False


@contextmanager
def intake_lock(home: Path, wait: float, waiting: Callable[[], None]) -> Iterator[None]:
    """One intake per store at a time: another one waits ``wait`` seconds for its turn, after it has
    told so once by ``waiting``, then it is refused (``intake.running``)."""
    end = time.monotonic() + wait
    held = take(home, INTAKE)
    if held is None and wait > 0:
        waiting()
    while held is None and time.monotonic() < end:
        time.sleep(min(_EVERY, wait))
        held = take(home, INTAKE)
    if held is None:
        raise refuse(
            "intake.running",
            _("Another intake is still running on this store. Nothing was brought in; try later."),
        )
    try:
        yield
    finally:
        release(held)


@contextmanager
def sync_lock(home: Path) -> Iterator[None]:
    """One synchronisation per store: a second one is refused (``sync.running``)."""
    held = take(home, SYNC)
    if held is None:
        raise refuse("sync.running", _("This store is being synchronised by another program."))
    try:
        yield
    finally:
        release(held)
