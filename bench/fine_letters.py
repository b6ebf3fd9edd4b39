"""Part of group ``fines``: many notices signed at once, each a PDF/A of its own."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from bench import fines_stock as stock
from bench.figures import Allowed, Figure, Measured
from clerk.desks.letters import draft_letter
from clerk.desks.people import actor_of
from clerk.desks.signing import Signing
from clerk.letters.details import Notice
from storage.records import Case, Office
from storage.store import Store
from tests.clerk.letters import examples

_FLOOR = Path(__file__).with_name("floors") / "bare_letter.typ"


def figures(quick: bool) -> Iterator[Figure]:
    """Notices from drafts to signed documents of their cases; the floor typesets bare letters."""
    runs, letters = (1, 100) if quick else (3, 1_000)
    ours: list[float] = []
    floors: list[float] = []
    for _run in range(runs):
        ours.append(_signed(letters))
        floors.append(_bare(letters))
    yield Figure(
        name=f"{letters:,} notices rendered and signed in a batch",
        ours=Measured.each(ours),
        floor=Measured.each(floors),
        allowed=Allowed(most=letters * 0.015),
        floor_name="typst alone: as many bare letters of a page",
        unit="s",
    )


def _signed(letters: int) -> float:
    with closing(stock.open_home(stock.empty())) as store:
        actor = actor_of(store, stock.CLERK)
        signing = Signing(store, actor, _drafts(store, letters))
        signing.step()  # the templates are read once in a day's work
        begun = perf_counter()
        while signing.step():
            pass
        done = signing.finish()
        taken = perf_counter() - begun
    if len(done.done) != letters:
        raise RuntimeError(f"{len(done.done)} of {letters} notices were signed")
    return taken


def _drafts(store: Store, letters: int) -> list[str]:
    notice = examples.EXAMPLES["notice"]
    assert isinstance(notice, Notice)
    actor, found = actor_of(store, stock.CLERK), []
    settings = examples.SETTINGS.partition("[fines]")[0]  # one signature is enough
    with store.change(actor, "bench.drafts") as change:
        change.set(change.get(Office, stock.OFFICE), settings=settings)
        for n in range(letters):
            case = change.add(
                Case(
                    number=f"32.9-2026-{n:07}",
                    office_id=stock.OFFICE,
                    subject="Hund nicht angeleint",
                    opened_at=change.at,
                )
            )
            accused = replace(notice.accused, family_name=f"Beispiel-{n}")
            one = replace(notice, accused=accused, number=case.number, fine=60_00 + n)
            found.append(draft_letter(change, actor, case, "notice", one).id)
    return found


def _bare(letters: int) -> float:
    import typst

    compiler = typst.Compiler(
        _FLOOR, ignore_system_fonts=True, font_paths=typst.Fonts(include_system_fonts=False)
    )
    made = partial(compiler.compile, format="pdf")
    made(sys_inputs={"name": "Beispiel"})
    begun = perf_counter()
    for n in range(letters):
        made(sys_inputs={"name": f"Beispiel-{n}"})
    return perf_counter() - begun
