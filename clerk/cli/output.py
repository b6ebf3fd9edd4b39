"""What a command says: one JSON document, or a short table and lines for people.

The way of foreign text out of the command line: in tables and lines each text passes
:func:`clerk.text.display`; in JSON everything that is not printable is escaped.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import Literal, TypeAlias

from clerk.cli.streams import holds_unicode
from clerk.i18n import ngettext
from clerk.library.problems import LibraryError
from clerk.refusal import Refused, refuse
from clerk.text import display, display_lines

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
_NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")
_LEAST = 8  # what a cut column keeps
_GAP = 2
_ENDLESS = 100_000  # columns


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
    """A table: on a terminal in columns and cut to its width; elsewhere, for ``less``, ``grep`` and
    ``cut -f``, whole, with tabs between the cells, which have none themselves.

    On a narrow terminal the widest columns give way first; what then still does not fit is left
    out from the right (``--json`` has it all).
    """
    shown = [[display(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for one in ([display(column.title) for column in columns], *shown):
            sys.stdout.write("\t".join(one) + "\n")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    room = get_terminal_size().columns
    console = Console(
        file=sys.stdout,
        width=_ENDLESS,  # the columns have their widths
        highlight=False,
        markup=False,
        emoji=False,
    )
    cells = [[Text(cell) for cell in row] for row in shown]
    widest = [
        max([len(column.title), *(row[place].cell_len for row in cells)])
        for place, column in enumerate(columns)
    ]
    widths = _fitted(columns, widest, room)
    grid = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for column, width in zip(columns, widths, strict=False):
        title = Text(display(column.title), style="bold")
        grid.add_column(title, justify=column.align, no_wrap=True, overflow="ellipsis", width=width)
    for row in cells:
        grid.add_row(*row[: len(widths)])
    with console.capture() as captured:
        console.print(grid)
    for painted in captured.get().splitlines():
        sys.stdout.write(painted.rstrip() + "\n")


def refused_file(error: LibraryError) -> Refused:
    """``file:line: reason`` on stderr for each problem; the refusal ``library.file`` to raise."""
    for problem in error.problems:
        sys.stderr.write(display(str(problem)) + "\n")
    n = len(error.problems)
    sentence = ngettext(
        "{n} problem; nothing was imported.", "{n} problems; nothing was imported.", n
    )
    return refuse("library.file", sentence.format(n=n))


def _fitted(columns: Sequence[Column], widest: Sequence[int], total: int) -> list[int]:
    """The widths of the columns that have room in ``total``."""
    widths = list(widest)
    while True:
        # The last gap may be cut off by the terminal's edge.
        excess = sum(widths) + _GAP * (len(widths) - 1) - total
        if excess <= 0:
            return widths
        loose = [
            place
            for place, width in enumerate(widths)
            if not columns[place].keep and width > _LEAST
        ]
        if not loose:
            if len(widths) == 1:
                return widths
            widths.pop()
            continue
        widths[max(loose, key=lambda place: widths[place])] -= 1
