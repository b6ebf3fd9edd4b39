"""Help and complaints that typer writes, in the language of the user."""

import re

import pytest
import typer.main

from clerk.cli.nouns import NOUNS, app_of
from tests.commands import Commands

ENGLISH = re.compile(
    r"Usage:|Options:|Arguments:|Commands:|Show this|OPTIONS|ARGS|default:|required"
)


@pytest.mark.parametrize("noun", NOUNS)
def test_no_heading_stays_english(clerk: Commands, noun: str) -> None:
    verbs = getattr(typer.main.get_command(app_of(noun)), "commands", {})
    for words in ([], *([verb] for verb in verbs)):
        answer = clerk(noun, *words, "--help", lang="de")
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.startswith(f"Aufruf: {' '.join(['clerk', noun, *words])}")
        assert "Zeigt diese Hilfe." in answer.out
        assert not ENGLISH.search(answer.out)


def test_english_help_is_as_typer_writes_it(clerk: Commands) -> None:
    said = clerk("inbox", "take", "--help").out
    for part in ("Usage: clerk inbox take [OPTIONS]", "Arguments:", "[required]", "Options:"):
        assert part in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("inbox", "bla"), "„bla“ gibt es hier nicht."),
        (("inbox", "lst"), "„lst“ gibt es hier nicht. Vielleicht list?"),
        (("inbox", "take"), "ID... fehlt."),
        (("inbox", "list", "--limit"), "--limit braucht einen Wert."),
        (("inbox", "list", "--limit", "x"), "--limit braucht einen anderen Wert ("),
        (("inbox", "list", "--state", "x"), "--state braucht einen anderen Wert ('x' is not one"),
        (("inbox", "list", "--foo"), "Die Option --foo gibt es hier nicht."),
    ],
)
def test_complaints_are_german(clerk: Commands, line: tuple[str, ...], said: str) -> None:
    answer = clerk(*line, lang="de")
    assert answer.code == 2
    assert answer.err.startswith(f"clerk: {said}")
    assert answer.err.endswith(" [usage]\n")
