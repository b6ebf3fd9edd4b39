"""The letters at the workstation: what they say, sign, print, call back, write."""

import sys
from pathlib import Path

import pytest

from clerk import clock
from clerk.desks import outbox, signing
from clerk.session import Session
from clerk.settings import LettersSettings, Settings
from storage.pages import letters
from storage.records import Letter
from storage.terms import LetterState
from tests import support
from tests.driver import NARROW, WIDE, workstation
from tests.screens.conftest import NOW
from widgets.progress import ProgressScreen


def state(session: Session, letter_id: str) -> str:
    return letters.by_ids(session.store.db, [letter_id])[0].state


def drafts(session: Session, n: int, text: str = "Guten Tag.") -> list[str]:
    """The oldest first, as the list shows them."""
    case = support.add_case(session, "Laterne")
    return [support.add_letter(session, case, f"{text} {i}.") for i in range(n)]


def into(folder: Path) -> Settings:
    folder.mkdir()
    return Settings(letters=LettersSettings(folder=str(folder)))


async def test_a_letter_is_read_signed_printed_and_gone(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = drafts(session, 2)
    folder = tmp_path / "letters"
    async with workstation(session, settings=into(folder)) as clerk:
        await clerk.press("g", "s")
        assert clerk.chosen_split == "Drafts 2"
        assert "Guten Tag. 0." in clerk.screen
        assert "ENTWURF" in clerk.screen
        await clerk.do("Sign")
        assert "Signed: x" in clerk.toast
        assert len(clerk.rows) == 1  # decided: on with the next one
        assert "Guten Tag. 1." in clerk.screen
        await clerk.press("u")
        assert clerk.rows == []
        await clerk.split("Print")
        assert clerk.chosen_split == "Print 2"
        assert "ENTWURF" not in clerk.screen
        await clerk.press("ctrl+a", "d")
        assert "Put into the outbox: 2 letters" in clerk.toast
        assert "2 letters in the outbox" in clerk.footer
        await clerk.press("z")
        assert "Taken back: Letter put into the outbox: x +1" in clerk.toast
        assert [state(session, i) for i in (one, other)] == [LetterState.FINAL] * 2
        await clerk.press("home", "d")
        await clerk.look_up()
        assert list(folder.iterdir()) == []  # its fifteen seconds are not over
        monkeypatch.setattr(clock, "now", lambda: NOW + outbox.WAIT_MS)
        await clerk.look_up()
        assert [file.suffix for file in folder.iterdir()] == [".pdf"]
        assert state(session, one) == LetterState.SENT
        assert "outbox" not in clerk.footer
        await clerk.press("z")
        assert "The letter has left the house" in clerk.toast
        await clerk.split("Sent")
        assert clerk.chosen_split == "Sent 1"
        await clerk.do("Withdraw")
        assert "The letter has left the house." in clerk.toast


async def test_many_are_signed_with_a_bar_that_stops(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = drafts(session, 6)
    async with workstation(session) as clerk:
        await clerk.press("g", "s", "ctrl+a")
        seen: list[str] = []
        step = signing.Signing.step

        def watched(work: signing.Signing) -> bool:
            seen.append(type(clerk.station.screen).__name__)
            if work.done == 3 and len(seen) == 4:
                screen = clerk.station.screen
                assert isinstance(screen, ProgressScreen)
                screen.action_leave()
            return step(work)

        monkeypatch.setattr(signing.Signing, "step", watched)
        await clerk.press("u")
        assert "Stopped. Nothing was signed." in clerk.toast
        assert {state(session, one) for one in ids} == {LetterState.DRAFT}
        assert seen[0] == "ProgressScreen"
        monkeypatch.setattr(signing.Signing, "step", step)
        await clerk.press("u")
        assert "Signed: 6 letters" in clerk.toast
        assert {state(session, one) for one in ids} == {LetterState.FINAL}
        await clerk.press("z")
        assert {state(session, one) for one in ids} == {LetterState.DRAFT}


async def test_four_eyes_are_said_before_and_when_it_is_tried(session: Session) -> None:
    (one,) = drafts(session, 1)
    support.add_clerk(session, "olga", {"buergerbuero": "officer"}, "Olga Ordnung")  # type: ignore[dict-item]
    with session.store.change(session.actor, "test") as change:
        change.set(change.get(Letter, one), signatures=2)
    async with workstation(session) as clerk:
        await clerk.press("g", "s")
        assert "two signatures, none of them the author's" in clerk.screen
        await clerk.press("u")
        assert clerk.toast.endswith("These could: Olga Ordnung.")
        assert state(session, one) == LetterState.DRAFT


async def test_without_a_printer_nothing_is_put_into_the_outbox(session: Session) -> None:
    (one,) = drafts(session, 1)
    signing.sign(session.store, session.actor, [one])
    async with workstation(session) as clerk:
        await clerk.press("g", "s")
        await clerk.split("Print")
        await clerk.press("d")
        assert "neither a folder nor a printer" in clerk.toast
        assert state(session, one) == LetterState.FINAL


async def test_a_failure_stays_in_the_list_with_its_reason(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = drafts(session, 1)
    signing.sign(session.store, session.actor, [one])
    printer = f"{sys.executable} -c 'import sys; sys.exit(\"kein Papier\")'"
    settings = Settings(letters=LettersSettings(printer=printer))
    async with workstation(session, settings=settings) as clerk:
        await clerk.press("g", "s")
        await clerk.split("Print")
        await clerk.press("d")
        monkeypatch.setattr(clock, "now", lambda: NOW + outbox.WAIT_MS)
        await clerk.look_up()
        assert "Not printed: kein Papier." in clerk.toast
        assert state(session, one) == LetterState.QUEUED
        await clerk.press("f5")
        assert "Not printed: kein Papier." in clerk.screen
        await clerk.do("Call back")
        assert state(session, one) == LetterState.FINAL


async def test_a_letter_to_the_person_of_a_case_is_written_and_changed(session: Session) -> None:
    case = support.add_case(session, "Laterne")
    async with workstation(session) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        await clerk.do("Write")
        assert clerk.asks == "Letter: Laterne"
        await clerk.press("f9")
        assert "The first line is the subject" in clerk.screen
        await clerk.answer("Die Laterne brennt wieder.", "escape")
        await clerk.do("Write")
        assert "Die Laterne brennt wieder." in clerk.screen  # the draft was kept
        await clerk.press("f9")
        assert "Letter drafted" in clerk.toast
        await clerk.press("2")
        assert "→ Laterne" in clerk.screen
        await clerk.press("s")
        assert clerk.area == "LettersScreen"
        assert case.number in clerk.header
        assert "Die Laterne brennt wieder." in clerk.screen
        await clerk.do("Change")
        await clerk.answer(" Gruß", "f9")
        assert "Changed" in clerk.toast
        assert "wieder. Gruß" in clerk.screen
        await clerk.press("v")
        assert clerk.work.case_id == case.id
        await clerk.press("escape", "escape")
        assert clerk.chosen_split == "Drafts 1"


async def test_search_marks_and_the_way_back(session: Session) -> None:
    for name in ("Laterne", "Wohngeld"):
        support.add_letter(session, support.add_case(session, name))
    numbers = [row.number for row in letters.of_offices(["buergerbuero"], LetterState.DRAFT).page(
        session.store.db, limit=5)]  # fmt: skip
    async with workstation(session, WIDE) as clerk:
        await clerk.press("g", "s")
        await clerk.do("Search")
        await clerk.answer(numbers[1])
        assert len(clerk.rows) == 1
        await clerk.press("escape")
        assert len(clerk.rows) == 2
        await clerk.press("ctrl+a", "number_sign")
        assert "Withdrawn: 2 letters" in clerk.toast
        assert clerk.rows == []
        await clerk.press("z")
        assert len(clerk.rows) == 2


async def test_on_a_narrow_screen_enter_reads_and_enter_again_opens_the_case(
    session: Session,
) -> None:
    (one,) = drafts(session, 1)
    async with workstation(session, NARROW) as clerk:
        await clerk.press("g", "s")
        assert "ENTWURF" not in clerk.screen
        await clerk.press("enter")
        assert "ENTWURF" in clerk.screen
        await clerk.press("escape")
        assert "ENTWURF" not in clerk.screen
        await clerk.press("enter", "enter")
        assert clerk.work.case_id == letters.by_ids(session.store.db, [one])[0].case_id


async def test_what_cannot_be_said_is_said_so(session: Session) -> None:
    (one,) = drafts(session, 1)
    with session.store.change(session.actor, "test") as change:
        change.set(change.get(Letter, one), details="{}")
    async with workstation(session) as clerk:
        await clerk.press("g", "s")
        assert "cannot be read" in clerk.screen
        await clerk.press("u")
        assert "cannot be read" in clerk.toast
