"""Number ranges: case numbers and the like, leased ahead so that they work offline."""

from typing import TYPE_CHECKING

from storage.errors import N_, StoreError

if TYPE_CHECKING:
    from sqlite3 import Connection


def next_number(db: "Connection", name: str, *, leased: bool = False) -> int:
    """The next number of the range ``name`` (e.g. ``case:32.1-2026``), from 1.

    ``leased``: only numbers that came from the shared store may be given out. A range ends at its
    last number, then the next one is begun; without one StoreError ``numbers.used_up``.
    """
    row = db.execute("SELECT next, last FROM number_ranges WHERE name = ?", (name,)).fetchone()
    number, last = row or (1, 0 if leased else None)
    if leased and last is None:  # counted alone before it joined
        last = 0
    if last is not None and number > last:
        number, last = _next_lease(db, name)
    db.execute(
        "INSERT INTO number_ranges (name, next, last) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET next = excluded.next, last = excluded.last",
        (name, number + 1, last),
    )
    return int(number)


def given_alone(db: "Connection") -> dict[str, int]:
    """By range, how many numbers were given out without a shared store."""
    rows = db.execute("SELECT name, next - 1 FROM number_ranges WHERE last IS NULL AND next > 1")
    return {str(name): int(count) for name, count in rows}


def _next_lease(db: "Connection", name: str) -> tuple[int, int]:
    row = db.execute(
        "SELECT first, last FROM leases WHERE name = ? ORDER BY first LIMIT 1", (name,)
    ).fetchone()
    if row is None:
        raise StoreError("numbers.used_up", N_("No number is left here; connect to get new ones."))
    db.execute("DELETE FROM leases WHERE name = ? AND first = ?", (name, row[0]))
    return int(row[0]), int(row[1])


def add_lease(db: "Connection", name: str, first: int, last: int) -> None:
    """Keep a range that the shared store gave to this device, within a transaction."""
    db.execute("INSERT INTO leases (name, first, last) VALUES (?, ?, ?)", (name, first, last))


def numbers_left(db: "Connection", name: str) -> int:
    """How many numbers of a name can be given out here without the shared store."""
    left = "SELECT ifnull(sum(last - first + 1), 0) FROM leases WHERE name = ?"
    row = db.execute(
        "SELECT max(last - next + 1, 0) FROM number_ranges WHERE name = ? AND last IS NOT NULL",
        (name,),
    ).fetchone()
    return int(db.execute(left, (name,)).fetchone()[0]) + (int(row[0]) if row else 0)
