"""Standing in: rights, lists, both names in the journal, the way back, the digest."""

from datetime import date, timedelta
from functools import partial

import pytest

from clerk import clock
from clerk.desks import absences as desk
from clerk.desks import cases, inbox
from clerk.desks.inbox_guards import can_take
from clerk.desks.people import actor_of
from clerk.desks.undoing import take_back
from clerk.refusal import Refused
from clerk.session import Session
from storage.actor import Actor
from storage.pages import absences as pages
from storage.pages import cases as case_pages
from storage.pages import items as item_pages
from storage.store import Store
from storage.terms import Role
from storage.verify import verify
from tests import support

AddItem = partial[str]

HOME, OTHER = "buergerbuero", "ordnungsamt"


def away(session: Session, who: str, deputy: str | None, may: str = "act", days: int = 3) -> str:
    chief = session.actor
    outcome = desk.set_absence(
        session.store,
        chief,
        clerk_id=who,
        starts=clock.today() - timedelta(days=1),
        ends=clock.today() + timedelta(days=days),
        deputy_id=deputy,
        may_do=may,
    )
    return outcome.done[0]


@pytest.fixture
def two(session: Session) -> tuple[str, str]:
    """Anna of the fines office and Ben of the citizens' office."""
    anna = support.add_clerk(session, "anna", {OTHER: Role.OFFICER})
    ben = support.add_clerk(session, "ben", {HOME: Role.CLERK})
    return anna, ben


