"""What pulled entries do to a replica, one thing at a time."""

import json

import pytest

from storage.actor import Actor
from storage.errors import StoreError
from storage.history import history
from storage.overlay import PENDING
from storage.patches import Patch
from storage.records import Case, Item, Note
from storage.store import Store
from storage.sync.apply import apply_all
from storage.undo import undo
from storage.verify import verify
from tests.storage.making import ANNA
from tests.storage.sync.conftest import CASE, ITEM, MINE, NOTE, QUANDT, Desk, added, changed


def subject(store: Store) -> object:
    return store.db.execute("SELECT subject FROM cases WHERE id = 'case'").fetchone()[0]


def sound(store: Store) -> bool:
    found = verify(store.db)
    assert found.difference is None
    return True


def test_what_others_did_is_in_the_history(desk: Desk) -> None:
    desk.theirs(changed(CASE, subject="Kanal"))
    desk.pull()
    assert subject(desk.store) == "Kanal"
    newest = history(desk.store.db, "cases", "case")[0]
    assert (newest.clerk_id, newest.patches[0].fields) == ("ben", {"subject": ["Laterne", "Kanal"]})
    assert sound(desk.store)


def test_an_own_entry_stands_over_theirs_until_it_comes_back(desk: Desk) -> None:
    with desk.store.change(ANNA, "case.name") as change:
        change.set(CASE, subject="Meins")
    desk.theirs(changed(CASE, result="ihres"))
    desk.pull()
    assert subject(desk.store) == "Meins"
    shadow = desk.store.db.execute("SELECT data FROM shadow").fetchone()[0]
    assert json.loads(shadow)["subject"] == "Laterne"
    assert desk.push() == ["ok"]
    assert sound(desk.store)
    desk.pull()
    assert desk.store.db.execute("SELECT count(*) FROM shadow").fetchone() == (0,)
    assert desk.store.db.execute("SELECT max(seq) < ? FROM entries", (PENDING,)).fetchone() == (1,)
    row = desk.store.db.execute("SELECT subject, result FROM cases WHERE id = 'case'").fetchone()
    assert row == ("Meins", "ihres")
    assert sound(desk.store)


def test_a_conflict_shows_theirs_and_keeps_what_was_typed(desk: Desk) -> None:
    with desk.store.change(ANNA, "case.name") as change:
        change.set(CASE, subject="Meins")
        change.add(Note(id="mine", case_id="case", clerk_id="anna", at=1, text="getippt"))
    desk.theirs(changed(CASE, subject="Ihres"))
    assert desk.push() == ["conflict"]
    assert desk.pull().refused == 1
    assert subject(desk.store) == "Ihres"
    assert desk.store.db.execute("SELECT 1 FROM notes WHERE id = 'mine'").fetchone() is None
    row = desk.store.db.execute(
        "SELECT outcome, code, action, clerk_id, patches, theirs, settled FROM refusals"
    ).fetchone()
    assert row[:4] == ("conflict", "conflict", "case.name", "anna")
    assert ["notes", "mine", "add"] in [patch[:3] for patch in json.loads(row[4])]
    assert json.loads(row[5])["cases/case"]["subject"] == "Ihres"
    assert row[6] == 0
    assert sound(desk.store)


def test_a_lost_claim_is_rejected(desk: Desk) -> None:
    with desk.store.change(ANNA, "item.take", claim=True) as change:
        change.set(ITEM, claimed_by="anna")
    desk.theirs(changed(ITEM, claimed_by="ben"))
    assert desk.push() == ["rejected"]
    desk.pull()
    assert desk.store.db.execute("SELECT claimed_by FROM items").fetchone() == ("ben",)
    assert desk.store.db.execute("SELECT code FROM refusals").fetchone() == ("claim.lost",)


def test_a_case_that_leaves_takes_all_along(desk: Desk) -> None:
    desk.theirs(QUANDT, changed(CASE, person_id="quandt"))
    desk.pull()
    desk.theirs(changed(CASE, office_id="bau"))
    desk.pull()
    for table in ("cases", "notes", "persons"):
        assert desk.store.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    said = desk.store.db.execute("SELECT patches FROM entries").fetchall()
    assert "Laterne" not in str(said)
    assert "Quandt" not in str(said)
    assert ITEM.id in str(said)
    assert sound(desk.store)


def test_a_case_that_enters_is_here_with_all(desk: Desk) -> None:
    desk.theirs(Note(case_id="other", clerk_id="ben", at=1, text="aus dem Bauamt"))
    desk.theirs(Patch("cases", "other", "set", {"office_id": ["bau", "amt"]}))
    desk.pull()
    assert desk.store.db.execute("SELECT subject FROM cases WHERE id = 'other'").fetchone()
    assert desk.store.db.execute("SELECT count(*) FROM notes").fetchone() == (2,)
    assert [entry.action for entry in history(desk.store.db, "cases", "other")] == ["test.theirs"]
    assert sound(desk.store)


def test_an_own_entry_for_another_office_leaves_the_overlay(desk: Desk) -> None:
    with desk.store.change(ANNA, "case.open") as change:
        change.add(Case(id="theirs", number="N9", office_id="bau", subject="s", opened_at=1))
    assert desk.push() == ["ok"]
    desk.pull()
    assert desk.store.db.execute("SELECT 1 FROM cases WHERE id = 'theirs'").fetchone() is None
    assert sound(desk.store)


