"""A run of chaos: workstations act while faults happen; then all ends, and the oracle is asked."""

import os
import tempfile
import time
from pathlib import Path
from random import Random
from sqlite3 import Connection

from tests.chaos.faults import FAULTS, back_up_or_restore, happen
from tests.chaos.naive import read_by_sequence
from tests.chaos.oracle import come_to_rest, judge
from tests.chaos.town import OFFICES, BrokenError, Desk, Town, until
from tests.hub.server import binaries

PAUSE_S = 0.7  # on average, between two faults
REST_S = 20.0
"""How long coming to rest may take in a test that runs beside others; what has not done so by
then never does, for no pause of the loop is longer than 4 s. ``make chaos`` asks for 5 s."""
_WAITS = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712 AND NOT granted"
_HELD = b"""
CREATE FUNCTION clerk.held() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN PERFORM pg_advisory_xact_lock_shared(4712); RETURN NULL; END';
CREATE TRIGGER held AFTER INSERT ON clerk.stream FOR EACH ROW WHEN (NEW.scope = 'buergeramt')
EXECUTE FUNCTION clerk.held();
"""


def chaos(seed: str, *, seconds: float, desks: int, rest_s: float) -> str:
    """Run it; returns what happened, in a line. BrokenError names the seed."""
    rng = Random(seed)
    with tempfile.TemporaryDirectory(prefix="clerk-chaos-") as folder:
        town = Town(Path(folder), binaries()[0], seed, desks=desks)
        told: list[str] = []
        try:
            for desk in town.desks:
                town.start(desk)
            _storm(town, rng, seconds, told)
            rested = _calm(town, rest_s)
            judge(town)
            entries, refused = counts(town)
        except BrokenError as error:
            words = [f"SEED={seed} after {', '.join(told)}: {error}", *crashes(town)]
            raise BrokenError("\n".join(words)) from error
        finally:
            town.close()
    return (
        f"SEED={seed}: {len(told)} faults, {entries} entries of {desks} workstations"
        f" ({refused} refused), at rest after {rested:.1f} s"
    )


def _storm(town: Town, rng: Random, seconds: float, told: list[str]) -> None:
    begun = time.monotonic()
    # A backup in the first half, its restore in the second: with every other seed.
    due = [begun + seconds * part for part in (0.3, 0.7)] if rng.random() < 0.5 else []
    while (now := time.monotonic()) < begun + seconds:
        time.sleep(min(rng.expovariate(1 / PAUSE_S), max(begun + seconds - now, 0)))
        fault = rng.choice(FAULTS)
        if due and now > due[0]:
            del due[0]
            fault = back_up_or_restore
        told.append(fault.__name__)
        happen(town, rng, fault)


def _calm(town: Town, rest_s: float) -> float:
    assert town.line is not None
    town.line.order("half 999999999")
    for desk in town.desks:
        desk.tell("rest")
    for desk in town.desks:
        desk.hear()
    # Where others use the machine as well, everything takes that much longer.
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    return come_to_rest(town, rest_s * max(1.0, busy))


def naive(*, mutant: bool) -> None:
    """A push to one office is held before its commit until another one's has overtaken it and was
    read, several times; then the same oracle. BrokenError where something is lost, as it is by
    the ``mutant``."""
    how = ("alone", "naive") if mutant else ("alone",)
    with tempfile.TemporaryDirectory(prefix="clerk-chaos-") as folder:
        town = Town(
            Path(folder), binaries()[0], "naive", desks=3, slow_s=0, how=how,
            work=(OFFICES, ("buergeramt",), ("ordnungsamt",)),
            prepare=read_by_sequence if mutant else lambda _hub: None,
        )  # fmt: skip
        try:
            town.hub.owner.execute(_HELD)
            reader, *others = town.desks
            town.start(reader, acts=False)
            for desk in others:
                town.start(desk)
            for _ in range(3):
                _overtake(town, reader)
            _calm(town, 5 if mutant else REST_S)
            judge(town)
        finally:
            town.close()


def _overtake(town: Town, reader: Desk) -> None:
    """Hold what comes for the one office until the reader has what came for the other one later."""
    db = town.hub.owner
    db.execute("SELECT pg_advisory_lock(4712)")
    until("somebody is held", lambda: bool(db.execute(_WAITS).fetchone()), 60)
    with reader.reading() as replica:
        before = _read_of(replica, "ordnungsamt")
        until("it is overtaken", lambda: _read_of(replica, "ordnungsamt") > before, 60)
    db.execute("SELECT pg_advisory_unlock(4712)")


def _read_of(replica: Connection, scope: str) -> int:
    row = replica.execute("SELECT cursor FROM streams WHERE scope = ?", (scope,)).fetchone()
    return int(row[0])


def crashes(town: Town) -> list[str]:
    """The newest report of a crash of each workstation, as it wrote it itself."""
    reports = [sorted((desk.home / "crashes").glob("*")) for desk in town.desks]
    return [found[-1].read_text() for found in reports if found]


def counts(town: Town) -> tuple[int, int]:
    """How many entries of workstations there are, and how many were refused."""
    row = town.hub.owner.execute(
        "SELECT count(*), count(*) FILTER (WHERE outcome <> 'ok') FROM clerk.entry"
        " WHERE dseq IS NOT NULL"
    ).fetchone()
    assert row is not None
    return row[0], row[1]
