"""What came back, on screen: both versions, a choice for each field by key, undo."""

import pytest

from clerk.desks import cases, inbox
from clerk.session import Session
from storage import refusals
from storage.patches import current
from storage.record import Value
from storage.records import Case, Note
from tests import support
from tests.driver import NARROW, WIDE, Clerk, workstation
from tests.joined import COLLEAGUE, Joined
from tests.screens.conftest import Mail

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE])


@pytest.fixture
def case(session: Session) -> Case:
    return support.add_case(session, "Laterne")


@pytest.fixture
def town(session: Session, case: Case, mail: Mail) -> Joined:
    """A joined town with a conflict about two fields of a case, and a note with it."""
    mail("Sperrmüll")
    town = Joined(session)
    with town.store.change(session.actor, "case.note") as change:
        change.set(change.get(Case, case.id), subject="Meine Laterne", result="meins")
        change.add(Note(case_id=case.id, clerk_id=session.actor.clerk_id, at=1, text="getippt"))
    town.change("cases", case.id, subject="Ihre Laterne", result="ihres")
    town.meet()
    return town


def row(session: Session, case: Case) -> dict[str, Value]:
    found = current(session.store.db, "cases", case.id)
    assert found is not None
    return found


async def shown(clerk: Clerk) -> None:
    """The fields of the first one."""
    await clerk.press("g", "k", "enter")


@SIZES
async def test_both_versions_who_and_when(
    session: Session, town: Joined, size: tuple[int, int]
) -> None:
    async with workstation(session, size) as clerk:
        await shown(clerk)
        assert clerk.area == "ConflictsScreen"
        for text in ("Meine Laterne", "Ihre Laterne", COLLEAGUE, "getippt", "not decided yet"):
            assert text in clerk.screen
        rows = [line for line in clerk.painted if "Meine Laterne" in line]
        beside = any("Ihre Laterne" in line for line in rows)
        assert beside is (size == WIDE)


@SIZES
async def test_each_field_by_its_key_then_enter_and_undo(
    session: Session, town: Joined, case: Case, size: tuple[int, int]
) -> None:
    async with workstation(session, size) as clerk:
        await shown(clerk)
        await clerk.press("enter")
        assert "Not decided yet: Subject." in clerk.toast
        await clerk.press("m", "f", "enter")
        assert "Resolved: " in clerk.toast
        now = row(session, case)
        assert (now["subject"], now["result"]) == ("Meine Laterne", "ihres")
        assert clerk.rows == []
        assert "⚠" not in clerk.footer
        await clerk.press("z")
        assert row(session, case)["subject"] == "Ihre Laterne"
        assert "33.1-2026-000001" in clerk.cursor
        assert "⚠ 1 conflict" in clerk.footer
        await clerk.press("Z")
        assert clerk.rows == []


async def test_arrows_choose_left_and_right(session: Session, town: Joined, case: Case) -> None:
    async with workstation(session) as clerk:
        await shown(clerk)
        await clerk.press("down", "left", "up", "right")
        assert "→ theirs" in clerk.screen
        assert "→ mine" in clerk.screen
        await clerk.press("enter")
        now = row(session, case)
        assert (now["subject"], now["result"]) == ("Ihre Laterne", "meins")


async def test_a_third_value(session: Session, town: Joined, case: Case) -> None:
    async with workstation(session) as clerk:
        await shown(clerk)
        await clerk.press("e", "end", "ctrl+u", "enter")
        assert "must not be empty" in clerk.screen
        await clerk.answer("Unsere Laterne")
        assert "→ Unsere Laterne" in clerk.screen
        await clerk.press("f", "f9")
        assert row(session, case)["subject"] == "Unsere Laterne"


async def test_what_was_chosen_stays_while_one_looks_elsewhere(
    session: Session, town: Joined, case: Case
) -> None:
    async with workstation(session) as clerk:
        await shown(clerk)
        await clerk.press("m", "escape", "g", "e", "g", "k", "enter")
        assert "→ mine" in clerk.screen


