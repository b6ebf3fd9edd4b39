"""What a bulk import asks for each entry is found by an index, however much there is."""

from collections.abc import Iterator
from sqlite3 import Connection

import pytest

from storage.pages import fines, payments
from storage.store import Store


@pytest.fixture
def asked(store: Store) -> Iterator[list[str]]:
    """The statements that the test has the store run, their values written out."""
    statements: list[str] = []
    store.db.set_trace_callback(statements.append)
    yield statements
    store.db.set_trace_callback(None)


def plan(db: Connection, statement: str) -> list[str]:
    """How SQLite goes about it, a line for each table."""
    db.set_trace_callback(None)
    return [str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]


def test_no_lookup_of_an_import_reads_a_table_from_end_to_end(
    store: Store, asked: list[str]
) -> None:
    db = store.db
    fines.with_plate(db, "XYAB1", "2026-01-01", "2026-01-04")
    fines.by_plate(db, "XYAB1")
    fines.by_persons(db, ["somebody"])
    fines.of_offender(db, "somebody", "2026-01-01", "2026-01-04")
    fines.of_external(db, "xmlmde:office:1")
    payments.payment_with(db, "refund:1")
    payments.reversible(db, "RF461", 100, "")
    payments.reversible(db, "", 100, "DE02")
    payments.wanted_refund(db, 100, "DE02")
    payments.total_of(db, "RF461")
    statements = list(asked)
    assert len(statements) == 10
    for statement in statements:
        lines = plan(db, statement)
        assert lines
        assert not any(line.startswith("SCAN") for line in lines), (statement, lines)
