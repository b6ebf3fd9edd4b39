"""Pages by keyset: walked in either direction they are the whole list, ties and all."""

from sqlite3 import connect

from hypothesis import given
from hypothesis import strategies as st

from storage.pages import cases, follow_ups, items
from storage.pages.keyset import Keyset
from storage.record import Value
from storage.records import FollowUp
from storage.store import Store
from tests.storage.making import ANNA, item, new_case, people

Row = tuple[Value, ...]
# Few offices, few times: many ties, also across offices.
rows_ = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=40)
offices = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True)


@given(rows=rows_, wanted=offices, limit=st.integers(1, 7), down=st.booleans())
def test_pages_are_the_sorted_list(
    rows: list[tuple[str, int]], wanted: list[str], limit: int, down: bool
) -> None:
    db = connect(":memory:")
    db.execute("CREATE TABLE t (office, at, id)")
    stored = [(office, at, f"id{n:02}") for n, (office, at) in enumerate(rows)]
    db.executemany("INSERT INTO t VALUES (?, ?, ?)", stored)
    whole = sorted(
        (row for row in stored if row[0] in wanted), key=lambda row: row[1:], reverse=down
    )
    pages: Keyset[Row] = Keyset(
        "SELECT office, at, id FROM t",
        [("office = ?", (office,)) for office in wanted],
        ("at", "id"),
        down,
        tuple,
    )
    forwards: list[Row] = []
    page = pages.page(db, limit=limit)
    while page:
        assert len(page) <= limit
        forwards += page
        page = pages.page(db, after=page[-1][1:], limit=limit)
    backwards: list[Row] = []
    page = pages.page(db, before=(), limit=limit)
    while page:
        assert len(page) <= limit
        backwards = page + backwards
        page = pages.page(db, before=page[0][1:], limit=limit)
    db.close()
    assert forwards == backwards == whole


@given(rows=rows_, at=st.integers(-1, 4), down=st.booleans())
def test_a_key_that_no_row_has(rows: list[tuple[str, int]], at: int, down: bool) -> None:
    """The row at the edge may be gone since: the page begins at the next."""
    db = connect(":memory:")
    db.execute("CREATE TABLE t (office, at, id)")
    stored = [(office, n, f"id{k:02}") for k, (office, n) in enumerate(rows)]
    db.executemany("INSERT INTO t VALUES (?, ?, ?)", stored)
    pages: Keyset[Row] = Keyset("SELECT at, id FROM t", [("1", ())], ("at", "id"), down, tuple)
    key = (at, "id00x")
    keys = sorted((row[1:] for row in stored), reverse=down)
    after = pages.page(db, after=key, limit=100)
    before = pages.page(db, before=key, limit=100)
    db.close()
    assert after == [k for k in keys if (k < key if down else k > key)]
    assert before == [k for k in keys if (k > key if down else k < key)]


def test_the_lists_of_the_office(store: Store) -> None:
    """The real lists over the real indexes, every row once, ties by id."""
    people(store)
    with store.change(ANNA, "test") as change:
        for number in range(23):
            one = change.add(item(f"{number}"))
            change.set(
                one,
                received_at=number // 4,
                office_id=("amt", "bau", None)[number % 3],
                claimed_by=("ben", None)[number % 2],
            )
            new = FollowUp(
                due_on=f"2026-01-{1 + number // 5:02}",
                created_at=1,
                created_by="ben",
                office_id="amt",
                clerk_id=("ben", None)[number % 2],
            )
            change.add(new)
    new_case(store)
    for pages, total in (
        (items.of_offices(["amt", "bau"]), 16),
        (items.of_offices([]), 0),
        (items.unassigned(), 7),
        (items.everywhere("open"), 23),
        (items.of_clerks(["ben"]), 12),
    ):
        rows = pages.page(store.db, limit=100)
        assert len({row.id for row in rows}) == len(rows) == total
        assert [row.key for row in rows] == sorted((row.key for row in rows), reverse=True)
        if rows:
            half = rows[len(rows) // 2]
            assert pages.page(store.db, after=half.key, limit=100) == rows[len(rows) // 2 + 1 :]
            assert pages.page(store.db, before=half.key, limit=100) == rows[: len(rows) // 2]
    due = follow_ups.of_clerks(["ben"], ["amt"]).page(store.db, limit=100)
    assert [row.key for row in due] == sorted(row.key for row in due)
    assert len(due) == 23
    assert len(cases.of_offices(["amt"]).page(store.db, limit=5)) == 1


def test_every_list_is_served_by_an_index(store: Store) -> None:
    """No sorting of a whole list, no scan: a page costs its rows."""
    lists = (
        items.of_offices(["amt"]),
        items.unassigned(),
        items.everywhere("open"),
        items.of_clerks(["b", "c"]),
        cases.of_offices(["amt"]),
        cases.of_clerks(["b", "c"]),
        follow_ups.of_clerks(["b", "c"], ["amt"]),
    )
    for pages in lists:
        for condition, bound in pages.prefixes:
            order = ", ".join(f"{c} {'DESC' if pages.descending else 'ASC'}" for c in pages.order)
            edge = f"({', '.join(pages.order)}) < ({', '.join('?' * len(pages.order))})"
            sql = f"{pages.select} WHERE {condition} AND {edge} ORDER BY {order} LIMIT 50"
            plan = store.db.execute(f"EXPLAIN QUERY PLAN {sql}", (*bound, 1, "x")).fetchall()
            steps = " / ".join(str(step[3]) for step in plan)
            assert "USING INDEX" in steps, sql
            assert "TEMP B-TREE" not in steps, sql
            assert "SCAN" not in steps, sql
