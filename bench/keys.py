"""Group ``keys``: from a key to its paint, with a million items and the preview pane open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from re import Pattern

from bench.apps import App, bare_list, bare_table, clerk_or_why, reason
from bench.figures import Allowed, Figure, Measured
from bench.pty import DOWN, PAGE_DOWN, TAB, Paint, Terminal, TerminalError

ROWS_ON_SCREEN = 25  # at 120x40 every program shows more, so these Downs do not scroll
FLOOD = 300
LISTS = 3


@dataclass(frozen=True)
class Session:
    """What one run of a program gave: paints in ms per key, and peaks of memory in MiB.

    The start has a peak of its own: there a passphrase takes Argon2id's 64 MiB for a moment.
    """

    down: list[Paint]
    scroll: list[Paint]
    page: list[Paint]
    flood_ms: float
    start_mib: float
    peak_mib: float


def figures(quick: bool) -> Iterator[Figure]:
    """Sessions of clerk, the bare list and the DataTable in turn."""
    runs, presses, items = (2, 10, 2_000) if quick else (5, 40, 1_000_000)
    ours, why = clerk_or_why(items)
    floor, table = bare_list(items), bare_table(10_000)
    apps = [app for app in (ours, floor, table) if app is not None]
    sessions: dict[str, list[Session]] = {app.name: [] for app in apps}
    for run in range(runs):
        for app in list(apps):
            try:
                sessions[app.name].append(_session(app, presses, Random(run)))
            except TerminalError as error:
                if app is not ours:
                    raise
                why = f"clerk: {reason(error)}"
                apps.remove(app)
    clerks = sessions[ours.name] if ours else []
    floors, tables = sessions[floor.name], sessions[table.name]
    yield from _beside_the_floor(clerks, floors, floor.name, why)
    yield Figure(
        name="scrolling Down",
        ours=_first(clerks, "scroll"),
        floor=_first(tables, "scroll"),
        allowed=Allowed(faster=4),
        floor_name=table.name,
    )
    yield Figure(
        name="scrolling Down of the bare list",
        ours=_first(floors, "scroll"),
        floor=_first(tables, "scroll"),
        allowed=Allowed(),
        floor_name=table.name,
    )


def _beside_the_floor(
    clerks: Sequence[Session], floors: Sequence[Session], floor: str, why: str
) -> Iterator[Figure]:
    labels = {"down": "Down", "scroll": "scrolling Down", "page": "PageDown"}
    for key, label in labels.items():
        ours, theirs = _first(clerks, key), _first(floors, key)
        yield Figure(label, ours, theirs, Allowed(ratio=1.5), floor, by="p95", why=why)
    for key, label in labels.items():
        ours, theirs = _settled(clerks, key), _settled(floors, key)
        yield Figure(f"{label}, settled", ours, theirs, Allowed(), floor)
    yield Figure(
        name=f"{FLOOD} Downs in one write, settled",
        ours=_each([session.flood_ms for session in clerks]),
        floor=_each([session.flood_ms for session in floors]),
        allowed=Allowed(most=150),
        floor_name=floor,
    )
    yield Figure(
        name="memory, peak of the start",
        ours=_each([session.start_mib for session in clerks]),
        floor=_each([session.start_mib for session in floors]),
        allowed=Allowed(),
        floor_name=floor,
        unit="MiB",
    )
    yield Figure(
        name="memory, peak from then on",
        ours=_each([session.peak_mib for session in clerks]),
        floor=_each([session.peak_mib for session in floors]),
        allowed=Allowed(ratio=1.5),
        floor_name=floor,
        unit="MiB",
    )


def _session(app: App, presses: int, random: Random) -> Session:
    with app.open() as terminal:
        terminal.wait_for(app.ready)
        start_mib = terminal.peak_mib()
        terminal.forget_peak()
        if app.total is not None:
            _turn_to_the_longest(terminal, app.total)
        down = _press(terminal, DOWN, min(presses, ROWS_ON_SCREEN), random)
        flood = terminal.press(DOWN * FLOOD, quiet_ms=200, timeout_ms=60_000)
        scroll = _press(terminal, DOWN, presses, random)
        page = _press(terminal, PAGE_DOWN, presses, random)
        return Session(down, scroll, page, flood.settled_ms, start_mib, terminal.peak_mib())


def _turn_to_the_longest(terminal: Terminal, total: Pattern[str]) -> None:
    """Turn through the lists (mine, my offices', nobody's) and stop at the one with most rows."""
    lengths = []
    for _ in range(LISTS):
        found = total.search(terminal.text())
        lengths.append(int(found[1].replace(".", "").replace(",", "")) if found else 0)
        terminal.press(TAB, quiet_ms=200)
    for _ in range(lengths.index(max(lengths))):
        terminal.press(TAB, quiet_ms=200)


def _press(terminal: Terminal, key: bytes, times: int, random: Random) -> list[Paint]:
    paints = []
    for _ in range(times):
        terminal.rest(random.uniform(20, 60))  # a frame timer is met at any of its phases
        paints.append(terminal.press(key))
    return paints


def _first(sessions: Sequence[Session], key: str) -> Measured | None:
    runs = [tuple(paint.first_ms for paint in _paints(session, key)) for session in sessions]
    return Measured(tuple(runs)) if runs else None


def _settled(sessions: Sequence[Session], key: str) -> Measured | None:
    runs = [tuple(paint.settled_ms for paint in _paints(session, key)) for session in sessions]
    return Measured(tuple(runs)) if runs else None


def _paints(session: Session, key: str) -> list[Paint]:
    return {"down": session.down, "scroll": session.scroll, "page": session.page}[key]


def _each(values: Sequence[float]) -> Measured | None:
    return Measured.each(values) if values else None
