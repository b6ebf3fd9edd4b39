"""A case on screen: four tabs, its acts, undo from there."""

from datetime import date

import pytest

from clerk.desks import cases as desk
from clerk.desks import inbox
from clerk.session import Session
from storage.pages import cases, follow_ups
from storage.pages.cases import CaseRow
from tests import support
from tests.driver import NARROW, WIDE, Clerk, workstation
from tests.screens.conftest import Mail


@pytest.fixture
def case_id(session: Session, mail: Mail) -> str:
    """A case with a mail, a note and a closed history."""
    item = mail("Straßenlaterne defekt", "Die Laterne ist dunkel.")
    _outcome, found = inbox.file_into_new(
        session.store, session.actor, [item], service_id="maengelmeldung"
    )
    desk.note(session.store, session.actor, found, "Bauhof ist unterwegs")
    return found


def case(session: Session, case_id: str) -> CaseRow:
    [found] = cases.by_ids(session.store.db, [case_id])
    return found


async def opened(clerk: Clerk, case_id: str) -> None:
    clerk.station.open_case(case_id)
    await clerk.settle()


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_four_tabs(session: Session, case_id: str, size: tuple[int, int]) -> None:
    async with workstation(session, size) as clerk:
        await opened(clerk, case_id)
        assert clerk.chosen_split == "1 Overview"
        assert "Bauhof ist unterwegs" in clerk.screen
        await clerk.press("2")
        assert "Die Laterne ist dunkel." in clerk.screen
        await clerk.press("3")
        assert "Lena Leitung  Mon 23 Nov 2026, 10:15" in clerk.screen
        await clerk.press("tab")
        assert clerk.chosen_split == "4 History"
        assert "Filed: “Straßenlaterne defekt” from Erika Beispiel" in clerk.screen
        await clerk.press("tab", "shift+tab", "shift+tab")
        assert clerk.chosen_split == "3 Notes"


async def test_a_note(session: Session, case_id: str) -> None:
    async with workstation(session) as clerk:
        await opened(clerk, case_id)
        await clerk.do("Note")
        await clerk.type("Rückruf")
        await clerk.press("escape")
        await clerk.do("Note")
        await clerk.type(" um 3")
        await clerk.press("f9")
        assert "Note" in clerk.toast
        assert "Rückruf um 3" in clerk.screen
        await clerk.press("z")
        assert "Taken back: Note" in clerk.toast
        assert "Rückruf" not in clerk.screen


async def test_a_follow_up(session: Session, case_id: str) -> None:
    async with workstation(session) as clerk:
        await opened(clerk, case_id)
        await clerk.do("Follow-up")
        await clerk.answer("morgen anrufen")
        assert "tomorrow" in clerk.text_of("#case")
        assert "anrufen" in clerk.text_of("#case")


async def test_hand_over_and_take(session: Session, case_id: str) -> None:
    async with workstation(session) as clerk:
        await opened(clerk, case_id)
        await clerk.do("Hand over")
        await clerk.answer("standesamt")
        assert case(session, case_id).office_id == "standesamt"
        assert "nobody works on it" in clerk.footer
        await clerk.do("Take")
        assert case(session, case_id).assignee_id == session.actor.clerk_id
        assert clerk.styles_of(" Take ") != clerk.styles_of(" Note ")
        await clerk.do("Take")
        assert "You work on this case already." in clerk.toast


async def test_close_with_a_result_and_reopen(session: Session, case_id: str) -> None:
    async with workstation(session) as clerk:
        await opened(clerk, case_id)
        await clerk.do("Close")
        await clerk.answer("Lampe getauscht")
        assert case(session, case_id).state == "closed"
        assert "✓ closed" in clerk.header
        await clerk.do("Close")
        assert "Not possible: the case is closed." in clerk.toast
        await clerk.do("Reopen")
        assert case(session, case_id).state == "open"
        await clerk.press("z", "z", "4")
        assert case(session, case_id).state == "open"
        assert "taken back: Close" in clerk.screen


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_wait_until_a_date_and_go_on(
    session: Session, case_id: str, size: tuple[int, int]
) -> None:
    async with workstation(session, size) as clerk:
        await opened(clerk, case_id)
        assert "W Wait" in clerk.footer
        assert "F Go on" not in clerk.footer
        await clerk.do("Wait")
        await clerk.answer("2w")
        assert clerk.asks == "The case waits"
        assert "say what the case waits for" in clerk.screen
        await clerk.type(" Bescheinigung des Vermieters")
        assert "Mon 7 Dec" in clerk.screen
        await clerk.press("enter")
        assert "Set waiting: 66-2026-000001" in clerk.toast
        assert case(session, case_id).state == "waiting"
        assert "waiting" in clerk.header
        assert "Bescheinigung des Vermieters (until Mon 7 Dec)" in clerk.screen
        assert "F Go on" in clerk.footer
        await clerk.do("Wait")
        assert "Not possible: the case is waiting." in clerk.toast
        await clerk.press("g", "w")
        assert "Bescheinigung des Vermieters" in clerk.cursor
        await clerk.press("g", "v", "tab")
        assert clerk.chosen_split == "Waiting 1"
        await clerk.press("enter")
        await clerk.do("Go on")
        assert "Continued: 66-2026-000001" in clerk.toast
        assert "Waits for" not in clerk.screen
        assert case(session, case_id).state == "open"
        await clerk.press("g", "w")
        assert clerk.rows == []
        await clerk.press("z", "z")
        assert case(session, case_id).state == "open"
        assert clerk.rows == []


