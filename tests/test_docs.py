"""The documents say what is so: links, commands, keys, pictures."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from clerk.actions import ACTIONS
from clerk.cli.globals import _VALUED as GLOBAL_OPTIONS
from clerk.cli.nouns import NOUNS, app_of
from docs.decisions.measure import FIGURES
from docs.pictures import fine_walk, handbook, rooms, shots
from docs.pictures.station import demo_town, frozen_clock

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WITH_COMMANDS = [ROOT / "README.md", ROOT / "docs" / "handbuch.md", ROOT / "docs" / "operations.md"]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_KEYS = {
    "Enter": "enter", "Esc": "escape", "Tab": "tab", "Umschalt+Tab": "shift+tab",
    "Rücktaste": "backspace", "?": "question_mark", ":": "colon", "/": "slash",
    "#": "number_sign", "+": "plus", "-": "minus", ".": "full_stop", "Leertaste": "space",
}  # fmt: skip


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The names that a document's headings have as targets of links."""
    titles = re.findall(r"^#+ (.+)$", prose(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in _LINK.findall(prose(document)):
        if "://" in link:
            continue
        name, _hash, anchor = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=ids)
def test_every_decision_is_listed(page: Path) -> None:
    assert f"]({page.name})" in (page.parent / "README.md").read_text(encoding="utf-8")


def test_every_figure_can_be_measured_again() -> None:
    pages = (ROOT / "docs" / "decisions").glob("0*.md")
    names = {
        name
        for page in pages
        for name in re.findall(r"`measure\.py ([a-z]+)`", page.read_text(encoding="utf-8"))
    }
    assert names == set(FIGURES)


def commands(document: Path) -> Iterator[list[str]]:
    """The words behind each ``clerk`` that is quoted, without the options for all commands."""
    text = document.read_text(encoding="utf-8")
    quoted = re.findall(r"`(clerk [^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    blocks = "\n".join(re.findall(r"```(?:sh|ini)\n(.*?)```", text, flags=re.DOTALL))
    typed = [
        found
        for line in blocks.splitlines()
        for found in re.findall(r"(?:^|[ /])(clerk [^#<>]+)", line)
        if not re.search(r"\b(install|uninstall|clear|service) clerk", line)
    ]
    for line in [*quoted, *typed]:
        words = line.split()[1:]
        while words and words[0] in GLOBAL_OPTIONS:
            words = words[2:]
        yield words


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=ids)
def test_every_quoted_command_exists(document: Path) -> None:
    for words in commands(document):
        if not words or words[0].startswith("-"):
            continue
        assert words[0] in NOUNS, words
        command = get_command(app_of(words[0]))
        rest = words[1:]
        if isinstance(command, TyperGroup):
            if not rest:
                continue
            assert rest[0] in command.commands, words
            command, rest = command.commands[rest[0]], rest[1:]
        known = {option for parameter in command.params for option in parameter.opts}
        known |= {"--help", *GLOBAL_OPTIONS}
        for word in rest:
            assert not word.startswith("--") or word in known, words


def textual_key(written: str) -> str:
    """``Strg+K`` -> ``ctrl+k``, ``g`` `e` stay letters."""
    if written in _KEYS:
        return _KEYS[written]
    if written.startswith("Strg+"):
        return f"ctrl+{written[5:].lower()}"
    return written.lower() if re.fullmatch(r"F\d+", written) else written


def test_the_keys_of_the_handbook_are_those_of_the_program() -> None:
    text = handbook.HANDBOOK.read_text(encoding="utf-8").split("## 12 ", 1)[1]
    told: dict[str, tuple[str, ...]] = {}
    for cells, action_id in re.findall(r"^\| (.+?) \| `([a-z_.]+)` \|", text, flags=re.MULTILINE):
        keys = tuple(textual_key(key) for key in re.findall(r"`([^`]+)`", cells))
        told[action_id] = (" ".join(keys),) if keys[:1] == ("g",) else keys
    assert told == {one.id: one.keys for one in ACTIONS}


def test_the_picture_of_the_rooms_is_what_the_imports_say() -> None:
    drawn = (ROOT / "docs" / "pictures" / "rooms.svg").read_text(encoding="utf-8")
    assert drawn == rooms.draw(), "run: .venv/bin/python -m docs.pictures.make"


@pytest.mark.parametrize("name", [*shots.PICTURES, "rooms"])
def test_the_pictures_fetch_nothing(name: str) -> None:
    svg = (ROOT / "docs" / "pictures" / f"{name}.svg").read_text(encoding="utf-8")
    assert svg.rstrip().endswith("</svg>")
    assert not re.search(r"@import|@font-face|<script|href=|url\((?!#)", svg)


async def test_the_screens_of_the_handbook_are_those_of_the_program() -> None:
    document = handbook.HANDBOOK.read_text(encoding="utf-8")
    names = handbook.places(document)
    assert sorted(names) == sorted([*shots.TEXTS, *fine_walk.WALK])
    with frozen_clock(), demo_town() as session:
        screens = await shots.texts(session, names)
    assert document == handbook.filled(document, screens), (
        "run: .venv/bin/python -m docs.pictures.make"
    )
