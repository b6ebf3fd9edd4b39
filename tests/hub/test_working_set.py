"""A filling brings the working set and nobody else's persons; what leaves takes along only persons
whom nothing names."""

import pytest

from storage.hub import calls
from storage.records import Case, Participant, Payment, Person
from storage.sync.workingset import let_old_leave
from storage.terms import ParticipantRole, PaymentState
from tests.hub.conftest import Hub
from tests.hub.stations import At, Station
from tests.hub.test_stations import settle


def with_person(station: Station, number: str, name: str) -> tuple[Case, Person]:
    with station.store.change(station.actor, "case.open") as change:
        person = change.add(Person(family_name=name))
        case = change.add(
            Case(
                number=number, office_id="buergeramt", subject="Sache", opened_at=1,
                person_id=person.id,
            )
        )  # fmt: skip
    return case, person


def close(station: Station, case: Case) -> None:
    station.set(case, "case.close", state="closed", closed_at=5)


def takes_part(station: Station, case: Case, person: Person) -> None:
    with station.store.change(station.actor, "fine.edit") as change:
        change.add(Participant(case_id=case.id, person_id=person.id, role=ParticipantRole.WITNESS))


def names(station: Station) -> set[str]:
    return {row[0] for row in station.store.db.execute("SELECT family_name FROM persons")}


def test_persons_of_old_cases_are_not_even_sent(
    hub: Hub, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier = at("meier")
    old, quandt = with_person(meier, "32.1-2024-000001", "Quandt")
    kept, _zeh = with_person(meier, "32.1-2026-000001", "Zeh")
    with_person(meier, "32.1-2024-000002", "Wut")
    takes_part(meier, kept, quandt)
    close(meier, old)
    gone = meier.store.db.execute("SELECT id FROM cases WHERE number LIKE '%000002'").fetchone()[0]
    with meier.store.change(meier.actor, "case.close") as change:
        change.set(change.get(Case, gone), state="closed", closed_at=5)
    meier.sync.once()
    sent: list[str] = []
    real = calls.snapshot

    def heard(*args: object, **more: object) -> object:
        for row in real(*args, **more):  # type: ignore[arg-type]
            sent.append(row[1])
            yield row

    monkeypatch.setattr(calls, "snapshot", heard)
    yilmaz = at("yilmaz")
    assert names(yilmaz) == {"Quandt", "Zeh"}  # Quandt takes part in what is open
    assert "Quandt" in "".join(sent)
    assert "Wut" not in "".join(sent)
    assert yilmaz.one("SELECT count(*) FROM copies") == 2
    assert yilmaz.is_sound()


def test_a_person_stays_while_anything_names_them(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    meier = at("meier")
    old, quandt = with_person(meier, "32.1-2024-000001", "Quandt")
    kept, _zeh = with_person(meier, "32.1-2026-000001", "Zeh")
    takes_part(meier, kept, quandt)
    with meier.store.change(meier.actor, "fine.edit") as change:
        wut = change.add(Person(family_name="Wut"))
        change.add(Participant(case_id=old.id, person_id=wut.id, role=ParticipantRole.WITNESS))
    close(meier, old)
    settle(meier)
    assert let_old_leave(meier.store, 60, meier.store.clock()) == 1
    assert names(meier) == {"Quandt", "Zeh"}
    assert meier.is_sound()


def test_what_hangs_on_no_case_yet_comes_with_a_filling(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier = at("meier")
    with meier.store.change(meier.actor, "payment.import") as change:
        change.add(
            Payment(
                office_id="buergeramt", external_id="bank:1", state=PaymentState.CLARIFY,
                booked_on="2026-11-20", amount=5_500, created_at=1,
            )
        )  # fmt: skip
    settle(meier)
    assert meier.one("SELECT amount FROM payments") == 5_500
    assert at("yilmaz").rows() == meier.rows()


def test_texts_come_with_a_filling_as_they_are(hub: Hub, at: At) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier = at("meier")
    hostile = 'Grüße "\\n"\t\u2028 {"result": "x", "closed_at": 1}], \\u0041 \'; --'
    case = meier.open_case("32.1-2026-000001")
    meier.set(case, subject=hostile, target_on="2026-11-30")
    meier.open_case("32.1-2026-000002")
    settle(meier)
    yilmaz = at("yilmaz")
    assert yilmaz.rows() == meier.rows()
    assert yilmaz.one("SELECT subject FROM cases WHERE id = ?", case.id) == hostile
    assert yilmaz.one("SELECT typeof(opened_at) FROM cases WHERE id = ?", case.id) == "integer"
