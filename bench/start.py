"""Group ``start``: from exec to the inbox on screen with its rows."""

from collections.abc import Iterator

from bench.apps import App, bare_list, bare_static, clerk_or_why
from bench.figures import Allowed, Figure, Measured


def figures(quick: bool) -> Iterator[Figure]:
    """Starts of clerk, the bare list and, for the scale, an empty app, in turn."""
    runs, items = (3, 2_000) if quick else (15, 100_000)
    ours, why = clerk_or_why(items)
    floor, empty = bare_list(items), bare_static()
    apps = [app for app in (ours, floor, empty) if app is not None]
    for app in apps:
        _start_ms(app)  # fills the file cache
    times: dict[str, list[float]] = {app.name: [] for app in apps}
    for _ in range(runs):
        for app in apps:
            times[app.name].append(_start_ms(app))
    measured = {name: Measured.each(values) for name, values in times.items()}
    bare = measured[floor.name]
    yield Figure(
        name=f"start, {items:,} items, rows on screen",
        ours=measured[ours.name] if ours else None,
        floor=bare,
        allowed=Allowed(ratio=1.3),
        floor_name=floor.name,
        why=why,
    )
    yield Figure("start of the bare list", bare, measured[empty.name], Allowed(), empty.name)


def _start_ms(app: App) -> float:
    with app.open() as terminal:
        return terminal.wait_for(app.ready).seen_ms
