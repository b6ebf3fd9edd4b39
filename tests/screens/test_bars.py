"""Header, footer and what is said below: what they show, and that they are in nobody's way."""

import pytest

from clerk import i18n
from clerk.actions import ACTIONS
from clerk.desks import cases as desk
from clerk.rules.permissions import PERMISSIONS
from clerk.session import Session
from storage.terms import ItemState
from tests import support
from tests.driver import NARROW, WIDE, workstation
from tests.screens.conftest import Mail

LONG = "Sperrmüll, Sperrmüll und noch einmal Sperrmüll vor dem Haus, bitte bald abholen"


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_what_was_done_takes_one_row_and_covers_no_record(
    session: Session, mail: Mail, size: tuple[int, int]
) -> None:
    for n in range(60):
        mail(f"{n} {LONG}")
    async with workstation(session, size) as clerk:
        await clerk.press("end", "n")
        toast = clerk.work.toast.region
        assert toast.height == 1
        assert toast.y > clerk.table.region.bottom  # the keys stand between them
        assert clerk.painted[-1].startswith(" ✓ Taken: ")
        assert "  z takes it back" in clerk.painted[-1]
        assert "Hand over" in clerk.painted[-2]


async def test_what_was_done_goes_with_the_next_key(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        for key in ("down", "s", "x", "g"):
            await clerk.do("Take")
            assert "Taken: " in clerk.toast
            await clerk.press(key)
            assert "Taken: " not in clerk.toast
            await clerk.press("escape", "z")


async def test_a_reason_is_said_in_full(session: Session, mail: Mail) -> None:
    mail("Meins", claimed_by=session.actor.clerk_id)
    mail("Nicht meins")
    async with workstation(session, NARROW) as clerk:
        await clerk.split("Office")
        await clerk.press("ctrl+a", "n")
        assert "You have this item already." in clerk.screen
        assert "z takes it back" in clerk.screen


def test_every_action_on_records_says_in_german_what_has_been_done() -> None:
    """A participle, no infinitive."""
    i18n.choose("de")
    for one in ACTIONS:
        if one.id in PERMISSIONS or one.id in ("item.raise", "item.lower"):
            word = one.said.split()[-1].lower()
            assert word.endswith(("t", "en")), one.said
            # Inseparable prefixes take no "ge".
            plain = ("über", "er", "be", "ver", "zurücküber", "mark")
            assert "ge" in word or word.startswith(plain), one.said


async def test_a_closed_case_shows_how_to_open_it_again(session: Session) -> None:
    case = support.add_case(session)
    async with workstation(session, NARROW) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        assert "o Reopen" not in clerk.footer
        desk.close(session.store, session.actor, case.id, "fertig")
        await clerk.press("f5")
        assert "o Reopen" in clerk.footer
        assert "i Note" in clerk.footer
        [dim] = clerk.styles_of(" Close ")
        assert dim != clerk.styles_of(" Reopen ")[0]


async def test_the_footer_follows_the_item(session: Session, mail: Mail) -> None:
    mail("Meins", claimed_by=session.actor.clerk_id)
    mail("Niemands")
    mail("Erledigt", state=ItemState.DONE)
    async with workstation(session, NARROW) as clerk:
        await clerk.split("Office")
        await clerk.select("Meins")
        assert "N Put back" in clerk.footer
        await clerk.select("Niemands")
        assert "N Put back" not in clerk.footer
        assert "n Take" in clerk.footer
        await clerk.split("Finished")
        assert "o Reopen" in clerk.footer
        assert "v Into a case" in clerk.footer


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_list_is_named_at_80_columns(
    session: Session, mail: Mail, language: str
) -> None:
    for state in ("aside", "done", "quarantine"):
        mail(state, state=ItemState(state))
    i18n.choose(language)
    async with workstation(session, NARROW) as clerk:
        head = clerk.work
        head._counts = {"mine": 138, "office": 2917, "unassigned": 3801, "aside": 1342,  # type: ignore[attr-defined]
                        "done": 1734, "quarantine": 30}  # fmt: skip
        for _ in range(6):
            head.show_bars(figures=False)
            await clerk.settle()
            assert "…" not in clerk.header
            for figure in ("138", "2917", "3801", "1342", "1734", "30"):
                assert figure in clerk.header
            head.split = {"mine": "office", "office": "unassigned", "unassigned": "aside",  # type: ignore[attr-defined]
                          "aside": "done", "done": "quarantine", "quarantine": "mine"}[head.split]  # type: ignore[attr-defined]  # fmt: skip


async def test_suggestions_say_what_they_are_and_which_words_spoke(
    session: Session, mail: Mail
) -> None:
    mail("Straßenlaterne defekt", "Die Straßenlaterne ist dunkel.", office_id=None)
    async with workstation(session) as clerk:
        await clerk.split("Unassigned")
        preview = clerk.text_of("#preview")
        assert "Suggestion" in preview
        assert ": 1 " in preview
        assert "for: Straßenlaterne" in preview


async def test_spam_has_no_suggestions_since_it_is_not_handed_over(
    session: Session, mail: Mail
) -> None:
    mail("Straßenlaterne", "Die Straßenlaterne ist dunkel.", state=ItemState.SPAM)
    async with workstation(session) as clerk:
        await clerk.split("Put away")
        assert "Straßenlaterne ist dunkel" in clerk.text_of("#preview")
        assert "Suggestion" not in clerk.screen


async def test_the_tabs_of_a_closed_case_fit_into_80_columns(session: Session) -> None:
    case = support.add_case(session)
    desk.close(session.store, session.actor, case.id, "fertig")
    i18n.choose("de")
    async with workstation(session, NARROW) as clerk:
        clerk.station.open_case(case.id)
        await clerk.settle()
        assert "4 Verlauf" in clerk.header
        assert "2 Post" in clerk.header
        await clerk.resize(*WIDE)
        assert "2 Schriftverkehr" in clerk.header


async def test_undo_says_what_was_taken_back(session: Session, lamps: list[str]) -> None:
    async with workstation(session, NARROW) as clerk:
        await clerk.press("x", "x", "e", "z")
        assert "Taken back: Done: " in clerk.toast
        assert " +1" in clerk.toast
        await clerk.press("home", "e", "z")
        assert "Taken back: Done: Straßenlaterne defekt" in clerk.toast


async def test_at_80_columns_the_subject_can_be_read(session: Session, mail: Mail) -> None:
    mail("Schlagloch in der Hauptstraße")
    async with workstation(session, NARROW) as clerk:
        assert "Schlagloch in der Hauptstraße" in clerk.cursor
