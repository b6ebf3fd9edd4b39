"""A small form: text, a date by shorthand, a choice by typing."""

from datetime import date

import pytest

from clerk.rules.shorthand import Problem, parse_date
from tests.widgets.asking import HOSTILE, SIZES, TINY, UMLAUTS, asking
from widgets.choices import Choice
from widgets.field import Entry
from widgets.form import FormChoice, FormField, FormScreen

MONDAY = date(2026, 11, 23)
LONG = 3600.0  # seconds: no pause ends within a test
OFFICES = [
    Choice("o1", "Bürgeramt", "Pässe"),
    Choice("o2", "Straßenamt", "Laternen"),
    Choice("o3", "Straßenbahn"),
    Choice("o4", "Kita-Stelle", disabled_reason="Das Amt ist heute nicht besetzt."),
]


def read_date(text: str) -> Entry:
    day = parse_date(text, MONDAY, future=True)
    if isinstance(day, Problem):
        return Entry(text, error=day.sentence)
    return Entry(day.isoformat(), hint=day.strftime("%d.%m.%Y"))


def read_text(text: str) -> Entry:
    return Entry(text.strip(), error="" if text.strip() else "Hier fehlt ein Text.")


def follow_up(**drafts: str) -> FormScreen:
    return FormScreen(
        "Wiedervorlage",
        [
            FormField("text", "Worum", read=read_text),
            FormField("due", "Wann", placeholder="3t, 2w, mo, 15.3.", read=read_date),
            FormChoice("office", "Amt", OFFICES),
            FormChoice("second", "Zweites Amt", OFFICES, optional=True),
        ],
        typed=drafts,
    )


@pytest.mark.parametrize("size", SIZES)
async def test_filled_by_keys_alone(size: tuple[int, int]) -> None:
    async with asking(follow_up(), size) as asked:
        await asked.type("Rückruf")
        await asked.press("enter")
        await asked.type("3t")
        assert "→ 26.11.2026" in asked.text()
        await asked.press("enter")
        await asked.type("lat")
        assert "Straßenamt" in asked.text()
        await asked.press("enter", "enter", "f9")
        assert asked.result == {
            "text": "Rückruf",
            "due": "2026-11-26",
            "office": "o2",
            "second": "",
        }


async def test_the_choices_are_shown_only_at_their_field() -> None:
    async with asking(follow_up()) as asked:
        assert "Bürgeramt" not in asked.text()
        await asked.press("enter", "enter")
        assert "Bürgeramt" in asked.text()
        await asked.press("shift+tab")
        assert "Bürgeramt" not in asked.text()


async def test_all_errors_stand_beside_their_fields() -> None:
    async with asking(follow_up()) as asked:
        await asked.press("enter")
        await asked.type("31.2.")
        await asked.press("f9")
        assert asked.is_open
        assert "Worum  ✗ Hier fehlt ein Text." in asked.text()
        assert "Wann  ✗" in asked.text()
        assert "Amt  ✗ Choose one of the list." in asked.text()
        assert "31.2." in asked.text()
        await asked.type("Rückruf")
        assert "fehlt" not in asked.text()
        assert "Rückruf" in asked.text()


async def test_arrows_choose_and_several_hits_are_no_choice() -> None:
    async with asking(follow_up(text="x", due="mo")) as asked:
        await asked.press("enter", "enter")
        await asked.type("straß")
        assert "✗" not in asked.text()
        await asked.press("f9")
        assert asked.is_open
        assert "✗" in asked.text()
        await asked.press("down", "enter")
        assert "Straßenbahn" in asked.text()
        await asked.press("f9")
        assert asked.result is not None
        assert asked.result["office"] == "o3"


async def test_a_single_hit_is_a_choice_without_enter() -> None:
    async with asking(follow_up(text="x", due="mo", office="pässe")) as asked:
        await asked.press("f9")
        assert asked.result is not None
        assert asked.result["office"] == "o1"


async def test_a_changed_text_is_no_longer_the_choice() -> None:
    async with asking(follow_up(text="x", due="mo", office="Bürgeramt")) as asked:
        await asked.press("enter", "enter", "enter", "shift+tab", "backspace")
        await asked.type("x")
        await asked.press("f9")
        assert asked.is_open
        assert "Bürgeramx" in asked.text()


async def test_a_disabled_choice_says_why() -> None:
    async with asking(follow_up(text="x", due="mo")) as asked:
        await asked.press("enter", "enter")
        await asked.type("kita")
        await asked.press("enter")
        assert "✗ Das Amt ist heute nicht besetzt." in asked.text()
        await asked.press("f9")
        assert asked.is_open


async def test_an_untouched_choice_is_not_taken_by_enter() -> None:
    async with asking(follow_up(text="x", due="mo")) as asked:
        await asked.press("enter", "enter", "enter", "f9")
        assert asked.is_open
        assert "Choose one" in asked.text()


async def test_a_store_is_asked_for_choices() -> None:
    form = FormScreen(
        "Form", [FormChoice("case", "Vorgang", search=lambda q: [Choice(f"id-{q}", f"Nr. {q}")])]
    )
    async with asking(form) as asked:
        await asked.type("4711")
        await asked.press("enter", "f9")
        assert asked.result == {"case": "id-4711"}


async def test_escape_gives_nothing_but_keeps_what_was_typed() -> None:
    kept: list[dict[str, str]] = []
    form = FormScreen(
        "Form",
        [FormField("a", "A"), FormField("b", "B", initial="b")],
        on_pause=kept.append,
        pause_seconds=LONG,
    )
    async with asking(form) as asked:
        await asked.type(UMLAUTS)
        await asked.press("escape")
        assert asked.results == [None]
    assert kept == [{"a": UMLAUTS, "b": "b"}]


async def test_a_saved_or_untouched_form_leaves_no_draft() -> None:
    kept: list[dict[str, str]] = []
    for keys in (["x", "f9"], ["escape"]):
        form = FormScreen("Form", [FormField("a", "A")], on_pause=kept.append, pause_seconds=LONG)
        async with asking(form) as asked:
            await asked.press(*keys)
            assert not asked.is_open
    assert kept == []


async def test_a_long_form_scrolls_to_the_field_with_the_focus() -> None:
    form = FormScreen("Form", [FormField(str(n), f"Feld {n}") for n in range(30)])
    async with asking(form) as asked:
        await asked.press(*["enter"] * 29)
        await asked.type("zuletzt")
        assert "Feld 29" in asked.text()
        assert "zuletzt" in asked.text()
        assert "F9" in asked.text()


@pytest.mark.parametrize("size", [*SIZES, TINY])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_only_text(text: str, size: tuple[int, int]) -> None:
    form = FormScreen(
        text,
        [
            FormField("a", text, text[:500], text, lambda typed: Entry(typed, error=text)),
            FormChoice("b", text, [Choice("v", text, text, text, text)], placeholder=text),
        ],
    )
    async with asking(form, size) as asked:
        asked.assert_only_text()
        await asked.press("f9", "tab", "down", "enter")
        asked.assert_only_text()
        assert asked.is_open
