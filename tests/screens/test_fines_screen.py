"""The fines on screen: what runs out, the steps by key, and what a deputy sees at a glance."""

import io

import pytest
from PIL import Image

from clerk import clock
from clerk.desks import absences, fine_acts, fines
from clerk.desks.fine_answers import answers
from clerk.desks.fine_report import Charge, Party, Photo, Report
from clerk.desks.people import actor_of
from clerk.rules.fine_states import ACTIONS
from clerk.session import Session
from storage.pages import fines as pages
from storage.records import Case, Fine, Person
from storage.terms import DeputyMay, FineState, ParticipantRole, Role
from tests import support
from tests.driver import NARROW, WIDE, workstation
from widgets import photo

OFFICE = "ordnungsamt"


def a_fine(session: Session, code: str = "112454", **but: object) -> Case:
    """A fine of Hans Müller's, or of whoever it is said to be."""
    said: dict[str, object] = {
        "charges": [Charge(code=code)],
        "acted_from": "2026-11-20T14:30",
        "place": "Hauptstraße 5",
        "evidence": "Zeugin",
        "parties": [offender()],
    }
    return fines.record(session.store, session.actor, Report(**(said | but)), office_id=OFFICE).case  # type: ignore[arg-type]


def offender(**but: str | None) -> Party:
    said: dict[str, str | None] = {
        "family_name": "Müller", "given_name": "Hans", "born_on": "1975-03-12",
        "street": "Hauptstraße 5", "postcode": "12345", "city": support.TOWN,
    }  # fmt: skip
    return Party(role=ParticipantRole.OFFENDER, person=Person(**(said | but)))  # type: ignore[arg-type]


def act(session: Session, case: Case, action: str, **said: str) -> None:
    name = f"fine.{action}"
    found = answers(name, said, clock.today())
    fine_acts.act(session.store, session.actor, [case.id], name, found)


def fine_of(session: Session, case: Case) -> Fine:
    found = pages.of_case(session.store.db, case.id)
    assert found is not None
    return found


async def test_what_runs_out_first_stands_first(fining: Session) -> None:
    """Traffic after three months, the municipal after six; one runs out soon and one is over."""
    a_fine(fining, "HUN02", place="Später")
    a_fine(fining, "112454", place="Bald", acted_from="2026-09-10")
    a_fine(fining, "112454", place="Vorbei", acted_from="2026-08-10")
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o")
        rows = [one for one in clerk.painted if "32.1-2026-" in one][:3]
        assert [number for one in rows for number in "123" if f"00000{number}" in one] == [*"321"]
        assert "× time-barred" in rows[0]
        assert "! " in rows[1]
        assert "Runs out !2" in clerk.header


async def test_the_way_by_keys(fining: Session) -> None:
    """From the record to the notice: each step by one key, and each taken back by z."""
    case = a_fine(fining)
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "B")
        assert "A notice can be issued only after the hearing" in clerk.toast
        await clerk.press("a")
        assert "Hearing begun: 32.1-2026-000001" in clerk.toast
        await clerk.press("z")
        assert fine_of(fining, case).state == FineState.RECORDED
        await clerk.press("Z", "A")
        await clerk.type("keine Einlassung")
        await clerk.press("f9")
        assert fine_of(fining, case).state == FineState.INVESTIGATED
        await clerk.press("B")
        assert "Issue the notice" in clerk.asks
        await clerk.press("f9")  # over the amount that stands there
        found = fine_of(fining, case)
        assert (found.state, found.amount, found.fee) == (FineState.NOTICE, 55_00, 25_00)
        await clerk.press("t")
        assert "The notice is not signed yet" in clerk.toast
        support.sign_letters(fining, case.id)
        await clerk.press("t")
        await clerk.type("heute")
        await clerk.press("enter")
        assert "put into the letter box" in clerk.screen  # as it usually is
        await clerk.type("depos")
        await clerk.press("enter", "f9")
        assert fine_of(fining, case).state == FineState.SERVED
        assert '"way": "deposited"' in pages.steps(fining.store.db, case.id)[-1].details
        await clerk.press("enter")
        assert "p Objection" in clerk.footer
        await clerk.press("R")
        assert "The period runs until" in clerk.screen  # the form says why, and takes a waiver
        await clerk.press("escape")
        assert fine_of(fining, case).state == FineState.SERVED


