"""Prepared lines on a real screen."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from tests.widgets.asking import HOSTILE, SIZES
from widgets.lines import ABOVE, BELOW, LinesView
from widgets.wrapping import FILL, Line


class Counting(LinesView):
    """Counts what is painted."""

    painted = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.painted += 1
        return super().render_lines(crop)


class Host(App[None]):
    """One pane above a bar."""

    CSS = "#bar { height: 1; }"

    def compose(self) -> ComposeResult:
        self.pane = Counting(scroll=True, id="pane")
        self.bar = LinesView(wrap=False, id="bar")
        yield self.pane
        yield self.bar


@asynccontextmanager
async def hosted(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def plain(*texts: str) -> list[Line]:
    return [((text, ""),) for text in texts]


def shown(view: LinesView) -> list[str]:
    region = Region(0, 0, *view.size)
    return ["".join(s.text for s in strip).rstrip() for strip in view.render_lines(region)]


@pytest.mark.parametrize("size", SIZES)
async def test_lines_are_painted_to_the_full_size(size: tuple[int, int]) -> None:
    async with hosted(size) as (app, pilot):
        app.pane.set_lines([(("Von: ", "muted"), ("Müller", "strong")), (), (("Text", "error"),)])
        app.bar.set_lines([(("links", "title"), (FILL, ""), ("rechts", "muted"))])
        await pilot.pause()
        assert shown(app.pane)[:3] == ["Von: Müller", "", "Text"]
        assert shown(app.bar) == ["links".ljust(size[0] - 6) + "rechts"]
        strips = app.pane.render_lines(Region(0, 0, *app.pane.size))
        assert [strip.cell_length for strip in strips] == [size[0]] * (size[1] - 1)


async def test_the_same_lines_again_paint_nothing() -> None:
    async with hosted() as (app, pilot):
        app.pane.set_lines(plain("eins", "zwei"))
        await pilot.pause()
        before = app.pane.painted
        app.pane.set_lines(plain("eins", "zwei"))
        await pilot.pause()
        assert app.pane.painted == before
        app.pane.set_lines(plain("eins", "drei"))
        await pilot.pause()
        assert app.pane.painted > before


async def test_keys_move_and_marks_say_that_there_is_more() -> None:
    async with hosted() as (app, pilot):
        app.pane.set_lines(plain(*(f"Zeile {n}" for n in range(100))))
        app.pane.focus()
        await pilot.pause()
        height = app.pane.size.height
        assert BELOW in shown(app.pane)[-1]
        assert ABOVE not in shown(app.pane)[0]
        await pilot.press("down", "j")
        assert app.pane.top == (2, 0)
        await pilot.press("up", "k", "k")
        assert app.pane.top == (0, 0)
        await pilot.press("pagedown")
        assert app.pane.top == (height - 1, 0)
        assert ABOVE in shown(app.pane)[0]
        await pilot.press("end")
        assert shown(app.pane)[-1] == "Zeile 99"
        assert app.pane.is_at_end()
        await pilot.press("down", "pagedown")
        assert shown(app.pane)[-1] == "Zeile 99"
        await pilot.press("pageup")
        assert shown(app.pane)[-1].startswith(f"Zeile {99 - height + 1}")
        await pilot.press("home")
        assert app.pane.top == (0, 0)


async def test_a_long_line_scrolls_by_its_rows() -> None:
    async with hosted() as (app, pilot):
        app.pane.set_lines(plain("wort " * 1000, "ende"))
        app.pane.focus()
        await pilot.press("down", "down")
        assert app.pane.top == (0, 2)
        await pilot.press("end")
        assert shown(app.pane)[-1] == "ende"
        await pilot.press("up")
        assert BELOW in shown(app.pane)[-1]


async def test_new_lines_start_at_the_top_unless_the_place_is_kept() -> None:
    async with hosted() as (app, pilot):
        many = plain(*(f"Zeile {n}" for n in range(100)))
        app.pane.set_lines(many)
        app.pane.focus()
        await pilot.press("end")
        top = app.pane.top
        app.pane.set_lines([*many, *plain("neu")], keep_place=True)
        assert app.pane.top == top
        app.pane.set_lines(many[:10], keep_place=True)
        assert app.pane.top == (0, 0)
        app.pane.set_lines(many)
        await pilot.press("end")
        app.pane.set_lines(many[:50])
        assert app.pane.top == (0, 0)


async def test_a_larger_window_leaves_no_hole_below_the_end() -> None:
    async with hosted() as (app, pilot):
        app.pane.set_lines(plain(*(f"Zeile {n}" for n in range(60))))
        app.pane.focus()
        await pilot.press("end")
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert shown(app.pane)[-1] == "Zeile 59"


async def test_hostile_text_is_only_text() -> None:
    async with hosted() as (app, pilot):
        for text in HOSTILE:
            app.pane.set_lines([((text, "error"), (text, ""))])
            app.bar.set_lines([((text, ""), (FILL, ""), (text[:20], "muted"))])
            await pilot.pause()
            for view in (app.pane, app.bar):
                for strip in view.render_lines(Region(0, 0, *view.size)):
                    assert strip.cell_length == view.size.width
                    assert all(segment.text.isprintable() for segment in strip)
        app.pane.set_lines(plain("[/nope]"))
        assert shown(app.pane)[0] == "[/nope]"


async def test_a_theme_changes_the_colours() -> None:
    async with hosted() as (app, pilot):
        app.pane.set_lines([(("Text", "error"),)])

        def first() -> Segment:
            return next(iter(app.pane.render_lines(Region(0, 0, 80, 1))[0]))

        await pilot.pause()
        before = first().style
        app.theme = "textual-light"
        await pilot.pause()
        assert first().text == "Text"
        assert first().style != before


async def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with hosted() as (app, pilot):
        app.pane.set_lines([(("Text", "error"),)])
        await pilot.pause()
        style = next(iter(app.pane.render_lines(Region(0, 0, 80, 1))[0])).style
        assert style is not None
        assert style.color is not None
        assert style.color.triplet is not None
        assert len(set(style.color.triplet)) == 1


async def test_a_pane_with_a_border_is_painted_too() -> None:
    async with hosted() as (app, pilot):
        app.pane.styles.border = ("round", "red")
        app.pane.set_lines(plain("drinnen"))
        await pilot.pause()
        strips = app.pane.render_lines(Region(0, 0, 80, 3))
        assert strips[0].text.startswith("╭")
        assert strips[1].text.startswith("│drinnen")


def test_it_imports_no_other_widget() -> None:
    program = (
        "import sys, widgets.lines\n"
        "loaded = [m for m in sys.modules if m.startswith(('textual.widgets', 'textual.containers',"
        "'textual.scroll_view', 'sqlmodel', 'babel', 'pydantic'))]\n"
        "print(sorted(loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    bare = program.replace(", widgets.lines", ", textual.widget")
    floor = subprocess.run([sys.executable, "-c", bare], capture_output=True, text=True, check=True)
    assert done.stdout == floor.stdout
