"""What becomes of ended fines: due, restricted, kept on, erased without a trace in the journal."""

from collections.abc import Callable

import pytest

from clerk.desks import fine_retention as desk_of
from clerk.desks.fine_report import Party, Photo
from clerk.refusal import Refused
from clerk.session import Session
from storage.errors import StoreError
from storage.folding import fold
from storage.history import history
from storage.pages import fines as pages
from storage.records import Case, Note
from storage.terms import ParticipantRole
from storage.undo import undo
from storage.verify import verify
from tests.clerk.desks.fining import Desk, catalogue, somebody
from tests.clerk.desks.scenarios import case as case_of


@pytest.fixture
def desk(session: Session, monkeypatch: pytest.MonkeyPatch) -> Desk:
    catalogue(session)
    return Desk(session, monkeypatch)


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        do()
    assert error.value.refusal.sentence.endswith(".")
    return error.value.refusal.code


def everything(desk: Desk) -> str:
    """All that any table holds, as text: what is not in here is nowhere to be read."""
    db = desk.store.db
    tables = [
        name
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if not name.startswith(("sqlite_", "vocabulary"))
    ]
    rows = [str(tuple(row)) for name in tables for row in db.execute(f"SELECT * FROM {name}")]
    return "\n".join(rows)


def ended(desk: Desk, **but: object) -> Case:
    """A fine that was discontinued: to be erased once the act is time-barred."""
    case = desk.new(**but)
    desk.act(case, "hear")
    desk.act(case, "discontinue", reason="not_expedient")
    return case


def test_what_is_due_is_listed_from_its_day_on(desk: Desk) -> None:
    case = ended(desk)
    until = case_of(desk.session, case.id).retain_until
    assert until == "2027-01-05"  # the hearing interrupted
    store, actor = desk.store, desk.session.actor
    desk.day("2027-01-04")
    assert desk_of.due(store, actor) == []
    assert refused(lambda: desk_of.erase(store, actor, [case.id], "Frist")) == "retention.not_due"
    desk.day("2027-01-05")
    [row] = desk_of.due(store, actor)
    assert (row.case_id, row.review_on) == (case.id, None)
    assert refused(lambda: desk_of.keep(store, actor, [case.id], "x")) == "retention.no_review"
    assert refused(lambda: desk_of.erase(store, actor, [case.id], " ")) == "retention.reason"


def test_erased_is_erased_in_the_journal_too(desk: Desk) -> None:
    store, actor = desk.store, desk.session.actor
    who = {"family_name": "Unverwechselbar", "given_name": "Zita", "birth_name": "Einmalig"}
    case = ended(
        desk,
        parties=[somebody(**who)],
        plate="TÜ-XX 4711",
        note="hat Herrn Nirgendwer beleidigt",
        photos=[Photo(name="p.jpg", media_type="image/jpeg", data=b"nur dieses Bild")],
    )
    with store.change(actor, "case.note") as change:
        change.add(Note(case_id=case.id, clerk_id="c", at=1, text="Unverwechselbar rief an"))
    store.keep_draft(actor.clerk_id, f"note:{case.id}", "an Unverwechselbar schreiben")
    other = desk.new(parties=[somebody(family_name="Bleibt")])
    words = ("Unverwechselbar", "Zita", "Einmalig", "TÜXX4711", "TÜ-XX 4711", "Nirgendwer")
    before = everything(desk)
    assert all(word in before for word in words)
    desk.day("2027-01-05")
    assert desk_of.erase(store, actor, [case.id], "Frist abgelaufen").done == (case.id,)
    after = everything(desk)
    assert [word for word in words if word in after] == []
    assert [fold(word) for word in words if fold(word) in after] == []  # in the search index
    assert "nur dieses Bild" not in after
    shell = case_of(desk.session, case.id)
    assert (shell.number, shell.person_id, shell.retain_until) == (case.number, None, None)
    assert shell.result == "discontinued"
    last, *_between, first = history(store.db, "cases", case.id)
    assert (last.action, last.clerk_id) == ("fine.erase", actor.clerk_id)
    assert (first.action, [patch.op for patch in first.patches]) == ("fine.new", ["add"])
    assert "Frist abgelaufen" in after
    assert desk_of.due(store, actor) == []
    with pytest.raises(StoreError):
        undo(store, actor)
    assert pages.of_case(store.db, case.id) is None
    assert [p.family_name for _part, p in pages.participants(store.db, other.id)] == ["Bleibt"]
    assert verify(store.db).difference is None


