"""What went to an office that its author does not read comes back at their word, while nobody there
has touched it."""

import pytest

from storage.errors import StoreError
from storage.history import history
from storage.ids import uuid7
from storage.records import Case, Person
from storage.undo import redo, undo
from tests.hub.conftest import Desk, Hub, case, changed, item
from tests.hub.stations import At, Station
from tests.hub.test_stations import settle

AWAY = ("buergeramt", "ordnungsamt")


@pytest.fixture
def desks(hub: Hub) -> tuple[Desk, Desk]:
    """Meier of the Bürgeramt and an officer of the Ordnungsamt."""
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("ordner", ordnungsamt="officer")
    return hub.desk("meier"), hub.desk("ordner")


def handed_over(desk: Desk) -> tuple[str, str]:
    """A case that went to the Ordnungsamt, and the entry that did it."""
    row = uuid7()
    desk.act("case.open", case(row))
    entry = desk.entry("case.hand_over", changed("cases", row, office_id=AWAY))
    assert desk.push(entry)[0].outcome == "ok"
    return row, str(entry["id"])


def call_back(desk: Desk, row: str, entry: str, to: str = "buergeramt") -> str:
    """What the server says to an undo: '' is a yes."""
    back = changed("cases", row, office_id=("ordnungsamt", to))
    return desk.act("case.hand_over", back, kind="undo", undoes=entry).code


def note(desk: Desk, row: str) -> str:
    fields = {
        "case_id": row,
        "clerk_id": desk.clerk_id,
        "at": 1,
        "text": "n",
        "audience": "internal",
    }
    return desk.act("case.note", ["notes", uuid7(), "add", fields, {}, [], []]).outcome


def test_untouched_it_comes_back_once(desks: tuple[Desk, Desk]) -> None:
    meier, ordner = desks
    row, entry = handed_over(meier)
    assert call_back(meier, row, entry) == ""
    assert note(meier, row) == "ok"
    assert note(ordner, row) == "rejected"
    told = [patch[2] for one in ordner.pull("ordnungsamt") for patch in one.patches]
    assert told == ["enter", "set", "leave"]
    assert meier.act(
        "case.hand_over", changed("cases", row, office_id=AWAY), kind="redo", undoes=entry
    ).outcome == "ok"  # fmt: skip


@pytest.mark.parametrize("touch", ["the case", "a note", "a mail"])
def test_once_somebody_there_has_worked_on_it_it_stays(
    desks: tuple[Desk, Desk], touch: str
) -> None:
    meier, ordner = desks
    row, entry = handed_over(meier)
    if touch == "the case":
        ordner.act("case.take", changed("cases", row, assignee_id=(None, ordner.clerk_id)))
    elif touch == "a note":
        note(ordner, row)
    else:
        ordner.act("item.receive", item(uuid7(), case_id=row, state="filed"))
    assert call_back(meier, row, entry) == "undo.late"
    assert note(ordner, row) == "ok"


def test_nobody_calls_back_what_another_one_handed_over(hub: Hub, desks: tuple[Desk, Desk]) -> None:
    meier, ordner = desks
    hub.clerk("yilmaz", buergeramt="officer")
    yilmaz = hub.desk("yilmaz")
    row, entry = handed_over(meier)
    assert call_back(yilmaz, row, entry) == "record.gone"
    other = uuid7()
    yilmaz.act("case.open", case(other))
    own = yilmaz.entry("case.note", changed("cases", other, subject=("Sache", "x")))
    yilmaz.push(own)
    assert call_back(yilmaz, row, str(own["id"])) == "record.gone"  # an entry of theirs, elsewhere
    assert call_back(yilmaz, row, uuid7()) == "record.gone"
    hidden = uuid7()
    ordner.act("case.open", case(hidden, office_id="ordnungsamt"))
    assert call_back(meier, hidden, entry) == "record.gone"
    assert call_back(meier, row, entry, to="nirgends") in ("record.gone", "reference.gone")
    assert call_back(meier, row, entry) == ""


