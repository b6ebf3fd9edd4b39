"""Signs that are no letters stand beside words and never become part of them."""

import pytest

from storage.folding import fold
from storage.search import search
from storage.store import Store
from storage.verify import verify
from tests.storage.making import ANNA, item


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("\u2066Welt\u2069", "welt"),
        ("🫠müde🫠", "mude"),
        ("\ue000privat\uf8ff", "privat"),
        ("Größe½", "grosse"),
        ("„Straße“", "strasse"),
    ],
)
def test_a_word_is_found_whatever_sign_stands_beside_it(store: Store, text: str, word: str) -> None:
    with store.change(ANNA, "item.receive") as change:
        change.add(item(subject=text))
    assert [hit.title for hit in search(store.db, word).rows] == [text]
    assert verify(store.db).difference is None


def test_folding_keeps_ascii_signs_apart_too() -> None:
    assert fold("\u2066Welt\u2069").split() == ["welt"]
