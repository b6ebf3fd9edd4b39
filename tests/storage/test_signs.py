"""Signs that are no letters stand beside words and never become part of them."""

import pytest

from storage.folding import fold, words
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


def test_a_folded_word_is_one_word_of_the_index(store: Store) -> None:
    """Whatever stands in it: the index knows no phrases, a word of two parts would be refused."""
    letters = {word for n in range(0x30000) for word in words(f"a{chr(n)}b") if len(word) > 2}
    store.db.execute(
        "CREATE VIRTUAL TABLE temp.tried USING fts5(word, detail=none,"
        " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N*'\")"
    )
    store.db.execute("INSERT INTO tried VALUES (?)", (" ".join(letters),))
    store.db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(temp, tried, row)")
    # FTS5 folds the case of some letters further; it must not part them.
    parts = {row[0] for row in store.db.execute("SELECT term FROM terms")}
    assert {part for part in parts if len(part) < 3} == set()
    assert len(letters) > 50_000
