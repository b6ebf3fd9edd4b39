"""Groups ``office`` and ``towns``: how propagation and the server's load grow with workstations.

A few real workstations among simulated ones (:mod:`bench.sync_crowd`), each of which changes
something every twenty seconds: all in one office, from 8 to 200; or in towns of many offices, as
the documents size them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import cast

from bench.figures import Allowed, Figure, Measured
from bench.sync_crowd import crowd
from bench.sync_desk import Desks, Moments
from bench.sync_propagation import delays
from bench.sync_town import Town, town

EVERY_S = 20.0
REAL = 4
CASES = 20


@dataclass(frozen=True)
class Size:
    """So many workstations in so many offices, for so many seconds."""

    stations: int
    offices: int
    seconds: float


ONE_OFFICE = (Size(8, 1, 30), Size(24, 1, 30), Size(80, 1, 30), Size(200, 1, 120))
TOWNS = (Size(100, 5, 30), Size(1_000, 50, 60))


def in_one_office(quick: bool) -> Iterator[Figure]:
    """Each size on a server of its own."""
    for size in (Size(8, 1, 3), Size(16, 1, 3)) if quick else ONE_OFFICE:
        yield from _measured(size)


def in_towns(quick: bool) -> Iterator[Figure]:
    """Each size on a server of its own."""
    for size in (Size(16, 2, 3),) if quick else TOWNS:
        yield from _measured(size)


def _measured(size: Size) -> Iterator[Figure]:
    offices = "one office" if size.offices == 1 else f"{size.offices} offices"
    name = f"{size.stations:,} workstations in {offices}"
    with (
        town(size.stations, size.offices) as shared,
        TemporaryDirectory(prefix="clerk-bench-") as home,
    ):
        # The real ones share the first office, so that what one does is shown at the others.
        first = [clerk for clerk in shared.clerks if clerk.office == shared.clerks[0].office]
        real = first[:REAL]
        others = [clerk for clerk in shared.clerks if clerk not in real]
        with Desks(real, Path(home)) as desks:
            desks.ask("start", CASES)
            desks.ask("settle", len(real) * CASES)
            with crowd(others, 1 / EVERY_S):
                spent, load = _work(shared, desks, size.seconds)
                memory = shared.memory_mib()
    figure = Measured.each(spent)
    why = f"{name}: load of the machine {os.getloadavg()[0]:.1f}"
    yield Figure(f"{name}: commit here, shown there", figure, None, Allowed(), by="p95", why=why)
    yield Figure(f"{name}: CPU of the server", Measured.each([load]), None, Allowed(), unit="%")
    yield Figure(
        f"{name}: memory of the server", Measured.each([memory]), None, Allowed(), unit="MiB"
    )


def _work(shared: Town, desks: Desks, seconds: float) -> tuple[tuple[float, ...], float]:
    """The delays in ms between the real workstations, and the CPU of the server in % of a core.

    The real ones act more often than the others: a few delays in half a minute would say little.
    """
    before = (monotonic(), shared.cpu_s())
    sent = cast("list[Moments]", desks.ask("work", seconds, 0.5))
    load = (shared.cpu_s() - before[1]) / (monotonic() - before[0]) * 100
    seen = cast("list[Moments]", desks.ask("seen", {name for one in sent for name in one}))
    return delays(sent, seen), load
