"""What is asked of the shared store beyond the working set: a number, words, a record.

A screen or a command asks, whatever synchronises answers (``storage.sync.answering``), and neither
waits for the other: both only write and read local values, which are gone when the answer was read.
"""

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from storage.ids import uuid7

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.store import Store
    from storage.values import Value

Kind = Literal["numbers", "words", "row"]
_ASKED, _TOLD = "asked:", "told:"
_STALE_MS = 60_000  # nobody waits that long


class Inquiry(NamedTuple):
    """``what``: numbers of cases; folded words; or table and id of a record that shall come here.

    ``areas`` and ``here``: where words are looked for, and persons that are shown already. ``way``
    and ``reason`` go into the log of reads, which the shared store writes itself.
    """

    id: str
    kind: Kind
    what: tuple[str, ...]
    areas: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    way: str = "search"
    reason: str = ""


class Far(NamedTuple):
    """A record of the shared store that is not here; ``data`` is what a list shows of it, ``at``
    its time (ms UTC) or 0."""

    table: str
    id: str
    at: int
    data: "dict[str, Value]"

    @property
    def root(self) -> tuple[str, str]:
        """Table and id of what comes here as a whole: of a filed item, its case."""
        case_id = self.data.get("case_id")
        return (self.table, self.id) if case_id is None else ("cases", str(case_id))


class Answer(NamedTuple):
    """``code``: why there is none, '' where there is one. Of a record that has come here
    ``found`` holds that alone."""

    code: str
    found: tuple[Far, ...] = ()


def inquiry(
    kind: Kind,
    *what: str,
    areas: tuple[str, ...] = (),
    here: tuple[str, ...] = (),
    way: str = "search",
    reason: str = "",
) -> Inquiry:
    """A new one, not yet asked."""
    return Inquiry(uuid7(), kind, what, areas, here, way, reason)


def ask(store: "Store", one: Inquiry) -> None:
    """Leave it for whatever synchronises; what nobody waits for any more is forgotten."""
    with store.beneath() as (db, _index):
        _forget(db, store.clock() - _STALE_MS)
        _put(db, _ASKED + one.id, {"at": store.clock(), "inquiry": one})


def withdraw(store: "Store", inquiry_id: str) -> None:
    """Nobody waits for the answer any more, or it was read."""
    with store.beneath() as (db, _index):
        db.execute(
            "DELETE FROM local WHERE name IN (?, ?)", (_ASKED + inquiry_id, _TOLD + inquiry_id)
        )


def answer_to(db: "Connection", inquiry_id: str) -> Answer | None:
    """The answer, if there is one."""
    row = db.execute("SELECT value FROM local WHERE name = ?", (_TOLD + inquiry_id,)).fetchone()
    if row is None:
        return None
    code, found = json.loads(row[0])["answer"]
    return Answer(code, tuple(Far(*one) for one in found))


def open_ones(db: "Connection") -> list[Inquiry]:
    """What waits for an answer, the oldest first."""
    rows = db.execute(
        "SELECT value FROM local WHERE name >= ?1 AND name < ?1 || '~' ORDER BY name", (_ASKED,)
    )
    found = [json.loads(row[0])["inquiry"] for row in rows]
    return [
        Inquiry(one, kind, tuple(what), tuple(areas), tuple(here), way, reason)
        for one, kind, what, areas, here, way, reason in found
    ]


def is_asked(db: "Connection") -> bool:
    """Whether anything waits for an answer."""
    sql = "SELECT 1 FROM local WHERE name >= ?1 AND name < ?1 || '~' LIMIT 1"
    return db.execute(sql, (_ASKED,)).fetchone() is not None


def tell(store: "Store", inquiry_id: str, answer: Answer) -> None:
    """Answer one, unless it was withdrawn."""
    with store.beneath() as (db, _index):
        asked = db.execute("DELETE FROM local WHERE name = ?", (_ASKED + inquiry_id,))
        if asked.rowcount:
            _put(db, _TOLD + inquiry_id, {"at": store.clock(), "answer": answer})


def _put(db: "Connection", name: str, value: dict[str, object]) -> None:
    text = json.dumps(value, ensure_ascii=False)
    db.execute("INSERT OR REPLACE INTO local (name, value) VALUES (?, ?)", (name, text))


def _forget(db: "Connection", edge: int) -> None:
    db.executemany(
        "DELETE FROM local WHERE name >= ?1 AND name < ?1 || '~'"
        " AND json_extract(value, '$.at') < ?2",
        [(_ASKED, edge), (_TOLD, edge)],
    )
