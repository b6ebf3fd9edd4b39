"""``python -m bench [--quick] [--strict] [group...]``: measure and print."""

import argparse
import platform
import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from bench import (
    fines,
    hub,
    intake,
    keys,
    start,
    store,
    sync_applied,
    sync_fill,
    sync_joined,
    sync_many,
    sync_propagation,
    sync_storm,
)
from bench.figures import Figure
from bench.report import show

GROUPS: dict[str, Callable[[bool], Iterator[Figure]]] = {
    "start": start.figures,
    "keys": keys.figures,
    "store": store.figures,
    "intake": intake.figures,
    "fines": fines.figures,
    "hub": hub.figures,
    "propagation": sync_propagation.figures,
    "storm": sync_storm.figures,
    "fill": sync_fill.figures,
    "applied": sync_applied.figures,
    "joined": sync_joined.figures,
    "office": sync_many.in_one_office,
    "towns": sync_many.in_towns,
}


def main() -> int:
    """Run the groups asked for, or all. With ``--strict`` 1 when a figure is over or missing."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs over little stock")
    parser.add_argument("--strict", action="store_true", help="fail when a figure is over")
    parser.add_argument("group", nargs="*", help=f"of {', '.join(GROUPS)}; all if none is named")
    options = parser.parse_args()
    if unknown := set(options.group) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(f"{platform.platform()}, Python {platform.python_version()}", highlight=False)
    good = True
    for name in options.group or GROUPS:
        figures = list(GROUPS[name](options.quick))
        show(console, name, figures)
        good &= all(figure.ok is not False for figure in figures)
    return 1 if options.strict and not good else 0


if __name__ == "__main__":
    sys.exit(main())
