"""Searching the shared store from the workstation: the process that synchronises is this test."""

import pytest

from clerk.desks import beyond
from clerk.session import Session
from clerk.settings import Settings, SyncSettings
from storage import inquiries
from storage.errors import StoreError
from storage.inquiries import Answer, Far, Inquiry
from storage.pages import reads
from storage.records import Case
from tests import support
from tests.driver import NARROW, WIDE, Clerk, workstation
from tests.joined import Joined
from tests.screens.conftest import DAY, NOW

NUMBER = "33.1-2019-000042"
OLD = Far(
    "cases",
    "old",
    NOW - 900 * DAY,
    {
        "number": NUMBER,
        "subject": "Laterne " + support.HOSTILE,
        "state": "closed",
        "office_id": "buergerbuero",
        "closed_at": NOW - 800 * DAY,
    },
)
LETTER = Far("items", "letter", 5, {"subject": "Laterne", "sender_name": "Quandt", "state": "done"})
ASK = Settings(sync=SyncSettings(ask_reason=True))


def asked(session: Session) -> list[Inquiry]:
    return inquiries.open_ones(session.store.db)


async def tell(session: Session, clerk: Clerk, *found: Far, code: str = "") -> Inquiry:
    """The shared store answers the one question that there is."""
    (one,) = asked(session)
    inquiries.tell(session.store, one.id, Answer(code, found))
    await clerk.look_up()
    return one


def come(session: Session) -> Case:
    """The old case comes to this workstation."""
    with session.store.change(session.actor, "case.open") as change:
        return change.add(
            Case(
                id="old",
                number=NUMBER,
                office_id="buergerbuero",
                subject="Laterne",
                opened_at=NOW - 900 * DAY,
            )
        )


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_number_that_is_not_here_is_fetched(
    session: Session, size: tuple[int, int]
) -> None:
    Joined(session)
    async with workstation(session, size) as clerk:
        await clerk.press(":")
        await clerk.paste(NUMBER)
        assert "Search the shared store" in clerk.screen
        await clerk.press("enter")
        assert clerk.asks == "Search the shared store"
        assert "Asking the shared store" in clerk.screen
        one = await tell(session, clerk, OLD)
        assert (one.kind, one.what) == ("numbers", (NUMBER,))
        assert "Fetching it" in clerk.screen
        come(session)
        one = await tell(session, clerk, Far("cases", "old", 0, {}))
        assert (one.kind, one.what, one.way) == ("row", ("cases", "old"), "number")
        assert clerk.work.case_id == "old"
    assert reads.newest(session.store.db, 5) == []  # the shared store has logged it


async def test_typing_goes_on_and_esc_leaves_while_the_answer_is_awaited(session: Session) -> None:
    Joined(session)
    async with workstation(session) as clerk:
        await clerk.press("S")
        await clerk.type("laterne")
        await clerk.press("enter")
        (first,) = asked(session)
        assert first.what == ("laterne",)
        await clerk.type(" alt")
        assert asked(session) == []  # nobody waits for the first one any more
        assert "laterne alt" in clerk.screen
        await clerk.press("enter")
        assert [one.what for one in asked(session)] == [("laterne", "alt")]
        await clerk.press("escape")
        assert (clerk.area, asked(session), clerk.station.asked) == ("InboxScreen", [], [])
        await clerk.press("s")
        assert clerk.asks == "Search in this list"


async def test_hits_are_chosen_from_with_hostile_text_in_them(session: Session) -> None:
    Joined(session)
    async with workstation(session) as clerk:
        await clerk.press("S")
        await clerk.answer("laterne")
        await tell(session, clerk, LETTER, OLD)
        assert "2 hits" in clerk.screen
        assert "\x1b" not in clerk.screen
        assert f"✓ {NUMBER} Laterne" in clerk.screen
        assert "✓ Laterne  Quandt" in clerk.screen
        await clerk.press("down", "enter")
        assert [one.what for one in asked(session)] == [("cases", "old")]
        await clerk.press("enter")  # it is being fetched already
        assert len(asked(session)) == 1
        await tell(session, clerk)
        assert "not there any more" in clerk.screen
        assert clerk.asks == "Search the shared store"


