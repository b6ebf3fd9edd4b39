"""What a command says: one JSON document, or a short table and lines for people.

The way of foreign text out of the command line: in tables and lines each text passes
:func:`clerk.text.display`; in JSON everything that is not printable is escaped.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from clerk.cli.streams import holds_unicode
from clerk.text import display, display_lines

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
_NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")
_ENDLESS = 100_000  # columns of an output that is no terminal: nothing is cut there


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``keep`` is never cut when the terminal is narrow."""

    title: str
    align: Literal["left", "right"] = "left"
    keep: bool = False


def emit(as_json: bool, document: Json, show: Callable[[], None]) -> None:
    """Print the document, or let ``show`` print for people."""
    if as_json:
        sys.stdout.write(to_json(document) + "\n")
    else:
        show()


def to_json(document: Json) -> str:
    """The document as JSON text: umlauts as they are, unprintable characters escaped."""
    text = json.dumps(document, ensure_ascii=not holds_unicode(sys.stdout), indent=2)
    # Outside of strings JSON is ASCII, so whatever is left here stands in a string.
    return _NOT_PLAIN.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return character if character.isprintable() else json.dumps(character)[1:-1]


def line(text: str) -> None:
    """One line for people."""
    sys.stdout.write(display(text) + "\n")


def text(content: str, indent: str = "") -> None:
    """A text of many lines for people."""
    for one in display_lines(content):
        sys.stdout.write(f"{indent}{one}".rstrip() + "\n")


def fields(pairs: Iterable[tuple[str, str]]) -> None:
    """Names and values below each other; empty values are left out."""
    kept = [(display(name), display(value)) for name, value in pairs if value]
    width = max((len(name) for name, _value in kept), default=0)
    for name, value in kept:
        sys.stdout.write(f"{name:<{width}}  {value}\n")


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """A table for people: cut to the terminal's width, whole where the output is no terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    console = Console(
        file=sys.stdout,
        width=None if terminal else _ENDLESS,
        highlight=False,
        markup=False,
        emoji=False,
    )
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        grid.add_column(
            Text(display(column.title), style="bold"),
            justify=column.align,
            no_wrap=True,
            overflow="ellipsis",
            min_width=len(column.title) if column.keep else None,
        )
    for row in rows:
        grid.add_row(*(Text(display(cell)) for cell in row))
    with console.capture() as captured:
        console.print(grid)
    for one in captured.get().splitlines():
        sys.stdout.write(one.rstrip() + "\n")
