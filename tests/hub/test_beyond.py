"""What lies outside the working set: found and fetched by number or words, each read logged by the
server itself."""

import os

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import inquiries
from storage.errors import StoreError
from storage.folding import words
from storage.hub import calls
from storage.ids import uuid7
from storage.inquiries import Answer, inquiry
from storage.records import Case, Person
from storage.sync.evict import DAY_MS
from storage.sync.workingset import FETCHED_DAYS, let_old_leave
from tests.hub.conftest import Desk, Hub, case, changed, item, person
from tests.hub.stations import At, Station

ALL = ("cases", "items", "persons")
LATER = 1 << 60
NUMBER = "32.1-2024-000042"


def reads(hub: Hub) -> list[tuple[object, ...]]:
    """The town's log of reads."""
    return hub.owner.execute(
        "SELECT clerk_id, device, way, tbl, row_id, reason FROM clerk.read_log ORDER BY no"
    ).fetchall()


@pytest.fixture
def desk(hub: Hub) -> Desk:
    hub.clerk("meier", buergeramt="officer")
    return hub.desk("meier")


def ended(desk: Desk, at: int = 10, **fields: object) -> str:
    """A case that was closed at a moment."""
    row = uuid7()
    desk.act("case.open", case(row, **fields))
    closing = changed("cases", row, state=("open", "closed"), closed_at=(None, at))
    assert desk.act("case.close", closing).outcome == "ok"
    return row


# The server


def test_a_case_is_looked_up_only_with_a_line_in_the_log(hub: Hub, desk: Desk) -> None:
    row = ended(desk, number=NUMBER)
    (found,) = calls.find_numbers(desk.db, desk.device, ["32.1-2023-000042", NUMBER])
    assert (found.tbl, found.id, found.data["number"]) == ("cases", row, NUMBER)
    assert "subject" not in found.data  # what it is about is told with a line in the log
    assert reads(hub) == []
    rows = calls.look_up(desk.db, desk.device, "cases", row, way="number", reason="Rückruf")
    assert [one.id for one in rows] == [row]
    assert reads(hub) == [(desk.clerk_id, desk.device, "number", "cases", row, "Rückruf")]
    assert calls.look_up(desk.db, desk.device, "cases", uuid7(), way="number") == []
    assert len(reads(hub)) == 1


def test_a_search_is_logged_with_every_person_that_it_shows(hub: Hub, desk: Desk) -> None:
    known, shown = uuid7(), uuid7()
    for one in (known, shown):
        desk.act("case.open", person(one, family_name="Quandt"), case(uuid7(), person_id=one))
    found = calls.search(
        desk.db, desk.device, ["quandt"], areas=ALL, before=LATER, here=[known], reason="Akte"
    )
    assert [(one.tbl, one.id) for one in found] == [("persons", shown)]
    assert [one[2:] for one in reads(hub)] == [
        ("search", "", "quandt", "Akte"),
        ("search", "persons", shown, "Akte"),
    ]


def test_a_search_finds_what_ended_before_and_nothing_else(desk: Desk) -> None:
    def found(*wanted: str, before: int = 20, areas: tuple[str, ...] = ALL) -> set[str]:
        hits = calls.search(desk.db, desk.device, wanted, areas=areas, before=before)
        return {one.id for one in hits}

    old = ended(desk, 10, subject="Laterne alt")
    late = ended(desk, 30, subject="Laterne neu")
    desk.act("case.open", case(uuid7(), subject="Laterne offen"))
    done, filed, new = uuid7(), uuid7(), uuid7()
    desk.act("item.receive", item(done, subject="Laterne", state="done", office_id="buergeramt"))
    desk.act("item.receive", item(filed, subject="Laterne", state="filed", case_id=old))
    desk.act("item.receive", item(new, subject="Laterne", state="done", received_at=25))
    desk.act("item.receive", item(uuid7(), subject="Laterne", state="open"))
    assert found("laterne") == {old, done, filed}
    assert found("latern", before=40) == {old, late, done, filed, new}
    assert found("laterne", "alt") == {old}
    assert found("laterne", areas=("items",)) == {done, filed}
    assert found() == set()
    assert found("' | !'") == set()


LETTERS = st.text(
    st.one_of(
        st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc"]),
        st.sampled_from("äöüÄÖÜßẞaeoueue „“–€…"),
    ),
    max_size=30,
)


def test_the_server_finds_every_word_that_the_workstation_finds(hub: Hub) -> None:
    hub.owner.execute("SET search_path = clerk")
    query = (
        "SELECT w FROM unnest(%s::text[]) w WHERE NOT clerk.words_of('cases', %s)"
        " @@ to_tsquery('simple', quote_literal(w) || ':*')"
    )

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(LETTERS)
    def found(text: str) -> None:
        data = psycopg.types.json.Jsonb({"number": NUMBER, "subject": text})
        wanted = [*words(text), *words(NUMBER)]
        assert hub.owner.execute(query, (wanted, data)).fetchall() == []

    found()


def test_a_long_search_of_a_hostile_client_costs_little(hub: Hub, desk: Desk) -> None:
    many = ["x" * 1_000] * 10_000
    assert calls.search(desk.db, desk.device, many, areas=ALL, before=LATER, here=many) == []
    assert calls.find_numbers(desk.db, desk.device, many) == []
    hub.clerk("yilmaz", buergeramt="clerk")
    other = hub.desk("yilmaz")
    for forged in (
        lambda: calls.search(desk.db, other.device, ["a"], areas=ALL, before=LATER),
        lambda: calls.find_numbers(desk.db, other.device, [NUMBER]),
        lambda: calls.look_up(desk.db, other.device, "cases", uuid7(), way="number"),
    ):
        with pytest.raises(StoreError):
            forged()


