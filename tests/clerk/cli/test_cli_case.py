"""``clerk case``: opening, lists, reading, every act, follow-ups, history."""

from functools import partial

import pytest

from clerk.session import Session
from storage.pages import cases, follow_ups
from storage.terms import CaseState, Role
from tests import support
from tests.commands import Commands


def state(session: Session, number: str) -> str:
    found = cases.by_number(session.store.db, number)
    assert found is not None
    return found.state


@pytest.fixture
def number(session: Session) -> str:
    return support.add_case(session, "Laterne Hauptstraße 7").number


def test_a_case_is_opened_for_a_service(session: Session, clerk: Commands) -> None:
    made = clerk.done(
        "case", "new", "--subject", "Ausweis verloren", "--service", "Personalausweis"
    )
    row = cases.by_number(session.store.db, str(made["number"]))
    assert row is not None
    assert (row.service_id, row.subject) == ("personalausweis", "Ausweis verloren")
    clerk.refused("case", "new", "--subject", "x", "--service", "nix", code="service.unknown")
    said = clerk("case", "new", "--subject", "x", "--office", "tiefbau").out
    assert state(session, said.splitlines()[0]) == CaseState.OPEN


def test_lists_show_whose_cases_they_are(session: Session, clerk: Commands, number: str) -> None:
    support.add_clerk(session, "tief", {"tiefbau": Role.CLERK})

    def numbers(*words: str) -> list[object]:
        return [row["number"] for row in clerk("case", "list", *words, "--json").rows("cases")]

    assert numbers() == [number]
    assert numbers("--split", "mine") == [number]
    assert numbers("--as", "tief") == []
    assert numbers("--as", "tief", "--split", "all") == [number]
    assert numbers("--state", "closed") == []
    assert clerk("case", "list").out.splitlines()[-1] == "1 of 1"


def test_pages_go_on_behind_a_number(session: Session, clerk: Commands) -> None:
    made = {support.add_case(session, f"Fall {n}").number for n in range(3)}
    first = clerk("case", "list", "--limit", "2", "--json")
    rest = clerk("case", "list", "--after", str(first.document["after"]), "--json")
    found = [row["number"] for row in first.rows("cases") + rest.rows("cases")]
    assert len(found) == 3
    assert set(found) == made


def test_a_case_is_found_by_number_id_and_beginning(
    session: Session, clerk: Commands, number: str
) -> None:
    row = cases.by_number(session.store.db, number)
    assert row is not None
    for typed in (number, row.id, row.id[:30]):
        assert clerk.done("case", "show", typed)["id"] == row.id
    clerk.refused("case", "show", "99-2026-000001", code="id.unknown")


def test_a_case_is_shown_with_what_belongs_to_it(
    session: Session, add_item: "partial[str]", clerk: Commands, number: str
) -> None:
    item = add_item("Zur Laterne")
    clerk.done("inbox", "file", item, "--case", number)
    clerk.done("case", "note", number, "Bauhof angerufen")
    clerk.done("inbox", "note", item, "Foto fehlt")
    answer = clerk("case", "show", number, "--json")
    assert [row["id"] for row in answer.rows("items")] == [item]
    assert {row["text"] for row in answer.rows("notes")} == {"Bauhof angerufen", "Foto fehlt"}
    said = clerk("case", "show", number).out
    assert "Zur Laterne" in said
    assert "Bauhof angerufen" in said


def test_every_act_on_a_case(session: Session, clerk: Commands, number: str) -> None:
    clerk.refused("case", "take", number, code="case.yours")
    clerk.done("case", "hand-over", number, "--to", "tiefbau")
    clerk.done("case", "take", number)
    clerk.done("case", "follow-up", number, "--on", "1w", "--text", "Antwort da?")
    clerk.done("case", "close", number, "--result", "repariert")
    assert state(session, number) == CaseState.CLOSED
    clerk.refused("case", "take", number, code="case.state")
    clerk.done("case", "reopen", number)
    row = cases.by_number(session.store.db, number)
    assert row is not None
    assert (row.state, row.office_id, row.assignee_id) == (
        CaseState.OPEN,
        "tiefbau",
        session.actor.clerk_id,
    )


def test_roles_decide_who_closes(session: Session, clerk: Commands, number: str) -> None:
    support.add_clerk(session, "clerk", {"buergerbuero": Role.CLERK})
    support.add_clerk(session, "tief", {"tiefbau": Role.SUPERVISOR})
    close = ("case", "close", number, "--result", "x")
    clerk.refused(*close, "--as", "clerk", code="case.not_yours")
    clerk.refused(*close, "--as", "tief", code="case.not_yours")
    assert state(session, number) == CaseState.OPEN


def test_follow_ups_are_listed_and_done(session: Session, clerk: Commands, number: str) -> None:
    clerk.done("case", "follow-up", number, "--on", "morgen", "--text", "anrufen")
    (row,) = clerk("case", "follow-ups", "--json").rows("follow_ups")
    assert str(row["about"]).startswith(number)
    said = clerk("case", "follow-ups").out
    assert "tomorrow" in said
    short = said.splitlines()[1].split()[0]
    clerk.done("case", "follow-up-done", short)
    assert follow_ups.of_clerks([session.actor.clerk_id], ()).page(session.store.db, limit=9) == []
    clerk.refused("case", "follow-up-done", short, code="follow_up.state")


def test_history_names_who_did_what_and_what_was_taken_back(
    session: Session, clerk: Commands, number: str
) -> None:
    clerk.done("case", "hand-over", number, "--to", "tiefbau")
    clerk.done("undo")
    entries = clerk("case", "history", number, "--json").rows("entries")
    assert [(one["action"], one["kind"], one["taken_back"]) for one in entries] == [
        ("case.hand_over", "undo", False),
        ("case.hand_over", "do", True),
        ("case.open", "do", False),
    ]
    assert entries[1]["clerk"] == "Lena Leitung"
    assert clerk("history", number, "--json").document["entries"] == entries
    lines = clerk("history", number).out.splitlines()
    assert "Undo: Hand over" in lines[1]
    assert "office_id buergerbuero → tiefbau" in lines[2]
    assert "Hand over (taken back)" in lines[2]


def test_history_of_everything_is_newest_first(
    session: Session, clerk: Commands, number: str
) -> None:
    entries = clerk("history", "--limit", "2", "--json").rows("entries")
    assert [one["action"] for one in entries] == ["case.open", "library.import"]
