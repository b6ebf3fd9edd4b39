"""The finder on letters as citizens write them, and on text that is none."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from clerk.library.definition import OfficeDefinition, Word, in_force
from clerk.library.load import load_offices, load_services
from clerk.rules.finder import Finder

LETTERS = [
    tuple(line.split(" | "))
    for line in Path(__file__).with_name("letters.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(load_offices(), in_force(load_services(), date(2026, 11, 22)))


def test_letters_reach_their_office(finder: Finder) -> None:
    places = []
    for office, subject, text in LETTERS:
        offices = [suggestion.office_id for suggestion in finder.suggest(subject, text)]
        assert office in offices[:3], f"{subject}: {offices}"
        places.append(offices.index(office))
    assert len(places) == 164
    assert places.count(0) >= 163


@pytest.mark.parametrize(
    ("subject", "text", "service"),
    [
        ("Perso", "Mein Perso ist weg.", "personalausweis"),
        ("Reisepass", "Wie lange dauert er?", "reisepass"),
        ("Abholung", "Ist der Personalausweis fertig, kann ich ihn abholen?", "ausweisabholung"),
        ("Ummeldung", "Wir sind umgezogen.", "anmeldung"),
        ("Führungszeugnis", "Für den Verein.", "fuehrungszeugnis"),
        ("Meldebescheinigung", "Bitte zusenden.", "meldebescheinigung"),
    ],
)
def test_the_service_is_named_too(finder: Finder, subject: str, text: str, service: str) -> None:
    first = finder.suggest(subject, text)[0]
    assert (first.office_id, first.service_id) == ("buergerbuero", service)


def test_reasons_stand_as_they_are_written(finder: Finder) -> None:
    first = finder.suggest(
        "STRASSENLATERNE", "Die Strassenlaternen und das SchlagLoch, wie lange noch?"
    )[0]
    assert first.office_id == "tiefbau"
    assert first.service_id == "maengelmeldung"
    assert set(first.spoke) == {"STRASSENLATERNE", "Strassenlaternen", "SchlagLoch"}
    assert first.spoke[0] == "STRASSENLATERNE"


def test_a_phrase_is_one_reason(finder: Finder) -> None:
    first = finder.suggest("", "Da läuft ein Hund OHNE\nLeine.")[0]
    assert first.office_id == "ordnungsamt"
    assert first.spoke == ("OHNE Leine",)


def test_the_subject_counts_more(finder: Finder) -> None:
    offices = [s.office_id for s in finder.suggest("Wohngeld", "Wir haben auch einen Kita-Platz.")]
    assert offices == ["wohngeld", "jugend"]
    offices = [s.office_id for s in finder.suggest("Kita-Platz", "Wir beziehen auch Wohngeld.")]
    assert offices == ["jugend", "wohngeld"]


def test_decomposed_umlauts_and_foreign_accents(finder: Finder) -> None:
    decomposed = "Sperrmu\u0308ll"
    assert finder.suggest(decomposed, "")[0].spoke == ("Sperrmüll",)
    assert finder.suggest("Café mit Áusschank", "")[0].office_id == "gewerbe"


OFFICES = (
    OfficeDefinition("a", "A", "10", False, (Word("Laterne"), Word("gemeinsam"), Word("Rat"))),
    OfficeDefinition("b", "B", "11", False, (Word("gemeinsam"), Word("Brunnen"), Word("Gewerbe"))),
    OfficeDefinition("c", "C", "12", False, (Word("gemeinsam"), Word("Gewerbesteuer"))),
)


@pytest.fixture
def small() -> Finder:
    return Finder(OFFICES, ())


def test_a_word_of_five_letters_speaks_inside_a_longer_one(small: Finder) -> None:
    assert [s.office_id for s in small.suggest("", "Straßenlaternenmast")] == ["a"]
    assert small.suggest("", "Verrat beraten Rathaus") == []
    assert [s.spoke for s in small.suggest("", "Rat")] == [("Rat",)]


def test_the_longer_word_knows_better(small: Finder) -> None:
    assert [s.office_id for s in small.suggest("", "Gewerbesteuer")] == ["c"]
    assert [s.office_id for s in small.suggest("", "Gewerbesteuervorauszahlung")] == ["c"]
    assert [s.office_id for s in small.suggest("", "Gewerberaum")] == ["b"]


def test_a_word_that_many_share_says_less(small: Finder) -> None:
    found = small.suggest("", "gemeinsam am Brunnen")
    assert [s.office_id for s in found] == ["b", "a", "c"]
    rare = found[0].score - found[1].score
    assert rare > found[1].score


def test_equal_scores_come_in_order_of_office(small: Finder) -> None:
    twice = [small.suggest("gemeinsam", "") for _ in range(2)]
    assert twice[0] == twice[1]
    assert [s.office_id for s in twice[0]] == ["a", "b", "c"]
    backwards = Finder(reversed(OFFICES), ())
    assert backwards.suggest("gemeinsam", "") == twice[0]


def test_a_repeated_word_is_worth_little_more(small: Finder) -> None:
    once = small.suggest("", "Laterne")[0].score
    often = small.suggest("", "Laterne " * 1000)[0].score
    assert once < often < 2 * once


def test_the_limit_holds(small: Finder) -> None:
    assert len(small.suggest("gemeinsam", "", limit=2)) == 2
    assert small.suggest("gemeinsam", "", limit=0) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t",
        "\x00\x1b[31m\u202e\u200b",
        "[/nope] [@click=app.quit]x[/]",
        "=?utf-8?B?" + "QUJD" * 5000,
        "a" * 1_000_000,
        "laterne" * 100_000,
        "ß" * 100_000,
        "wer ist zuständig " * 50_000,
        "½ ﬁ Ⅷ ㍿ ǆ İ ﷺ",
        "\ud800 broken surrogate",
    ],
)
def test_any_text_is_only_text(finder: Finder, text: str) -> None:
    found = finder.suggest(text, text)
    assert found == finder.suggest(text, text)
    assert len(found) <= 9


def test_every_letter_of_the_world(finder: Finder) -> None:
    letters = [c for c in map(chr, range(0x110000)) if c.isalnum()]
    for start in range(0, len(letters), 5_000):
        text = " ".join(letters[start : start + 5_000]) + " Laterne"
        assert finder.suggest("", text)[0].spoke == ("Laterne",)


def test_markup_stays_outside_the_reasons(finder: Finder) -> None:
    spoke = finder.suggest("[red]Laterne[/red]\x1b[0m", "")[0].spoke
    assert spoke == ("Laterne",)


def test_importing_the_finder_is_cheap() -> None:
    program = "import sys, clerk.rules.finder, clerk.library.load; print(*sorted(sys.modules))"
    modules = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    loaded = {name.partition(".")[0] for name in modules}
    assert not loaded & {"textual", "rich", "sqlmodel", "sqlalchemy", "pydantic", "typer"}
