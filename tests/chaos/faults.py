"""What happens to workstations, cables and servers. Each fault is whole: it begins and ends."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random

import psycopg

from storage.errors import StoreError
from storage.hub import admin
from tests.chaos.line import Line
from tests.chaos.town import OFFICES, Desk, Town

Fault = Callable[[Town, Random], None]


def _some(town: Town, rng: Random) -> list[Desk]:
    return rng.sample(town.desks, rng.randrange(1, len(town.desks)))


def _line(town: Town) -> Line:
    assert town.line is not None
    return town.line


def kill_workstations(town: Town, rng: Random) -> None:
    """kill -9; its process that synchronises ends by itself, or is killed as well."""
    hit = _some(town, rng)
    for desk in hit:
        pids = desk.sync_pids()
        desk.kill()
        if rng.random() < 0.5:
            _kill(pids)
    time.sleep(rng.random())
    for desk in hit:
        town.start(desk)


def kill_synchronisation(town: Town, rng: Random) -> None:
    """kill -9; the workstation starts it again."""
    for desk in _some(town, rng):
        _kill(desk.sync_pids())


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def terminate_backends(town: Town, rng: Random) -> None:
    town.hub.owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'clerk' AND random() < %s",
        (rng.random(),),
    )


def crash_server(town: Town, rng: Random) -> None:
    town.stop_server(rng.choice(("immediate", "immediate", "fast")))
    time.sleep(rng.random() * 2)
    town.start_server()


def stop_proxy(town: Town, rng: Random) -> None:
    """Nothing passes, and nobody says so."""
    _line(town).stop(stopped=True)
    time.sleep(rng.choice((0.3, 1, 3)))
    _line(town).stop(stopped=False)


def one_way(town: Town, rng: Random) -> None:
    """What is asked arrives, the answers do not; or the other way round."""
    _line(town).order(f"hold {rng.choice(('up', 'down'))}")
    time.sleep(rng.choice((0.3, 1, 3)))
    _line(town).order(rng.choice(("free", "cut")))
    _line(town).order("free")


def cut(town: Town, _rng: Random) -> None:
    _line(town).order("cut")


def half_a_push(town: Town, rng: Random) -> None:
    """Several connections end in the middle of what they send."""
    for _ in range(rng.randrange(1, 5)):
        _line(town).order(f"half {rng.choice((10, 100, 1_000, 5_000))}")
        time.sleep(rng.random() * 0.4)


def change_roles(town: Town, rng: Random) -> None:
    """Offices are taken away and given, some for a moment only."""
    for desk in _some(town, rng):
        office = rng.choice(OFFICES)
        if office not in town.offices_of(desk):
            admin.grant(town.hub.owner, desk.login, office, "officer")
            continue
        admin.revoke(town.hub.owner, desk.login, office)
        if rng.random() < 0.4:
            time.sleep(rng.random())
            admin.grant(town.hub.owner, desk.login, office, "officer")


def back_up_or_restore(town: Town, rng: Random) -> None:
    """First a backup, later the server is again what it was then, with a word of it or without."""
    if town.backup is None:
        town.back_up()
    else:
        town.restore()
        if rng.random() < 0.5:
            admin.restored(town.hub.owner)


FAULTS: tuple[Fault, ...] = (
    kill_workstations, kill_synchronisation, terminate_backends, crash_server, stop_proxy, one_way,
    cut, half_a_push, half_a_push, change_roles, change_roles,
)  # fmt: skip
"""At random; a backup and its restore are put among them by their time."""


def happen(town: Town, rng: Random, fault: Fault) -> None:
    """Let a fault happen. Two at once may get in each other's way, which is no fault of anybody."""
    with suppress(psycopg.OperationalError, StoreError):
        fault(town, rng)
