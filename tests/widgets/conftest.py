"""The widgets are tested in English, whatever the machine speaks."""

from collections.abc import Iterator

import pytest

from clerk import i18n


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = i18n.language()
    i18n.choose("en")
    yield
    i18n.choose(before)
