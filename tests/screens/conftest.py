"""The workstation's tests: one frozen moment, no waiting, a founded town as of that moment."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clerk import clock
from clerk.session import Session
from screens import app
from tests import support
from widgets import record_table
from widgets.toast import Toast

NOW = 1_795_425_300_000  # Mo 23.11.2026, 10:15 in Germany
MINUTE, DAY = 60_000, 86_400_000


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """As for all tests, but founded at the frozen moment: no clock seems to be set back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        home = tmp_path_factory.mktemp("founded") / "home"
        support.make_session(home).store.close()
        yield home


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing passes by itself: not the clock, not the message below, not the next look."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(Toast, "SECONDS", 3600.0)
    monkeypatch.setattr(app, "WATCH_SECONDS", 3600.0)
    monkeypatch.setattr(record_table, "_REST_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(record_table, "_TICK_SECONDS", 3600.0)


Mail = Callable[..., str]


@pytest.fixture
def mail(session: Session) -> Mail:
    """``mail(subject, …)``: each one came in a minute before the one made last."""
    made = 0

    def add(subject: str, text: str = "Guten Tag.", **how: object) -> str:
        nonlocal made
        made += 1
        how.setdefault("received_at", NOW - made * MINUTE)
        return support.add_item(session, subject, text, **how)  # type: ignore[arg-type]

    return add


@pytest.fixture
def lamps(mail: Mail) -> list[str]:
    """Three items of the clerk's office that nobody has taken, the newest first."""
    return [
        mail("Straßenlaterne defekt", "Die Straßenlaterne vor Haus 7 ist dunkel."),
        mail("Schlagloch Hauptstraße", "Ein Schlagloch, so groß wie ein Eimer."),
        mail("Sperrmüll anmelden", "Ein Sofa und zwei Stühle, bitte abholen."),
    ]
