"""Every screen and dialog as a picture at both sizes, with the hostile record in it.

After a wanted change: ``.venv/bin/pytest tests/screens/test_snapshots.py --snapshot-update``, then
look at the pictures in ``__snapshots__`` before they are committed.
"""

from collections.abc import Callable
from datetime import date

import pytest
from textual.pilot import Pilot

from clerk.desks import cases, inbox
from clerk.session import Session
from clerk.text import display
from screens.app import Workstation
from storage.records import Document, Item
from tests import support
from tests.driver import NARROW, WIDE, Clerk
from tests.screens.conftest import Mail

SnapCompare = Callable[..., bool]
LONG = "sehr" * 25_000  # 100,000 characters

SCREENS: dict[str, tuple[str, ...]] = {
    "inbox": (),
    "reading": ("enter",),
    "marked": ("x", "x"),
    "hand_over": ("a",),
    "file": ("v",),
    "file_service": ("v", "0"),
    "note": ("i",),
    "follow_up": ("w", "3", "t"),
    "search": ("s",),
    "nothing_found": ("s", "q", "x", "q", "enter"),
    "toast": ("e",),
    "cases": ("g", "v"),
    "mine": ("g", "m"),
    "case_overview": ("g", "v", "enter"),
    "case_correspondence": ("g", "v", "enter", "2"),
    "case_notes": ("g", "v", "enter", "3"),
    "case_history": ("g", "v", "enter", "4"),
    "case_close": ("g", "v", "enter", "e"),
    "follow_ups": ("g", "w"),
    "services": ("g", "p"),
    "chord": ("g",),
    "help": ("f1",),
    "palette": ("ctrl+k",),
    "jump": (":",),
    "lock": ("ctrl+l",),
}


@pytest.fixture
def office(session: Session, mail: Mail) -> Session:
    """An office with the hostile record in everything that a clerk or a citizen can write."""
    hostile = mail(support.HOSTILE, support.HOSTILE * 3, sender_name=support.HOSTILE)
    mail(LONG, LONG, sender_name=LONG)
    filed = mail("Laterne dunkel", support.HOSTILE)
    mail("Schlagloch in der Hauptstraße", "Ein Schlagloch, so groß wie ein Eimer.", priority=1)
    with session.store.change(session.actor, "item.receive", undoable=False) as change:
        sha256 = change.content(b"Anlage")
        item = change.get(Item, hostile)
        change.set(item, attachments=1)
        change.add(
            Document(
                item_id=hostile,
                name=display(support.HOSTILE),
                media_type="text/plain",
                content_sha256=sha256,
                size=6,
                created_at=item.received_at,
            )
        )
    store, actor = session.store, session.actor
    inbox.note(store, actor, hostile, support.HOSTILE)
    inbox.follow_up(store, actor, [hostile], date(2026, 11, 24), support.HOSTILE)
    _outcome, case_id = inbox.file_into_new(
        store, actor, [filed], service_id="maengelmeldung", subject=support.HOSTILE
    )
    cases.note(store, actor, case_id, support.HOSTILE)
    cases.follow_up(store, actor, case_id, date(2026, 11, 20), "Bauhof fragen")
    return session


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(
    office: Session, snap_compare: SnapCompare, name: str, size: tuple[int, int]
) -> None:
    assert snap_compare(_station(office, SCREENS[name]), terminal_size=size, run_before=_keys)


@pytest.mark.parametrize("theme", ["hell", "kontrast", "terminal"])
def test_theme(office: Session, snap_compare: SnapCompare, theme: str) -> None:
    station = _station(office, ())
    station.theme = theme
    assert snap_compare(station, terminal_size=WIDE, run_before=_keys)


class _Station(Workstation):
    """The workstation, and the keys to be pressed before its picture is taken."""

    keys: tuple[str, ...] = ()


def _station(session: Session, keys: tuple[str, ...]) -> _Station:
    station = _Station(session)
    station.keys = keys
    return station


async def _keys(pilot: Pilot[int]) -> None:
    station = pilot.app
    assert isinstance(station, _Station)
    clerk = Clerk(pilot, station)
    await clerk.settle()
    await clerk.press(*station.keys)
