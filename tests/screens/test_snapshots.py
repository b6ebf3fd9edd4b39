"""Every screen and dialog as a picture at both sizes, with the hostile record in it.

After a wanted change: ``.venv/bin/pytest tests/screens/test_snapshots.py --snapshot-update``, then
look at the pictures in ``__snapshots__`` before they are committed.
"""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from clerk.session import Session
from screens.app import Workstation
from tests.driver import NARROW, WIDE, Clerk
from tests.screens.places import PLACES

SnapCompare = Callable[..., bool]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", PLACES)
def test_screen(
    place: Session, snap_compare: SnapCompare, name: str, size: tuple[int, int]
) -> None:
    assert snap_compare(_station(place, PLACES[name]), terminal_size=size, run_before=_keys)


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
