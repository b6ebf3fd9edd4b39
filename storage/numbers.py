"""Number ranges: case numbers and the like, leased ahead so that they work offline."""

from typing import TYPE_CHECKING

from storage.errors import N_, StoreError

if TYPE_CHECKING:
    from sqlite3 import Connection


def next_number(db: "Connection", name: str) -> int:
    """The next number of the range ``name`` (e.g. ``case:32.1-2026``), from 1.

    A range that came from the shared database ends at its last leased number; past it,
    StoreError ``numbers.used_up``.
    """
    row = db.execute("SELECT next, last FROM number_ranges WHERE name = ?", (name,)).fetchone()
    number, last = row or (1, None)
    if last is not None and number > last:
        raise StoreError("numbers.used_up", N_("No number is left here; connect to get new ones."))
    db.execute(
        "INSERT INTO number_ranges (name, next) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET next = excluded.next",
        (name, number + 1),
    )
    return int(number)