def test_a_role_that_ended_takes_nothing_back(hub: Hub, desks: tuple[Desk, Desk]) -> None:
    from storage.hub import admin

    meier, _ordner = desks
    row, entry = handed_over(meier)
    admin.revoke(hub.owner, "meier", "buergeramt")
    assert call_back(meier, row, entry) == "record.gone"


# Workstations


@pytest.fixture
def two(hub: Hub, at: At) -> tuple[Station, Station, Case]:
    """A case of Meier's with a person, a note and a mail; the other office is beside them."""
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("ordner", ordnungsamt="officer")
    meier, ordner = at("meier"), at("ordner")
    with meier.store.change(meier.actor, "case.open") as change:
        quandt = change.add(Person(family_name="Quandt"))
        one = change.add(
            Case(
                number="32.1-2026-000001", office_id="buergeramt", subject="Laterne", opened_at=1,
                person_id=quandt.id,
            )
        )  # fmt: skip
    meier.note(one, "am Telefon")
    mail = meier.receive("mail:1", "Die Straßenlaterne flackert.")
    meier.set(mail, "item.file", state="filed", case_id=one.id)
    settle(meier, ordner)
    return meier, ordner, one


def away(station: Station, one: Case) -> None:
    station.set(one, "case.hand_over", office_id="ordnungsamt", assignee_id=None)


def test_z_brings_it_back_with_all_that_hangs_on_it(two: tuple[Station, Station, Case]) -> None:
    meier, ordner, one = two
    before = meier.rows()
    away(meier, one)
    settle(meier, ordner)
    assert ("cases", one.id) in ordner.rows()
    assert ("cases", one.id) not in meier.rows()
    done = undo(meier.store, meier.actor)
    assert (done.action, done.rows, done.promised) == (
        "case.hand_over", (("cases", one.id),), True,
    )  # fmt: skip
    assert meier.is_sound()
    settle(meier, ordner)
    assert meier.rows() == before
    assert ("cases", one.id) not in ordner.rows()
    assert history(meier.store.db, "cases", one.id)[0].kind == "undo"
    with pytest.raises(StoreError) as said:
        redo(meier.store, meier.actor)
    assert said.value.code == "redo.nothing"
    with pytest.raises(StoreError) as said:  # what came before went with the rows
        undo(meier.store, meier.actor)
    assert said.value.code == "undo.nothing"


def test_taken_back_before_it_was_sent(two: tuple[Station, Station, Case]) -> None:
    meier, ordner, one = two
    before = meier.rows()
    away(meier, one)
    assert undo(meier.store, meier.actor).promised is False
    settle(meier, ordner)
    assert meier.rows() == before
    assert ("cases", one.id) not in ordner.rows()


def test_too_late_it_is_said_and_nothing_changes(two: tuple[Station, Station, Case]) -> None:
    meier, ordner, one = two
    away(meier, one)
    settle(meier, ordner)
    ordner.note(one, "schon dabei")
    settle(ordner)
    undo(meier.store, meier.actor)
    settle(meier, ordner)
    assert meier.one("SELECT code FROM refusals") == "undo.late"
    assert ("cases", one.id) not in meier.rows()
    assert ("cases", one.id) in ordner.rows()
    with pytest.raises(StoreError) as said:  # it is not tried again and again
        undo(meier.store, meier.actor)
    assert said.value.code == "undo.nothing"


def test_what_came_later_is_taken_back_first(two: tuple[Station, Station, Case]) -> None:
    meier, ordner, one = two
    away(meier, one)
    settle(meier, ordner)
    other = meier.open_case("32.1-2026-000002")
    settle(meier, ordner)
    assert undo(meier.store, meier.actor).rows == (("cases", other.id),)
    settle(meier, ordner)
    assert undo(meier.store, meier.actor).promised is True
    settle(meier, ordner)
    assert ("cases", one.id) in meier.rows()


def test_another_clerk_of_this_workstation_calls_nothing_back(
    two: tuple[Station, Station, Case],
) -> None:
    from storage.actor import Actor

    meier, ordner, one = two
    away(meier, one)
    settle(meier, ordner)
    with pytest.raises(StoreError) as said:
        undo(meier.store, Actor("somebody", "Somebody", {}))
    assert said.value.code == "undo.nothing"
