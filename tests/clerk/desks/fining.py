"""Fines for the tests: a catalogue, a report, a clock that is set to a day."""

from datetime import date, datetime, time
from typing import Any

from clerk import clock
from clerk.desks import fine_acts, fines
from clerk.desks.fine_answers import answers
from clerk.desks.fine_report import Charge, Party, Report
from clerk.session import Session
from storage.pages import fines as pages
from storage.records import Case, Fine, Offence, Person
from storage.terms import LimitationClass, OffenceArea, ParticipantRole
from tests import support

OFFICE = "ordnungsamt"
DOG = "Sie haben Ihren Hund {Name} in {Ort} nicht angeleint."
PARKED = "Sie haben im absoluten Haltverbot geparkt."


def catalogue(session: Session) -> None:
    """Two offences with a dog, one of parking."""
    rows = (
        ("HUND01", "Hund nicht angeleint", DOG, 35_00, LimitationClass.BY_MAXIMUM),
        ("HUND02", "Hundekot nicht beseitigt", DOG, 55_00, LimitationClass.BY_MAXIMUM),
        ("141322", "Parken im Haltverbot", PARKED, 25_00, LimitationClass.TRAFFIC),
    )
    with session.store.change(session.actor, "test.catalogue") as change:
        for code, title, charge, rate, limitation in rows:
            traffic = limitation is LimitationClass.TRAFFIC
            change.add(
                Offence(
                    office_id=OFFICE,
                    code=code,
                    area=OffenceArea.TRAFFIC if traffic else OffenceArea.MUNICIPAL,
                    subject="Verkehr" if traffic else "Hunde",
                    title=title,
                    charge=charge,
                    provisions="§ 5 Abs. 1 OBVO",
                    rate=rate,
                    rate_repeat=2 * rate,
                    rate_intent=3 * rate,
                    maximum=1_000_00,
                    limitation=limitation,
                    valid_from="2020-01-01",
                )
            )


def report(**but: Any) -> Report:
    """A dog without a leash on 4 July 2026, unless it is said otherwise."""
    said: dict[str, Any] = {
        "charges": [Charge(code="HUND01", details={"Name": "Bello", "Ort": "der Altstadt"})],
        "acted_from": "2026-07-04T14:30",
        "place": "Marktplatz 3",
        "evidence": "Zeugin",
    }
    return Report(**(said | but))


def somebody(born: str | None = "1980-05-04", **but: Any) -> Party:
    """An offender."""
    said: dict[str, Any] = {
        "family_name": "Beispiel",
        "given_name": "Erika",
        "street": "Am Markt 1",
        "postcode": "12345",
        "city": "Musterstadt",
    }
    return Party(role=ParticipantRole.OFFENDER, person=Person(born_on=born, **(said | but)))


class Desk:
    """The desk of one clerk, on a day that the test says."""

    def __init__(self, session: Session, monkeypatch: Any) -> None:
        self.session = session
        self.store = session.store
        self._patch = monkeypatch
        self.day("2026-07-06")

    def day(self, iso: str) -> None:
        """From now on it is ten o'clock on this day."""
        moment = datetime.combine(date.fromisoformat(iso), time(10), clock.ZONE)
        at = int(moment.timestamp() * 1000)
        self._patch.setattr(clock, "now", lambda: at)
        self.store.clock = lambda: at

    def new(self, **but: Any) -> Case:
        """A fine of Erika Beispiel's, unless it is said otherwise."""
        return fines.record(
            self.store, self.session.actor, report(**({"parties": [somebody()]} | but))
        ).case

    def act(self, case: Case, action: str, **said: str) -> None:
        """Do ``hear`` and the like; a notice is signed at once."""
        self.step(case, action, **said)
        if action == "issue":
            self.sign(case)

    def sign(self, case: Case) -> None:
        """The drafts of the case are signed."""
        support.sign_letters(self.session, case.id)

    def step(self, case: Case, action: str, **said: str) -> None:
        """The step alone."""
        name = f"fine.{action}"
        fine_acts.act(
            self.store,
            self.session.actor,
            [case.id],
            name,
            answers(name, said, clock.today()),
        )

    def fine(self, case: Case) -> Fine:
        """As it stands."""
        found = pages.of_case(self.store.db, case.id)
        assert found is not None
        return found
