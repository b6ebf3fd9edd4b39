"""The inbox as pages, newest first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from storage.pages.keyset import Keyset
from storage.terms import ItemState
from storage.values import Value

if TYPE_CHECKING:
    from sqlite3 import Connection


class ItemRow(NamedTuple):
    """One line of the inbox."""

    id: str
    received_at: int
    sender_name: str
    sender_address: str
    subject: str
    state: str
    office_id: str | None
    claimed_by: str | None
    attachments: int
    priority: int
    text_sha256: str | None
    case_id: str | None
    channel: str
    sent_at: int | None
    reason: str | None
    thread_key: str

    @property
    def key(self) -> tuple[Value, ...]:
        """Where its page stands: the order of the list."""
        return (self.received_at, self.id)


_COLUMNS = ", ".join(ItemRow._fields)
_SELECT = f"SELECT {_COLUMNS} FROM items"


def _make(row: tuple[Value, ...]) -> ItemRow:
    return ItemRow._make(row)  # the columns are the fields, in order


def _list(prefixes: Sequence[tuple[str, tuple[Value, ...]]]) -> Keyset[ItemRow]:
    return Keyset(_SELECT, prefixes, ("received_at", "id"), True, _make, "items")


def of_clerks(clerks: Sequence[str], state: str = ItemState.OPEN) -> Keyset[ItemRow]:
    """What these clerks have taken."""
    return _list([("state = ? AND claimed_by = ?", (state, clerk)) for clerk in clerks])


def of_offices(
    offices: Sequence[str], *states: str, unassigned_too: bool = False
) -> Keyset[ItemRow]:
    """What lies with these offices in these states (open, if none is named).

    ``unassigned_too``: also what lies with no office, as finished items may.
    """
    wanted = states or (ItemState.OPEN,)
    prefixes: list[tuple[str, tuple[Value, ...]]] = [
        ("state = ? AND office_id = ?", (state, office))
        for state in wanted
        for office in (offices or ("",))
    ]
    if unassigned_too:
        prefixes += [("state = ? AND office_id IS NULL", (state,)) for state in wanted]
    return _list(prefixes)


def unassigned(state: str = ItemState.OPEN) -> Keyset[ItemRow]:
    """What lies with no office yet."""
    return _list([("state = ? AND office_id IS NULL", (state,))])


def everywhere(state: str) -> Keyset[ItemRow]:
    """All items in a state (quarantine, spam, done)."""
    return _list([("state = ?", (state,))])


def of_case(db: "Connection", case_id: str) -> list[ItemRow]:
    """All items filed into a case, oldest first."""
    sql = f"{_SELECT} WHERE case_id = ? ORDER BY received_at, id"
    return [_make(row) for row in db.execute(sql, (case_id,))]


def of_thread(db: "Connection", thread_key: str, most: int = 200) -> list[ItemRow]:
    """The newest items of a thread, newest first."""
    sql = f"{_SELECT} WHERE thread_key = ? ORDER BY received_at DESC, id DESC LIMIT ?"
    return [_make(row) for row in db.execute(sql, (thread_key, most))]


def by_ids(db: "Connection", ids: Sequence[str]) -> list[ItemRow]:
    """The items with these ids, in the order asked for; missing ones are left out."""
    found: dict[str, ItemRow] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        for row in db.execute(f"{_SELECT} WHERE id IN ({marks})", part):
            found[str(row[0])] = _make(row)
    return [found[i] for i in ids if i in found]


def matching(
    db: "Connection", within: Keyset[ItemRow], query: str, limit: int
) -> tuple[list[ItemRow], bool]:
    """The newest items of a list that match a search, and whether word forms were left out."""
    from storage.search import item_ids

    condition = " OR ".join(f"({part})" for part, _values in within.prefixes)
    values = tuple(value for _part, bound in within.prefixes for value in bound)
    ids, narrowed = item_ids(db, query, condition, values, limit)
    rows = by_ids(db, ids)
    rows.sort(key=lambda row: (row.received_at, row.id), reverse=True)
    return rows, narrowed