async def test_what_now_lists_every_step_with_its_reason(fining: Session) -> None:
    a_fine(fining)
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "space")
        assert clerk.asks == "What now?"
        await clerk.paste("enforce")
        assert "× Enforce" in clerk.screen
        assert "Only a final fine can be enforced" in clerk.screen
        await clerk.press("enter")
        assert clerk.asks == "What now?"
        for _ in range(7):
            await clerk.press("backspace")
        await clerk.answer("offer")
        assert "Warning offered" in clerk.toast


async def test_every_action_of_the_table_has_its_key(fining: Session) -> None:
    """On the list and on the fine; none of them stands on another one's key."""
    case = a_fine(fining)
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o")
        for _place in range(2):
            keys = [clerk.work.shortcut(name) for name in ACTIONS]
            assert all(keys)
            assert len(set(keys)) == len(keys)
            assert set(ACTIONS) <= set(clerk.work.handlers)
            clerk.station.open_case(case.id)
            await clerk.settle()


async def test_a_deputy_sees_at_a_glance(fining: Session) -> None:
    """What was done, what is next and until when, whose it is and that they are away; what the
    deputy does has both names."""
    colleague = support.add_clerk(fining, "kaya", {OFFICE: Role.OFFICER}, "Murat Kaya")
    murat = Session(fining.store, actor_of(fining.store, "kaya"), fining.home)
    case = a_fine(murat)
    act(murat, case, "hear")
    today = clock.today()
    absences.set_absence(
        fining.store, murat.actor, clerk_id=colleague, starts=today, ends=today,
        deputy_id=fining.actor.clerk_id, may_do=DeputyMay.ACT,
    )  # fmt: skip
    deputy = Session(fining.store, actor_of(fining.store), fining.home)
    async with workstation(deputy, WIDE) as clerk:
        await clerk.press("g", "o")
        for text in ("Hearing begun", "Mon 7 Dec", "Murat Kaya", "away until today", "Runs out"):
            assert text in clerk.screen, text
        await clerk.press("A")
        await clerk.type("geständig")
        await clerk.press("f9", "enter")
        assert "Investigation concluded  Lena Leitung for Murat Kaya" in clerk.screen
        await clerk.press("7")
        assert "Lena Leitung for Murat Kaya" in clerk.screen


async def test_search_by_plate_reference_number_and_words(fining: Session) -> None:
    a_fine(fining, plate="B-XY 123")
    other = a_fine(fining, "HUN02", place="Stadtpark", acted_from="2026-10-01")
    reference = fine_of(fining, other).reference or ""
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o")
        for query, found in (
            ("b xy123", "Hauptstraße"), (reference, "Stadtpark"), ("hundekot", "Stadtpark"),
            ("000001", "Hauptstraße"),
        ):  # fmt: skip
            await clerk.press("s")
            for _ in range(20):
                await clerk.press("backspace")
            await clerk.answer(query)
            assert "1 of 1" in clerk.footer, query
            assert found in clerk.screen, query


async def test_closed_traffic_warnings_make_no_file_of_repeat_offenders(fining: Session) -> None:
    """Neither plate nor name nor words lead to one that has ended; its number does. What is no
    traffic warning is found as before, what is another office's never."""
    case = a_fine(fining, plate="B-XY 123")
    act(fining, case, "warn")
    other = a_fine(fining, "HUN02", place="Stadtpark")
    act(fining, other, "warn")
    support.add_clerk(fining, "fremd", {"bussgeld": Role.OFFICER}, "Fritz Fremd")
    foreign = Session(fining.store, actor_of(fining.store, "fremd"), fining.home)
    for session, query, found in (
        (fining, "b xy123", 0), (fining, "Müller", 1), (fining, "Gehweg", 0),
        (fining, case.number, 1), (fining, fine_of(fining, case).reference or "", 1),
        (fining, "Stadtpark", 1), (foreign, "Stadtpark", 0), (foreign, other.number, 0),
    ):  # fmt: skip
        async with workstation(session, WIDE) as clerk:
            await clerk.press("g", "o", "s")
            await clerk.answer(query)
            numbers = sum("32.1-2026-" in one for one in clerk.painted[1:])
            assert (numbers > 0) == bool(found), query


