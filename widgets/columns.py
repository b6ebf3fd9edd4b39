"""Columns of the record table: what stands in them and how they fold when the window is narrow."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size

from clerk.text import display

R = TypeVar("R")
GAP = " "
_LONGEST = 400  # characters of a value that are looked at: no column is wider


class Column(NamedTuple, Generic[R]):
    """One column.

    ``value`` gives the text of a record, foreign text included; ``importance`` 0 is never folded
    away, higher ones go first. ``least`` and ``most`` are cells; a ``most`` of 0 takes what is
    left over. ``style`` names a style of the table for a record, '' for the row's own.
    """

    title: Callable[[], str]
    value: Callable[[R], str]
    least: int
    most: int
    importance: int = 0
    right: bool = False
    style: Callable[[R], str] | None = None

    def text(self, record: R) -> str:
        """The printable text of a record."""
        return display(self.value(record)[:_LONGEST])


def cell(text: str, width: int, right: bool = False) -> str:
    """The text in exactly ``width`` cells; a cut is shown by an ellipsis."""
    size = len(text) if text.isascii() else cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    pad = " " * (width - size)
    return pad + text if right else text + pad


def fold_widths(
    columns: Sequence[Column[R]], shown: Sequence[R], width: int
) -> list[tuple[Column[R], int]]:
    """The columns that fit into ``width`` cells, each with its own, from the records shown.

    The least important columns go first until the rest fits; one column with ``most`` 0 takes
    what is left over.
    """
    kept = list(columns)
    while len(kept) > 1 and sum(column.least + len(GAP) for column in kept) > width:
        kept.remove(max(kept, key=lambda column: column.importance))
    sizes = {}
    for column in kept:
        widest = max((cell_len(column.text(record)) for record in shown), default=0)
        wanted = max(column.least, widest, cell_len(column.title()) if column.most else 0)
        sizes[id(column)] = min(wanted, column.most) if column.most else column.least
    spare = width - sum(size + len(GAP) for size in sizes.values())
    if spare < 0:  # wide values give back what the columns at their least would leave
        for column in sorted(kept, key=lambda column: column.importance, reverse=True):
            given = min(-spare, sizes[id(column)] - column.least)
            sizes[id(column)] -= given
            spare += given
    if rest := next((column for column in kept if not column.most), None):
        sizes[id(rest)] += max(0, spare)
    return [(column, max(1, sizes[id(column)])) for column in kept]
