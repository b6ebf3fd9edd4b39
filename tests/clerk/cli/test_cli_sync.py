"""``clerk sync conflicts`` and ``clerk sync resolve``."""

import pytest

from clerk.desks import inbox
from clerk.session import Session
from storage import refusals
from storage.patches import current
from storage.records import Case
from tests import support
from tests.commands import Commands
from tests.joined import COLLEAGUE, Joined


@pytest.fixture
def case_id(session: Session) -> str:
    """A case that a colleague and I named at once, in a joined store."""
    case = support.add_case(session, "Laterne")
    item = support.add_item(session)
    town = Joined(session)
    with town.store.change(session.actor, "case.note") as change:
        change.set(change.get(Case, case.id), subject=support.HOSTILE)
    town.change("cases", case.id, subject="Ihre Laterne")
    inbox.take(town.store, session.actor, [item])
    town.change("items", item, claimed_by=town.colleague)
    town.meet()
    return case.id


def entries(clerk: Commands) -> dict[str, str]:
    """Code -> entry of what is to be decided."""
    rows = clerk("sync", "conflicts", "--json").rows("conflicts")
    return {str(row["code"]): str(row["entry"]) for row in rows}


def subject(session: Session, case_id: str) -> object:
    row = current(session.store.db, "cases", case_id)
    assert row is not None
    return row["subject"]


def test_both_versions_who_and_when(session: Session, clerk: Commands, case_id: str) -> None:
    rows = clerk("sync", "conflicts", "--json").rows("conflicts")
    fields = next(row for row in rows if row["code"] == "conflict")["fields"]
    assert isinstance(fields, list)
    [field] = fields
    assert (field["name"], field["mine"], field["theirs"], field["by_name"]) == (
        "subject", support.HOSTILE, "Ihre Laterne", COLLEAGUE,
    )  # fmt: skip
    said = clerk("sync", "conflicts").out
    assert "Ihre Laterne" in said
    assert COLLEAGUE in said
    assert "\x1b" not in said
    assert "2 to decide" in said


@pytest.mark.parametrize(
    ("value", "expected"),
    [("mine", support.HOSTILE), ("theirs", "Ihre Laterne"), ("Unsere Laterne", "Unsere Laterne")],
)
def test_a_field_is_decided(
    session: Session, clerk: Commands, case_id: str, value: str, expected: str
) -> None:
    entry = entries(clerk)["conflict"]
    said = clerk.done("sync", "resolve", entry, "--field", f"subject={value}")
    assert said["changed"] is (value != "theirs")
    assert subject(session, case_id) == expected
    assert "conflict" not in entries(clerk)


def test_undo_opens_it_again(session: Session, clerk: Commands, case_id: str) -> None:
    entry = entries(clerk)["conflict"]
    clerk.done("sync", "resolve", entry, "--field", "subject=mine")
    clerk.done("undo")
    assert subject(session, case_id) == "Ihre Laterne"
    assert entries(clerk)["conflict"] == entry
    clerk.done("redo")
    assert "conflict" not in entries(clerk)


def test_let_go_and_take_up(session: Session, clerk: Commands, case_id: str) -> None:
    entry = entries(clerk)["conflict"]
    clerk.done("sync", "resolve", entry[:34], "--let-go")
    assert "conflict" not in entries(clerk)
    clerk.refused("sync", "resolve", entry, "--let-go", code="conflict.settled")
    clerk.done("sync", "resolve", entry, "--take-up")
    assert entries(clerk)["conflict"] == entry
    clerk.refused("sync", "resolve", entry, "--take-up", code="conflict.open")


def test_what_was_rejected(session: Session, clerk: Commands, case_id: str) -> None:
    entry = entries(clerk)["claim.lost"]
    clerk.refused("sync", "resolve", entry, "--field", "claimed_by=mine", code="conflict.rejected")
    clerk.done("sync", "resolve", entry, "--again")  # a supervisor may
    assert refusals.count_open(session.store.db) == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("nichts", "--let-go"), "id.unknown"),
        (("", "--let-go"), "id.unknown"),
        (("ENTRY",), "conflict.undecided"),
        (("ENTRY", "--field", "city=x"), "conflict.field"),
    ],
)
def test_what_is_refused(
    session: Session, clerk: Commands, case_id: str, line: tuple[str, ...], code: str
) -> None:
    entry = entries(clerk)["conflict"]
    clerk.refused("sync", "resolve", *(entry if one == "ENTRY" else one for one in line), code=code)


@pytest.mark.parametrize("line", [("--field", "subject"), ("--again", "--let-go")])
def test_what_is_not_understood(session: Session, clerk: Commands, line: tuple[str, ...]) -> None:
    assert clerk("sync", "resolve", "x", *line).code == 2


def test_what_somebody_has_to_put_right_is_told_with_its_sentence(
    session: Session, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where synchronising cannot even begin."""
    monkeypatch.setattr("storage.keyring.read_secret", lambda _name: None)
    for name, value in {
        "shared": "1", "hub_url": "postgresql://127.0.0.1:1/stadt", "hub_account": "stadt_meier",
        "sync_state": "online",
    }.items():  # fmt: skip
        session.store.set_local(name, value)
    refused = clerk("sync", "--watch")
    assert (refused.code, "[hub.no_password]" in refused.err) == (1, True)
    told = clerk.done("sync", "status")
    assert (told["given_up"], told["reason"]) == (True, "hub.no_password")
    assert str(told["sentence"]).startswith("The password of the shared store")
    said = clerk("sync", "status").out
    assert "The password of the shared store" in said
    assert "once a minute" in said
