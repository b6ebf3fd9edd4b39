"""Group ``propagation``: from a commit at one workstation to the commit at all others.

Real replicas and the real synchronisation, a process for each workstation, beside the server on
this machine. The floor is a row and NOTIFY in one transaction, heard by as many processes.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import cast

from bench.figures import Allowed, Figure, Measured
from bench.sync_desk import Desks, Moments
from bench.sync_town import Town, town

RATE = 2.0
CASES = 50


def figures(quick: bool) -> Iterator[Figure]:
    """The floor and the workstations in turn."""
    stations, blocks, seconds = (4, 1, 3.0) if quick else (24, 2, 8.0)
    with town(stations) as shared, TemporaryDirectory(prefix="clerk-bench-") as home:
        shared.owner.execute("CREATE TABLE public.floor (name text)")
        shared.owner.execute("GRANT INSERT, SELECT ON public.floor TO PUBLIC")
        with Desks(shared.clerks, Path(home)) as desks:
            desks.ask("start", CASES)
            desks.ask("settle", stations * CASES)
            floors, ours, loads = [], [], []
            for _ in range(blocks):
                floors.append(_bare(desks, seconds))
                block, load = _work(shared, desks, seconds)
                ours.append(block)
                loads.append(load)
    name = f"commit here, shown at {stations - 1} others, {stations} × {RATE:g} changes/s"
    yield Figure(
        name=name,
        ours=Measured(tuple(ours)),
        floor=Measured(tuple(floors)),
        allowed=Allowed(most=25),
        floor_name="a row and NOTIFY, heard by as many",
        by="p95",
    )
    for what, values in zip(("server", "workstations"), zip(*loads, strict=True), strict=True):
        yield Figure(
            f"CPU of the {what} meanwhile", Measured.each(values), None, Allowed(), unit="%"
        )


def _bare(desks: Desks, seconds: float) -> tuple[float, ...]:
    answers = cast("list[tuple[Moments, Moments]]", desks.ask("bare", seconds, RATE))
    return delays([sent for sent, _heard in answers], [heard for _sent, heard in answers])


def _work(
    shared: Town, desks: Desks, seconds: float
) -> tuple[tuple[float, ...], tuple[float, float]]:
    """The delays in ms, and the CPU of server and workstations in percent of one core."""
    before = (monotonic(), shared.cpu_s(), _cpu_s(desks))
    sent = cast("list[Moments]", desks.ask("work", seconds, RATE))
    wanted = {entry_id for one in sent for entry_id in one}
    seen = cast("list[Moments]", desks.ask("seen", wanted))
    wall = monotonic() - before[0]
    load = ((shared.cpu_s() - before[1]) / wall * 100, (_cpu_s(desks) - before[2]) / wall * 100)
    print(f"load of the machine {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return delays(sent, seen), load


def _cpu_s(desks: Desks) -> float:
    return sum(cast("list[float]", desks.ask("cpu_s")))


def delays(sent: Sequence[Moments], heard: Sequence[Moments]) -> tuple[float, ...]:
    """From each moment until each of the other workstations heard of it, in ms."""
    return tuple(
        (there[name] - at) * 1e3
        for number, one in enumerate(sent)
        for name, at in one.items()
        for other, there in enumerate(heard)
        if other != number and name in there
    )
