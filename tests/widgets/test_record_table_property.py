"""The record table in a real app against a plain list: what is painted is what there is.

Each example is a list of steps by a clerk and by others; after each one the painted rows are
compared. Pages of 10 and a window of 60 rows on a screen of 12: a few steps read and drop rows.
"""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tests.widgets.plain_list import PlainList, Row, rows
from widgets import window
from widgets.columns import Column
from widgets.record_table import CURSOR_MARK, MARKED, RecordTable

SCREEN_ROWS, PAGE, MOST_ROWS, MOST_MARKED = 12, 10, 60, 20
Step = tuple[str, int]

STEPS = st.one_of(
    st.tuples(st.sampled_from(["down", "up", "pagedown", "pageup", "home", "end"]), st.just(0)),
    st.tuples(st.sampled_from(["mark", "mark_range", "mark_all", "clear"]), st.just(0)),
    st.tuples(st.sampled_from(["take", "take_marked", "F5", "even", "all"]), st.just(0)),
    st.tuples(
        st.sampled_from(["others_add", "others_drop", "others_change", "change"]),
        st.integers(0, 700),
    ),
)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "PAGE", PAGE)
    monkeypatch.setattr(window, "MOST_ROWS", MOST_ROWS)


@given(
    n=st.sampled_from([0, 1, 4, 9, 10, 12, 40, 110]),
    steps=st.lists(STEPS, max_size=30),
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_what_is_painted_is_what_there_is(n: int, steps: list[Step]) -> None:
    asyncio.run(_act_out(n, steps))


def test_a_window_full_of_steps_down_and_up_again() -> None:
    """The way that drops rows at both ends, which few random walks take."""
    asyncio.run(_act_out(110, [("pagedown", 0)] * 9 + [("up", 0)] * 110 + [("down", 0)] * 110))


def test_what_others_changed_is_painted_when_it_is_read_again() -> None:
    asyncio.run(_act_out(110, [("end", 0), ("others_change", 0), ("home", 0)]))


async def _act_out(n: int, steps: list[Step]) -> None:
    app = _App(PlainList(rows(n)))
    async with app.run_test(size=(60, SCREEN_ROWS + 1)) as pilot:
        await pilot.pause()
        bench = _Bench(app.table, app.list)
        bench.check()
        for name, number in steps:
            bench.step(name, number)
            bench.check()
            if name == "pagedown":
                await pilot.pause()  # what is read between two keys
                bench.check()


class _App(App[None]):
    def __init__(self, shown: PlainList) -> None:
        super().__init__()
        self.list = shown
        self.table: RecordTable[Row] = RecordTable(
            [
                Column(lambda: "Id", lambda row: f"{row.id}.", 8, 8),
                Column(lambda: "Text", lambda row: row.text, 8, 0),
            ],
            empty="nichts",
        )

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.show(self.list)


class _Bench:
    """The table, the list, and what must be so after each step."""

    def __init__(self, table: RecordTable[Row], shown: PlainList) -> None:
        self.table = table
        self.whole = shown
        self.marks: list[str] = []
        self._read(shown)

    def _read(self, shown: PlainList) -> None:
        self.list = shown
        self.lasting = {row.id for row in shown.rows}  # there since the list was read
        self.exact = True  # nobody else has done anything since then

    def step(self, name: str, number: int) -> None:
        """One act of ``STEPS``."""
        moves: dict[str, tuple[int, Callable[[], None]]] = {
            "down": (1, lambda: self.table.move(1)),
            "up": (-1, lambda: self.table.move(-1)),
            "pagedown": (SCREEN_ROWS, lambda: self.table.page(1)),
            "pageup": (-SCREEN_ROWS, lambda: self.table.page(-1)),
            "home": (-len(self.list.rows), self.table.home),
            "end": (len(self.list.rows), self.table.end),
        }
        if name in moves:
            self._move(*moves[name])
        elif name.startswith("others"):
            self._others(name, number)
        else:
            getattr(self, f"_{name.lower()}")(number)

    def _move(self, by: int, act: Callable[[], None]) -> None:
        before = self.table.current
        act()
        if self.exact and before is not None:
            here = self.list.rows
            place = self.list.index(before.id) + by
            assert self.table.current == here[max(0, min(len(here) - 1, place))]

    def _mark(self, _number: int) -> None:
        current = self.table.current
        self._move(1, self.table.toggle_mark)
        if current is not None and current.id in self.marks:
            self.marks.remove(current.id)
        elif current is not None:
            self.marks.append(current.id)

    def _mark_range(self, number: int) -> None:
        start = next((one for one in reversed(self.marks) if self.table.holds(one)), None)
        if start is None:
            self._mark(number)
            return
        self.table.mark_range()
        if self.exact and self.table.current is not None:
            low, high = sorted(map(self.list.index, (start, self.table.current.id)))
            between = [row.id for row in self.list.rows[low : high + 1]]
            self.marks += [one for one in between if one not in self.marks]
        else:
            self.marks = list(self.table.marked)

    def _mark_all(self, _number: int) -> None:
        self.table.mark_all(MOST_MARKED)
        ids = [row.id for row in self.list.rows[:MOST_MARKED]]
        self.marks += [one for one in ids if one not in self.marks]

    def _clear(self, _number: int) -> None:
        self.table.clear_marks()
        self.marks = []

    def _take(self, _number: int) -> None:
        if self.table.current is not None:
            self._take_out([self.table.current.id])

    def _take_marked(self, _number: int) -> None:
        self._take_out([one for one in self.marks if self.list.holds(one)])

    def _take_out(self, ids: list[str]) -> None:
        before = self.table.current
        self.list.drop(ids)
        self.lasting -= set(ids)
        self.marks = [one for one in self.marks if one not in ids]
        self.table.take_out(ids)
        if before is not None and (self.exact or self.list.holds(before.id)):
            here, there = self.table.current, self.list.at_or_behind(before)
            assert (here and here.id) == (there and there.id)
            # What others did to the row is painted when it is read again, not before.
            assert not self.exact or here == there

    def _f5(self, _number: int) -> None:
        before = self.table.current
        self.table.reload()
        self._read(self.list)
        if before is not None:
            assert self.table.current == self.list.at_or_behind(before)

    def _even(self, _number: int) -> None:
        self._show(self.whole.narrowed(lambda row: row.place % 20 == 0))

    def _all(self, _number: int) -> None:
        self._show(self.whole)

    def _show(self, shown: PlainList) -> None:
        before = self.table.current
        self.table.show(shown, at=before)
        self.marks = []
        self._read(shown)
        if before is not None:
            assert self.table.current == shown.at_or_behind(before)

    def _change(self, number: int) -> None:
        current = self.table.current
        if current is not None and self.list.holds(current.id):
            self.table.replace([self.list.change(current.id, f"t{number}")])

    # What others do: the cursor stays on its record, the rows on screen where they are

    def _others(self, what: str, number: int) -> None:
        before, painted = self.table.current, self._painted()
        if what == "others_add":
            self.list.add(number)
        elif self.list.rows:
            chosen = self.list.rows[number % len(self.list.rows)].id
            if what == "others_change":
                self.list.change(chosen, f"o{number}")
            else:
                self.list.drop([chosen])
                self.lasting.discard(chosen)
        self.exact = False
        assert self.table.current == before
        assert self._painted() == painted

    # What must be so

    def _painted(self) -> list[str]:
        lines = [self.table.render_line(y + 1).text for y in range(SCREEN_ROWS)]
        return [line for line in lines if "." in line]

    def check(self) -> None:
        """The rows on screen: each once, none left out, the cursor and the marks on theirs."""
        painted, current = self._painted(), self.table.current
        ids = [line[2:].split(".")[0] for line in painted]
        assert len(ids) == len(set(ids))
        assert len(self.table._window.rows) <= MOST_ROWS
        assert self.table.marked == tuple(self.marks)
        assert [line[1] == MARKED for line in painted] == [one in self.marks for one in ids]
        at_cursor = [line for line in painted if line.startswith(CURSOR_MARK)]
        if current is None:
            assert painted == []
            assert not self.lasting
            return
        assert [line[2:].split() for line in at_cursor] == [f"{current.id}. {current.text}".split()]
        places = {row.id: row for row in self.table._window.rows}
        low, high = places[ids[0]], places[ids[-1]]
        between = [row.id for row in self.list.rows if low.key <= row.key <= high.key]
        assert [one for one in between if one in self.lasting] == [
            one for one in ids if one in self.lasting
        ]
        assert len(ids) >= min(SCREEN_ROWS, len(self.lasting))
        assert not self.exact or ids == between
