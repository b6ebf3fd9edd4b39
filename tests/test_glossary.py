"""The glossary knows every term and every record, and says what the screen says."""

import inspect
import re
from enum import StrEnum
from pathlib import Path

import pytest

from clerk import i18n, names
from storage import terms
from storage.record import columns
from storage.records import RECORDS

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"
ENUMS = [
    found
    for _name, found in inspect.getmembers(terms, inspect.isclass)
    if issubclass(found, StrEnum) and found is not StrEnum
]
# The kinds of clerk.names, which has the words on screen.
KINDS = {
    terms.ItemState: "item",
    terms.CaseState: "case",
    terms.FollowUpState: "follow_up",
    terms.ServiceState: "service",
    terms.FineState: "fine",
    terms.Role: "role",
    terms.Channel: "channel",
    terms.LetterState: "letter",
    terms.Way: "way",
    terms.ParticipantRole: "participant",
    terms.Guilt: "guilt",
    terms.ClaimKind: "claim_kind",
    terms.ClaimState: "claim",
    terms.InstalmentState: "instalment",
}


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    text = GLOSSARY.read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_value_of_a_term_is_there_and_no_other(enum: type[StrEnum]) -> None:
    there = [
        row[1].strip("`") for row in rows("States and kinds") if row[2] == f"`{enum.__name__}`"
    ]
    assert sorted(there) == sorted(enum)


def test_every_table_and_record_is_there_and_no_other() -> None:
    there = {row[1].strip("`"): row[2].strip("`") for row in rows("Records")}
    assert there == {table: record.__name__ for table, record in RECORDS.items()}


def test_every_field_is_there_and_no_other() -> None:
    there = [code for row in rows("Fields") for code in codes(row[1])]
    assert sorted(there) == sorted({name for one in RECORDS.values() for name in columns(one)})


@pytest.mark.skipif(
    not (i18n.LOCALE_DIR / "de" / "LC_MESSAGES" / "clerk.mo").exists(),
    reason="there is no German catalogue",
)
@pytest.mark.parametrize("enum", KINDS, ids=lambda enum: enum.__name__)
def test_the_german_words_are_those_on_screen(enum: type[StrEnum]) -> None:
    i18n.choose("de")
    for german, code, of, _meaning in rows("States and kinds"):
        if of == f"`{enum.__name__}`":
            assert names.word(KINDS[enum], code.strip("`")) == german


def test_every_word_of_sharing_stands_in_the_code() -> None:
    rooms = [Path(GLOSSARY.parents[1], "storage", name) for name in ("sync", "hub", "migrations")]
    files = [file for room in rooms for file in room.rglob("*") if file.suffix in (".py", ".sql")]
    text = "\n".join(
        f"{file.stem}\n{file.read_text(encoding='utf-8')}"
        for file in [*files, GLOSSARY.parents[1] / "storage" / "overlay.py"]
    )
    there = [code for row in rows("Sharing") for code in codes(row[1])]
    assert len(there) == len(set(there))
    assert [code for code in there if not re.search(rf"\b{code}\b", text)] == []
