"""The German catalogue is complete, says the same as the source, and is what the program reads."""

import ast
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from clerk import dates, i18n, names
from clerk.actions import ACTIONS, at
from screens.keys import key_name
from tests.catalogue_gaps import gaps

ROOT = Path(__file__).parent.parent
ROOMS = ("clerk", "screens", "widgets", "storage")
LOCALE = ROOT / "clerk" / "locale"
PO = LOCALE / "de" / "LC_MESSAGES" / "clerk.po"
UPDATE = "run: make catalogue, and fill the gaps in clerk.po"
MARKS = ("_", "N_", "ngettext")
# What shows its text to a person, and which of the arguments is that text.
SINKS = {
    "Refusal": 1,
    "refuse": 1,
    "StoreError": 1,
    "UsageError": 0,
    "say": 1,  # of a toast
    "Problem": 1,
    "PromptScreen": 0,
    "PickerScreen": 0,
    "EditorScreen": 0,
    "FormScreen": 0,
    "ConfirmScreen": 0,
    "Column": 0,  # of a table: a string, or a function that gives one
    "Action": 3,
}
SHOWN = ("help", "placeholder", "label", "title", "heading", "hint")  # keyword arguments
WORD = re.compile(r"[^\W\d_]{2}")  # keys and signs are the same in every language

Place = tuple[Path, int]
Ids = tuple[str, ...]


def ids_of(message: Message) -> Ids:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message) -> Ids:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@cache
def german() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="de", domain="clerk")


@cache
def in_the_source() -> frozenset[Ids]:
    """Every message of the program, as Babel finds it: one string, or singular and plural."""
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    return frozenset(
        (found[2],) if isinstance(found[2], str) else tuple(found[2])
        for room in ROOMS
        for found in extract_from_dir(
            ROOT / room, [("**.py", "python")], {"**.py": {"encoding": "utf-8"}}, keywords
        )
    )


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple(
        (path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8")))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name != "i18n.py"  # which defines the marks
    )


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """Every call with the last part of what it calls."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, node, name_of(node.func)


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return name_of(node.value)
    return getattr(node, "attr", getattr(node, "id", ""))


def test_every_message_is_translated() -> None:
    assert {ids_of(message) for message in german() if message.id} >= in_the_source(), UPDATE
    assert gaps(PO) == [], UPDATE


def test_making_it_names_new_strings_and_changes_nothing_the_second_time(tmp_path: Path) -> None:
    """``make catalogue`` on a small copy: a new string is a gap, not an error."""
    for room in ROOMS:
        (tmp_path / room).mkdir()
    shutil.copytree(LOCALE, tmp_path / "clerk" / "locale")
    for name in ("Makefile", "babel.cfg"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    (tmp_path / "screens" / "new.py").write_text('_("Nobody has “said” this yet.")\n_("Yes")\n')
    before: dict[str, bytes] = {}
    for _run in range(2):
        done = subprocess.run(
            ["make", "-C", tmp_path, "VENV=", "catalogue"],
            capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert "not translated: Nobody has “said” this yet.\n" in done.stdout
        files = {p.name: p.read_bytes() for p in (tmp_path / "clerk" / "locale").rglob("clerk.*")}
        assert before in ({}, files)
        before = files
    assert len(before) == 3


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {ids_of(message) for message in german() if message.id}
    assert said - in_the_source() == set(), UPDATE
    assert list(german().obsolete) == []


def test_the_template_is_fresh() -> None:
    with (LOCALE / "clerk.pot").open("rb") as file:
        template = read_po(file)
    assert {ids_of(message) for message in template if message.id} == in_the_source(), UPDATE


def test_the_program_reads_what_the_catalogue_says() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, german())
    assert compiled.getvalue() == PO.with_suffix(".mo").read_bytes(), UPDATE


def test_both_sides_have_the_same_placeholders_and_blanks() -> None:
    wrong = []
    for message in german():
        if not message.id:
            continue
        for english in ids_of(message):
            for words in strings_of(message):
                if placeholders(english) != placeholders(words) or ends(english) != ends(words):
                    wrong.append((english, words))
    assert wrong == []


def placeholders(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def ends(text: str) -> tuple[str, str]:
    """The blanks before and after, which hold words apart."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_german_is_written_as_german_is() -> None:
    wrong = [
        words
        for message in german()
        if message.id
        for words in strings_of(message)
        if re.search(r"“[^”„]*”|\"|\.\.\.|\bCtrl\b|\bShift\b", words)
        or words.count("„") != words.count("“")
    ]
    assert wrong == []


def test_a_message_is_one_written_string() -> None:
    """An f-string or a sum is another string each time it is said; within an f-string it depends
    on the version of Python whether a message is found."""
    wrong = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in MARKS:
                said = node.args[: 2 if name_of(node.func) == "ngettext" else 1]
                wrong += [
                    (str(path), node.lineno)
                    for one in said
                    if isinstance(one, ast.JoinedStr | ast.BinOp)
                    or (name_of(node.func) != "_" and not isinstance(one, ast.Constant))
                ]
            if isinstance(node, ast.JoinedStr):
                wrong += [
                    (str(path), node.lineno)
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Call)
                    and name_of(inner.func) in MARKS
                    and isinstance(inner.args[0], ast.Constant)
                ]
    assert wrong == []


