"""Part of group ``fines``: a bank's file against what is owed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

from bench import fines_stock as stock
from bench.figures import Allowed, Figure, Measured
from bench.stock import KEPT, REPOSITORY, ClerkError, remove, run_clerk
from tests.statements import Line, camt

_EVERY = 20  # of so many entries one pays too little, one too much, one names nobody


def figures(quick: bool) -> Iterator[Figure]:
    """``clerk payments import`` in turn with a bare program; once for claims of matters that end
    by themselves with the payment (a step, a closed case, follow-ups), once for claims alone."""
    runs, claims, entries = (1, 6_000, 1_500) if quick else (3, 200_000, 50_000)
    home = stock.final(claims // len(stock.PARTS))
    file = KEPT / f"statement-{entries}.xml"
    file.write_bytes(camt(*_lines(entries)))
    settled: list[float] = []
    plain: list[float] = []
    floors: list[float] = []
    why = ""
    for _run in range(runs):
        try:
            settled.append(_import(home, file, entries))
            plain.append(_import(home, file, entries, without_fines=True))
        except ClerkError as error:
            why = str(error)
        floors.append(_bare(home, file, entries))
    for name, ours in (("claims alone", plain), ("fines that it settles", settled)):
        yield Figure(
            name=f"bank file of {entries:,} entries, {claims:,} open claims: {name}",
            ours=Measured.each(ours) if ours else None,
            floor=Measured.each(floors),
            allowed=Allowed(most=20.0 * entries / 50_000),
            floor_name="lxml and plain SQLite: a row each, looked up by reference",
            unit="s",
            why=why,
        )


def _lines(entries: int) -> list[Line]:
    found = []
    for n in range(entries):
        amount = {0: "20.00", 1: "100.00"}.get(n % _EVERY, "88.50")
        text = "Ordnungsamt" if n % _EVERY == 2 else f"Kassenzeichen {stock.reference(n)}"
        payer = f"Erika {stock.person(n).family_name}"
        found.append(Line(amount=amount, text=text, payer=payer, own=f"B{n}"))
    return found


def _import(base: Path, file: Path, entries: int, *, without_fines: bool = False) -> float:
    home = KEPT / "home-bank"
    remove(home)
    shutil.copytree(base, home)
    if without_fines:
        with closing(stock.open_home(home)) as store:
            store.db.execute("DELETE FROM fines")
    begun = monotonic()
    printed = run_clerk(home, "--as", stock.CLERK, "payments", "import", str(file), "--json")
    taken = monotonic() - begun
    report = json.loads(printed)
    if report["seen"] != entries or report["booked"] < entries * 0.9:
        raise ClerkError(f"clerk booked {report['booked']} of {entries} entries")
    return taken


def _bare(home: Path, file: Path, entries: int) -> float:
    target = KEPT / "floor-bank.sqlite"
    for one in KEPT.glob(f"{target.name}*"):
        one.unlink()
    count = str(json.loads((home.with_name(home.name + ".made.json")).read_text())["fines"])
    command = [sys.executable, "-m", "bench.floors.bare_bank", str(file), str(target), count]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY)
    seen, taken = done.stdout.split()
    if int(seen) != entries:
        raise RuntimeError("the floor lost entries")
    return float(taken)
