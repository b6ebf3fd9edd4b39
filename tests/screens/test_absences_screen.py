"""Absences by keyboard; the deputy's lists; the digest on return."""

from datetime import timedelta

from clerk import clock
from clerk.desks import absences as desk
from clerk.desks import cases
from clerk.desks.people import actor_of
from clerk.session import Session
from storage.actor import Actor
from storage.terms import Role
from tests import support
from tests.driver import workstation


def seat(session: Session, login: str) -> Session:
    return session._replace(actor=actor_of(session.store, login))


async def test_an_absence_is_set_changed_and_ended(session: Session) -> None:
    support.add_clerk(session, "ben", {"buergerbuero": Role.CLERK}, "Ben Beispiel")
    async with workstation(session) as clerk:
        await clerk.press("g", "u")
        assert clerk.area == "AbsencesScreen"
        await clerk.press("n", "enter", *"heute", "enter", *"2w", "enter", *"ben", "enter", "f9")
        assert "Ben Beispiel" in clerk.cursor
        await clerk.press("b", "enter", "enter", "enter", "f9")
        assert len(clerk.rows) == 1
        await clerk.press("e")
        assert clerk.rows == []
        await clerk.press("z")
        assert "Ben Beispiel" in clerk.cursor


async def test_the_deputys_list_holds_the_others_work_marked(session: Session) -> None:
    anna = support.add_clerk(session, "anna", {"ordnungsamt": Role.OFFICER}, "Anna Amsel")
    ben = support.add_clerk(session, "ben", {"buergerbuero": Role.CLERK}, "Ben")
    actor = Actor(anna, "Anna", {"ordnungsamt": Role.OFFICER})
    cases.create(session.store, actor, subject="Falschparken", office_id="ordnungsamt")
    async with workstation(seat(session, "ben")) as clerk:
        await clerk.press("g", "m")
        assert clerk.rows == []
        # Somebody else sets the absence while the deputy sits here.
        desk.set_absence(
            session.store,
            session.actor,
            clerk_id=anna,
            starts=clock.today(),
            ends=clock.today(),
            deputy_id=ben,
        )
        clerk.station.data_changed()
        await clerk.press("f5")
        assert "p.p. Anna" in clerk.cursor
        await clerk.press("enter", "i", *"Angerufen", "f9")
    row = session.store.db.execute(
        "SELECT clerk_id, on_behalf_of FROM entries ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert tuple(row) == (ben, anna)


async def test_back_from_an_absence_one_is_told(session: Session) -> None:
    anna = support.add_clerk(session, "anna", {"ordnungsamt": Role.OFFICER}, "Anna Amsel")
    ben = support.add_clerk(session, "ben", {"ordnungsamt": Role.CLERK}, "Ben")
    actor = Actor(anna, "Anna", {"ordnungsamt": Role.OFFICER})
    case = cases.create(session.store, actor, subject="Falschparken", office_id="ordnungsamt")
    absence = desk.set_absence(
        session.store,
        session.actor,
        clerk_id=anna,
        starts=clock.today() - timedelta(days=2),
        ends=clock.today() + timedelta(days=2),
        deputy_id=ben,
    ).done[0]
    cases.note(session.store, actor_of(session.store, "ben"), case.id, "Erledigt")
    with session.store.beneath() as (db, _index):  # as if it had been yesterday
        db.execute("UPDATE entries SET at = at - 86400000 WHERE on_behalf_of = ?", (anna,))
    desk.come_back(session.store, actor_of(session.store, "anna"), absence)
    async with workstation(seat(session, "anna")) as clerk:
        assert "1 matter was worked on" in clerk.toast
        await clerk.press("g", "u", "tab", "enter")
        assert "Falschparken" in clerk.screen
