"""What the shared store did not take: decided field by field, done again, or let go."""

import re
from pathlib import Path

import pytest

from clerk import i18n
from clerk.desks import cases, conflicts, inbox, returned, undoing
from clerk.desks.conflicts import Typed
from clerk.desks.returned import SENTENCES, Returned
from clerk.refusal import Refused
from clerk.session import Session
from storage import refusals
from storage.actor import Actor
from storage.errors import StoreError
from storage.ids import uuid7
from storage.numbers import add_lease
from storage.pages.names import Names
from storage.patches import Patch, current
from storage.record import Value
from storage.records import Case, Item, Note, Person
from storage.refusals import RefusalRow
from storage.verify import verify
from tests import support
from tests.joined import COLLEAGUE, Joined

ROOT = Path(__file__).parents[3]


@pytest.fixture
def town(session: Session) -> Joined:
    """A joined town with a case, an item and a person."""
    support.add_case(session, "Laterne")
    support.add_item(session, "Laterne defekt")
    with session.store.change(session.actor, "test.person") as change:
        change.add(Person(id="quandt", family_name="Quandt", city="Altstadt"))
    return Joined(session)


def row(town: Joined, table: str) -> dict[str, Value]:
    """The one record of a table, as it is in the replica."""
    ids = [one for name, one in town.hub.rows if name == table]
    found = current(town.store.db, table, ids[0])
    assert found is not None
    return found


def rename(town: Joined, subject: str, note: str = "") -> None:
    """An edit of mine, with a note if wanted."""
    with town.store.change(town.session.actor, "case.note") as change:
        case = change.get(Case, str(row(town, "cases")["id"]))
        change.set(case, subject=subject, result="meins")
        if note:
            change.add(Note(case_id=case.id, clerk_id="ich", at=change.at, text=note))


def conflict(town: Joined, note: str = "") -> Returned:
    """Both named the case, I alone wrote a result."""
    rename(town, "Meine Laterne", note)
    town.change("cases", str(row(town, "cases")["id"]), subject="Ihre Laterne")
    town.meet()
    [found] = returned.open_ones(town.store, Names(town.store.db))
    return found


def only(town: Joined) -> Returned:
    [found] = returned.open_ones(town.store, Names(town.store.db))
    return found


def test_a_conflict_shows_both_who_and_when(town: Joined) -> None:
    one = conflict(town, "getippt")
    assert one.is_conflict
    assert one.about.endswith("Ihre Laterne")
    assert one.sentence == "Somebody else changed the same at the same time."
    subject, result, note = one.points
    assert (subject.key, subject.before, subject.mine, subject.theirs, subject.preset) == (
        "subject", "Laterne", "Meine Laterne", "Ihre Laterne", None,
    )  # fmt: skip
    assert Names(town.store.db).clerk(subject.who) == COLLEAGUE
    assert subject.when is not None
    assert (result.key, result.mine, result.preset) == ("result", "meins", "mine")
    assert (note.key, note.mine, note.preset, note.field) == ("notes", "getippt", "mine", "")
    assert refusals.count_open(town.store.db) == 1


def test_each_field_is_decided_for_itself_and_all_is_taken_back_at_once(town: Joined) -> None:
    one = conflict(town, "getippt")
    outcome = conflicts.resolve(
        town.store, town.session.actor, one.entry_id, {"subject": "theirs", "result": Typed(" x ")}
    )
    assert outcome.changed
    now = row(town, "cases")
    assert (now["subject"], now["result"]) == ("Ihre Laterne", "x")
    assert [note.text for note in _notes(town)] == ["getippt"]
    assert returned.open_ones(town.store, Names(town.store.db)) == []
    undoing.take_back(town.store, town.session.actor, again=False)
    assert row(town, "cases")["result"] is None
    assert only(town).entry_id == one.entry_id
    undoing.take_back(town.store, town.session.actor, again=True)
    assert row(town, "cases")["result"] == "x"
    assert refusals.count_open(town.store.db) == 0
    town.meet()
    assert refusals.count_open(town.store.db) == 0
    assert town.hub.rows["cases", str(now["id"])]["result"] == "x"
    assert verify(town.store.db).difference is None


def _notes(town: Joined) -> list[Note]:
    from storage.pages import cases as pages

    return pages.notes(town.store.db, case_id=str(row(town, "cases")["id"]))


