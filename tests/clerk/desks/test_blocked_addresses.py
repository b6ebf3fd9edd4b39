"""An address that must not be given out (BMG 51) is masked wherever a person is found or shown."""

import pytest

from clerk import clock
from clerk.desks.beyond import detail_of
from clerk.desks.persons import shown_address
from clerk.session import Session
from screens.case_tabs import overview
from storage.inquiries import Far
from storage.pages import cases, reads
from storage.pages.names import Names
from storage.record import values_of
from storage.records import Person
from storage.search import search
from storage.values import Value
from tests import support
from tests.clerk.desks.fining import Desk, catalogue, somebody
from tests.commands import Commands

STREET, UNTIL = "Geheimgasse 7", "2999-12-31"
SAID = "address must not be given out"


def person(until: str | None) -> Person:
    return Person(
        family_name="Verborgen", street=STREET, postcode="12345", city="Ort", shielded_until=until
    )


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        (None, f"{STREET}, 12345 Ort"),
        (UNTIL, SAID),
        ("2000-01-01", f"{STREET}, 12345 Ort"),
        (clock.today().isoformat(), SAID),
    ],
)
def test_masked_up_to_the_last_day(until: str | None, shown: str) -> None:
    assert shown_address(person(until)) == shown


def test_not_by_search_not_by_the_shared_store_not_in_a_case(session: Session) -> None:
    one = support.add_case(session)
    with session.store.change(session.actor, "test.blocked") as change:
        who = change.add(person(UNTIL))
        change.set(one, person_id=who.id)
    [hit] = search(session.store.db, "verborgen").rows
    assert STREET not in f"{hit}"
    data: dict[str, Value] = {name: v for name, v in values_of(who).items() if v is not None}
    assert STREET not in detail_of(Far("persons", who.id, 0, data))
    db = session.store.db
    [row] = cases.by_ids(db, [one.id])
    lines = str(overview(db, Names(db), row))
    assert STREET not in lines
    assert SAID in lines


def test_whose_plate_it_is_is_logged(
    session: Session, clerk: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue(session)
    case = Desk(session, monkeypatch).new(parties=[somebody()], plate="TÜ-X 1")
    assert clerk("fine", "list", "--plate", "tü x1", "--json").code == 0
    [read] = reads.newest(session.store.db, 10)
    assert (read.table, read.row_id, read.way) == ("cases", case.id, "search")
    assert clerk("fine", "list", "--json").code == 0
    assert len(reads.newest(session.store.db, 10)) == 1
