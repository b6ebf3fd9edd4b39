"""Which screens the documents show, and the keys that lead to each."""

import re
from collections.abc import Awaitable, Callable, Iterable

from textual.pilot import Pilot

from clerk.session import Session
from docs.pictures.fine_walk import WALK, walk
from docs.pictures.station import as_text, press, settled, station
from screens.app import Workstation
from screens.cases import CasesScreen
from screens.inbox import InboxScreen
from storage.pages import cases, fines, follow_ups, items
from tests.joined import dispute

Way = Callable[[Pilot[int]], Awaitable[None]]
_MOST_STEPS = 30


def keys(*names: str) -> Way:
    """The way that these keys go."""

    async def go(pilot: Pilot[int]) -> None:
        await press(pilot, *names)

    return go


async def _undecided(pilot: Pilot[int]) -> None:
    """To what lies with no office yet, on a record for which several offices are suggested."""
    await press(pilot, "tab", "tab")
    app, screen = pilot.app, pilot.app.screen
    assert isinstance(app, Workstation)
    assert isinstance(screen, InboxScreen)
    for _ in range(_MOST_STEPS):
        current = screen.table.current
        if current is not None and len(app.suggestions(current)) > 1:
            return
        await press(pilot, "down")


async def _fullest_case(pilot: Pilot[int]) -> None:
    """To the case of one's own that has most to show."""
    await press(pilot, "g", "m")
    app, screen = pilot.app, pilot.app.screen
    assert isinstance(app, Workstation)
    assert isinstance(screen, CasesScreen)
    db, best, steps = app.session.store.db, -1, 0
    for step in range(screen.table.total or 0):
        current = screen.table.current
        assert current is not None
        waiting = len(follow_ups.about(db, case_id=current.id))
        written = len(cases.notes(db, case_id=current.id))
        shown = len(items.of_case(db, current.id)) + min(2, waiting) + min(2, written)
        if shown > best:
            best, steps = shown, step
        await press(pilot, "down")
    await press(pilot, "home", *["down"] * steps, "enter")


def _plain_case(*names: str) -> Way:
    """To one's newest case that is no fine, and then the way of these keys."""

    async def go(pilot: Pilot[int]) -> None:
        await press(pilot, "g", "m")
        app, screen = pilot.app, pilot.app.screen
        assert isinstance(app, Workstation)
        assert isinstance(screen, CasesScreen)
        for _ in range(_MOST_STEPS):
            current = screen.table.current
            if current is None or fines.of_case(app.session.store.db, current.id) is None:
                break
            await press(pilot, "down")
        await press(pilot, "enter", *names)

    return go


async def _hand_over(pilot: Pilot[int]) -> None:
    await _undecided(pilot)
    await press(pilot, "a")


async def _searching(pilot: Pilot[int]) -> None:
    await press(pilot, "tab", "s", *"pass", "enter")


# The handbook's screens, each in a window of the smallest usual size.
SMALL = (80, 24)
TEXTS: dict[str, Way] = {
    "eingang": keys("tab"),
    "lesen": keys("tab", "down", "enter"),
    "abgeben": _hand_over,
    "in-vorgang": keys("v"),
    "person": keys("tab", "v", "0", "1"),
    "termin": keys("w", *"2w Unterlagen da?"),
    "vorgang": _plain_case(),
    "verlauf": _plain_case("4"),
    "wiedervorlagen": keys("g", "w"),
    "prozesse": keys("g", "p", "down", "enter"),
    "suche": _searching,
    "hilfe": keys("f1"),
    "sperre": keys("ctrl+l"),
    "konflikt": keys("g", "k", "enter", "m"),
}
SHARED = ("konflikt",)
"""Those that want a town which is shared with others."""

# The pictures of the README.
WIDE = (120, 36)
PICTURES: dict[str, Way] = {
    "inbox": _undecided,
    "case": _fullest_case,
}


async def texts(session: Session, names: Iterable[str]) -> dict[str, str]:
    """The screens of the handbook as text; those of a shared town last, for it stays one."""
    asked = list(names)
    known = [name for name in asked if name not in WALK]
    found = {name: await text(session, name) for name in known if name not in SHARED}
    if len(found) < len(known):
        dispute(session, "Grünfläche vermüllt, Bank zerstört", "Bank im Stadtpark zerstört")
        found |= {name: await text(session, name) for name in known if name in SHARED}
    return found | (await walk() if len(known) < len(asked) else {})


async def text(session: Session, name: str) -> str:
    """A screen of the handbook as text."""
    async with station(session, SMALL) as pilot:
        await TEXTS[name](pilot)
        await settled(pilot)
        return as_text(pilot.app)


async def picture(session: Session, name: str) -> str:
    """A screen as SVG that fetches nothing when it is looked at."""
    async with station(session, WIDE) as pilot:
        await PICTURES[name](pilot)
        await settled(pilot)
        svg = pilot.app.export_screenshot(title="clerk")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    fonts = "Fira Code, DejaVu Sans Mono, Consolas, Menlo, monospace"
    svg = re.sub(r"font-family: Fira Code, monospace", f"font-family: {fonts}", svg)
    # Some viewers drop blanks at the beginning of a text, even hard ones.
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    # The marks of one run in the names of its classes would make each run another file.
    svg = re.sub(r"terminal-\d+-", f"clerk-{name}-", svg)
    return "\n".join(line.rstrip() for line in svg.strip().splitlines()) + "\n"