def test_all_theirs_writes_nothing_and_can_be_taken_up_again(town: Joined) -> None:
    one = conflict(town)
    choices: dict[str, conflicts.Choice] = {"subject": "theirs", "result": "theirs"}
    assert conflicts.resolve(town.store, town.session.actor, one.entry_id, choices).changed is False
    assert refusals.count_open(town.store.db) == 0
    conflicts.take_up(town.store, town.session.actor, one.entry_id)
    assert refusals.count_open(town.store.db) == 1


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({}, "conflict.undecided"),
        ({"nothing": "mine"}, "conflict.field"),
        ({"subject": Typed("  ")}, "value.invalid"),
    ],
)
def test_what_cannot_be_decided_so(
    town: Joined, choices: dict[str, conflicts.Choice], code: str
) -> None:
    one = conflict(town)
    with pytest.raises(Refused) as said:
        conflicts.resolve(town.store, town.session.actor, one.entry_id, choices)
    assert said.value.refusal.code == code
    assert only(town).entry_id == one.entry_id
    assert row(town, "cases")["result"] is None


def test_a_stranger_and_a_second_time(town: Joined) -> None:
    one = conflict(town)
    stranger = Actor(town.colleague, COLLEAGUE, {"tiefbau": "clerk"})
    with pytest.raises(Refused) as said:
        conflicts.resolve(town.store, stranger, one.entry_id, {"subject": "mine"})
    assert said.value.refusal.code == "conflict.not_yours"
    conflicts.let_go(town.store, town.session.actor, one.entry_id)
    for use_case in (conflicts.let_go, conflicts.again):
        with pytest.raises(Refused) as said:
            use_case(town.store, town.session.actor, one.entry_id)
        assert said.value.refusal.code == "conflict.settled"


def test_a_state_is_theirs_or_the_action_is_done_again(town: Joined) -> None:
    case_id = str(row(town, "cases")["id"])
    actor = town.session.actor
    cases.close(town.store, actor, case_id, "repariert")
    town.change("cases", case_id, state="waiting")
    town.meet()
    one = only(town)
    state = next(point for point in one.points if point.key == "state")
    assert (state.fixed, state.preset) == (True, "theirs")
    with pytest.raises(Refused) as said:
        conflicts.resolve(town.store, actor, one.entry_id, {"state": "mine", "statuses": "mine"})
    assert said.value.refusal.code == "conflict.fixed"
    conflicts.again(town.store, actor, one.entry_id)
    assert (row(town, "cases")["state"], row(town, "cases")["result"]) == ("closed", "repariert")
    entry = town.store.db.execute("SELECT action FROM entries ORDER BY seq DESC").fetchone()
    assert entry == ("case.close",)
    town.meet()
    assert town.hub.rows["cases", case_id]["state"] == "closed"
    assert refusals.count_open(town.store.db) == 0


def test_what_cannot_be_done_again_says_why_and_stays(town: Joined) -> None:
    item_id = str(row(town, "items")["id"])
    actor = town.session.actor
    inbox.finish(town.store, actor, "item.done", [item_id])
    town.change("items", item_id, state="spam")
    town.meet()
    one = only(town)
    refusal = conflicts.can_do_again(actor, town.store, one)
    assert refusal is not None
    assert refusal.sentence == "Not possible: the item is spam."
    with pytest.raises(Refused):
        conflicts.again(town.store, actor, one.entry_id)
    assert only(town) == one


def test_a_lost_claim_names_the_winner(town: Joined) -> None:
    item_id = str(row(town, "items")["id"])
    inbox.take(town.store, town.session.actor, [item_id])
    town.change("items", item_id, claimed_by=town.colleague)
    town.meet()
    one = only(town)
    assert (one.outcome, one.code) == ("rejected", "claim.lost")
    assert row(town, "items")["claimed_by"] == town.colleague
    with pytest.raises(Refused) as said:
        conflicts.resolve(town.store, town.session.actor, one.entry_id, {})
    assert said.value.refusal.code == "conflict.rejected"


def test_of_several_items_again_takes_those_that_can_be_taken(town: Joined) -> None:
    first = str(row(town, "items")["id"])
    session = town.session
    second = support.add_item(session, "Noch eine")
    town.meet()
    clerk = Actor(session.actor.clerk_id, session.actor.name, {"buergerbuero": "clerk"})
    inbox.take(town.store, clerk, [first, second])
    town.change("items", first, claimed_by=town.colleague)
    town.meet()
    assert current(town.store.db, "items", second)["claimed_by"] is None  # type: ignore[index]
    conflicts.again(town.store, clerk, only(town).entry_id)
    assert current(town.store.db, "items", second)["claimed_by"] == clerk.clerk_id  # type: ignore[index]
    assert current(town.store.db, "items", first)["claimed_by"] == town.colleague  # type: ignore[index]


