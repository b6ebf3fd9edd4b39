"""Part of group ``fines``: the list of what runs out first, over many fines."""

from collections.abc import Callable, Iterator
from contextlib import closing
from sqlite3 import Connection, connect
from time import perf_counter_ns

from bench import fines_stock as stock
from bench.figures import Allowed, Figure, Measured
from bench.stock import floor_file
from storage.pages import fines
from storage.pages.keyset import Keyset

_PAGE = 50


def figures(quick: bool) -> Iterator[Figure]:
    """Pages one after the other from the top and from half way down."""
    size, runs, calls = (2_000, 2, 10) if quick else (500_000, 5, 100)
    rows = fines.running_out([stock.OFFICE])
    with (
        closing(stock.open_home(stock.running_out(size))) as store,
        closing(connect(floor_file(size))) as plain,
    ):
        floor = _floor(plain, size)
        middle = store.db.execute(
            "SELECT limitation_on, id FROM fines WHERE office_id = ?"
            " ORDER BY limitation_on, id LIMIT 1 OFFSET ?",
            (stock.OFFICE, size // 2),
        ).fetchone()
        for name, start in (("at the top", None), ("half way down", tuple(middle))):
            ours: list[tuple[float, ...]] = []
            floors: list[tuple[float, ...]] = []
            for _run in range(runs):
                ours.append(_walk(store.db, rows, start, calls))
                floors.append(tuple(_timed(lambda: next(floor)) for _call in range(calls)))
            yield Figure(
                name=f"{size:,} fines by limitation date: a page of {_PAGE}, {name}",
                ours=Measured(tuple(ours)),
                floor=Measured(tuple(floors)),
                allowed=Allowed(most=1.0),
                floor_name="50 rows of plain SQLite",
            )


def _walk(
    db: Connection,
    rows: Keyset[fines.FineRow],
    start: tuple[str | int | None, ...] | None,
    calls: int,
) -> tuple[float, ...]:
    key, taken = start, []
    for _call in range(calls):
        begun = perf_counter_ns()
        page = rows.page(db, after=key, limit=_PAGE)
        taken.append((perf_counter_ns() - begun) / 1e6)
        key = page[-1].key if len(page) == _PAGE else start
    return tuple(taken)


def _floor(db: Connection, size: int) -> Iterator[None]:
    while True:
        for first in range(0, size, _PAGE * 7):
            db.execute("SELECT * FROM item WHERE id >= ? LIMIT ?", (first, _PAGE)).fetchall()
            yield


def _timed(act: Callable[[], None]) -> float:
    begun = perf_counter_ns()
    act()
    return (perf_counter_ns() - begun) / 1e6