def test_of_two_mails_that_are_one_the_first_stays(desk: Desk) -> None:
    """Both workstations fetched it while they could not reach the shared store."""
    twin = Item(channel=ITEM.channel, external_id="m1", thread_key="t", received_at=1)
    with desk.store.change(ANNA, "item.receive") as change:
        change.add(twin)
    with desk.store.change(ANNA, "item.note") as change:
        change.add(Note(item_id=twin.id, clerk_id="anna", at=1, text="auf der eigenen"))
    desk.theirs(
        Item(id="first", channel=ITEM.channel, external_id="m1", thread_key="t", received_at=1)
    )
    desk.pull()
    ids = desk.store.db.execute("SELECT id FROM items WHERE external_id = 'm1'").fetchall()
    assert ids == [("first",)]
    assert sound(desk.store)
    assert desk.push()[0] == "rejected"
    desk.pull()
    assert desk.store.db.execute("SELECT code, settled FROM refusals").fetchone() == (
        "value.taken",
        0,
    )
    assert sound(desk.store)


def test_a_hole_is_said_aloud(desk: Desk) -> None:
    desk.theirs(changed(CASE, subject="1"))
    desk.theirs(changed(CASE, result="2"))
    rows = desk.hub.pull(MINE, {"amt": 2, "town": 1}, 10)
    assert [row.scope for row in rows] == ["amt", "amt"]
    with pytest.raises(StoreError) as said:
        apply_all(desk.store, rows[1:])
    assert said.value.code == "sync.hole"
    assert subject(desk.store) == "Laterne"


def test_another_stream_is_noticed(desk: Desk) -> None:
    desk.theirs(changed(CASE, subject="1"))
    rows = desk.hub.pull(MINE, {"amt": 2, "town": 1}, 10)
    with pytest.raises(StoreError) as said:
        apply_all(desk.store, [rows[0]._replace(digest=rows[0].digest ^ 1)])
    assert said.value.code == "sync.diverged"


def test_undo_goes_by_ones_own_order(desk: Desk) -> None:
    """Pending or back, in whatever order the shared store numbered them."""
    with desk.store.change(ANNA, "one") as change:
        change.set(CASE, result="1")
    with desk.store.change(ANNA, "two") as change:
        change.set(ITEM, priority=2)
    db = desk.store.db
    first, second = (r[0] for r in db.execute("SELECT seq FROM outbox ORDER BY seq"))
    assert (first, second) == (PENDING + 1, PENDING + 2)
    assert undo(desk.store, ANNA).action == "two"
    desk.push()
    desk.pull()
    assert undo(desk.store, ANNA).action == "one"
    assert desk.push() == ["ok"]
    desk.pull()
    assert db.execute("SELECT result FROM cases WHERE id = 'case'").fetchone() == (None,)
    with pytest.raises(StoreError):
        undo(desk.store, Actor("ben", "Ben", {}))
    assert sound(desk.store)


def test_what_is_named_and_not_here_is_wanted(desk: Desk) -> None:
    db = desk.store.db
    with desk.store.beneath() as (_db, index):
        from storage.sync.evict import evict, family
        from storage.sync.settle import Overlay

        evict(db, Overlay(db, index), family(db, "cases", "case"))
    assert sound(desk.store)
    desk.theirs(changed(CASE, subject="anders"))
    desk.theirs(added(Note(id="late", case_id="case", clerk_id="ben", at=1, text="spät")))
    desk.pull()
    assert db.execute("SELECT tbl, row_id, field FROM wanted").fetchall() == [("cases", "case", "")]
    assert sound(desk.store)
    assert f'"{NOTE.id}"' not in str(db.execute("SELECT patches FROM entries").fetchall())


MUTANTS = {
    "a row under a shadow": "UPDATE cases SET subject = 'x' WHERE id = 'case'",
    "a row without one": "UPDATE items SET subject = 'x'",
    "a shadow's value": "UPDATE shadow SET data = json_set(data, '$.result', 'x')",
    "a shadow gone": "DELETE FROM shadow",
    "a shadow too many": "INSERT INTO shadow VALUES ('items', 'item', '{}')",
    "a pending entry gone": f"DELETE FROM entries WHERE seq > {PENDING}",
    "own numbers set back": "UPDATE sqlite_sequence SET seq = 5",
    "own numbers ahead": "UPDATE sqlite_sequence SET seq = seq + 1",
    "a person in no stream": "DELETE FROM copies",
    "a stream of nobody": "INSERT INTO copies VALUES ('nobody', 'amt')",
    "a mark for nothing": f"INSERT INTO outbox VALUES ({PENDING + 77})",
    "a row deleted": "DELETE FROM notes",
    "a pulled entry gone": "DELETE FROM entries WHERE seq = 2",
    "a stream before its beginning": "UPDATE streams SET cursor = -1",
    "a link gone": "DELETE FROM entry_rows WHERE tbl = 'notes'",
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_verify_names_each_mutant(desk: Desk, mutant: str) -> None:
    desk.theirs(QUANDT, changed(CASE, person_id="quandt"))
    desk.pull()
    with desk.store.change(ANNA, "case.name") as change:
        change.set(CASE, subject="Meins")
    assert sound(desk.store)
    before = desk.store.db.total_changes
    desk.store.db.execute(MUTANTS[mutant])
    assert desk.store.db.total_changes > before
    assert verify(desk.store.db).difference is not None