def test_a_note_that_was_rejected_is_done_again(town: Joined) -> None:
    case_id = str(row(town, "cases")["id"])
    cases.note(town.store, town.session.actor, case_id, "getippt")
    entry = town.store.db.execute("SELECT id FROM entries ORDER BY seq DESC").fetchone()[0]
    _reject(town, entry, "role.missing")
    one = only(town)
    assert [(point.key, point.mine) for point in one.points] == [("text", "getippt")]
    assert _notes(town) == []
    conflicts.again(town.store, town.session.actor, one.entry_id)
    assert [note.text for note in _notes(town)] == ["getippt"]
    town.meet()
    assert refusals.count_open(town.store.db) == 0
    assert verify(town.store.db).difference is None


def _reject(town: Joined, entry_id: str, code: str, detail: object = None) -> None:
    """The shared store says no, whatever it was."""
    original = town.hub.objection
    town.hub.objection = lambda patch, claim: code  # type: ignore[method-assign]
    town.meet()
    town.hub.objection = original  # type: ignore[method-assign]
    assert refusals.find(town.store.db, entry_id).code == code


def test_a_person_that_both_wrote(town: Joined) -> None:
    with town.store.change(town.session.actor, "case.note") as change:
        change.set(change.get(Person, "quandt"), city="Meindorf")
    town.change("persons", "quandt", city="Ihrstadt")
    town.meet()
    one = only(town)
    assert one.about == "Quandt"
    conflicts.resolve(town.store, town.session.actor, one.entry_id, {"city": "mine"})
    assert row(town, "persons")["city"] == "Meindorf"


def test_two_records_have_keys_of_their_own(town: Joined) -> None:
    session = town.session
    ids = [str(row(town, "items")["id"]), support.add_item(session, "Noch eine")]
    town.meet()
    with town.store.change(session.actor, "item.priority") as change:
        for one in ids:
            change.set(change.get(Item, one), priority=2)
    for one in ids:
        town.change("items", one, priority=1)
    town.meet()
    points = only(town).points
    assert [point.key for point in points] == [f"items/{one}.priority" for one in ids]
    refusal = conflicts.can_type(points[0])
    assert refusal is None
    assert conflicts.value_of(points[0], " 1 ") == 1
    with pytest.raises(Refused):
        conflicts.value_of(points[0], "viel")


def test_hostile_text_stays_what_it_is(town: Joined) -> None:
    rename(town, support.HOSTILE)
    town.change("cases", str(row(town, "cases")["id"]), subject="Ihre Laterne")
    town.meet()
    [subject, _result] = only(town).points
    assert subject.mine == support.HOSTILE
    conflicts.resolve(town.store, town.session.actor, only(town).entry_id, {"subject": "mine"})
    assert row(town, "cases")["subject"] == support.HOSTILE


def test_every_code_of_the_server_has_a_sentence_in_both_languages(session: Session) -> None:
    sql = (ROOT / "storage/hub/sql/04_judge.sql").read_text(encoding="utf-8")
    codes = set(re.findall(r"\'(?:\{\d,)?([a-z]+\.[a-z_]+)\}?\'", sql)) - {"item.release_other"}
    assert codes | {"conflict"} == SENTENCES.keys()
    names = Names(session.store.db)
    for code in [*SENTENCES, "some.new"]:
        details: list[dict[str, object]] = [
            {}, {"by": session.actor.clerk_id, "tbl": "cases", "field": "subject"},
        ]  # fmt: skip
        for detail in details:
            row = RefusalRow(uuid7(), 1, "", "case.note", "rejected", code, detail, (), False)
            i18n.choose("en")
            english = returned.sentence_of(row, names)
            i18n.choose("de")
            german = returned.sentence_of(row, names)
            assert "{" not in english + german
            assert english.endswith(".")


def test_an_unknown_entry(town: Joined) -> None:
    from storage.errors import StoreError

    with pytest.raises(StoreError) as said:
        conflicts.let_go(town.store, town.session.actor, "nichts")
    assert said.value.code == "refusal.unknown"


