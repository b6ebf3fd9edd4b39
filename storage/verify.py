"""Proof that the replica is what its journal says.

Six claims: every entry fits its seal; every row equals its replayed patches and no row stands
without an entry; every counter equals its COUNT; every search index equals its rows; every signed
letter is as it was signed (``verify_letters``); content has the hash of its name. What is claimed
of a joined replica instead stands in ``verify_joined``.
Memory stays small: rows are replayed one by one in the order of ``entry_rows``.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from storage import seal, verify_joined
from storage.counters import COUNTED
from storage.difference import FoundError
from storage.driver import DatabaseError, in_words
from storage.errors import StoreError
from storage.indexing import LONGEST
from storage.overlay import is_joined
from storage.patches import Patch, patch_from
from storage.record import Value, columns
from storage.records import RECORDS
from storage.search import AREAS
from storage.verify_letters import check_letters

if TYPE_CHECKING:
    from sqlite3 import Connection

Progress = Callable[[str, int, int], None]
"""Told what is being checked, how many are done and how many there are."""

_EVERY = 2_000


@dataclass(slots=True)
class Report:
    """What was checked; ``difference`` is the first one found, None if there is none."""

    entries: int = 0
    rows: int = 0
    counters: int = 0
    indexes: int = 0  # 0 where the store cannot be written to: they cannot be proved there
    letters: int = 0  # signed ones
    contents: int = 0
    difference: str | None = None


def verify(db: "Connection", progress: Progress = lambda *_: None) -> Report:
    """Check everything; stops at the first difference.

    Nothing is written, yet the indexes need a connection that may write; with another one they are
    left out. StoreError ``store.busy`` where another program does not let go of the file.
    """
    report = Report()
    try:
        _database(db)
        db.execute("BEGIN")  # one snapshot, while other programs may go on writing
        _entries(db, report, progress)
        _rows(db, report, progress)
        _counters(db, report)
        report.letters = check_letters(db)
        _contents(db, report, progress)
        db.execute("ROLLBACK")
        with _unless_readonly():
            _indexes(db, report)
    except FoundError as found:
        report.difference = found.where
    except DatabaseError as error:
        if not _is_damage(error):
            raise in_words(error) from error
        report.difference = f"file: {error}"
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return report


@contextmanager
def _unless_readonly() -> Iterator[None]:
    """Leave out what a reading connection cannot do."""
    try:
        yield
    except DatabaseError as error:
        words = in_words(error)
        if not isinstance(words, StoreError) or words.code != "store.readonly":
            raise


def _is_damage(error: Exception) -> bool:
    """Whether what the file holds is at fault, not that it is held by another program, read-only or
    on a full disk."""
    words = in_words(error)
    return not isinstance(words, StoreError) or words.code in (
        "store.damaged",
        "store.not_a_replica",
        "store.io",
    )


def _database(db: "Connection") -> None:
    for (line,) in db.execute("PRAGMA quick_check(1)"):
        if line != "ok":
            raise FoundError(f"file: {' '.join(line.split())}")


def _entries(db: "Connection", report: Report, progress: Progress) -> None:
    """No entry is missing, each can be read, fits its seal and names each row once, as entry_rows
    does."""
    joined = is_joined(db)
    if joined:
        verify_joined.check_overlay(db)
    size = "SELECT count(*) FROM entries"
    last = db.execute(
        size if joined else "SELECT seq FROM sqlite_sequence WHERE name = 'entries'"
    ).fetchone()
    total = int(last[0]) if last else 0
    named = 0
    sealed = f"SELECT seq, seal, patches, {seal.COLUMNS} FROM entries ORDER BY seq"
    for seq, kept, patches, *head in db.execute(sealed):
        if seq != report.entries + 1 and not joined:
            raise FoundError(f"entry {report.entries + 1}: is missing")
        rows = _rows_of(seq, patches)
        if not _fits(kept, head, patches):
            raise FoundError(f"entry {seq}: was changed after it was written (its seal)")
        if len(set(rows)) != len(rows):
            raise FoundError(f"entry {seq}: names a row twice")
        named += len(rows)
        report.entries += 1
        if report.entries % _EVERY == 0:
            progress("entries", report.entries, total)
    if report.entries != total:
        raise FoundError(f"entry {report.entries + 1}: is missing")
    known = int(db.execute("SELECT count(*) FROM entry_rows").fetchone()[0])
    if known != named:
        raise FoundError(f"entry_rows: {known} rows, the entries name {named}")
    if not joined:
        _outbox(db)


def _outbox(db: "Connection") -> None:
    lost = db.execute("SELECT seq FROM outbox WHERE seq NOT IN (SELECT seq FROM entries) LIMIT 1")
    if row := lost.fetchone():
        raise FoundError(f"outbox: names entry {row[0]}, which does not exist")


def _fits(kept: bytes | None, head: list[Value], patches: str) -> bool:
    """Whether an entry says what was sealed; one of an older schema may have no seal."""
    if kept is None:
        schema = head[-1]
        return isinstance(schema, int) and schema < seal.FIRST_SCHEMA
    return kept == seal.seal(head, patches)


def _rows_of(seq: int, patches: str) -> list[tuple[str, str]]:
    """The rows an entry names."""
    try:
        rows = []
        for table, row_id, op, fields in json.loads(patches):
            if table not in RECORDS or op not in ("add", "set", "drop"):
                raise FoundError(f"entry {seq}: cannot be read ({op} {table})")
            if any(len(pair) != 2 for pair in fields.values()):
                raise FoundError(f"entry {seq}: cannot be read ({table} {row_id})")
            rows.append((str(table), str(row_id)))
    except (ValueError, TypeError, AttributeError) as error:
        raise FoundError(f"entry {seq}: cannot be read") from error
    return rows


def _rows(db: "Connection", report: Report, progress: Progress) -> None:
    total = sum(db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in RECORDS)

    @lru_cache(maxsize=512)
    def entry(seq: int) -> dict[tuple[str, str], Patch]:
        row = db.execute("SELECT patches FROM entries WHERE seq = ?", (seq,)).fetchone()
        if row is None:
            raise FoundError(f"entry {seq}: is missing")
        patches = [patch_from(p) for p in json.loads(row[0])]
        return {(p.table, p.row_id): p for p in patches}

    joined = is_joined(db)
    if joined:
        verify_joined.check_copies(db)
    for table in RECORDS:
        replayed = (
            verify_joined.check_rows(db, table, entry)
            if joined
            else _equal(db, table, _replayed(db, table, entry))
        )
        for _row in replayed:
            report.rows += 1
            if report.rows % _EVERY == 0:
                progress("rows", report.rows, total)


def _equal(
    db: "Connection", table: str, replayed: Iterator[tuple[str, dict[str, Value] | None]]
) -> Iterator[str]:
    """The id of each row that equals its replay; both come in the order of their ids."""
    names = columns(RECORDS[table])
    actual = db.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY id")
    row = actual.fetchone()
    for row_id, values in replayed:
        if row is not None and row[0] < row_id:
            break
        if values is None:
            if row is not None and row[0] == row_id:
                raise FoundError(f"{table} {row_id}: the journal says it is gone")
            continue
        if row is None or row[0] != row_id:
            raise FoundError(f"{table} {row_id}: is missing from the table")
        for name, value in zip(names[1:], row[1:], strict=True):
            if values.get(name) != value:
                raise FoundError(
                    f"{table} {row_id}, field {name}: the table says {value!r},"
                    f" the journal {values.get(name)!r}"
                )
        yield row_id
        row = actual.fetchone()
    if row is not None:
        raise FoundError(f"{table} {row[0]}: stands in the table without an entry")


def _replayed(
    db: "Connection", table: str, entry: Callable[[int], dict[tuple[str, str], Patch]]
) -> Iterator[tuple[str, dict[str, Value] | None]]:
    """Each row of a table as its entries leave it, in the order of ids; None: dropped."""
    last: str | None = None
    values: dict[str, Value] | None = None
    order = "SELECT row_id, seq FROM entry_rows WHERE tbl = ? ORDER BY row_id, seq"
    for row_id, seq in db.execute(order, (table,)):
        if row_id != last:
            if last is not None:
                yield last, values
            last, values = row_id, None
        patch = entry(seq).get((table, row_id))
        if patch is None:
            raise FoundError(f"entry {seq}: does not name {table} {row_id}")
        values = _after(patch, values, seq)
    if last is not None:
        yield last, values


def _after(patch: Patch, values: dict[str, Value] | None, seq: int) -> dict[str, Value] | None:
    where = f"entry {seq}: {patch.table} {patch.row_id}"
    if patch.op == "add":
        if values is not None:
            raise FoundError(f"{where} is added a second time")
        return {name: pair[1] for name, pair in patch.fields.items()}
    if values is None:
        raise FoundError(f"{where} is changed but does not exist")
    if patch.op == "drop":
        return None
    for name, (old, new) in patch.fields.items():
        if values.get(name) != old:
            raise FoundError(
                f"{where}, field {name}: the entry expects {old!r}, was {values.get(name)!r}"
            )
        values[name] = new
    return values


def _counters(db: "Connection", report: Report) -> None:
    for area, (office, clerk) in COUNTED.items():
        kept = {
            tuple(row[:3]): row[3]
            for row in db.execute(
                "SELECT office_id, state, clerk_id, n FROM counters WHERE area = ? AND n != 0",
                (area,),
            )
        }
        counted = {
            tuple(row[:3]): row[3]
            for row in db.execute(
                f"SELECT ifnull({office}, ''), state, ifnull({clerk}, ''), count(*) FROM {area}"
                " GROUP BY 1, 2, 3"
            )
        }
        for key in sorted(kept.keys() | counted.keys()):
            report.counters += 1
            if kept.get(key, 0) != counted.get(key, 0):
                raise FoundError(
                    f"counter {area} {'/'.join(key)}: says {kept.get(key, 0)},"
                    f" counted {counted.get(key, 0)}"
                )


def _indexes(db: "Connection", report: Report) -> None:
    """FTS5 proves each index against the view that says what stands in it.

    SQLite takes the check for a write, so other programs wait with theirs: 20 s for a million
    items, one index at a time.
    """
    for area in (*AREAS, ""):
        name = f"{area}_search" if area else "vocabulary_parts"
        db.execute("BEGIN IMMEDIATE")
        try:
            db.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        except DatabaseError as error:
            if not _is_damage(error):
                raise
            raise FoundError(f"search index {name}: does not equal its rows") from error
        if area and (word := _unknown_word(db, area)):
            raise FoundError(f"vocabulary: the word {word!r} of {name} is missing")
        db.execute("ROLLBACK")
        report.indexes += 1


def _unknown_word(db: "Connection", area: str) -> str | None:
    """A word of an index that could not be found by its parts."""
    db.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS"
        f" temp.{area}_words USING fts5vocab(main, {area}_search, row)"
    )
    row = db.execute(
        f"SELECT term FROM temp.{area}_words WHERE length(term) BETWEEN 3 AND {LONGEST}"
        " AND term NOT IN (SELECT word FROM vocabulary) LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def _contents(db: "Connection", report: Report, progress: Progress) -> None:
    joined = is_joined(db)  # then content comes when it is wanted
    total = int(db.execute("SELECT count(*) FROM content").fetchone()[0])
    for sha256, size, codec, data in db.execute("SELECT sha256, size, codec, data FROM content"):
        try:
            plain = zlib.decompress(data) if codec else data
        except zlib.error as error:
            raise FoundError(f"content {sha256}: cannot be unpacked") from error
        if len(plain) != size or hashlib.sha256(plain).hexdigest() != sha256:
            raise FoundError(f"content {sha256}: is not what its name says")
        report.contents += 1
        if report.contents % _EVERY == 0:
            progress("content", report.contents, total)
    for table, column in (
        ("items", "raw_sha256"),
        ("items", "text_sha256"),
        ("documents", "content_sha256"),
    ):
        row = db.execute(
            f"SELECT t.id FROM {table} t WHERE t.{column} IS NOT NULL AND NOT EXISTS"
            f" (SELECT 1 FROM content c WHERE c.sha256 = t.{column}) LIMIT 1"
        ).fetchone()
        if row and not joined:
            raise FoundError(f"{table} {row[0]}: its content is missing")
