"""``verify`` names every difference: each mutant goes past the journal and is found."""

import hashlib
from pathlib import Path

import pytest

from storage import schema, seal
from storage import verify as verifying
from storage.errors import StoreError
from storage.records import RECORDS
from storage.store import FILE_NAME, Store, open_store
from storage.verify import verify
from tests.storage.making import ANNA, BEN, KEY, dump, new_case, new_item, new_note, people


@pytest.fixture(autouse=True)
def _work(store: Store) -> None:
    """A little of everything, dropped rows as well."""
    people(store)
    new_item(store, "Straßenlaterne", "Guten Tag, sie flackert.")
    case = new_case(store)
    note = new_note(store, BEN, case, "Rückruf erbeten")
    gone = new_note(store, BEN, case, "weg")
    with store.change(BEN, "note.change") as change:
        change.set(note, text="Rückruf erledigt")
        change.drop(gone)
    with store.change(ANNA, "content") as change:
        change.packed_content(hashlib.sha256(b"zip").hexdigest(), 3, _packed(b"zip"))
    assert verify(store.db).difference is None


def _packed(data: bytes) -> bytes:
    import zlib

    return zlib.compress(data)


def mutants() -> dict[str, tuple[str, str]]:
    """Name -> (SQL, what is said), from mutants.txt."""
    text = Path(__file__).with_name("mutants.txt").read_text(encoding="utf-8")
    found = {}
    for block in text.split("\n\n")[1:]:
        name, sql, said = (line.strip() for line in block.strip().splitlines())
        found[name] = (sql, said)
    return found


MUTANTS = mutants()


@pytest.mark.parametrize("mutant", MUTANTS)
def test_each_mutant_is_named(store: Store, mutant: str) -> None:
    sql, said = MUTANTS[mutant]
    before = store.db.total_changes
    for statement in sql.split("; "):
        store.db.execute(statement)
    assert store.db.total_changes > before, "the mutant did nothing"
    if "UPDATE entries" in sql and "cannot be read" not in said:
        assert "(its seal)" in str(verify(store.db).difference)
        seal_anew(store)  # by somebody who knows how: what the entry says is looked at all the same
    difference = verify(store.db).difference
    assert difference is not None
    assert said in difference


def seal_anew(store: Store) -> None:
    rows = store.db.execute(f"SELECT seq, patches, {seal.COLUMNS} FROM entries").fetchall()
    for seq, patches, *head in rows:
        values = (seal.seal(head, patches), seq)
        store.db.execute("UPDATE entries SET seal = ? WHERE seq = ?", values)


@pytest.mark.parametrize("column", [*seal.COLUMNS.split(", "), "seal"])
def test_an_entry_edited_anywhere_is_named(store: Store, column: str) -> None:
    """Who, when, for whom: nothing else in the store says it a second time."""
    values = {"at": "at + 60000", "kind": "'redo'", "undoable": "1 - undoable", "schema": "3"}
    value = values.get(column, "'mallory'")
    store.db.execute(f"UPDATE entries SET {column} = {value} WHERE seq = 2")
    assert verify(store.db).difference == "entry 2: was changed after it was written (its seal)"


def test_a_seal_taken_away_is_named_unless_there_was_none(store: Store) -> None:
    store.db.execute("UPDATE entries SET seal = NULL WHERE seq = 3")
    assert str(verify(store.db).difference).startswith("entry 3: ")


def test_entries_that_are_older_than_seals_need_none(store: Store) -> None:
    """As the program before wrote them; what is written from now on is sealed."""
    last = store.db.execute("SELECT max(seq) FROM entries").fetchone()[0]
    store.db.execute("UPDATE entries SET schema = 4, seal = NULL")
    store.close()
    again = open_store(store.home, KEY)
    assert again.db.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA,)
    new_item(again)
    assert verify(again.db).difference is None
    unsealed = again.db.execute("SELECT max(seq) FROM entries WHERE seal IS NULL").fetchone()[0]
    assert unsealed == last
    again.close()


def test_every_field_of_every_table_is_compared(store: Store) -> None:
    """No column is left out, whatever is added to the tables."""
    rows = dump(store.db)
    seen = set()
    for (table, row_id), fields in rows.items():
        for name in fields:
            if (table, name) in seen:
                continue
            seen.add((table, name))
            store.db.execute("SAVEPOINT mutant")
            store.db.execute("PRAGMA ignore_check_constraints = ON")
            store.db.execute(f"UPDATE {table} SET {name} = 'mutant' WHERE id = ?", (row_id,))
            store.db.execute("RELEASE mutant")
            difference = verify(store.db).difference
            assert difference is not None, (table, name)
            assert f"{table} {row_id}, field {name}" in difference
            store.db.execute(f"UPDATE {table} SET {name} = ? WHERE id = ?", (fields[name], row_id))
            assert verify(store.db).difference is None
    assert {table for table, _ in seen} >= {"items", "cases", "notes", "clerks", "offices"}
    assert {table for table, _ in seen} <= set(RECORDS)


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7, 0.9])
def test_flipped_bytes_in_the_file(store: Store, place: float) -> None:
    store.close()
    path = store.home / FILE_NAME
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    path.write_bytes(data)
    damaged = open_store(store.home, KEY)
    difference = verify(damaged.db).difference
    assert difference is not None
    assert difference.startswith("file: ")
    assert "\n" not in difference
    damaged.close()


def test_what_is_counted(store: Store) -> None:
    told: list[tuple[str, int, int]] = []
    report = verify(store.db, lambda *step: told.append(step))
    assert report.entries == store.db.execute("SELECT count(*) FROM entries").fetchone()[0]
    assert report.rows == len(dump(store.db))
    assert (report.indexes, report.contents) == (5, 2)
    assert report.counters > 0


def test_nothing_is_written(store: Store) -> None:
    before = store.db.execute("SELECT total_changes()").fetchone()[0], files(store)
    verify(store.db)
    assert not store.db.in_transaction
    assert files(store) == before[1]
    new_item(store)  # and the store goes on working


def files(store: Store) -> dict[str, bytes]:
    return {
        p.name: p.read_bytes()
        for p in Path(store.home).glob("replica.db*")
        if p.suffix != ".db-shm"
    }


def test_others_may_write_meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    other = open_store(store.home, KEY)
    written = []

    def write(what: str, _done: int, _all: int) -> None:
        new_item(other, what)
        written.append(what)

    monkeypatch.setattr(verifying, "_EVERY", 1)
    assert verify(store.db, write).difference is None
    assert {"entries", "rows", "content"} <= set(written)
    assert verify(other.db).difference is None
    other.close()


def test_a_store_that_is_held_is_not_called_broken(store: Store) -> None:
    other = open_store(store.home, KEY, busy_ms=0)
    with store.group():
        new_item(store)
        with pytest.raises(StoreError) as refused:
            verify(other.db)
    assert refused.value.code == "store.busy"
    assert verify(other.db).difference is None
    other.close()


def test_a_reading_connection_proves_all_but_the_indexes(store: Store) -> None:
    reader = store.reader()
    report = verify(reader)
    assert (report.difference, report.indexes) == (None, 0)
    assert report.entries == verify(store.db).entries
    store.db.execute("UPDATE counters SET n = n + 1")
    assert "counter" in str(verify(reader).difference)
    reader.close()