def test_who_has_a_part_in_another_matter_stays(desk: Desk) -> None:
    store, actor = desk.store, desk.session.actor
    first = ended(desk)
    [(_part, person)] = pages.participants(store.db, first.id)
    second = desk.new(parties=[Party(role=ParticipantRole.WITNESS, person=person.id)])
    desk.day("2027-01-05")
    desk_of.erase(store, actor, [first.id], "Frist")
    assert [one.id for _part, one in pages.participants(store.db, second.id)] == [person.id]
    assert verify(store.db).difference is None


def test_vouchers_stay_without_the_person(desk: Desk) -> None:
    store, actor = desk.store, desk.session.actor
    case = desk.new()
    desk.act(case, "offer_warning")
    desk.act(case, "discontinue", reason="not_expedient")
    desk.day("2028-12-31")
    desk_of.erase(store, actor, [case.id], "Frist")
    [claim] = pages.claims(store.db, case.id)
    assert (claim.amount, claim.person_id) == (35_00, None)
    assert verify(store.db).difference is None


def test_restricted_in_place_of_erasure(desk: Desk) -> None:
    store, actor = desk.store, desk.session.actor
    case = ended(desk)
    desk_of.restrict(store, actor, [case.id], "Schadenersatz wird geprüft")
    assert desk.fine(case).restricted == 1
    assert refused(lambda: desk_of.restrict(store, actor, [case.id], "x")) == "retention.restricted"
    desk.day("2027-01-05")
    assert [row.restricted for row in desk_of.due(store, actor)] == [1]
    assert refused(lambda: desk_of.erase(store, actor, [case.id], "x")) == "retention.restricted"
    desk_of.lift(store, actor, [case.id], "erledigt")
    desk_of.erase(store, actor, [case.id], "Frist")
    assert verify(store.db).difference is None


def test_a_review_gives_the_same_term_once_more(desk: Desk) -> None:
    store, actor = desk.store, desk.session.actor
    case = desk.new()
    for action, said in (("hear", {}), ("conclude", {"text": "ja"}), ("issue", {})):
        desk.act(case, action, **said)
    desk.act(case, "serve", on="6.7.", way="letter_box")
    desk.act(case, "become_final", waived="yes")
    assert refused(lambda: desk_of.restrict(store, actor, [case.id], "x")) == "retention.open"
    desk.act(case, "settle", reason="waived")
    assert desk.fine(case).review_on == "2028-07-05"
    desk.day("2028-07-04")
    assert refused(lambda: desk_of.keep(store, actor, [case.id], "x")) == "retention.not_due"
    desk.day("2028-07-05")
    assert [row.review_on for row in desk_of.due(store, actor)] == ["2028-07-05"]
    desk_of.keep(store, actor, [case.id], "zwei weitere Verfahren anhängig")
    assert desk.fine(case).review_on == "2030-07-04"
    assert case_of(desk.session, case.id).retain_until == "2030-07-04"
    assert desk_of.due(store, actor) == []
    undo(store, actor)
    assert desk.fine(case).review_on == "2028-07-05"
    assert verify(store.db).difference is None


def test_what_others_hold_is_restricted_and_not_erased(desk: Desk) -> None:
    store, actor = desk.store, desk.session.actor
    case = ended(desk)
    desk.day("2027-01-05")
    before = everything(desk)
    store.set_local("shared", "1")  # as a replica that is joined
    assert refused(lambda: desk_of.erase(store, actor, [case.id], "Frist")) == "retention.shared"
    store.db.execute("DELETE FROM local WHERE name = 'shared'")
    assert everything(desk) == before
