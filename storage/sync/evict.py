"""What leaves a replica: rows with all that is known of them, and nothing else.

One way for all that leaves: a case that went to another office, an office whose membership ended,
what was closed long ago. The entries that only spoke of such rows go; others keep their other
patches, sealed anew.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, cast

from storage import seal
from storage.overlay import PENDING
from storage.patches import Fields, Op
from storage.records import RECORDS
from storage.sync.rows import Key
from storage.sync.settle import Overlay
from storage.sync.wire import CONTENTS

if TYPE_CHECKING:
    from sqlite3 import Connection

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NAMED_BY = (
    ("items", "text_sha256"),
    ("items", "raw_sha256"),
    ("documents", "content_sha256"),
)


DAY_MS = 86_400_000
BROUGHT = " UNION ALL ".join(
    f"SELECT ifnull(json_extract(p.value, '$[3].{column}'), '')"
    " FROM sent s, json_each(s.entry, '$.patches') p"
    for column in CONTENTS
)
"""The content that own entries brought, as long as these are kept."""
NAMING: Final = tuple(
    table for table, record in RECORDS.items() if record.REFERENCES.get("person_id") == "persons"
)
"""The tables whose rows name a person; a replica holds no other persons."""
NAMED_PERSONS: Final = " UNION ".join(
    f"SELECT person_id FROM {table} WHERE person_id IS NOT NULL" for table in NAMING
)


def evict(db: "Connection", over: Overlay, keys: Iterable[Key]) -> None:
    """Let rows leave, within a transaction. A row under pending entries only leaves from beneath
    them: they are pushed, and refused there if they must be."""
    seqs: dict[int, set[Key]] = {}
    content: set[str] = set()
    for key in keys:
        row, _pending = over.base(key)
        content.update(str(row[name]) for name in CONTENTS if row and name in row)
        sql = "SELECT seq FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq < ?"
        for (seq,) in db.execute(sql, (*key, PENDING)):
            seqs.setdefault(seq, set()).add(key)
        db.execute(
            "DELETE FROM entry_rows WHERE tbl = ? AND row_id = ? AND seq < ?", (*key, PENDING)
        )
        db.execute("DELETE FROM wanted WHERE tbl = ? AND row_id = ?", key)
        if key[0] == "persons":
            db.execute("DELETE FROM copies WHERE row_id = ?", (key[1],))
        over.settle(key, None)
    for seq, gone in seqs.items():
        _forget(db, seq, gone)
    db.executemany("INSERT OR IGNORE INTO loose (sha256) VALUES (?)", [(one,) for one in content])


def _forget(db: "Connection", seq: int, gone: set[Key]) -> None:
    """Take rows out of an entry; the entry goes with its last row."""
    columns = f"SELECT patches, {seal.COLUMNS} FROM entries WHERE seq = ?"
    patches, *head = db.execute(columns, (seq,)).fetchone()
    found = cast("list[tuple[str, str, Op, Fields]]", json.loads(patches))
    kept = [patch for patch in found if (patch[0], patch[1]) not in gone]
    if not kept:
        db.execute("DELETE FROM entries WHERE seq = ?", (seq,))
        return
    text = _encode(kept)
    db.execute(
        "UPDATE entries SET patches = ?, seal = ? WHERE seq = ?",
        (text, seal.seal(head, text), seq),
    )


def sweep(db: "Connection") -> None:
    """Drop the content that left rows named and no row names any more; reads every item once.

    What an own entry brought stays as long as the entry is kept (``sent``): should the shared store
    come back from a backup, it is sent again with it, and nobody else may have it.
    """
    if not db.execute("SELECT 1 FROM loose LIMIT 1").fetchone():
        return
    named = " UNION ALL ".join(
        f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL" for table, column in _NAMED_BY
    )
    db.execute(
        "DELETE FROM content WHERE sha256 IN (SELECT sha256 FROM loose)"
        f" AND sha256 NOT IN ({named} UNION ALL SELECT sha256 FROM content_out"
        f" UNION ALL {BROUGHT})"
    )
    db.execute(
        f"DELETE FROM loose WHERE sha256 IN ({named}) OR sha256 NOT IN (SELECT sha256 FROM content)"
    )


def family(db: "Connection", table: str, row_id: str) -> list[Key]:
    """A case or item with what hangs on it and with its items; persons that nothing else names."""
    found: list[Key] = [(table, row_id)]
    for key in found:  # grows while it is gone through
        for child, record in RECORDS.items():
            for column in ("case_id", "item_id"):
                if record.REFERENCES.get(column) == key[0]:
                    rows = db.execute(f"SELECT id FROM {child} WHERE {column} = ?", (key[1],))
                    found += [(child, row[0]) for row in rows if (child, row[0]) not in found]
    return found
