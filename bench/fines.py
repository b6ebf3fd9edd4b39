"""Group ``fines``: what the fines desk takes in, how fast an offence is found while one types;
its letters, money and lists have files of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from time import monotonic, perf_counter_ns

from bench import fine_letters, fine_lists, fine_money
from bench.figures import Allowed, Figure, Measured
from bench.fines_stock import CLERK, OFFICE, empty
from bench.stock import KEPT, REPOSITORY, ClerkError, kept, run_clerk
from clerk.catalogue.read import shipped
from clerk.desks.catalogue import offence_of
from storage.folding import fold
from storage.pages.offences import Finder
from tests.clerk.intake.devices import making

_CODE = "141312"
_PHOTO = 24_000  # bytes of a small photo
_TYPED = ("h", "hu", "hun", "hund", "hund l", "hund le", "14", "1413", "gehweg schnee", "xyz")


def figures(quick: bool) -> Iterator[Figure]:
    """What comes in, what goes out, what is looked for."""
    yield _import(*((1, 1_000) if quick else (3, 10_000)))
    yield _search(500 if quick else 5_000)
    yield from fine_letters.figures(quick)
    yield from fine_money.figures(quick)
    yield from fine_lists.figures(quick)


def _import(runs: int, records: int) -> Figure:
    source, why = _package(records), ""
    ours: list[float] = []
    floors: list[float] = []
    for _run in range(runs):
        try:
            ours.append(_clerk_seconds(source, records))
        except ClerkError as error:
            why = str(error)
        floors.append(_floor_seconds(source, records))
    return Figure(
        name=f"import of {records:,} field records with a photo each",
        ours=Measured.each(ours) if ours else None,
        floor=Measured.each(floors),
        allowed=Allowed(most=30.0),
        floor_name="lxml and plain SQLite: a row and a photo each",
        unit="s",
        why=why,
    )


def _package(records: int) -> Path:
    """A ZIP in the WiNOWiG form."""
    path = KEPT / f"device-{records}.zip"
    made_from = {"records": records, "photo": _PHOTO, "version": 1}
    return kept(path, made_from, lambda: _fill(path, records))


def _fill(path: Path, records: int) -> None:
    KEPT.mkdir(exist_ok=True)
    photo = making.JPEG + bytes(_PHOTO - len(making.JPEG))
    cases = [
        making.case(n, code=_CODE, pictures=making.pictures(f"{n}.jpg")) for n in range(records)
    ]
    files: dict[str, bytes | str] = {"bench_xmlmde.xml": making.winowig(cases)}
    files |= {f"{n}.jpg": photo + n.to_bytes(4, "big") for n in range(records)}
    making.zipped(path, files)


def _clerk_seconds(source: Path, records: int) -> float:
    home = empty()
    begun = monotonic()
    printed = run_clerk(
        home, "--as", CLERK, "fine", "import", str(source), "--office", OFFICE, "--json"
    )
    taken = monotonic() - begun
    counts = json.loads(printed)
    if counts["imported"] != records:
        raise ClerkError(f"clerk imported {counts['imported']} of {records} records")
    return taken


def _floor_seconds(source: Path, records: int) -> float:
    target = KEPT / "floor-fines.sqlite"
    for file in KEPT.glob(f"{target.name}*"):
        file.unlink()
    begun = monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bench.floors.bare_import", str(source), str(target)],
        check=True,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    taken = monotonic() - begun
    if int(done.stdout) != records:
        raise RuntimeError("the floor lost records")
    return taken


def _search(offences: int) -> Figure:
    """Each key pressed, over a large catalogue; the floor looks for the words in plain strings."""
    some = [
        offence_of(OFFICE, replace(one, code=f"{one.code}-{n}"))
        for n, one in zip(range(offences), cycle(shipped()), strict=False)
    ]
    finder = Finder(some)
    texts = [fold(f"{one.code} {one.title} {one.words} {one.charge}") for one in some]
    ours: list[float] = []
    floors: list[float] = []
    for _round in range(20):
        for typed in _TYPED:
            begun = perf_counter_ns()
            finder.find(typed)
            between = perf_counter_ns()
            wanted = fold(typed).split()
            [text for text in texts if all(word in text for word in wanted)]
            floors.append((perf_counter_ns() - between) / 1e6)
            ours.append((between - begun) / 1e6)
    return Figure(
        name=f"an offence found among {offences:,} while typing",
        ours=Measured.each(ours),
        floor=Measured.each(floors),
        allowed=Allowed(most=16.0),
        floor_name="the words looked for in plain strings",
        by="p95",
    )