def last_entry(store: Store) -> tuple[str, str | None]:
    row = store.db.execute(
        "SELECT clerk_id, on_behalf_of FROM entries ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return row[0], row[1]


def case_of(session: Session, who: str) -> str:
    """A case of the fines office with this clerk."""
    actor = Actor(who, who, {OTHER: Role.OFFICER})
    return cases.create(session.store, actor, subject="Falschparken", office_id=OTHER).id


def test_a_deputy_gets_the_offices_roles_and_desk(session: Session, two: tuple[str, str]) -> None:
    anna, ben = two
    before = actor_of(session.store, "ben")
    assert (dict(before.roles), before.desks) == ({HOME: "clerk"}, (ben,))
    away(session, anna, ben)
    now = actor_of(session.store, "ben")
    assert dict(now.roles) == {HOME: "clerk", OTHER: "officer"}
    assert now.desks == (ben, anna)
    assert now.acts_for(anna)
    assert not now.signs_for(anna)
    assert not now.signs_in(OTHER)
    assert now.signs_in(HOME)


def test_who_may_only_look_sees_and_does_nothing(session: Session, two: tuple[str, str]) -> None:
    anna, ben = two
    away(session, anna, ben, "read")
    now = actor_of(session.store, "ben")
    assert now.offices == (HOME, OTHER)
    assert dict(now.roles) == {HOME: "clerk"}
    case = case_of(session, anna)
    rows = case_pages.of_clerks(now.desks).page(session.store.db, limit=9)
    assert [row.id for row in rows] == [case]
    with pytest.raises(Refused) as raised:
        cases.note(session.store, now, case, "Notiz")
    assert raised.value.refusal.code == "case.not_yours"


def test_an_administrator_lends_nothing(session: Session, two: tuple[str, str]) -> None:
    _anna, ben = two
    root = support.add_clerk(session, "root", {OTHER: Role.ADMIN})
    away(session, root, ben, "sign")
    assert dict(actor_of(session.store, "ben").roles) == {HOME: "clerk"}


def test_the_wider_role_counts_in_a_common_office(session: Session, two: tuple[str, str]) -> None:
    _anna, ben = two
    chief = support.add_clerk(session, "chefin", {HOME: Role.SUPERVISOR})
    away(session, chief, ben, "sign")
    now = actor_of(session.store, "ben")
    assert dict(now.roles) == {HOME: "supervisor"}
    assert dict(now.lent) == {HOME: chief}
    assert now.signs_in(HOME)


def test_what_a_deputy_does_has_both_names(session: Session, two: tuple[str, str]) -> None:
    anna, ben = two
    case = case_of(session, anna)
    away(session, anna, ben)
    deputy = actor_of(session.store, "ben")
    cases.note(session.store, deputy, case, "Für Anna")
    assert last_entry(session.store) == (ben, anna)
    take_back(session.store, deputy, again=False)
    assert last_entry(session.store) == (ben, anna)
    own = cases.create(session.store, deputy, subject="Eigenes", office_id=HOME)
    cases.note(session.store, deputy, own.id, "Eigene Sache")
    assert last_entry(session.store) == (ben, None)
    # An office that is theirs only as deputy: also a case that nobody has.
    new = cases.create(session.store, deputy, subject="Neu dort", office_id=OTHER)
    assert last_entry(session.store) == (ben, anna)
    assert new.assignee_id == ben
    assert verify(session.store.db).difference is None


def test_a_deputy_goes_on_with_what_the_other_has_taken(
    session: Session, two: tuple[str, str], add_item: AddItem
) -> None:
    _anna, ben = two
    carla = support.add_clerk(session, "carla", {HOME: Role.CLERK})
    item = add_item("Anfrage", office_id=HOME, claimed_by=carla)
    row = item_pages.by_ids(session.store.db, [item])[0]
    refusal = can_take(actor_of(session.store, "ben"), row)
    assert refusal is not None
    assert refusal.code == "item.taken"
    away(session, carla, ben)
    deputy = actor_of(session.store, "ben")
    inbox.finish(session.store, deputy, "item.done", [item])
    assert last_entry(session.store) == (ben, carla)


def test_rights_end_with_the_absence(session: Session, two: tuple[str, str]) -> None:
    anna, ben = two
    absence = away(session, anna, ben)
    desk.come_back(session.store, actor_of(session.store, "anna"), absence)
    assert dict(actor_of(session.store, "ben").roles) == {HOME: "clerk"}
    row = session.store.db.execute("SELECT ends_on FROM absences WHERE id = ?", (absence,))
    assert row.fetchone()[0] == (clock.today() - timedelta(days=1)).isoformat()


def test_one_that_has_not_begun_is_taken_out(session: Session, two: tuple[str, str]) -> None:
    anna, ben = two
    me = actor_of(session.store, "anna")
    outcome = desk.set_absence(
        session.store, me, clerk_id=anna, starts=clock.today(), ends=clock.today(), deputy_id=ben
    )
    desk.come_back(session.store, me, outcome.done[0])
    count = session.store.db.execute("SELECT count(*) FROM absences WHERE clerk_id = ?", (anna,))
    assert count.fetchone()[0] == 0
    take_back(session.store, me, again=False)
    assert dict(actor_of(session.store, "ben").roles).keys() == {HOME, OTHER}


def test_only_oneself_or_ones_supervisor(session: Session, two: tuple[str, str]) -> None:
    anna, ben = two
    with pytest.raises(Refused) as raised:
        desk.set_absence(
            session.store,
            actor_of(session.store, "ben"),
            clerk_id=anna,
            starts=clock.today(),
            ends=clock.today(),
            deputy_id=ben,
        )
    assert raised.value.refusal.code == "absence.not_yours"


def test_nobody_stands_in_who_is_not_here(session: Session, two: tuple[str, str]) -> None:
    anna, _ben = two
    with pytest.raises(Refused) as raised:
        away(session, anna, "nobody-of-that-id")
    assert raised.value.refusal.code == "clerk.unknown"


def test_set_in_hindsight_and_changed(session: Session, two: tuple[str, str]) -> None:
    anna, ben = two
    me = actor_of(session.store, "anna")
    last_week = clock.today() - timedelta(days=7)
    one = desk.set_absence(
        session.store, me, clerk_id=anna, starts=last_week, ends=clock.today(), deputy_id=None
    ).done[0]
    assert dict(actor_of(session.store, "ben").roles) == {HOME: "clerk"}
    desk.set_absence(
        session.store, me, clerk_id=anna, starts=last_week, ends=clock.today(), deputy_id=ben,
        absence_id=one,
    )  # fmt: skip
    assert OTHER in actor_of(session.store, "ben").roles


def test_the_digest_says_what_was_done_and_not_what_was_taken_back(
    session: Session, two: tuple[str, str]
) -> None:
    anna, ben = two
    case = case_of(session, anna)
    absence = away(session, anna, ben)
    deputy = actor_of(session.store, "ben")
    cases.follow_up(session.store, deputy, case, clock.today(), "Nachsehen")
    cases.wait(session.store, deputy, case, "Halterabfrage", date(2099, 1, 1))
    take_back(session.store, deputy, again=False)
    cases.take(session.store, deputy, case)
    row = next(one for one in pages.everybodys(session.store.db) if one.id == absence)
    done = desk.digest_of(session.store.db, row).done
    assert [(one.action, one.table) for one in done] == [
        ("case.take", "cases"),
        ("case.follow_up", "cases"),
    ]
    assert {one.deputy for one in done} == {"Ben"}
    assert all("Falschparken" in one.about for one in done)


def test_the_digest_is_offered_once_after_the_return(
    session: Session, two: tuple[str, str]
) -> None:
    anna, ben = two
    absence = away(session, anna, ben)
    me = actor_of(session.store, "anna")
    assert desk.returned_from(session.store, me) is None
    desk.come_back(session.store, me, absence)
    back = desk.returned_from(session.store, me)
    assert back is not None
    assert back.id == absence
    desk.was_shown(session.store, back)
    assert desk.returned_from(session.store, me) is None
