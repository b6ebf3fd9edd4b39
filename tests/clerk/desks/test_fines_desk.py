"""Recording a fine: what is refused, what is said, and all that is written with it."""

from collections.abc import Callable
from typing import Any

import pytest

from clerk import clock
from clerk.desks import fines
from clerk.desks.fine_course import settle
from clerk.desks.fine_report import Charge, DogFacts, Party, Photo, Report, examine
from clerk.desks.fine_work import Work
from clerk.refusal import Refused
from clerk.session import Session
from storage.pages import fines as pages
from storage.pages import follow_ups, offences
from storage.records import Offence
from storage.store import Store
from storage.terms import (
    FineState,
    Guilt,
    ParticipantRole,
    Unity,
)
from storage.undo import undo
from storage.verify import verify
from tests.clerk.desks.fining import DOG, OFFICE, catalogue, report, somebody


@pytest.fixture
def store(session: Session) -> Store:
    catalogue(session)
    return session.store


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        do()
    assert error.value.refusal.sentence.endswith(".")
    return error.value.refusal.code


@pytest.mark.parametrize(
    ("place", "subject"), [("Am Wall", "Sie haben gelärmt, Am Wall"), (" ", "Sie haben gelärmt")]
)
def test_words_of_ones_own_become_a_subject_without_their_full_stop(
    place: str, subject: str
) -> None:
    charge = Charge(charge="Sie haben gelärmt.", amount=40_00)
    said = Report(charges=[charge], acted_from="2026-11-01", place=place)
    assert fines.subject_of(said, [None]) == subject


def test_a_fine_is_a_case_with_all_that_was_said(session: Session, store: Store) -> None:
    made = fines.record(
        store,
        session.actor,
        report(
            parties=[somebody()],
            plate="tü-ab 123",
            dog=DogFacts(name="Bello", on_leash=0),
            photos=[Photo(name="p.jpg", media_type="image/jpeg", data=b"jpeg", kind="overall")],
            note="Halterin war einsichtig.",
        ),
    )
    year = clock.today().year
    assert made.case.number == f"32.1-{year}-000001"
    assert made.case.subject == "Hund nicht angeleint, Marktplatz 3"
    assert (made.fine.state, made.fine.amount) == (FineState.RECORDED, 35_00)
    assert (made.fine.plate, made.fine.plate_shown) == ("TÜAB123", "tü-ab 123")
    assert made.fine.reference is not None
    assert (made.fine.limitation_on, made.fine.absolute_on) == ("2027-01-03", "2028-07-03")
    [charged] = pages.offences(store.db, made.case.id)
    assert charged.charge == "Sie haben Ihren Hund Bello in der Altstadt nicht angeleint."
    [(part, person)] = pages.participants(store.db, made.case.id)
    assert (part.role, person.family_name) == (ParticipantRole.OFFENDER, "Beispiel")
    assert made.case.person_id == person.id
    [step] = pages.steps(store.db, made.case.id)
    assert (step.action, step.state) == ("fine.new", FineState.RECORDED)
    [due] = follow_ups.about(store.db, case_id=made.case.id)
    assert due.due_on == max("2026-12-04", clock.today().isoformat())
    assert [one.name for one in pages.dogs(store.db, made.case.id)] == ["Bello"]
    assert made.warnings == ()
    undo(store, session.actor)
    assert pages.of_case(store.db, made.case.id) is None
    assert verify(store.db).difference is None


def test_the_same_person_is_not_recorded_twice(session: Session, store: Store) -> None:
    one = fines.record(store, session.actor, report(parties=[somebody()]))
    later = report(parties=[somebody()], acted_from="2026-09-01")
    other = fines.record(store, session.actor, later)
    stranger = report(parties=[somebody("1990-01-01")], acted_from="2026-10-01")
    third = fines.record(store, session.actor, stranger)
    assert one.case.person_id == other.case.person_id != third.case.person_id


def test_references_have_a_check_digit_and_numbers_follow_each_other(
    session: Session, store: Store
) -> None:
    made = [
        fines.record(store, session.actor, report(acted_from=f"2026-0{n}-01")) for n in (1, 3, 5)
    ]
    assert [one.fine.reference for one in made] == ["0000017", "0000025", "0000033"]


@pytest.mark.parametrize(
    ("but", "code"),
    [
        ({"charges": []}, "fine.charge"),
        ({"charges": [Charge(code="NIX99")]}, "offence.unknown"),
        ({"charges": [Charge(charge="Sie haben gelärmt.")]}, "fine.amount"),
        ({"charges": [Charge(charge="Sie haben gelärmt.", amount=-1)]}, "fine.amount"),
        ({"charges": [Charge(charge="Sie haben gelärmt.", amount=500_01)]}, "fine.amount"),
        ({"charges": [Charge(charge="x", amount=10_00, maximum=0)]}, "fine.maximum"),
        ({"acted_from": "2019-12-31"}, "offence.unknown"),
        ({"acted_from": "2126-07-04T14:30"}, "fine.future"),
        ({"acted_from": "gestern"}, "fine.time"),
        ({"acted_from": "2026-02-30"}, "fine.time"),
        ({"acted_to": "2026-07-04T14:29"}, "fine.end"),
        ({"acted_to": "2026-07-03"}, "fine.end"),
        ({"acted_to": "2126-07-05"}, "fine.future"),
        ({"acted_to": "später"}, "fine.time"),
        ({"place": "  "}, "fine.place"),
        ({"place": "x" * 201}, "fine.long"),
        ({"evidence": "x" * 2_001}, "fine.long"),
        ({"parties": [somebody("2012-07-05")]}, "fine.child"),
    ],
)
def test_what_is_refused(session: Session, store: Store, but: dict[str, Any], code: str) -> None:
    before = store.db.execute("SELECT count(*) FROM entries").fetchone()
    assert refused(lambda: fines.record(store, session.actor, report(**but))) == code
    assert store.db.execute("SELECT count(*) FROM entries").fetchone() == before


