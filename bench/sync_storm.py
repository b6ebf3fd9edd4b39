"""Group ``storm``: eight workstations come back at once, each with two thousand acts done offline.

Until everything is pushed, and until all replicas have it and are equal: eight replicas on this one
machine, where each would have one of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import cast

from bench.figures import Allowed, Figure, Measured
from bench.sync_desk import Desks
from bench.sync_town import Town, town


def figures(quick: bool) -> Iterator[Figure]:
    """The storm, some times on one server, which has more in it each time."""
    stations, acts, cases, times = (3, 100, 20, 1) if quick else (8, 2_000, 250, 3)
    with (
        town(stations) as shared,
        TemporaryDirectory(prefix="clerk-bench-") as home,
        Desks(shared.clerks, Path(home)) as desks,
    ):
        desks.ask("start", cases)
        desks.ask("settle", stations * cases)
        storms = [_storm(shared, desks, acts) for _ in range(times)]
    pushed, equal = (Measured.each(values) for values in zip(*storms, strict=True))
    what = f"{stations} × {acts:,} acts offline"
    yield Figure(f"{what}: all pushed", pushed, None, Allowed(most=4), unit="s")
    yield Figure(f"{what}: all replicas equal", equal, None, Allowed(most=4), unit="s")


def _storm(shared: Town, desks: Desks, acts: int) -> tuple[float, float]:
    """Seconds until all was pushed, and until all had everything."""
    desks.ask("disconnect")
    desks.ask("act", acts)
    begun = monotonic()
    desks.ask("connect")
    pushed = max(cast("list[float]", desks.ask("sent_all")))
    last = shared.last(shared.clerks[0].office)
    reached = max(cast("list[float]", desks.ask("reached", last)))
    if len(set(desks.ask("digest"))) != 1:
        raise RuntimeError("the replicas are not equal")
    return pushed - begun, reached - begun
