"""One small demo town for all tests that only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.clerk.demo.towns import build_town, cheap_home, open_town


@pytest.fixture(scope="session")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the demo town that nobody writes into."""
    home = cheap_home(tmp_path_factory.mktemp("demo") / "home")
    assert build_town(home)
    return home


@pytest.fixture
def town(town_home: Path) -> Iterator[Store]:
    """Its store."""
    store = open_town(town_home)
    yield store
    store.close()
