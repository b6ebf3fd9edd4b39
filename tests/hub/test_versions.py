"""Programs and a shared store of different age: what is refused is said, nothing is lost, and after
the upgrade everything is there."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clerk import i18n
from clerk.i18n import _
from storage.errors import StoreError
from storage.hub import admin
from storage.records import RECORDS
from storage.schema import SCHEMA
from tests.hub.conftest import RULES, Hub, changed
from tests.hub.stations import At, Station

READS_SCHEMA = ("storage.sync.loop", "storage.sync.handshake", "storage.journal")


@contextmanager
def older() -> Iterator[None]:
    """The program of the release before, which did not know notes."""
    with pytest.MonkeyPatch.context() as patch:
        for module in READS_SCHEMA:
            patch.setattr(f"{module}.SCHEMA", SCHEMA - 1)
        patch.delitem(RECORDS, "notes")
        yield


def refusal(station: Station) -> tuple[str, str]:
    """Why it is not let in: the code, and what its clerk reads in German."""
    with pytest.raises(StoreError) as caught:
        station.sync.once()
    i18n.choose("de")
    said = _(caught.value.message).format(**caught.value.params)
    i18n.choose("en")
    return caught.value.code, said


@pytest.fixture
def meier(hub: Hub, at: At) -> Station:
    hub.clerk("meier", buergeramt="officer")
    return at("meier")


def test_a_program_newer_than_the_shared_store_waits_for_it(
    hub: Hub, meier: Station, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.clerk("yilmaz", buergeramt="officer")
    yilmaz = at("yilmaz")
    case = meier.open_case("32.1-2026-000001")
    meier.sync.once()
    yilmaz.sync.once()
    with monkeypatch.context() as patch:  # as it was founded by the release before
        patch.setattr("storage.hub.admin.SCHEMA", SCHEMA - 1)
        hub.owner.execute("UPDATE clerk.hub SET schema_max = %s", (SCHEMA - 1,))
        admin.migrate(hub.owner, RULES)
    meier.note(case, "unterdessen")
    meier.sync.close()
    assert refusal(meier) == (
        "hub.client_new",
        "Dieses Programm ist neuer als der gemeinsame Bestand. Ihre IT muss hub migrate ausführen.",
    )
    assert meier.one("SELECT count(*) FROM outbox") == 1
    assert meier.one("SELECT count(*) FROM notes") == 1
    assert hub.count("entry WHERE action = 'case.note'") == 0
    with older():  # who has not been updated yet goes on
        yilmaz.sync.close()
        yilmaz.set(case, subject="von Yilmaz")
        yilmaz.sync.once()
    admin.migrate(hub.owner, RULES)
    meier.sync.once()
    assert meier.one("SELECT subject FROM cases") == "von Yilmaz"
    assert hub.count("entry WHERE action = 'case.note' AND outcome = 'ok'") == 2
    assert meier.is_sound()


def test_an_older_program_works_on_and_loses_nothing_of_what_it_does_not_know(
    hub: Hub, meier: Station, at: At
) -> None:
    hub.clerk("yilmaz", buergeramt="officer")
    hub.owner.execute(
        "UPDATE clerk.rule_table SET fields = fields || %s::jsonb WHERE tbl = 'cases'",
        ('{"colour": {"kind": "string"}}',),
    )
    with older():
        yilmaz = at("yilmaz")
    newer = hub.desk("meier")
    case = meier.open_case("32.1-2026-000001")
    meier.sync.once()
    meier.note(case, "was Yilmaz nicht kennt")
    meier.sync.once()
    assert newer.act("case.note", changed("cases", case.id, colour=(None, "rot"))).outcome == "ok"
    with older():
        yilmaz.sync.once()
        assert yilmaz.is_sound()
        assert yilmaz.one("SELECT count(*) FROM notes") == 0
        yilmaz.set(case, subject="von Yilmaz")
        yilmaz.sync.once()
        assert yilmaz.is_sound()
    data = hub.owner.execute("SELECT data FROM clerk.record WHERE id = %s", (case.id,)).fetchone()
    assert data is not None
    assert (data[0]["subject"], data[0]["colour"]) == ("von Yilmaz", "rot")
    # The door is closed behind the last of the others.
    hub.owner.execute("UPDATE clerk.hub SET schema_min = %s", (SCHEMA,))
    with older():
        yilmaz.set(case, subject="nach der Tür")
        yilmaz.sync.close()
        assert refusal(yilmaz) == (
            "hub.client_old",
            "Dieses Programm ist zu alt für den gemeinsamen Bestand. Ihre IT hat ein neueres.",
        )
        assert yilmaz.one("SELECT count(*) FROM outbox") == 1
    # And the program is brought up to date: what it could not take is there, and what waited goes.
    for one in (yilmaz, meier, yilmaz):
        one.sync.once()
        assert one.is_sound()
    assert yilmaz.one("SELECT count(*) FROM notes") == 1
    assert meier.one("SELECT subject FROM cases") == "nach der Tür"
    assert meier.rows() == yilmaz.rows()
    assert yilmaz.one("SELECT count(*) FROM outbox") == 0
