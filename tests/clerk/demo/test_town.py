"""What stands in the demo town: plausible, proved by verify, and nobody's real data."""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest

from clerk.demo import people
from clerk.demo.days import Days
from clerk.demo.fines import EXAMPLE_IBAN
from clerk.demo.hostile import HOSTILE
from clerk.demo.letters import HERE, topics
from clerk.desks.outbox import OUTBOX
from clerk.desks.people import actor_of, town_of
from clerk.library.load import load_offices, load_services
from clerk.rules.permissions import PERMISSIONS
from clerk.rules.states import ITEM_STATES
from screens.fines import SPLITS
from storage import undo
from storage.counters import NOBODY, count
from storage.errors import StoreError
from storage.pages import fines
from storage.search import search
from storage.store import Store
from storage.terms import CaseState, FineState, FollowUpState, ItemState, LetterState, Role
from storage.verify import verify
from tests.clerk.demo.towns import SIZE, UNTIL

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_HOST = re.compile(r"(?:https?://|www\.)([\w.-]+)", re.I)
_OURS = re.compile(r"(?:^|\.)(?:example\.(?:org|com|net)|invalid)$")
_PHONE = re.compile(r"\b0\d{2,4} \d{4,}\b")
_FICTION = re.compile(r"0(?:30 23125|40 66969|69 90009|221 4710|89 99998)\d{3}")


def _texts(store: Store) -> list[str]:
    """Everything that can be read in the store, as text."""
    found = [str(row[0]) for row in store.db.execute("SELECT patches FROM entries")]
    plain = "SELECT data FROM content WHERE sha256 IN (SELECT text_sha256 FROM items)"
    return found + [bytes(row[0]).decode() for row in store.db.execute(plain)]


def test_it_verifies(town: Store) -> None:
    report = verify(town.db)
    assert report.difference is None
    assert report.indexes > 0


def test_exactly_as_many_items_as_asked_for(town: Store) -> None:
    assert town.db.execute("SELECT count(*) FROM items").fetchone()[0] == SIZE


def test_a_normal_clerk_of_the_citizens_office_sits_there(town: Store) -> None:
    actor = actor_of(town)
    assert actor.roles == {"buergerbuero": Role.OFFICER, "ordnungsamt": Role.OFFICER}
    [absent] = actor.stand_ins
    assert (absent.name, dict(actor.lent)) == ("Murat Kaya", {"ordnungsamt": absent.clerk_id})
    assert town_of(town).endswith("(Demo)")
    assert town.local("demo") == "1"


def test_the_lists_of_the_sitting_clerk_are_alive(town: Store) -> None:
    actor = actor_of(town)
    state = ItemState.OPEN
    assert count(town.db, "items", state) >= 60
    assert count(town.db, "items", state, offices=[NOBODY]) >= 8
    assert count(town.db, "items", state, clerks=[actor.clerk_id]) >= 8
    assert count(town.db, "items", state, offices=["buergerbuero"]) >= 10
    assert count(town.db, "cases", CaseState.OPEN, clerks=[actor.clerk_id]) >= 2
    assert count(town.db, "follow_ups", FollowUpState.OPEN) >= 5


def test_every_kind_of_end_occurs(town: Store) -> None:
    states = dict(town.db.execute("SELECT state, count(*) FROM items GROUP BY 1").fetchall())
    assert set(states) == set(ItemState) - {ItemState.QUARANTINE}
    assert states["filed"] > states["open"]
    cases = town.db.execute("SELECT count(*) FROM cases").fetchone()[0]
    assert 1.5 < states["filed"] / cases < 4


def test_open_cases_are_due_around_the_last_day(town: Store) -> None:
    due = [
        str(row[0])
        for row in town.db.execute(
            "SELECT target_on FROM cases WHERE state = 'open' AND target_on IS NOT NULL"
        )
    ]
    today = UNTIL.isoformat()
    near = (UNTIL + timedelta(days=60)).isoformat()
    assert any(day < today for day in due)
    assert any(today <= day <= near for day in due)
    assert max(due) <= (UNTIL + timedelta(days=400)).isoformat()


