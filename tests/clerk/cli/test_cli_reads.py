"""What the command line shows of persons is logged; ``clerk reads`` lists it."""

from clerk.session import Session
from storage.records import Person
from tests import support
from tests.commands import Commands


def test_what_is_shown_is_logged(session: Session, clerk: Commands) -> None:
    case, item = support.add_case(session), support.add_item(session)
    with session.store.change(session.actor, "test.person") as change:
        person = change.add(Person(family_name="Quandt"))
    clerk.done("case", "show", case.number)
    clerk.done("inbox", "show", item, "--reason", "Rückfrage")
    clerk.done("search", "quandt")
    clerk.done("search", "laterne")
    rows = clerk("reads", "--json").rows("reads")
    assert [(row["way"], row["table"], row["record"], row["reason"]) for row in rows] == [
        ("search", "persons", person.id, ""),
        ("number", "items", item, "Rückfrage"),
        ("number", "cases", case.id, ""),
    ]
    said = clerk("reads").out
    assert case.number in said
    assert "Lena Leitung" in said


def test_a_reason_where_the_settings_want_one(session: Session, clerk: Commands) -> None:
    case = support.add_case(session)
    (session.home / "settings.toml").write_text("[sync]\nask_reason = true\n", encoding="utf-8")
    clerk.refused("case", "show", case.number, code="read.reason")
    clerk.done("case", "show", case.number, "--reason", "Anruf")
    assert clerk("reads", "--json").rows("reads")[0]["reason"] == "Anruf"