async def test_the_address_of_a_shielded_person_is_not_shown(fining: Session) -> None:
    """Neither in the tabs nor while one types (BMG 51)."""
    party = offender(family_name="Geheim", born_on="1990-01-01", street="Versteck 9",
                     shielded_until="2026-11-23")  # fmt: skip
    a_fine(fining, parties=[party])
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "enter", "3")
        assert "Geheim" in clerk.screen
        assert "address must not be given out" in clerk.screen
        assert "Versteck" not in clerk.screen
        await clerk.press("escape", "n", "tab", "tab", "tab", "tab", "tab")
        await clerk.type("geheim")
        assert "address must not be given out" in clerk.screen
        assert "Versteck" not in clerk.screen


async def test_restricted_is_said_first(fining: Session) -> None:
    case = a_fine(fining)
    with fining.store.change(fining.actor, "fine.edit") as change:
        change.set(fine_of(fining, case), restricted=1)
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "enter")
        assert "! Restricted: to be used for control and proof only" in clerk.screen


def picture(size: tuple[int, int] = (40, 20)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["", "halfcell"])
async def test_photos_with_and_without_pictures(
    fining: Session, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """In words always; a broken one and one larger than memory do no harm."""
    monkeypatch.setattr(photo, "KIND", kind)
    photos = [
        Photo(name="uebersicht.jpg", media_type="image/jpeg", data=picture(), kind="overall"),
        Photo(name="kaputt.jpg", media_type="image/jpeg", data=picture()[:200], kind="plate"),
    ]
    a_fine(fining, photos=photos)
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "enter", "#")
        assert "uebersicht.jpg  overall view" in clerk.screen
        assert "40 × 20" in clerk.screen
        assert "SHA-256" in clerk.screen
        assert ("This terminal shows no pictures." in clerk.screen) == (not kind)
        assert ("▀" in clerk.screen or "▄" in clerk.screen) == bool(kind)
        await clerk.press("right")
        assert "kaputt.jpg  plate" in clerk.screen
        assert "This photo cannot be shown" in clerk.screen
        await clerk.press("left", "escape")
        assert clerk.area == "FineScreen"


def test_a_picture_that_is_a_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "_LARGEST", 40 * 20 - 1)
    assert photo.opened(picture()) is None
    assert photo.opened(b"") is None
    monkeypatch.setattr(photo, "_LARGEST", 40 * 20)
    assert photo.opened(picture()) is not None


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({"TERM": "xterm-256color"}, "halfcell"),
        ({"TERM": "xterm-kitty"}, "tgp"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "dumb"}, ""),
        ({"TERM": "linux"}, ""),
        ({}, ""),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, ""),
    ],
)
def test_how_a_terminal_shows_pictures(environment: dict[str, str], kind: str) -> None:
    assert photo.kind_of(environment) == kind


async def test_marked_ones_take_a_step_together(fining: Session) -> None:
    """Those that cannot are named, and one undo takes all of it back."""
    cases = [a_fine(fining, acted_from=f"2026-11-{day}") for day in (10, 12, 14)]
    act(fining, cases[2], "discontinue", reason="not_expedient")
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "x", "x")
        await clerk.press("a")
        assert "Hearing begun: 2 fines" in clerk.toast
        await clerk.press("z")
    assert [fine_of(fining, one).state for one in cases[:2]] == ["recorded", "recorded"]


async def test_a_case_that_is_a_fine_opens_as_one_from_everywhere(fining: Session) -> None:
    case = a_fine(fining)
    async with workstation(fining, NARROW) as clerk:
        await clerk.press(":")
        await clerk.answer(case.number)
        assert clerk.area == "FineScreen"
        for n, text in enumerate(("Runs out", "Steps", "offender", "Owed", "Nothing has been"), 1):
            await clerk.press(str(n))
            assert text in clerk.screen, n
        assert "a Hear" in clerk.footer  # before what every case can
        assert "W Wait" not in clerk.footer
        await clerk.press("W")
        assert clerk.asks == "The case waits"


async def test_hostile_text_is_only_text(fining: Session) -> None:
    text = support.HOSTILE
    charge = Charge(charge=text, amount=10_00, provisions=text)
    party = offender(family_name=text, given_name=text, born_on=None, street=text)
    case = a_fine(
        fining, charges=[charge], place=text, parties=[party], plate=text[:10], officer=text,
        evidence=text, vehicle=text, note=text,
    )  # fmt: skip
    act(fining, case, "investigate", text=text)
    async with workstation(fining, NARROW) as clerk:
        await clerk.press("g", "o")
        assert all(one.isprintable() for one in clerk.painted)
        await clerk.press("enter")
        for n in "1234567":
            await clerk.press(n)
            assert all(one.isprintable() for one in clerk.painted)
