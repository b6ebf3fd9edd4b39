"""What Textual offers out of the box: a DataTable that holds N rows. ``bare_table.py N``."""

import sys
from collections.abc import Iterator

from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = ("number", "date", "sender", "subject", "state", "amount")


class BareTable(App[None]):
    """A table with a row cursor, filled before the first paint."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows

    def compose(self) -> ComposeResult:
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        table.add_rows(self._rows())
        table.focus()

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for number in range(self.rows):
            subject = f"Rückfrage zu Vorgang {number}"
            yield (f"{number:07}", "2026-01-05 08:30", "Jürgen Müller", subject, "offen", "12,50")


if __name__ == "__main__":
    BareTable(int(sys.argv[1])).run()