async def test_what_is_filed_into_a_waiting_case_wakes_it(
    session: Session, case_id: str, mail: Mail
) -> None:
    mail("Bescheinigung anbei")
    desk.wait(session.store, session.actor, case_id, "Bescheinigung", date(2026, 12, 7))
    async with workstation(session) as clerk:
        await clerk.do("Into a case")
        assert "… waiting" in clerk.screen
        await clerk.answer("laterne")
        assert case(session, case_id).state == "open"
        assert follow_ups.waits(session.store.db, case_id) == []
        await clerk.press("z")
        assert case(session, case_id).state == "waiting"
        assert len(follow_ups.waits(session.store.db, case_id)) == 1


async def test_the_history_names_things(session: Session, case_id: str, mail: Mail) -> None:
    store, actor = session.store, session.actor
    second = mail("Noch dunkel", sender_name="Otto Ander")
    inbox.file_into(store, actor, [second], case_id)
    desk.follow_up(store, actor, case_id, date(2026, 12, 7), "Bauhof fragen")
    desk.hand_over(store, actor, case_id, "standesamt")
    desk.wait(store, actor, case_id, "Antwort", date(2026, 12, 8))
    desk.go_on(store, actor, case_id)
    desk.close(store, actor, case_id, "Lampe getauscht")
    async with workstation(session, WIDE) as clerk:
        await opened(clerk, case_id)
        await clerk.press("4")
        for sentence in (
            "Closed: Lampe getauscht  Lena Leitung",
            "Continued",
            "Set waiting: Tue 8 Dec · Antwort",
            "Handed over: to Standesamt, before: Tiefbauamt",
            "Follow-up set: Mon 7 Dec · Bauhof fragen",
            "Filed: “Noch dunkel” from Otto Ander",
            "Note written: Bauhof ist unterwegs",
            "Filed: “Straßenlaterne defekt” from Erika Beispiel",
            "Service: Mängelmeldung",
            "Person: Erika Beispiel",
            "Received: “Straßenlaterne defekt” from Erika Beispiel",
        ):
            assert sentence in clerk.screen, sentence
        for code in ("case_id", "erika@", "claimed", "01a2", "waits_"):
            assert code not in clerk.screen
        await clerk.press("z")
        assert "taken back: Closed: Lampe getauscht" in clerk.screen


async def test_what_is_read_stays_in_sight_after_an_act(session: Session, case_id: str) -> None:
    desk.note(session.store, session.actor, case_id, "\n".join(f"Zeile {n}" for n in range(99)))
    async with workstation(session) as clerk:
        await opened(clerk, case_id)
        await clerk.press("3", "end")
        assert "Bauhof" in clerk.screen
        await clerk.press("n", "f5")
        assert "Bauhof" in clerk.screen


async def test_a_case_that_undo_took_away_says_so_and_esc_leaves(
    session: Session, case_id: str
) -> None:
    async with workstation(session) as clerk:
        await opened(clerk, case_id)
        await clerk.press("z", "z")
        assert "not here any more" in clerk.screen
        for key in ("n", "b", "i", "w", "e", "o", "1", "4"):
            await clerk.press(key)
        assert "not here any more" in clerk.screen
        await clerk.press("escape")
        assert "Straßenlaterne" in clerk.cursor  # what was undone elsewhere is taken in


async def test_the_inbox_takes_in_what_was_done_at_the_case(
    session: Session, case_id: str, lamps: list[str]
) -> None:
    other = support.add_case(session, "Nebenan")
    async with workstation(session) as clerk:
        await clerk.select("Schlagloch")
        await clerk.do("Into a case")
        await clerk.answer("nebenan")
        assert "Sperrmüll" in clerk.cursor
        await opened(clerk, other.id)
        await clerk.press("2")
        assert "wie ein Eimer" in clerk.screen
        await clerk.press("z", "escape")
        assert any("Schlagloch" in row for row in clerk.rows)
        assert "Sperrmüll" in clerk.cursor
