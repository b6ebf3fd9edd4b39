"""What the operating system says, in German, as it really says it."""

import os
from pathlib import Path

import pytest

from clerk import i18n
from clerk.system_words import in_our_words


@pytest.fixture(autouse=True)
def _in_german() -> None:
    i18n.choose("de")


def test_what_the_system_says_is_german(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        (tmp_path / "none").read_bytes()
    assert in_our_words(missing.value.strerror) == "Datei oder Ordner gibt es nicht"
    with pytest.raises(IsADirectoryError) as folder:
        tmp_path.read_bytes()
    assert in_our_words(folder.value.strerror) == "ist ein Ordner"


def test_what_nobody_translated_stays_and_nothing_is_no_catalogue_head() -> None:
    assert in_our_words("Owner died") == "Owner died"
    assert [in_our_words(nothing) for nothing in (None, "")] == ["?", "?"]


def test_each_translated_word_is_one_of_the_system() -> None:
    from clerk.system_words import _SAID

    known = {os.strerror(number) for number in range(1, 134)}
    assert set(_SAID) <= known
