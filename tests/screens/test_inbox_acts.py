"""The inbox by its keys: decide, then next; everything can be taken back."""

import pytest

from clerk.session import Session
from storage.pages import cases, follow_ups, items
from storage.pages.items import ItemRow
from tests import support
from tests.driver import NARROW, colleague, workstation
from tests.screens.conftest import Mail


def row(session: Session, item_id: str) -> ItemRow:
    [found] = items.by_ids(session.store.db, [item_id])
    return found


async def test_take_makes_it_mine_and_goes_on(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.select("Straßenlaterne")
        await clerk.do("Take")
        assert "Taken: Straßenlaterne defekt" in clerk.toast
        assert "z takes it back" in clerk.toast
        assert "Schlagloch" in clerk.cursor
        assert "Mine 1" in clerk.header
    assert row(session, lamps[0]).claimed_by == session.actor.clerk_id


async def test_put_back_leaves_the_own_list(session: Session, mail: Mail) -> None:
    mine = mail("Straßenlaterne", claimed_by=session.actor.clerk_id)
    async with workstation(session) as clerk:
        assert clerk.chosen_split == "Mine 1"
        await clerk.do("Put back")
        assert clerk.rows == []
        assert clerk.chosen_split == "Mine 0"
        assert "Nothing of yours is waiting" in clerk.screen
    assert row(session, mine).claimed_by is None


async def test_hand_over_by_the_digit_of_the_suggestion(session: Session, mail: Mail) -> None:
    item = mail("Straßenlaterne defekt", "Die Straßenlaterne ist dunkel.", office_id=None)
    async with workstation(session) as clerk:
        await clerk.split("Unassigned")
        suggested = clerk.station.suggestions(row(session, item))
        assert f"1 {suggested[0].office_name}" in clerk.text_of("#preview")
        await clerk.press("1")
        assert f"→ {suggested[0].office_name}" in clerk.toast
        assert clerk.rows == []
    assert row(session, item).office_id == suggested[0].office_id


async def test_a_digit_without_a_suggestion_says_so(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press("9")
        assert "no suggestion 9" in clerk.toast
    assert row(session, lamps[0]).office_id == "buergerbuero"


async def test_hand_over_by_typing_the_office(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Hand over")
        assert clerk.asks == "Hand over to"
        await clerk.answer("standesamt")
        assert "→ Standesamt" in clerk.toast
        assert "Schlagloch" in clerk.cursor
        await clerk.press("up")  # to another office of the clerk's: still in this list
        assert "Standesamt" in clerk.text_of("#preview")
    assert row(session, lamps[0]).office_id == "standesamt"


async def test_row_0_files_into_a_new_case(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Into a case")
        assert clerk.asks == "File into a case"
        await clerk.press("0")
        assert clerk.asks == "New case: which service?"
        await clerk.press("0")
        assert clerk.asks == "New person of the case"
        await clerk.press("f9")
        assert "Filed → new case 33.1-2026-000001: Straßenlaterne" in clerk.toast
        assert "Schlagloch" in clerk.cursor
        assert "Office 2" in clerk.header
    filed = row(session, lamps[0])
    assert filed.state == "filed"
    assert filed.case_id is not None
    [case] = cases.by_ids(session.store.db, [filed.case_id])
    assert case.subject == "Straßenlaterne defekt"


async def test_file_into_an_existing_case_by_its_words(session: Session, lamps: list[str]) -> None:
    case = support.add_case(session, "Beleuchtung Nordstadt")
    async with workstation(session) as clerk:
        await clerk.do("Into a case")
        await clerk.answer("nordst")
        assert "Filed" in clerk.toast
    assert row(session, lamps[0]).case_id == case.id


async def test_a_closed_case_is_shown_but_refused(session: Session, lamps: list[str]) -> None:
    from clerk.desks import cases as desk

    case = support.add_case(session, "Beleuchtung Nordstadt")
    desk.close(session.store, session.actor, case.id, "erledigt")
    async with workstation(session) as clerk:
        await clerk.do("Into a case")
        await clerk.answer("nordst")
        assert clerk.asks == "File into a case"
        assert "The case is closed" in clerk.screen
    assert row(session, lamps[0]).state == "open"


@pytest.mark.parametrize(
    ("title", "said", "state"),
    [
        ("Done", "Done", "done"),
        ("Lay aside", "Laid aside", "aside"),
        ("Duplicate", "Marked as duplicate", "duplicate"),
        ("Spam", "Marked as spam", "spam"),
    ],
)
async def test_what_leaves_the_list(
    session: Session, lamps: list[str], title: str, said: str, state: str
) -> None:
    async with workstation(session) as clerk:
        await clerk.do(title)
        assert f"{said}: Straßenlaterne" in clerk.toast
        assert "Schlagloch" in clerk.cursor
        assert len(clerk.rows) == 2
        assert "1 of 2" in clerk.footer
    assert row(session, lamps[0]).state == state


async def test_the_last_one_done_leaves_an_empty_list(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press("e", "e", "e")
        assert clerk.rows == []
        await clerk.press("e")
        assert "There is no record here" in clerk.toast
        assert "Nothing is waiting here" in clerk.screen
        await clerk.press("z", "z", "z")
        assert [line.split()[-1] for line in clerk.rows] != []
        assert len(clerk.rows) == 3


async def test_undo_and_redo_put_the_cursor_on_the_record(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.select("Schlagloch")
        await clerk.do("Done")
        assert "Sperrmüll" in clerk.cursor
        await clerk.do("Undo")
        assert "Taken back: Done" in clerk.toast
        assert "Z does it again" in clerk.toast
        assert "Schlagloch" in clerk.cursor
        await clerk.do("Redo")
        assert "Done again: Done" in clerk.toast
        assert "Sperrmüll" in clerk.cursor
        assert len(clerk.rows) == 2
    assert row(session, lamps[1]).state == "done"


async def test_undo_of_what_is_in_another_list_leaves_the_cursor(
    session: Session, lamps: list[str], mail: Mail
) -> None:
    for name in ("Eins", "Zwei", "Drei"):
        mail(name, claimed_by=session.actor.clerk_id)
    async with workstation(session) as clerk:
        await clerk.split("Office")
        await clerk.select("Sperrmüll")
        await clerk.do("Take")
        await clerk.split("Mine")
        await clerk.select("Drei")
        await clerk.do("Undo")
        assert "Drei" in clerk.cursor
        assert clerk.chosen_split == "Mine 3"


async def test_nothing_to_undo_is_said(session: Session) -> None:
    async with workstation(session) as clerk:
        await clerk.press("Z")
        assert "!" in clerk.toast or "✗" in clerk.toast
        assert clerk.area == "InboxScreen"


async def test_a_note_keeps_its_draft_after_esc(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Note")
        assert "Straßenlaterne" in clerk.asks
        await clerk.type("Anruf bei")
        await clerk.press("escape")
        assert clerk.asks == ""
        await clerk.do("Note")
        assert "Anruf bei" in clerk.screen
        await clerk.type(" Frau Kunz")
        await clerk.press("f9")
        assert "Note written: Straßenlaterne" in clerk.toast
        assert "Anruf bei Frau Kunz" in clerk.text_of("#preview")
        assert "Straßenlaterne" in clerk.cursor  # a note is no decision
        await clerk.do("Note")
        assert "Anruf" not in clerk.text_of("TextPane")
    [note] = cases.notes(session.store.db, item_id=lamps[0])
    assert note.text == "Anruf bei Frau Kunz"


async def test_a_draft_belongs_to_its_item(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Note")
        await clerk.type("nur hier")
        await clerk.press("escape", "down")
        await clerk.do("Note")
        assert "nur hier" not in clerk.screen


async def test_a_note_that_cannot_be_saved_comes_back(
    session: Session, lamps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from clerk.desks import inbox
    from storage.errors import StoreError

    def full(*_args: object) -> None:
        raise StoreError("store.full", "The disk is full.")

    async with workstation(session) as clerk:
        await clerk.do("Note")
        await clerk.type("wichtig")
        with monkeypatch.context() as patch:
            patch.setattr(inbox, "note", full)
            patch.setattr(session.store, "keep_draft", full)
            await clerk.press("f9")
        assert "The disk is full." in clerk.toast
        assert "wichtig" in clerk.text_of("TextPane")
        await clerk.press("f9")
    [note] = cases.notes(session.store.db, item_id=lamps[0])
    assert note.text == "wichtig"


async def test_a_follow_up_by_shorthand(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Follow-up")
        await clerk.paste("3x")
        assert "Not a date" in clerk.screen
        await clerk.press("enter")
        assert clerk.asks == "Follow-up"
        await clerk.press("backspace")
        await clerk.type("t zurückrufen")
        assert "Thu 26 Nov" in clerk.screen
        await clerk.press("enter")
        assert "Follow-up" in clerk.toast
        await clerk.select("Straßenlaterne")
        assert "Thu 26 Nov zurückrufen" in clerk.text_of("#preview")
    [found] = follow_ups.about(session.store.db, item_id=lamps[0])
    assert (found.due_on, found.text) == ("2026-11-26", "zurückrufen")


async def test_reopen_what_a_search_still_shows(session: Session, mail: Mail) -> None:
    item = mail("Straßenlaterne")
    async with workstation(session) as clerk:
        clerk.station.open_item(item)
        await clerk.settle()
        await clerk.do("Done")
        assert row(session, item).state == "done"
        await clerk.do("Reopen")
        assert "Reopened: Straßenlaterne" in clerk.toast
    assert row(session, item).state == "open"


async def test_priority_up_and_down(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press("+")
        assert "Made more urgent" in clerk.toast
        assert "Straßenlaterne" in clerk.cursor
        assert "!" in clerk.cursor
        await clerk.press("-")
        assert "Made less urgent" in clerk.toast
        assert "!" not in clerk.cursor
    assert row(session, lamps[0]).priority == 0


async def test_the_point_repeats_the_last_decision(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press(".")
        assert "not decided anything yet" in clerk.toast
        await clerk.do("Lay aside")
        await clerk.press("+", ".")
        assert "Laid aside: Schlagloch" in clerk.toast
    assert [row(session, one).state for one in lamps] == ["aside", "aside", "open"]


async def test_marked_ones_are_one_action_with_one_undo(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press("x")
        assert "Schlagloch" in clerk.cursor
        await clerk.press("x")
        assert "2 marked" in clerk.footer
        await clerk.do("Done")
        assert "Done: 2 items" in clerk.toast
        assert "Sperrmüll" in clerk.cursor
        assert "marked" not in clerk.footer
        await clerk.do("Undo")
        assert len(clerk.rows) == 3


async def test_mark_a_range_all_and_none(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.press("x", "down", "X")
        assert "3 marked" in clerk.footer
        await clerk.press("escape")
        assert "marked" not in clerk.footer
        await clerk.press("ctrl+a")
        assert "3 marked" in clerk.toast
        await clerk.press("n")
        assert "Taken: 3 items" in clerk.toast
        assert "Mine 3" in clerk.header
        await clerk.press("z")
        assert "Mine 0" in clerk.header


async def test_of_marked_ones_those_that_cannot_are_counted_with_the_reason(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Take")
        await clerk.press("ctrl+a", "n")
        assert "Taken: 2 items · 1 not: You have this item already." in clerk.toast


async def test_marks_of_what_a_colleague_has_taken_away_go(
    session: Session, lamps: list[str]
) -> None:
    from clerk.desks import inbox

    async with workstation(session) as clerk:
        await clerk.press("x", "x")
        with colleague(session) as other:
            inbox.finish(other, session.actor, "item.done", lamps[:1])
        await clerk.press("f5")
        assert "1 marked" in clerk.footer


async def test_a_refused_key_is_dimmed_and_says_why(session: Session, mail: Mail) -> None:
    mail("Meins", claimed_by=session.actor.clerk_id)
    mail("Noch eins", claimed_by=session.actor.clerk_id)
    async with workstation(session) as clerk:
        refused, free = clerk.styles_of(" Take "), clerk.styles_of(" Hand over ")
        assert refused
        assert refused != free
        await clerk.do("Take")
        assert "You have this item already." in clerk.toast
        assert "Meins" in clerk.cursor


async def test_an_act_on_what_a_colleague_was_faster_with_is_refused(
    session: Session, lamps: list[str]
) -> None:
    from clerk.desks import inbox

    async with workstation(session) as clerk:
        with colleague(session) as other:
            inbox.finish(other, session.actor, "item.spam", lamps[:1])
        await clerk.do("Done")
        assert "Not possible: the item is spam." in clerk.toast
    assert row(session, lamps[0]).state == "spam"


async def test_reading_goes_on_with_the_next_item(session: Session, lamps: list[str]) -> None:
    async with workstation(session, size=NARROW) as clerk:
        await clerk.press("enter")
        assert "Haus 7 ist dunkel" in clerk.screen
        await clerk.do("Done")
        assert "wie ein Eimer" in clerk.screen
        await clerk.press("n")
        assert "Ein Sofa" in clerk.screen
        await clerk.press("e", "escape")
        assert len(clerk.rows) == 1
        assert "Schlagloch" in clerk.cursor


async def test_keys_act_in_the_order_they_were_typed(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.burst("down", "e", "down", "x", "home")
        assert [row(session, one).state for one in lamps] == ["open", "done", "open"]


async def test_what_is_typed_while_a_dialog_opens_reaches_it(
    session: Session, lamps: list[str]
) -> None:
    async with workstation(session) as clerk:
        await clerk.burst("a", *"standesamt", "enter")
        assert "→ Standesamt" in clerk.toast
    assert row(session, lamps[0]).office_id == "standesamt"


async def test_a_dialog_acts_on_what_it_was_asked_for(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.do("Hand over")
        support.add_item(session, "Neu", received_at=session.store.clock())
        await clerk.look_up()
        await clerk.answer("standesamt")
        assert "Handed over → Standesamt: Straßenlaterne" in clerk.toast
