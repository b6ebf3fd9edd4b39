"""Foreign text on its way out: a hostile record says nothing to the terminal, whatever is asked."""

import json
import re
from functools import partial

import pytest

from clerk.cli import output
from clerk.cli.progress import progress
from clerk.session import Session
from tests import support
from tests.commands import Commands

AddItem = partial[str]
# Everything that steers a terminal or reorders its line, except the line end itself and the tab
# between the cells of a table.
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture
def hostile(session: Session, add_item: AddItem) -> tuple[str, str]:
    """An item and the case it was filed into; every text in them is hostile."""
    item = add_item(
        f"Laterne {support.HOSTILE}",
        f"Laterne {support.HOSTILE}",
        sender_name=support.HOSTILE,
        sender_address=support.HOSTILE,
    )
    case = support.add_case(session, f"Laterne {support.HOSTILE}")
    return item, case.number


def test_nothing_hostile_reaches_the_terminal(
    session: Session, hostile: tuple[str, str], clerk: Commands
) -> None:
    item, number = hostile
    text = f"Notiz {support.HOSTILE}"
    clerk.done("inbox", "note", item, "-", stdin=text.encode())
    clerk.done("case", "note", number, "-", stdin=text.encode())
    clerk.done("inbox", "follow-up", item, "--on", "3t", "--text", text.replace("\x00", ""))
    lines = [
        ("inbox", "list"),
        ("inbox", "show", item),
        ("inbox", "suggest", item),
        ("case", "list"),
        ("case", "show", number),
        ("case", "follow-ups"),
        ("case", "history", number),
        ("search", "Laterne"),
        ("history", item),
        ("history",),
        ("inbox", "file", item, "--new"),
        ("undo",),
    ]
    for line in lines:
        for options in ((), ("--json",)):
            answer = clerk(*line, *options)
            assert answer.code == 0, line
            assert STEERING.search(answer.out) is None, line
            assert answer.err == "", line
            if not options and line[0] in ("inbox", "case") and line[1] in ("list", "show"):
                assert "[/nope]" in answer.out, line  # markup is text and stays


def test_json_keeps_every_character(
    session: Session, hostile: tuple[str, str], clerk: Commands
) -> None:
    item, _number = hostile
    document = clerk.done("inbox", "show", item)
    assert document["subject"] == f"Laterne {support.HOSTILE}"
    assert document["text"] == f"Laterne {support.HOSTILE}"


def test_complaints_are_text_as_well(session: Session, clerk: Commands) -> None:
    typed = support.HOSTILE.replace("\x00", "")
    for line in (
        ("inbox", "show", typed),
        ("history", typed),
        ("inbox", typed),
        (typed,),
        ("inbox", "list", f"--{typed}"),
        ("inbox", "list", "--limit", typed),
        ("case", "new", "--subject", "x", "--office", typed),
        ("services", "show", typed),
        ("settings", "set", typed, "x"),
        ("intake", "mail", typed, "--once"),
        ("clerks", "sit", typed),
    ):
        answer = clerk(*line)
        assert answer.code in (1, 2), line
        assert STEERING.search(answer.err) is None, line
        assert answer.err.startswith("clerk: ")


@pytest.mark.parametrize(
    "text", ["ä–€", "\x1b[2J", "\x9b", "\u202e", "\U000e0041", "\ufeff", "\x7f", "\ud800", "\n\t"]
)
def test_json_escapes_what_is_not_printable_and_loses_nothing(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written = output.to_json({"a": text})
    assert json.loads(written) == {"a": text}
    assert all(c == "\n" or c.isprintable() for c in written)
    assert ("ä" in written) == ("ä" in text)


def test_a_table_is_whole_where_the_output_is_no_terminal(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    long = "Wort " * 80 + "Ende"
    add_item(long)
    assert long in clerk("inbox", "list").out


def test_where_the_output_is_no_terminal_a_row_is_as_long_as_what_stands_in_it(
    add_item: AddItem, clerk: Commands
) -> None:
    """One long subject must not widen all the other rows; a cell holds no tab of its own."""
    add_item("Wort " * 80, sender_name="Erika\tBeispiel")
    add_item("Kurz", sender_name="Jo Kern")
    head, *rows, _count = clerk("inbox", "list").out.splitlines()
    assert head.split("\t")[:4] == ["Id", "Received", "From", "Subject"]
    cells = [row.split("\t") for row in rows]
    assert {len(row) for row in cells} == {6}
    assert {row[2] for row in cells} == {"Jo Kern", "Erika\N{REPLACEMENT CHARACTER}Beispiel"}
    assert min(len(row) for row in rows) < 80


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_on_a_terminal_no_row_is_wider_than_it(
    add_item: AddItem, clerk: Commands, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    add_item("Wort " * 80)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "dumb")
    for line in (
        ("inbox", "list"), ("case", "list"), ("search", "Wort"), ("offices", "list"),
        ("services", "list"), ("clerks", "list"), ("history",),
    ):  # fmt: skip
        assert max(len(row) for row in clerk(*line).out.splitlines()) <= columns, line


def test_on_a_narrow_terminal_what_is_typed_again_stays_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "dumb")
    output.table(
        [output.Column("Id", keep=True), output.Column("Subject"), output.Column("Office")],
        [("01a1fcbe-1234-7a", "Sehr langer Betreff " * 9, "Bürgerbüro der ganzen Stadt")],
    )
    head, row = capsys.readouterr().out.splitlines()
    assert row.startswith("01a1fcbe-1234-7a  Sehr lang")
    assert "…" in row
    assert "Bürger" in row
    assert max(len(head), len(row)) <= 60


def test_a_bar_stands_on_a_terminal_only_and_leaves_nothing_behind(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress() as paint:
        paint("Mail", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress() as paint:
        paint(f"Mail {support.HOSTILE}", 1, 2)
        paint("Ohne Ende", 5, None)
    said = capsys.readouterr()
    assert said.out == ""
    assert "1/2" in said.err
    assert "###" in said.err
    assert "Ohne Ende  5" in said.err
    assert said.err.endswith("\r\x1b[2K")
    assert "\x1b[31m" not in said.err