async def test_let_go_and_z_brings_it_back(session: Session, town: Joined, case: Case) -> None:
    cases.note(session.store, session.actor, case.id, "davor")
    async with workstation(session) as clerk:
        await clerk.press("g", "k", "l")
        assert "Left as it is" in clerk.toast
        assert refusals.count_open(session.store.db) == 0
        await clerk.press("z")
        assert "Taken back: Let go" in clerk.toast
        assert refusals.count_open(session.store.db) == 1
        await clerk.press("z")  # now the note
        assert "Taken back: Note" in clerk.toast


async def test_a_rejected_action_says_why_and_is_done_again(
    session: Session, town: Joined, case: Case
) -> None:
    refusals.settle(session.store, refusals.open_ones(session.store.db)[0].entry_id, None)
    cases.note(session.store, session.actor, case.id, "wichtig")
    town.hub.objection = lambda patch, claim: "role.missing"  # type: ignore[method-assign]
    town.meet()
    async with workstation(session, NARROW) as clerk:
        await shown(clerk)
        assert "Your role in this office does not allow it." in clerk.screen
        assert "wichtig" in clerk.screen
        await clerk.press("m")
        assert "This was rejected" in clerk.toast
        await clerk.press("w")
        assert "Done again: Note" in clerk.toast
        assert clerk.rows == []


async def test_a_state_cannot_be_mine(session: Session, case: Case) -> None:
    town = Joined(session)
    cases.close(session.store, session.actor, case.id, "repariert")
    town.change("cases", case.id, state="waiting")
    town.meet()
    async with workstation(session) as clerk:
        await shown(clerk)
        assert "→ stays theirs" in clerk.screen
        await clerk.press("m")
        assert "follows from an action" in clerk.toast
        await clerk.press("w")
        assert row(session, case)["state"] == "closed"


@SIZES
async def test_hostile_text(
    session: Session, mail: Mail, case: Case, size: tuple[int, int]
) -> None:
    town = Joined(session)
    with town.store.change(session.actor, "case.note") as change:
        change.set(change.get(Case, case.id), subject=support.HOSTILE * 40)
    town.change("cases", case.id, subject=support.HOSTILE * 3 + "x")
    town.meet()
    async with workstation(session, size) as clerk:
        await shown(clerk)
        await clerk.press("pagedown", "f", "enter")
        assert "Resolved" in clerk.toast or "Left" in clerk.toast
        assert "\x1b" not in clerk.screen
        assert "\u202e" not in clerk.screen


async def test_without_conflicts_every_key_has_an_answer(session: Session) -> None:
    async with workstation(session) as clerk:
        await clerk.press("g", "k")
        for key in ("m", "f", "e", "w", "l", "f9", "enter", "left", "down", "f6", "f5"):
            await clerk.press(key)
        assert clerk.area == "ConflictsScreen"
        await clerk.press("f1")
        assert "Another value" in clerk.screen
        await clerk.press("escape", "ctrl+k")
        await clerk.type("conflict")
        assert "Go to what the shared store did not take" in clerk.screen


async def test_a_long_record_scrolls_to_its_field(session: Session, case: Case) -> None:
    town = Joined(session)
    text = "\n".join(f"Zeile {n}" for n in range(60))
    with town.store.change(session.actor, "case.note") as change:
        change.set(change.get(Case, case.id), subject=text, result="unten")
    town.change("cases", case.id, subject="ihre", result="ihres")
    town.meet()
    async with workstation(session, NARROW) as clerk:
        await shown(clerk)
        assert "unten" not in clerk.screen
        await clerk.press("down")
        assert "unten" in clerk.screen
        await clerk.press("up")
        assert "› Subject" in clerk.screen


async def test_a_lost_claim_of_several_is_done_again(session: Session, mail: Mail) -> None:
    lamp, hole = mail("Laterne"), mail("Schlagloch")
    town = Joined(session)
    inbox.take(session.store, session.actor, [lamp, hole])
    town.change("items", lamp, claimed_by=town.colleague)
    town.meet()
    async with workstation(session) as clerk:
        await shown(clerk)
        await clerk.press("w")
        assert "Done again: Take" in clerk.toast
    found = current(session.store.db, "items", hole)
    assert found is not None
    assert found["claimed_by"] == session.actor.clerk_id
