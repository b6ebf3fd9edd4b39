"""The workstation's tests: one frozen moment, no waiting, a founded town as of that moment."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from clerk import clock
from clerk.catalogue.read import shipped
from clerk.desks import cases, fines, inbox
from clerk.desks.catalogue import offence_of
from clerk.desks.fine_report import Charge, Party, Report
from clerk.session import Session
from clerk.text import display
from screens import app
from storage.records import Document, Item, Person
from storage.terms import ParticipantRole
from tests import support
from tests.joined import dispute
from tests.screens.places import SHARED
from widgets import record_table
from widgets.toast import Toast

NOW = 1_795_425_300_000  # Mo 23.11.2026, 10:15 in Germany
MINUTE, DAY = 60_000, 86_400_000
LONG = "sehr" * 25_000  # 100,000 characters


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As for all tests, but founded at the frozen moment: no clock seems to be set back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        home = tmp_path_factory.mktemp("founded") / "home"
        support.make_session(home).store.close()
    return home


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing passes by itself: not the clock, not the message below, not the next look."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(Toast, "SECONDS", 3600.0)
    monkeypatch.setattr(app, "WATCH_SECONDS", 3600.0)
    monkeypatch.setattr(record_table, "_REST_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(record_table, "_TICK_SECONDS", 3600.0)


Mail = Callable[..., str]


@pytest.fixture
def mail(session: Session) -> Mail:
    """``mail(subject, …)``: each one came in a minute before the one made last."""
    made = 0

    def add(subject: str, text: str = "Guten Tag.", **how: object) -> str:
        nonlocal made
        made += 1
        how.setdefault("received_at", NOW - made * MINUTE)
        return support.add_item(session, subject, text, **how)  # type: ignore[arg-type]

    return add


@pytest.fixture
def lamps(mail: Mail) -> list[str]:
    """Three items of the clerk's office that nobody has taken, the newest first."""
    return [
        mail("Straßenlaterne defekt", "Die Straßenlaterne vor Haus 7 ist dunkel."),
        mail("Schlagloch Hauptstraße", "Ein Schlagloch, so groß wie ein Eimer."),
        mail("Sperrmüll anmelden", "Ein Sofa und zwei Stühle, bitte abholen."),
    ]


@pytest.fixture
def office(session: Session, mail: Mail) -> Session:
    """An office with the hostile record in everything that a clerk or a citizen can write."""
    hostile = mail(support.HOSTILE, support.HOSTILE * 3, sender_name=support.HOSTILE)
    mail(LONG, LONG, sender_name=LONG)
    filed = mail("Laterne dunkel", support.HOSTILE)
    mail("Schlagloch in der Hauptstraße", "Ein Schlagloch, so groß wie ein Eimer.", priority=1)
    with session.store.change(session.actor, "item.receive", undoable=False) as change:
        sha256 = change.content(b"Anlage")
        item = change.get(Item, hostile)
        change.set(item, attachments=1)
        change.add(
            Document(
                item_id=hostile,
                name=display(support.HOSTILE),
                media_type="text/plain",
                content_sha256=sha256,
                size=6,
                created_at=item.received_at,
            )
        )
    store, actor = session.store, session.actor
    inbox.note(store, actor, hostile, support.HOSTILE)
    inbox.follow_up(store, actor, [hostile], date(2026, 11, 24), support.HOSTILE)
    bad = support.HOSTILE
    person = Person(family_name=bad, given_name=bad, born_on="2007-02-03", street=bad, city=bad)
    report = Report(
        charges=[Charge(charge=bad, provisions=bad, amount=35_00)],
        acted_from="2026-11-20T14:30",
        place=bad,
        parties=[Party(role=ParticipantRole.OFFENDER, person=person)],
        officer=bad,
        plate="B-XY 123",
        vehicle=bad,
        evidence=bad,
        note=bad,
    )
    fines.record(store, actor, report, office_id="ordnungsamt")
    _outcome, case_id = inbox.file_into_new(
        store, actor, [filed], service_id="maengelmeldung", subject=support.HOSTILE
    )
    cases.note(store, actor, case_id, support.HOSTILE)
    cases.follow_up(store, actor, case_id, date(2026, 11, 20), "Bauhof fragen")
    support.add_letter(session, case_id=case_id, name=bad, subject=bad, text=f"{bad}\n\n{bad}")
    return session


@pytest.fixture
def place(name: str, office: Session) -> Session:
    """The office in which a place (``name``) shows something."""
    if name in SHARED:
        dispute(office, support.HOSTILE, "Der Bauhof hat sie ersetzt.", field="result")
    return office


@pytest.fixture
def fining(session: Session) -> Session:
    """An office that prosecutes offences: the shipped catalogue, two persons, and their streets."""
    store, actor = session.store, session.actor
    with store.change(actor, "fine.catalogue", undoable=False) as change:
        for entry in shipped():
            change.add(offence_of("ordnungsamt", entry))
    with store.change(actor, "case.open") as change:
        for family, given, born, street in (
            ("Müller", "Hans", "1975-03-12", "Hauptstraße 5"),
            ("Yıldız", "Ayşe", "2009-01-02", "Am Markt 1"),
        ):
            change.add(
                Person(
                    family_name=family,
                    given_name=given,
                    born_on=born,
                    street=street,
                    postcode="12345",
                    city=support.TOWN,
                )
            )
    return session
