"""Standing in on the server: chains, who sets an absence, and deputies between replicas."""

from pathlib import Path

import pytest

from storage.actor import Actor, StandIn
from storage.hub import calls
from storage.ids import uuid7
from storage.records import Absence
from storage.terms import DeputyMay
from tests.hub.conftest import Desk, Hub, case, changed, item
from tests.hub.stations import Station

FIELDS = {"starts_on": "2020-01-01", "ends_on": "2099-12-31"}


def absent(who: Desk, deputy: Desk, may: str = "act") -> dict[str, object]:
    return {"clerk_id": who.clerk_id, "deputy_id": deputy.clerk_id, "may": may, **FIELDS}


def new(fields: dict[str, object]) -> list[object]:
    return ["absences", uuid7(), "add", fields, {}, [], []]


@pytest.fixture
def four(hub: Hub) -> tuple[Desk, Desk, Desk, Desk]:
    """Anna of the fines office, Chris who leads it, Ben and Carla of the citizens' office."""
    hub.clerk("anna", ordnungsamt="officer")
    hub.clerk("ben", buergeramt="clerk")
    hub.clerk("carla", buergeramt="clerk")
    hub.clerk("chris", ordnungsamt="supervisor")
    return hub.desk("anna"), hub.desk("ben"), hub.desk("carla"), hub.desk("chris")


def test_oneself_and_ones_supervisor_set_an_absence(
    hub: Hub, four: tuple[Desk, Desk, Desk, Desk]
) -> None:
    anna, ben, carla, chris = four
    assert anna.act("absence.set", new(absent(anna, ben))).outcome == "ok"
    assert chris.act("absence.set", new(absent(anna, carla))).outcome == "ok"
    # Nobody makes themself anybody's deputy.
    assert carla.act("absence.set", new(absent(anna, carla))).code == "role.missing"
    assert chris.act("absence.set", new(absent(ben, chris))).code == "role.missing"


def test_an_absence_is_not_moved_to_another_clerk(
    hub: Hub, four: tuple[Desk, Desk, Desk, Desk]
) -> None:
    anna, ben, carla, _chris = four
    own = new(absent(carla, carla))
    assert carla.act("absence.set", own).outcome == "ok"
    moved = changed("absences", str(own[1]), clerk_id=(carla.clerk_id, anna.clerk_id))
    assert carla.act("absence.set", moved).code == "role.missing"
    others = new(absent(anna, ben, "read"))
    assert anna.act("absence.set", others).outcome == "ok"
    wider = changed("absences", str(others[1]), may=("read", "sign"))
    assert ben.act("absence.set", wider).code == "role.missing"


def test_a_chain_of_deputies_reads_and_acts(hub: Hub, four: tuple[Desk, Desk, Desk, Desk]) -> None:
    anna, ben, carla, _chris = four
    foreign = uuid7()
    assert anna.act("case.open", case(foreign, office_id="ordnungsamt")).outcome == "ok"
    anna.act("absence.set", new(absent(anna, ben, "sign")))
    assert calls.matter(carla.db, "cases", foreign) == []
    passed_on = new(absent(ben, carla, "act"))
    ben.act("absence.set", passed_on)
    assert len(calls.matter(carla.db, "cases", foreign)) == 1
    acted = carla.act(
        "case.note",
        changed("cases", foreign, subject=("Sache", "Vertretung")),
        on_behalf_of=anna.clerk_id,
    )
    assert acted.outcome == "ok"
    # A link that only looks makes a chain that only looks.
    looks = changed("absences", str(passed_on[1]), may=("act", "read"))
    assert ben.act("absence.set", looks).outcome == "ok"
    assert len(calls.matter(carla.db, "cases", foreign)) == 1
    late = changed("cases", foreign, subject=("Vertretung", "Anders"))
    assert carla.act("case.note", late).code == "role.missing"
    assert carla.act("case.note", late, on_behalf_of=anna.clerk_id).code == "actor.forged"


def test_a_circle_ends(hub: Hub, four: tuple[Desk, Desk, Desk, Desk]) -> None:
    """The workstations refuse circles; a hostile one makes the server neither hang nor generous."""
    anna, ben, _carla, _chris = four
    anna.act("absence.set", new(absent(anna, ben)))
    ben.act("absence.set", new(absent(ben, anna)))
    assert anna.act("item.receive", item(uuid7())).outcome == "ok"


def test_a_deputy_goes_on_with_what_the_other_has_taken(
    hub: Hub, four: tuple[Desk, Desk, Desk, Desk]
) -> None:
    _anna, ben, carla, _chris = four
    taken = uuid7()
    carla.act("item.receive", item(taken, office_id="buergeramt", claimed_by=carla.clerk_id))
    back = changed("items", taken, claimed_by=(carla.clerk_id, None))
    assert ben.act("item.release", back).code == "item.taken"
    carla.act("absence.set", new(absent(carla, ben)))
    assert ben.act("item.release", back).code == "item.taken"  # in ben's own name it still is
    assert ben.act("item.release", back, on_behalf_of=carla.clerk_id).outcome == "ok"


def test_a_deputys_workstation_gets_the_office_and_loses_it_again(hub: Hub, tmp_path: Path) -> None:
    hub.clerk("anna", ordnungsamt="officer")
    hub.clerk("ben", buergeramt="clerk")
    anna = Station(hub, tmp_path / "anna", "anna")
    ben = Station(hub, tmp_path / "ben", "ben")
    opened = anna.open_case("32.2-2026-000001", "ordnungsamt")
    for one in (anna, ben, ben):
        one.sync.once()
    assert ben.one("SELECT count(*) FROM cases") == 0
    with anna.store.change(anna.actor, "absence.set") as change:
        away = change.add(
            Absence(
                clerk_id=hub.clerks["anna"],
                deputy_id=hub.clerks["ben"],
                may=DeputyMay.ACT,
                starts_on="2020-01-01",
                ends_on="2099-12-31",
            )
        )
    for one in (anna, ben, ben):
        one.sync.once()
    assert ben.one("SELECT count(*) FROM cases") == 1
    ben.actor = Actor(
        hub.clerks["ben"],
        "Ben",
        {"buergeramt": "clerk", "ordnungsamt": "officer"},
        (StandIn(hub.clerks["anna"], "Anna", "act", "2099-12-31"),),
        {"ordnungsamt": hub.clerks["anna"]},
    )
    ben.note(opened, "In Vertretung")
    for one in (ben, anna):
        one.sync.once()
    assert (
        anna.one("SELECT on_behalf_of FROM entries WHERE action = 'case.note'")
        == (hub.clerks["anna"])
    )
    with anna.store.change(anna.actor, "absence.end") as change:
        change.set(away, ends_on="2020-01-02")
    for one in (anna, ben, ben):
        one.sync.once()
    assert ben.one("SELECT count(*) FROM cases") == 0
    assert anna.is_sound()
    assert ben.is_sound()
    anna.store.close()
    ben.store.close()