def test_there_are_fines_in_every_state(town: Store) -> None:
    """With photos, letters that left and one that is still to be signed, and payments."""
    states = dict(town.db.execute("SELECT state, count(*) FROM fines GROUP BY 1").fetchall())
    assert set(states) == set(FineState)
    letters = dict(town.db.execute("SELECT state, count(*) FROM letters GROUP BY 1").fetchall())
    assert letters[LetterState.SENT] > 30
    assert letters[LetterState.DRAFT] > 1
    for sql in (
        "SELECT count(*) FROM documents WHERE kind = 'plate'",
        "SELECT count(*) FROM payments WHERE state = 'booked'",
        "SELECT count(*) FROM instalments",
        "SELECT count(*) FROM fine_steps WHERE letter_id IS NOT NULL",
    ):
        assert town.db.execute(sql).fetchone()[0] > 0, sql


def test_every_list_of_the_fines_desk_has_something(town: Store) -> None:
    """For the clerk who sits there: they stand in for the colleague whose fines these are."""
    actor = actor_of(town)
    for split in SPLITS:
        if split.states is None:
            assert fines.count_of_clerks(town.db, actor.desks) > 5
        elif split.states:
            keyset = fines.in_states(actor.offices, split.states)
            assert keyset.page(town.db, limit=1), split.label
    until = (UNTIL + timedelta(days=30)).isoformat()
    [first] = fines.running_out(actor.offices).page(town.db, limit=1)
    assert (first.limitation_on or "9") < UNTIL.isoformat()
    assert fines.runs_out_until(town.db, actor.offices, until) > 1
    assert fines.due(town.db, actor.offices, UNTIL.isoformat())


def test_nothing_happened_after_the_last_morning(town: Store) -> None:
    end = Days(UNTIL).end
    for table, column in (("entries", "at"), ("items", "received_at"), ("cases", "opened_at")):
        latest = town.db.execute(f"SELECT max({column}) FROM {table}").fetchone()[0]
        assert latest <= end, table


def test_the_journal_runs_in_time_and_knows_no_unknown_action(town: Store) -> None:
    entries = town.db.execute("SELECT at, action, clerk_id FROM entries ORDER BY seq").fetchall()
    moments = [row[0] for row in entries]
    assert moments == sorted(moments)
    known = set(PERMISSIONS) | {"town.found", "library.import", "item.receive"}
    assert {row[1] for row in entries} <= known
    clerks = {row[0] for row in town.db.execute("SELECT id FROM clerks")} | {OUTBOX.clerk_id}
    assert {row[2] for row in entries} <= clerks


def test_every_item_went_a_way_that_the_table_of_states_allows(town: Store) -> None:
    state: dict[str, str] = {}
    for action, text in town.db.execute("SELECT action, patches FROM entries ORDER BY seq"):
        for table, row_id, op, fields in json.loads(text):
            if table != "items":
                continue
            after = fields.get("state", [None, state.get(row_id, "open")])[1]
            if action != "item.receive":
                before = ItemState(state.get(row_id, "open"))
                assert ITEM_STATES[before].get(action) == after, (action, op)
            state[row_id] = after
    assert len(state) == SIZE


def test_who_acted_had_a_role_in_the_office(town: Store) -> None:
    roles = {
        (row[0], row[1]): row[2]
        for row in town.db.execute("SELECT clerk_id, office_id, role FROM memberships")
    }
    wrong: Counter[str] = Counter()
    for clerk_id, action, office_id in town.db.execute(
        "SELECT clerk_id, action, office_id FROM entries WHERE office_id IS NOT NULL"
    ):
        # What lies with no office yet is everybody's, and it gets its office by being handed over.
        # What was printed is told by the machine.
        if action in ("item.receive", "item.hand_over", "letter.sent"):
            continue
        if roles.get((clerk_id, office_id)) not in PERMISSIONS[action]:
            wrong[action] += 1
    assert not wrong