def test_a_record_that_is_gone_can_only_be_let_go(town: Joined) -> None:
    case_id = str(row(town, "cases")["id"])
    rename(town, "Meine Laterne")
    row_now = town.hub.rows["cases", case_id]
    town.theirs(Patch("cases", case_id, "drop", {k: [v, None] for k, v in row_now.items()}))
    town.meet()
    one = only(town)
    assert one.code == "record.gone"
    refusal = conflicts.can_do_again(town.session.actor, town.store, one)
    assert refusal is not None
    assert refusal.code == "role.missing" or refusal.code == "record.gone"
    conflicts.let_go(town.store, town.session.actor, one.entry_id)


def test_a_case_whose_number_is_taken_gets_the_next_one(town: Joined) -> None:
    store, actor = town.store, town.session.actor
    with store.beneath() as (db, _index):
        db.execute("DELETE FROM number_ranges")
        add_lease(db, "case:33.1-2026", 7, 9)
    made = cases.create(store, actor, subject="Hund entlaufen", office_id="buergerbuero")
    other = Case(number=made.number, office_id="buergerbuero", subject="Katze", opened_at=1)
    town.theirs(other)
    town.meet()
    one = only(town)
    assert (one.action, one.code) == ("case.open", "value.taken")
    assert conflicts.can_do_again(actor, store, one) is None
    conflicts.again(store, actor, one.entry_id)
    found = current(store.db, "cases", made.id)
    assert found is not None
    assert (found["number"], found["subject"]) == ("33.1-2026-000008", "Hund entlaufen")
    town.meet()
    assert refusals.count_open(store.db) == 0
    assert town.hub.rows["cases", made.id]["number"] == "33.1-2026-000008"
    assert verify(store.db).difference is None


def test_without_a_number_left_nothing_is_done_again(town: Joined) -> None:
    store, actor = town.store, town.session.actor
    with store.beneath() as (db, _index):
        db.execute("DELETE FROM number_ranges")
        add_lease(db, "case:33.1-2026", 7, 7)
    made = cases.create(store, actor, subject="Hund entlaufen", office_id="buergerbuero")
    town.theirs(Case(number=made.number, office_id="buergerbuero", subject="Katze", opened_at=1))
    town.meet()
    one = only(town)
    with pytest.raises(StoreError) as said:
        conflicts.again(store, actor, one.entry_id)
    assert said.value.code == "numbers.used_up"
    assert only(town) == one


def test_an_undo_that_was_refused_can_be_repeated(town: Joined) -> None:
    """A note is taken back; the shared store says no, and later yes."""
    store, actor = town.store, town.session.actor
    case_id = str(row(town, "cases")["id"])
    cases.note(store, actor, case_id, "falscher Vorgang")
    town.meet()
    undoing.take_back(store, actor, again=False)
    entry = store.db.execute("SELECT id FROM entries ORDER BY seq DESC").fetchone()[0]
    _reject(town, entry, "role.missing")
    assert [note.text for note in _notes(town)] == ["falscher Vorgang"]
    one = only(town)
    assert conflicts.can_do_again(actor, store, one) is None
    settled = conflicts.again(store, actor, one.entry_id)
    assert (settled.action, settled.changed) == ("case.note", True)
    assert _notes(town) == []
    town.meet()
    assert _notes(town) == []
    assert refusals.count_open(store.db) == 0
    undoing.take_back(store, actor, again=True)  # and is done again like any undo
    assert [note.text for note in _notes(town)] == ["falscher Vorgang"]
    assert [refused.entry_id for refused in refusals.open_ones(store.db)] == [entry]


def test_an_undo_is_repeated_only_while_there_is_something_to_take_back(town: Joined) -> None:
    store, actor = town.store, town.session.actor
    case_id = str(row(town, "cases")["id"])
    cases.note(store, actor, case_id, "falscher Vorgang")
    town.meet()
    undoing.take_back(store, actor, again=False)
    entry = store.db.execute("SELECT id FROM entries ORDER BY seq DESC").fetchone()[0]
    _reject(town, entry, "role.missing")
    one = only(town)
    undoing.take_back(store, actor, again=False)
    refusal = conflicts.can_do_again(actor, store, one)
    assert refusal is not None
    assert refusal.code == "conflict.undo"
    with pytest.raises(Refused):
        conflicts.again(store, actor, one.entry_id)
