"""Cases, follow-ups and the people of an office: guards, numbers, dates, and what follows."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from clerk.desks import cases, follow_ups, people
from clerk.desks.services import import_services
from clerk.library.load import load_services
from clerk.refusal import Refused
from clerk.session import Session
from storage.actor import Actor
from storage.errors import StoreError
from storage.pages import follow_ups as pages
from storage.records import Case, Clerk, FollowUp
from storage.store import Store, open_store
from storage.terms import CaseState, Role
from storage.undo import undo
from storage.verify import verify
from tests import support
from tests.clerk.desks.scenarios import FOREIGN, OWN, TARGET, case, follow_up

CLERK = Actor("ben", "Ben", {OWN: "clerk"})
LEAD = Actor("chef", "Chefin", {OWN: "supervisor"})
DAY = date(2026, 3, 2)


@pytest.fixture
def store(session: Session) -> Store:
    return session.store


@pytest.fixture
def one(session: Session) -> Case:
    return support.add_case(session, office_id=OWN)


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        do()
    assert error.value.refusal.sentence.endswith(".")
    return error.value.refusal.code


def test_taking(session: Session, store: Store, one: Case) -> None:
    cases.take(store, CLERK, one.id)
    assert case(session, one.id).assignee_id == "ben"
    assert refused(lambda: cases.take(store, CLERK, one.id)) == "case.yours"
    cases.take(store, LEAD, one.id)  # a colleague's case can be taken over
    assert case(session, one.id).assignee_id == "chef"


def test_handing_over(session: Session, store: Store, one: Case) -> None:
    cases.take(store, CLERK, one.id)
    cases.hand_over(store, CLERK, one.id, TARGET)
    assert (case(session, one.id).office_id, case(session, one.id).assignee_id) == (TARGET, None)
    assert refused(lambda: cases.take(store, CLERK, one.id)) == "case.not_yours"
    with pytest.raises(StoreError):
        cases.hand_over(store, session.actor, one.id, "hogwarts")


def test_waiting_and_what_ends_it(session: Session, store: Store, one: Case) -> None:
    def open_ones() -> list[str]:
        found = pages.about(store.db, case_id=one.id)
        return [each.text for each in found if each.state == "open"]

    cases.follow_up(store, CLERK, one.id, DAY, "Anrufen")
    cases.wait(store, CLERK, one.id, "Unterlagen", DAY)
    assert case(session, one.id).state == CaseState.WAITING
    assert sorted(open_ones()) == ["Anrufen", "Unterlagen"]
    assert refused(lambda: cases.wait(store, CLERK, one.id, "mehr", DAY)) == "case.state"
    assert refused(lambda: cases.reopen(store, LEAD, one.id)) == "case.state"
    cases.go_on(store, CLERK, one.id)
    assert case(session, one.id).state == CaseState.OPEN
    assert open_ones() == ["Anrufen"]  # the reminder of something else stays
    assert refused(lambda: cases.go_on(store, CLERK, one.id)) == "case.state"
    cases.wait(store, CLERK, one.id, "Gutachten", DAY)
    cases.close(store, LEAD, one.id, "ohne Gutachten")
    assert open_ones() == ["Anrufen"]
    assert verify(store.db).difference is None


def test_closing_and_opening_again(session: Session, store: Store, one: Case) -> None:
    assert refused(lambda: cases.reopen(store, LEAD, one.id)) == "case.state"
    cases.close(store, LEAD, one.id, "Laterne repariert")
    closed = case(session, one.id)
    assert (closed.state, closed.result) == (CaseState.CLOSED, "Laterne repariert")
    assert closed.closed_at is not None
    status = store.db.execute("SELECT case_id, clerk_id, text, at FROM statuses").fetchone()
    assert status == (one.id, "chef", "Laterne repariert", closed.closed_at)
    for act in (
        lambda: cases.close(store, LEAD, one.id, "noch einmal"),
        lambda: cases.take(store, LEAD, one.id),
        lambda: cases.hand_over(store, LEAD, one.id, TARGET),
        lambda: cases.follow_up(store, LEAD, one.id, DAY),
    ):
        assert refused(act) == "case.state"
    cases.note(store, CLERK, one.id, "Nachtrag")  # a note is always possible
    cases.reopen(store, LEAD, one.id)
    again = case(session, one.id)
    assert (again.state, again.closed_at, again.result) == (CaseState.OPEN, None, None)


def test_undo_of_closing(session: Session, store: Store, one: Case) -> None:
    cases.close(store, LEAD, one.id, "erledigt")
    undo(store, LEAD)
    assert case(session, one.id) == one
    assert store.db.execute("SELECT count(*) FROM statuses").fetchone() == (0,)


def numbers(session: Session, office: str, n: int) -> list[str]:
    return [support.add_case(session, office_id=office).number for _ in range(n)]


def test_numbers_run_by_office_and_year(session: Session, store: Store) -> None:
    prefix = store.db.execute("SELECT prefix FROM offices WHERE id = ?", (OWN,)).fetchone()[0]
    # Half an hour before the new year in Germany, and half an hour after it.
    new_year = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    store.clock = lambda: int(new_year.timestamp() * 1000) - 1_800_000
    assert numbers(session, OWN, 2) == [f"{prefix}-2026-000001", f"{prefix}-2026-000002"]
    assert numbers(session, FOREIGN, 1)[0].endswith("-2026-000001")
    store.clock = lambda: int(new_year.timestamp() * 1000) + 1_800_000
    assert numbers(session, OWN, 1) == [f"{prefix}-2027-000001"]


def test_a_number_is_not_given_again(session: Session, store: Store) -> None:
    first = support.add_case(session, office_id=OWN).number
    undo(store, session.actor)
    assert support.add_case(session, office_id=OWN).number > first
    found = store.db.execute("SELECT count(*) FROM cases WHERE number = ?", (first,)).fetchone()
    assert found == (0,)


def test_a_case_that_could_not_be_opened_uses_no_number(session: Session, store: Store) -> None:
    with pytest.raises(StoreError):
        cases.create(store, session.actor, subject="x", service_id="none")
    assert support.add_case(session, office_id=OWN).number.endswith("000001")


def test_dates_follow_from_the_service(session: Session, store: Store) -> None:
    store.clock = lambda: int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp() * 1000)
    for service in load_services():
        made = cases.create(store, session.actor, subject="x", service_id=service.id)
        assert (made.service_id, made.office_id) == (service.id, service.office)
        assert made.opened_at == store.clock()
        for due in (made.target_on, made.legal_on):
            assert due is None or due > "2026-03-02"
    without = cases.create(store, session.actor, subject="x", office_id=OWN)
    assert (without.target_on, without.legal_on, without.version_id) == (None, None, None)


def test_who_works_on_a_new_case(session: Session, store: Store) -> None:
    mine = cases.create(store, CLERK, subject="x", office_id=OWN)
    elsewhere = cases.create(store, CLERK, subject="x", office_id=TARGET)
    assert (mine.assignee_id, elsewhere.assignee_id) == ("ben", None)
    admin = Actor("ben", "Ben", {OWN: "clerk", TARGET: "admin"})
    assert cases.create(store, admin, subject="x", office_id=TARGET).assignee_id is None
    assert cases.create(store, admin, subject="x").office_id == OWN


def test_finishing_follow_ups(session: Session, store: Store, one: Case) -> None:
    cases.follow_up(store, LEAD, one.id, DAY, "Rückruf")
    due = str(store.db.execute("SELECT id FROM follow_ups").fetchone()[0])
    assert follow_up(session, due).due_on == "2026-03-02"
    assert follow_ups.finish(store, CLERK, [due, due]).done == (due,)
    assert refused(lambda: follow_ups.finish(store, CLERK, [due])) == "follow_up.state"
    undo(store, CLERK)
    assert follow_up(session, due).state == "open"


def test_ones_own_follow_up_can_be_finished_wherever_it_lies(
    session: Session, store: Store
) -> None:
    """Whoever has moved to another office still gets rid of what they set for themselves."""
    with store.change(session.actor, "test") as change:
        mine, theirs = (
            change.add(
                FollowUp(
                    due_on="2026-01-01",
                    created_at=1,
                    created_by=who,
                    clerk_id=who,
                    office_id=FOREIGN,
                )
            )
            for who in ("ben", "ute")
        )
    outcome = follow_ups.finish(store, CLERK, [mine.id, theirs.id])
    assert outcome.done == (mine.id,)
    assert [why.code for _, why in outcome.refused] == ["follow_up.not_yours"]


def test_who_sits_here(session: Session, store: Store) -> None:
    assert people.actor_of(store).clerk_id == session.actor.clerk_id
    ben = support.add_clerk(session, "ben", {OWN: Role.CLERK, TARGET: Role.OFFICER})
    for who in ("ben", ben):
        assert people.actor_of(store, who) == Actor(ben, "Ben", {OWN: "clerk", TARGET: "officer"})
    people.sit_down(store, ben)
    assert people.actor_of(store).clerk_id == ben
    assert refused(lambda: people.actor_of(store, "nobody")) == "clerk.unknown"


def test_who_has_left(session: Session, store: Store) -> None:
    ben = support.add_clerk(session, "ben", {OWN: Role.CLERK})
    with store.change(session.actor, "test") as change:
        change.set(change.get(Clerk, ben), active=0)
    assert refused(lambda: people.actor_of(store, "ben")) == "clerk.unknown"


def test_a_membership_counts_in_its_time(session: Session, store: Store) -> None:
    from storage.records import Membership

    ben = support.add_clerk(session, "ben", {})
    with store.change(session.actor, "test") as change:
        for office, since, until in (
            (OWN, "2026-03-02", None), (TARGET, None, "2026-03-01"), (FOREIGN, None, "2026-03-02"),
        ):  # fmt: skip
            change.add(
                Membership(
                    clerk_id=ben, office_id=office, role=Role.CLERK, since=since, until=until
                )
            )
    store.clock = lambda: int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp() * 1000)
    assert people.actor_of(store, "ben").offices == (OWN, FOREIGN)


def test_founding_for_a_user_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import getpass

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nameless)
    store = open_store(tmp_path, bytes(32), create=True)
    assert people.found(store, town="Musterstadt").name == "clerk"
    assert people.town_of(store) == "Musterstadt"
    assert verify(store.db).difference is None
    store.close()


def test_founding_cannot_be_undone(session: Session, store: Store) -> None:
    with pytest.raises(StoreError) as error:
        undo(store, session.actor)
    assert error.value.code == "undo.fixed"


def test_importing_the_same_library_again_changes_nothing(session: Session, store: Store) -> None:
    before = store.db.execute("SELECT count(*) FROM entries").fetchone()
    assert import_services(store, session.actor, load_services()) == ()
    assert store.db.execute("SELECT count(*) FROM entries").fetchone() == before


def test_another_text_under_the_same_number_is_refused(session: Session, store: Store) -> None:
    from dataclasses import replace

    changed = replace(load_services()[0], valid_from=date(1999, 1, 1))
    act = lambda: import_services(store, session.actor, [load_services()[1], changed])  # noqa: E731
    assert refused(act) == "service.version"
    assert verify(store.db).difference is None