def test_case_numbers_are_given_out_in_order_without_gaps(town: Store) -> None:
    seen: Counter[str] = Counter()
    for (number,) in town.db.execute("SELECT number FROM cases ORDER BY opened_at, pos"):
        series, running = str(number).rsplit("-", 1)
        seen[series] += 1
        assert int(running) == seen[series]
    for series, last in seen.items():
        next_one = town.db.execute(
            "SELECT next FROM number_ranges WHERE name = ?", (f"case:{series}",)
        ).fetchone()[0]
        assert next_one == last + 1


def test_there_is_nothing_of_ones_own_to_undo(town: Store) -> None:
    with pytest.raises(StoreError) as refused:
        undo.undo(town, actor_of(town))
    assert refused.value.code == "undo.nothing"


def test_threads_hold_together(town: Store) -> None:
    sizes = [
        row[0]
        for row in town.db.execute(
            "SELECT count(*) FROM items GROUP BY thread_key HAVING count(*) > 1"
        )
    ]
    assert len(sizes) > SIZE / 40
    assert max(sizes) <= 6
    split = town.db.execute(
        "SELECT count(*) FROM (SELECT thread_key FROM items WHERE case_id IS NOT NULL"
        " GROUP BY thread_key HAVING count(DISTINCT case_id) > 1)"
    ).fetchone()[0]
    assert split == 0


def test_search_finds_common_words_often_and_rare_ones_seldom(town: Store) -> None:
    lanterns = search(town.db, "laterne", areas=("items",), limit=SIZE).rows
    pianos = search(town.db, "klavier", areas=("items",), limit=SIZE).rows
    assert len(lanterns) > 5
    assert len(pianos) < len(lanterns) / 3


def test_the_test_records_say_what_they_are(town: Store) -> None:
    rows = town.db.execute(
        "SELECT subject, sender_name FROM items WHERE sender_address LIKE '%hostile.invalid'"
    ).fetchall()
    assert len(rows) == len(HOSTILE)
    assert all("Prüfsatz" in subject and "Prüfsatz" in sender for subject, sender in rows)
    joined = "".join(row[0] for row in rows)
    assert "\x1b" in joined
    assert "\u202e" in joined
    assert "[@click=app.quit]" in joined


def test_no_address_and_no_number_is_anybodys(town: Store) -> None:
    for text in _texts(town):
        for address in _ADDRESS.findall(text):
            assert _OURS.search(address.rsplit("@", 1)[1]), address
        for host in _HOST.findall(text):
            assert _OURS.search(host), host
        for number in _PHONE.findall(text):
            assert _FICTION.fullmatch(number), number
        found = re.findall(r"\bDE\d{2}[ \d]{16,}", text)
        assert set(found) <= {EXAMPLE_IBAN}, "an IBAN"


def test_the_templates_hold_no_address_and_no_number_either() -> None:
    for path in HERE.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for address in _ADDRESS.findall(text):
            assert address.endswith(".invalid"), (path.name, address)
        assert not _PHONE.search(text), path.name


def test_every_service_has_six_letters_and_more() -> None:
    services = {one.id: one.office for one in load_services()}
    found = topics([office.id for office in load_offices()], services)
    letters = {topic.service_id: len(topic.letters) for topic in found}
    assert {one: n for one, n in letters.items() if n < 6 and one is not None} == {}
    assert set(services) <= set(letters)


def test_every_office_has_something_to_do() -> None:
    offices = {office.id for office in load_offices()}
    services = {one.id: one.office for one in load_services()}
    assert {topic.office_id for topic in topics(offices, services)} == offices


def test_names_have_umlauts_and_come_from_everywhere() -> None:
    for origin in people.GIVEN:
        assert people.FAMILY[origin]
    assert any("ß" in name for name in people.FAMILY["de"])
    assert any("ü" in name for name in people.FAMILY["de"])