def test_what_a_person_reads_is_marked_for_translation() -> None:
    """English written straight into what shows it would stay English."""
    wrong = []
    for path, call, name in calls():
        if path.parts[:2] == ("clerk", "demo"):
            continue  # its content is German
        shown = [one.value for one in call.keywords if one.arg in SHOWN]
        at = SINKS.get(name)
        if at is not None and len(call.args) > at:
            shown.append(call.args[at])
        wrong += [
            f"{path}:{call.lineno}: {name}({text!r})" for one in shown for text in unmarked(one)
        ]
    assert wrong == []


def unmarked(node: ast.expr) -> Iterator[str]:
    """Strings with words in them that stand there for themselves."""
    if isinstance(node, ast.Lambda):
        yield from unmarked(node.body)
    elif isinstance(node, ast.IfExp):
        yield from unmarked(node.body)
        yield from unmarked(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from unmarked(node.left)
        yield from unmarked(node.right)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from unmarked(part)
    elif (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and WORD.search(node.value)
        and node.value != "clerk"
    ):
        yield node.value


def test_the_language_can_be_changed() -> None:
    assert i18n.choose("de") == "de"
    assert i18n._("Take") == "Übernehmen"
    assert i18n.ngettext("{n} item", "{n} items", 1) == "{n} Eingang"
    assert i18n.ngettext("{n} item", "{n} items", 2) == "{n} Eingänge"
    assert names.word("case", "closed") == "abgeschlossen"
    assert [i18n._(day) for day in dates.WEEKDAYS] == ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    assert [key_name(key) for key in ("ctrl+k", "shift+tab", "pageup", "home", "space")] == [
        "Strg+K", "Umschalt+Tab", "Bild↑", "Pos1", "Leertaste",
    ]  # fmt: skip
    assert i18n.choose("en") == "en"
    assert i18n._("Take") == "Take"
    assert i18n.ngettext("{n} item", "{n} items", 2) == "{n} items"


@pytest.mark.parametrize(
    ("environment", "language"),
    [("de_DE.UTF-8", "de"), ("en_GB.UTF-8", "en"), ("C.UTF-8", "de"), ("", "de")],
)
def test_german_unless_the_environment_says_english(
    monkeypatch: pytest.MonkeyPatch, environment: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", environment)
    assert i18n.choose(None) == language


def test_the_footer_of_the_inbox_names_seven_keys_in_80_columns() -> None:
    i18n.choose("de")
    own = [one for one in at("inbox") if one.footer is True]
    shown = [*own, next(one for one in ACTIONS if one.id == "app.help")]
    assert len(shown) >= 7
    assert sum(len(f" {key_name(one.keys[0])} {one.footer_title} ") for one in shown) < 80


def test_the_catalogue_is_well_formed_for_the_reader() -> None:
    with PO.with_suffix(".mo").open("rb") as file:
        assert GNUTranslations(file).charset() == "utf-8"