def test_the_end_of_the_same_day_and_minute_is_no_mistake(session: Session, store: Store) -> None:
    for but in (
        {"acted_to": "2026-07-04"},
        {"acted_to": "2026-07-04T14:30"},
        {"acted_from": clock.today().isoformat()},
    ):
        assert examine(store.db, OFFICE, report(**but), clock.now()).errors == ()


@pytest.mark.parametrize(
    ("born", "code"), [("2012-07-04", "fine.youth"), ("2005-07-05", "fine.youth")]
)
def test_the_young_are_flagged(session: Session, store: Store, born: str, code: str) -> None:
    made = fines.record(store, session.actor, report(parties=[somebody(born)]))
    assert [one.said.code for one in made.warnings] == [code]


def test_who_is_of_age_is_not(session: Session, store: Store) -> None:
    made = fines.record(store, session.actor, report(parties=[somebody("2005-07-04")]))
    assert made.warnings == ()


def test_rates_and_several_offences(session: Session, store: Store) -> None:
    def amount(**but: Any) -> int:
        filled = {"Name": "B", "Ort": "O"}
        two = [Charge(code="HUND01", details=filled), Charge(code="HUND02", details=filled)]
        made = fines.record(store, session.actor, report(charges=two, **but))
        return made.fine.amount

    assert amount(unity=Unity.SAME_ACT) == 55_00
    assert amount(unity=Unity.SEVERAL_ACTS, acted_from="2026-05-01") == 90_00
    assert amount(guilt=Guilt.INTENT, acted_from="2026-03-01") == 165_00
    again = [Charge(code="HUND01", repeated=True, details={"Name": "B", "Ort": "O"})]
    made = fines.record(store, session.actor, report(charges=again, acted_from="2026-02-01"))
    assert made.fine.amount == 70_00


def test_what_may_be_the_same_act_is_said_with_its_number(session: Session, store: Store) -> None:
    first = fines.record(
        store, session.actor, report(plate="B-XY 12", place="Hauptstraße 5", parties=[somebody()])
    )

    def doubles(**but: Any) -> list[str]:
        found = examine(store.db, OFFICE, report(**but), clock.now())
        return [one.said.sentence for one in found.warnings if one.said.code == "fine.double"]

    number = first.case.number
    same = {"plate": "bxy12", "place": "Haupt-Str. 9"}
    [said] = doubles(**same)
    assert number in said
    assert number in doubles(place="Hauptstr. 7", parties=[somebody()])[0]
    assert doubles(place="Hauptstr. 7", parties=[somebody("1990-01-01")]) == []
    known = Party(role=ParticipantRole.OFFENDER, person=str(first.case.person_id))
    assert number in doubles(place="Hauptstr. 7", parties=[known])[0]
    assert doubles(**same, acted_from="2026-07-05T14:30") != []
    assert doubles(**same, acted_from="2026-07-05T14:31") == []
    assert doubles(**same, acted_from="2026-07-04") != []
    assert doubles(**same, acted_from="2026-07-03") == []
    assert doubles(plate="bxy12", place="Nebenstraße 5") == []
    assert doubles(plate="bxy13", place="Hauptstraße 5") == []


def test_gaps_in_a_charge_are_said(session: Session, store: Store) -> None:
    made = fines.record(store, session.actor, report(charges=[Charge(code="HUND01")]))
    [said] = made.warnings
    assert "Name, Ort" in said.said.sentence
    [charged] = pages.offences(store.db, made.case.id)
    assert charged.charge == DOG


def test_braces_that_were_typed_stay(session: Session, store: Store) -> None:
    details = {"Name": "{Ort}", "Ort": "{Name}"}
    made = fines.record(
        store, session.actor, report(charges=[Charge(code="HUND01", details=details)])
    )
    [charged] = pages.offences(store.db, made.case.id)
    assert charged.charge == "Sie haben Ihren Hund {Ort} in {Name} nicht angeleint."


def test_the_version_of_the_day_counts(session: Session, store: Store) -> None:
    old = offences.by_code(store.db, OFFICE, "HUND01", "2026-07-04")
    assert old is not None
    with store.change(session.actor, "test.catalogue") as change:
        change.set(old, valid_to="2026-06-30")
        new = {
            name: getattr(old, name)
            for name in old.__annotations__
            if name not in ("TABLE", "REFERENCES", "id")
        }
        change.add(Offence(**(new | {"rate": 45_00, "valid_from": "2026-07-01"})))
    june = fines.record(store, session.actor, report(acted_from="2026-06-30"))
    july = fines.record(store, session.actor, report(acted_from="2026-07-01"))
    assert (june.fine.amount, july.fine.amount) == (35_00, 45_00)


def test_a_devices_record_comes_once(session: Session, store: Store) -> None:
    made = fines.record(store, session.actor, report(external_id="xmlmde:1"))
    with pytest.raises(Refused) as error:
        fines.record(store, session.actor, report(external_id="xmlmde:1"))
    assert error.value.refusal.code == "fine.known"
    assert made.case.number in error.value.refusal.sentence


@pytest.mark.parametrize("known", [True, False])
def test_what_a_new_fine_begins_with_is_what_its_steps_ask_for(
    session: Session, store: Store, known: bool
) -> None:
    """It is written without being read back, and settling it afterwards finds nothing to change."""
    parties = [somebody()] if known else []
    made = fines.record(store, session.actor, report(parties=parties))
    assert made.fine.limitation_on
    with store.change(session.actor, "test.settle") as change:
        settle(Work(store, change, session.actor), made.fine)
    assert change.seq is None
