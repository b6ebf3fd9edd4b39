"""Fixtures of the storage room: an empty store in a few milliseconds, and Hypothesis' profile."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage.store import Store, open_store
from tests.storage.making import KEY

settings.register_profile(
    "clerk",
    deadline=None,  # two cores are shared by many tests
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("clerk")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an empty replica, to be copied; nobody writes into it."""
    home = tmp_path_factory.mktemp("empty") / "home"
    open_store(home, KEY, create=True).close()
    return home


@pytest.fixture
def store(tmp_path: Path, empty: Path) -> Iterator[Store]:
    """An opened empty replica."""
    home = tmp_path / "store"
    shutil.copytree(empty, home)
    opened = open_store(home, KEY)
    yield opened
    opened.close()
