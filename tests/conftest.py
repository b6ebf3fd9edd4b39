"""Fixtures for every room: a home, an opened store of a founded town, items in it.

The town is founded once per run and its files are copied for each test: 5 ms instead of 200.
"""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from clerk import clock, i18n
from clerk.desks.people import actor_of
from clerk.session import Session
from storage.store import open_store
from tests import support
from tests.commands import Commands


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that is copied; nobody writes into it."""
    home = tmp_path_factory.mktemp("founded") / "home"
    support.make_session(home).store.close()
    return home


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English, the language of the source strings, unless a test chooses another; and no trace of
    the developer's own workstation."""
    for name in ("CLERK_HOME", "CLERK_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    i18n.choose("en")
    yield
    i18n.choose("en")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for a store that is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def session(home: Path, founded: Path) -> Iterator[Session]:
    """An opened store of a founded town; its one clerk leads everywhere."""
    shutil.copytree(founded, home)
    store = open_store(home, support.make_key(home), clock=clock.now)
    yield Session(store, actor_of(store), home)
    store.close()


@pytest.fixture
def add_item(session: Session) -> "partial[str]":
    """``add_item(subject, text, office_id=…, …)``: a mail in the inbox of ``session``."""
    return partial(support.add_item, session)


@pytest.fixture
def clerk(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Commands:
    """``clerk("inbox", "list")`` runs the command line on ``home``; ask for ``session`` as well
    where there shall be a store."""
    return Commands(home, capsys, monkeypatch)