@pytest.mark.parametrize(
    ("code", "said"),
    [("hub.unreachable", "cannot be reached now"), ("hub.login", "no answer (hub.login)")],
)
async def test_no_answer_is_said_and_enter_asks_again(
    session: Session, code: str, said: str
) -> None:
    Joined(session)
    async with workstation(session) as clerk:
        await clerk.press("S")
        await clerk.answer("laterne")
        await tell(session, clerk, code=code)
        assert said in clerk.screen
        await clerk.press("enter")
        assert len(asked(session)) == 1
        clerk.station.asked[0].too_late()
        await clerk.settle()
        assert "cannot be reached now" in clerk.screen
        assert asked(session) == []


async def test_nothing_is_found_and_nothing_is_typed(session: Session) -> None:
    Joined(session)
    async with workstation(session) as clerk:
        await clerk.press("S", "enter")
        assert "A number or a word is needed." in clerk.screen
        await clerk.answer("§ –")
        assert "A number or a word is needed." in clerk.screen
        await clerk.answer("x")
        await tell(session, clerk)
        assert "nothing more of it" in clerk.screen


async def test_a_number_that_is_here_is_shown_from_here(session: Session) -> None:
    case = support.add_case(session)
    Joined(session)
    async with workstation(session) as clerk:
        await clerk.press("S")
        await clerk.answer(case.number)
        await tell(session, clerk)
        assert clerk.work.case_id == case.id
    assert [(row.way, row.row_id) for row in reads.newest(session.store.db, 5)] == [
        ("number", case.id)
    ]


async def test_the_reason_is_asked_for_first_and_goes_along(session: Session) -> None:
    Joined(session)
    async with workstation(session, settings=ASK) as clerk:
        await clerk.press("s")
        await clerk.answer("laterne")
        assert asked(session) == []  # not without a reason
        await clerk.press("S")
        assert clerk.asks == "Why is this record opened?"
        await clerk.answer("Rückruf")
        assert [(one.what, one.reason) for one in asked(session)] == [(("laterne",), "Rückruf")]
        await tell(session, clerk, OLD)
        await clerk.press("enter")
        assert [(one.kind, one.reason) for one in asked(session)] == [("row", "Rückruf")]
        await clerk.press("escape", "S", "escape")
        assert clerk.area == "InboxScreen"


@pytest.mark.parametrize("area", ["g e", "g v"])
@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_search_says_that_the_shared_store_has_more(
    session: Session, lamps: list[str], area: str, size: tuple[int, int]
) -> None:
    support.add_case(session, "Laterne hier")
    Joined(session)
    async with workstation(session, size) as clerk:
        await clerk.press(*area.split())
        await clerk.press("s")
        await clerk.answer("laterne")
        before = clerk.rows
        assert before
        assert "more in the shared store" not in clerk.footer
        await tell(session, clerk, OLD, LETTER)
        assert "2 more in the shared store – S" in clerk.footer
        assert clerk.rows == before
        await clerk.press("S")
        assert [one.what for one in asked(session)] == [("laterne",)]
        await clerk.press("escape", "s")
        await clerk.answer("schlagloch")
        assert "more in the shared store" not in clerk.footer
        await tell(session, clerk, code="hub.unreachable")
        assert "searched here only" in clerk.footer
        await clerk.press("escape")
        assert "searched here only" not in clerk.footer


async def test_alone_nobody_is_asked(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press("s")
        await clerk.answer("laterne")
        await clerk.press("S")
        assert "all there is, is here" in clerk.toast
        await clerk.press(":")
        await clerk.paste(NUMBER)
        assert "Search the shared store" not in clerk.screen
    assert asked(session) == []


async def test_a_full_disk_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise StoreError("store.full", "The disk is full.")

    Joined(session)
    monkeypatch.setattr(inquiries, "ask", full)
    async with workstation(session) as clerk:
        await clerk.press("S")
        await clerk.answer("laterne")
        assert "The disk is full." in clerk.screen


def test_what_is_shown_of_a_person() -> None:
    far = Far("persons", "p", 0, {"given_name": "Erika", "family_name": "Quandt", "city": "Ort"})
    assert (beyond.title_of(far), beyond.detail_of(far)) == ("Erika Quandt", "Ort")