# Workstations


def old_case(meier: Station, number: str = NUMBER) -> Case:
    """A case with a person, a note and a mail that was closed long ago."""
    with meier.store.change(meier.actor, "case.open") as change:
        quandt = change.add(Person(family_name="Quandt"))
    one = meier.open_case(number, person_id=quandt.id)
    meier.note(one, "am Telefon")
    mail = meier.receive("mail:1", "Die Straßenlaterne flackert.")
    meier.set(mail, "item.file", state="filed", case_id=one.id)
    meier.set(one, action="case.close", state="closed", closed_at=5)
    return one


def asked(station: Station, *what: str, kind: inquiries.Kind = "numbers") -> Answer:
    """What the shared store answers."""
    one = inquiry(kind, *what, areas=("cases", "items"), way="number", reason="Rückruf")
    inquiries.ask(station.store, one)
    station.sync.once()
    answer = inquiries.answer_to(station.store.db, one.id)
    assert answer is not None
    inquiries.withdraw(station.store, one.id)
    return answer


def test_an_old_case_comes_with_all_that_hangs_on_it_and_leaves_later(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = at("meier"), at("yilmaz")
    one = old_case(meier)
    meier.sync.once()
    yilmaz.sync.once()
    let_old_leave(yilmaz.store, 60, yilmaz.store.clock())
    assert yilmaz.rows().keys() & {("cases", one.id), ("persons", str(one.person_id))} == set()
    (far,) = asked(yilmaz, NUMBER).found
    assert (far.root, far.data["number"]) == (("cases", one.id), NUMBER)
    assert [hit.id for hit in asked(yilmaz, "laterne", kind="words").found] == [one.id]
    assert len(asked(yilmaz, "cases", one.id, kind="row").found) == 1
    yilmaz.sync.once()
    assert yilmaz.rows() == meier.rows()
    assert yilmaz.one("SELECT count(*) FROM content") == 1
    assert asked(yilmaz, NUMBER).found == ()  # it is here
    assert yilmaz.is_sound()
    assert [row[2:] for row in reads(hub)][-1] == ("number", "cases", one.id, "Rückruf")
    assert let_old_leave(yilmaz.store, 60, yilmaz.store.clock()) == 0
    now = yilmaz.store.clock()
    yilmaz.store.clock = lambda: now + (FETCHED_DAYS + 1) * DAY_MS
    assert let_old_leave(yilmaz.store, 60, yilmaz.store.clock()) == 1
    assert yilmaz.is_sound()
    assert yilmaz.one("SELECT count(*) FROM local WHERE name LIKE 'fetched:%'") == 0


def test_what_was_fetched_follows_its_stream(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = at("meier"), at("yilmaz")
    one = old_case(meier)
    meier.sync.once()
    yilmaz.sync.once()
    let_old_leave(yilmaz.store, 60, yilmaz.store.clock())
    meier.set(one, action="case.reopen", state="open", closed_at=None)
    meier.note(one, "wieder da")
    meier.sync.once()  # the server is ahead of what yilmaz has heard when the case is fetched
    assert len(asked(yilmaz, "cases", one.id, kind="row").found) == 1
    yilmaz.sync.once()
    assert yilmaz.rows() == meier.rows()
    assert yilmaz.is_sound()


def test_without_the_server_there_is_an_answer_in_words(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    meier = at("meier")
    meier.sync.close()
    meier.sync._connect = _unreachable
    one = inquiry("numbers", NUMBER)
    inquiries.ask(meier.store, one)
    inlet, outlet = os.pipe()
    heard: list[bool] = []
    meier.sync._changed = lambda: heard.append(True)
    rounds = iter([False, True])
    meier.sync.run(inlet, stop=lambda: next(rounds, True))
    assert inquiries.answer_to(meier.store.db, one.id) == Answer("hub.unreachable")
    assert heard == [True]
    os.close(inlet)
    os.close(outlet)


def _unreachable() -> psycopg.Connection:
    raise StoreError("hub.unreachable", "no")


def test_a_question_ends_the_wait_for_the_server(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    meier = at("meier")
    inlet, outlet = os.pipe()
    inquiries.ask(meier.store, inquiry("numbers", NUMBER))
    os.write(outlet, b".")
    meier.sync._drain(inlet, 100_000, lambda: False)  # comes back at once, or the test never ends
    os.close(inlet)
    os.close(outlet)


def test_what_was_withdrawn_is_not_answered_and_nothing_stays(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    meier = at("meier")
    one = inquiry("numbers", NUMBER)
    inquiries.ask(meier.store, one)
    inquiries.withdraw(meier.store, one.id)
    inquiries.tell(meier.store, one.id, Answer(""))
    assert inquiries.answer_to(meier.store.db, one.id) is None
    left = inquiry("numbers", NUMBER)
    inquiries.ask(meier.store, left)
    meier.sync.once()
    now = meier.store.clock()
    meier.store.clock = lambda: now + DAY_MS
    inquiries.ask(meier.store, one)
    names = "SELECT count(*) FROM local WHERE name LIKE 'asked:%' OR name LIKE 'told:%'"
    assert meier.one(names) == 1
