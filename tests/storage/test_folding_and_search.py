"""Search: what people type alike is found alike, parts of words count, no query is syntax."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import search as searching
from storage.content import get_text
from storage.folding import Words, distinct, fold, words
from storage.indexing import LONGEST
from storage.records import Item, Note, Person
from storage.search import MOST_FORMS, MOST_WORDS, item_ids, search
from storage.store import Store
from storage.undo import redo, undo
from storage.verify import verify
from tests.storage.making import ANNA, item, new_case, new_item, new_note, people

# Each line is written in different ways and is the same to a search.
ALIKE = """
Müller Mueller Muller MÜLLER müller Mu\u0308ller
Straße Strasse STRASSE STRAẞE
Ämter Aemter Amter
Österreich Oesterreich Osterreich
Böen Boeen Boen
Häuser Haeuser Hauser
Häuer Haeuer Hauer
Café Cafe CAFÉ Cafe\u0301
Çelik Celik
Łódź Łodz
Weiß Weiss
Nº No
ﬁnden finden
ＡＢＣ abc
m² m2
"""
# And these are not: an ue that is no ü stays, so that the part behind it can be found.
APART = ("neue neu", "Bauer Baur", "Quelle Qulle", "Steuer Steur", "Masse Maße2")


@pytest.mark.parametrize("line", ALIKE.strip().splitlines())
def test_what_is_written_alike_folds_alike(line: str) -> None:
    assert len({fold(word) for word in line.split(" ")}) == 1


@pytest.mark.parametrize("line", APART)
def test_what_stays_apart(line: str) -> None:
    one, other = line.split()
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_is_total_and_settles(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == once.lower() or not once.isascii()


@given(st.lists(st.text() | st.text(alphabet="aeouäöüsß q\x00\x01-я\u0301", max_size=12)))
def test_words_folded_one_by_one_are_those_of_the_folded_text(texts: list[str]) -> None:
    known = Words()
    told: set[str] = set()
    for text in texts:
        assert known.of(text) == distinct(fold(text))
        told.update(known.new())
        assert distinct(fold(text)) <= told
    for text in texts:
        known.of(text)
    assert known.new() == []


def test_words_forget_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.folding._MOST_WORDS", 2)
    known = Words()
    known.of("eins zwei drei")
    assert known.of("vier") == {"vier"}
    assert set(known) == {"vier"}


@given(st.text(alphabet="aeouäöüsß q", max_size=12))
def test_umlauts_and_their_digraphs_fold_alike(text: str) -> None:
    spelled = text
    for umlaut, digraph in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(umlaut, digraph)
    if not re.search("[aeqäü]ü|üu", text):  # German has none of these
        assert fold(text) == fold(spelled)


@pytest.fixture(autouse=True)
def _people(store: Store) -> None:
    people(store)


def found(store: Store, query: str) -> list[str]:
    """The titles of what is found, newest first."""
    return [hit.title for hit in search(store.db, query).rows]


FINDS = {
    # subject of the item: queries that find it
    "Straßenlaterne defekt": ("laterne", "Laterne", "strasse", "STRAßENLATERNE", "senlat"),
    "Antrag auf Neuerteilung": ("Erteilung", "neuerteilung", "neu", "Antr"),
    "Herr Müller, Böschungsweg": ("mueller", "muller", "boeschung", "weg", "Herr Weg"),
    "Öl auf der Straße": ("öl", "oel", "ol", "auf"),
    "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung": (
        "genehmigung", "verordnung", "Grundstueck", "übertragung",
    ),
    "Az. 32.1-2026-004711/B": ("004711", "32.1-2026-004711", "4711", "az b"),
    "“Zitat” «Anführung» — Ende": ("zitat anführung", "ende"),
    "مرحبا بالعالم": ("مرحبا", "عالم"),
    "Здравствуйте, Ёлка": ("здравствуйте", "елка"),
    "\ue000privat\ue001zeichen": ("privat", "zeichen", "\ue000privat\ue001zeichen"),
    "x\x00NUL\x00y": ("nul", "x\x00nul"),
    "a" * 500: ("a" * 500,),
}  # fmt: skip


@pytest.mark.parametrize("subject", FINDS, ids=range(len(FINDS)))
def test_what_finds_it(store: Store, subject: str) -> None:
    new_item(store, "etwas anderes")
    new_item(store, subject)
    for query in FINDS[subject]:
        assert found(store, query) == [subject], query


@pytest.mark.parametrize("query", ["fahrrad", "laterne fahrrad", "lanterne", "z", "xyz xyz"])
def test_what_does_not(store: Store, query: str) -> None:
    new_item(store, "Straßenlaterne defekt")
    assert found(store, query) == []


def test_every_field_is_searched(store: Store) -> None:
    with store.change(ANNA, "test") as change:
        text = change.content(b"Der Lichtmast ist umgefallen")
        one = change.add(item("Subjekt", text))
        change.set(one, sender_name="Erika Beispiel", sender_address="erika@example.org")
        person = change.add(
            Person(family_name="Özdemir", given_name="Ayşe", city="Bückeburg", email="a@b.de")
        )
        change.add(Note(case_id="c", clerk_id="anna", at=1, text="Rückruf"))
    for query in ("subjekt", "beispiel", "example.org", "lichtmast", "umgefallen subjekt"):
        assert found(store, query) == ["Subjekt"], query
    for query in ("oezdemir", "ayse", "bueckeburg", "a@b.de"):
        assert [(h.area, h.id) for h in search(store.db, query).rows] == [("persons", person.id)]
    assert [(h.area, h.id) for h in search(store.db, "rueckruf").rows] == [("notes", "c")]
    new_case(store, ANNA, "10-2026-000042")
    assert [h.area for h in search(store.db, "000042").rows] == ["cases"]
    assert search(store.db, "000042", areas=("items",)).rows == ()


HOSTILE = [
    "", " ", '"', '""', "'", "*", "lat*", "NEAR(laterne defekt)", "NEAR", "AND", "OR NOT",
    "NOT laterne", "subject:laterne", "laterne OR fahrrad", "(", ")", "laterne)", "-laterne",
    "^laterne", "+", "{}", "\x00", "\u202e", "%", "_", "\\", "; DROP TABLE items", "laterne' --",
    "?1", ":x", "@x", "\n\t", "🦜" * 100, "ﷺ" * 50, "a" * 100_000, "wort " * 20_000, '"' * 100_000,
    "ä" * 100_000, "\u0301" * 1_000,
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_is_syntax(store: Store, query: str) -> None:
    new_item(store, "Straßenlaterne")
    hits = search(store.db, query)
    assert {hit.title for hit in hits.rows} <= {"Straßenlaterne"}
    item_ids(store.db, query, "1", (), 10)
    assert verify(store.db).difference is None


@given(query=st.text(max_size=60))
@settings(max_examples=60)
def test_no_text_is_syntax(store: Store, query: str) -> None:
    assert isinstance(search(store.db, query).rows, tuple)


LETTERS = st.characters(
    categories=["Lu", "Ll", "Lo", "Nd", "No", "Nl", "Mn", "Mc", "Zs", "Po", "Sc", "Co"],
    max_codepoint=0x1EFF,
)


@given(text=st.text(LETTERS, min_size=1, max_size=40))
@settings(max_examples=80)
def test_every_word_of_a_text_finds_it(store: Store, text: str) -> None:
    """The index and the query cut a text into the same words."""
    item_id = new_item(store, "Betreff", text)
    for word in words(text)[:5]:
        assert item_id in item_ids(store.db, word, "1", (), 1_000)[0], word
    whole = " ".join(text.split())
    if words(whole):
        assert (
            item_id in item_ids(store.db, whole, "1", (), 1_000)[0]
            or len(words(whole)) > MOST_WORDS
        )


@given(word=st.text("abcdeiouäöüßrstn", min_size=6, max_size=20), data=st.data())
@settings(max_examples=60)
def test_a_part_of_a_word_finds_it(store: Store, word: str, data: st.DataObject) -> None:
    folded = fold(word)
    item_id = new_item(store, word)
    if len(folded) < 4:
        return
    start = data.draw(st.integers(0, len(folded) - 3))
    part = folded[start : data.draw(st.integers(start + 3, len(folded)))]
    if fold(part) != part:  # the cut went through what looks like an umlaut
        return
    ids, narrowed = item_ids(store.db, part, "1", (), 10_000)
    assert item_id in ids or narrowed


def test_newest_first_and_whether_there_is_more(store: Store) -> None:
    for number in range(7):
        with store.change(ANNA, "test") as change:
            one = change.add(item(f"Laterne {number}"))
            change.set(one, received_at=number)
    hits = search(store.db, "laterne", limit=5)
    assert [hit.title for hit in hits.rows] == [f"Laterne {n}" for n in (6, 5, 4, 3, 2)]
    assert (hits.more, hits.narrowed) == (True, False)
    assert not search(store.db, "laterne", limit=7).more


def test_narrowed_says_that_not_all_was_looked_for(store: Store) -> None:
    for number in range(MOST_FORMS + 5):
        new_item(store, f"vor{number:03}laterne")
    assert search(store.db, "laterne").narrowed
    assert item_ids(store.db, "laterne", "1", (), 5)[1]
    assert not search(store.db, "vor001laterne").narrowed
    assert found(store, "vor001laterne laterne") == ["vor001laterne"]
    assert search(store.db, " ".join(f"w{n}" for n in range(MOST_WORDS + 1))).narrowed
    assert not search(store.db, "w " * 50).narrowed  # one word, fifty times
    assert search(store.db, "x" * (searching.MOST_CHARACTERS + 1)).narrowed


def test_the_exact_word_is_never_narrowed_away(store: Store) -> None:
    new_item(store, "laterne")
    for number in range(MOST_FORMS + 5):
        new_item(store, f"laterne{number:03}")
    assert "laterne" in found(store, "laterne")


def test_changes_and_deletions_keep_the_index_right(store: Store) -> None:
    item_id = new_item(store, "Laterne", "flackert")
    note = new_note(store, ANNA, new_case(store), "Rückruf")
    with store.change(ANNA, "change") as change:
        change.set(
            change.get(Item, item_id), subject="Parkbank", text_sha256=change.content(b"morsch")
        )
        change.set(note, text="Termin")
    assert [found(store, q) for q in ("flackert", "rueckruf", "morsch", "parkbank", "termin")] == [
        [], [], ["Parkbank"], ["Parkbank"], ["Termin"],
    ]  # fmt: skip
    undo(store, ANNA)
    assert [found(store, q) for q in ("flackert", "parkbank", "termin")] == [["Laterne"], [], []]
    redo(store, ANNA)
    with store.change(ANNA, "drop") as change:
        change.drop(note)
        change.drop(change.get(Item, item_id))
    assert [found(store, q) for q in ("parkbank", "termin", "morsch")] == [[], [], []]
    undo(store, ANNA)
    assert found(store, "parkbank") == ["Parkbank"]
    assert verify(store.db).difference is None


def test_a_rollback_leaves_the_vocabulary_usable(store: Store) -> None:
    """A word that was learned and rolled back is learned again."""
    for _ in range(2):
        with pytest.raises(KeyError), store.change(ANNA, "test") as change:  # noqa: PT012
            change.add(item("Straßenlaterne"))
            change.add(Person(family_name="Özdemir"))
            raise KeyError
        with pytest.raises(KeyError), store.group():  # noqa: PT012
            new_item(store, "Straßenlaterne")
            raise KeyError
    assert found(store, "laterne") == []
    new_item(store, "Straßenlaterne")
    assert found(store, "laterne") == ["Straßenlaterne"]
    assert verify(store.db).difference is None


def test_a_text_that_came_as_an_attachment_first(store: Store) -> None:
    """The same bytes, first packed, then as the text of an item: indexed and shown as text."""
    import hashlib
    import zlib

    text = "Der Lichtmast ist umgefallen. " * 20
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    with store.change(ANNA, "test") as change:
        change.packed_content(sha256, len(text), zlib.compress(text.encode()))
        assert change.content(text.encode()) == sha256
        change.packed_content(sha256, len(text), zlib.compress(text.encode()))
        change.add(item("Mast", sha256))
    assert found(store, "lichtmast") == ["Mast"]
    assert get_text(store.db, sha256) == text
    assert verify(store.db).difference is None


@pytest.mark.parametrize("most", range(12))
def test_a_text_is_cut_between_characters(store: Store, most: int) -> None:
    with store.change(ANNA, "test") as change:
        sha256 = change.content("aä€🦜b".encode())
    cut = get_text(store.db, sha256, most)
    assert "aä€🦜b".startswith(cut)
    assert len(cut.encode()) <= most
    assert len(cut.encode()) > most - 4
    assert get_text(store.db, None) == get_text(store.db, "no such hash") == ""


def test_what_a_worker_prepared_is_held_to_the_same_proof(store: Store) -> None:
    """A worker that folds differently or keeps words to itself would be found out by verify."""
    for text, texts, said in (
        ("Straßenlaterne defekt", "defekt strassenlaterne", None),
        ("Parkbank", "bank", "search index items_search: does not equal its rows"),
    ):
        with store.group(), store.change(ANNA, "test") as change:
            store.learn(distinct(f"gut {texts}"))
            new = item("gut", change.content(text.encode()))
            change.add(new, texts=("gut", fold(f"{new.sender_name} {new.sender_address}"), texts))
        assert verify(store.db).difference == said
        assert found(store, "laterne") == ["gut"]


def test_long_words_are_found_whole(store: Store) -> None:
    long = "x" * LONGEST + "y"
    new_item(store, long)
    assert found(store, long) == [long]
    assert found(store, long[:40]) == []
    assert verify(store.db).difference is None
