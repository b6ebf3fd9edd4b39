"""The window against a plain list: whatever is done to either, nothing is shown twice or skipped.

Pages of 4 and windows of 16 rows, so that a few steps read, drop and read again.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.widgets.plain_list import PlainList, Row, rows
from widgets import window as module
from widgets.window import Window

PAGE, MOST = 4, 16
steps = st.one_of(st.integers(-3, 3), st.integers(-60, 60))
places = st.integers(-5, 405)


class WindowMachine(RuleBasedStateMachine):
    """``list`` is what there is; the window may lag behind until it is read anew, never lie."""

    def __init__(self) -> None:
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(module, "PAGE", PAGE)
        self._patch.setattr(module, "MOST_ROWS", MOST)

    def teardown(self) -> None:
        self._patch.undo()

    @initialize(n=st.sampled_from([0, 1, 3, 4, 5, 8, 17, 40]), knows_total=st.booleans())
    def begin(self, n: int, knows_total: bool) -> None:
        self.list = PlainList(rows(n), knows_total=knows_total)
        self.window: Window[Row] = Window(self.list)
        self.window.load()
        self._loaded()

    def _loaded(self) -> None:
        self.lasting = {row.id for row in self.list.rows}  # there since the list was read
        self.touched = False  # by others, since then

    # What a clerk does

    @rule(by=steps)
    def move(self, by: int) -> None:
        before, at = self.window.current, self.window.cursor
        shift = self.window.move(by)
        if before is None or self.touched:
            return
        wanted = self.list.index(before.id) + by
        assert self.window.current == self.list.rows[max(0, min(wanted, len(self.list.rows) - 1))]
        if before in self.window.rows:  # otherwise it is so far away that it was dropped
            assert self.window.rows[at + shift] == before

    @rule()
    def home(self) -> None:
        self.window.first()
        if not self.touched:
            assert self.window.current == next(iter(self.list.rows), None)

    @rule()
    def end(self) -> None:
        self.window.last()
        if not self.touched:
            assert self.window.current == next(reversed(self.list.rows), None)

    @rule(above=st.integers(0, 5), height=st.integers(1, 6))
    def look_around(self, above: int, height: int) -> None:
        before = self.window.current
        top = self.window.cursor - above
        shift = self.window.reach(top, height)
        assert self.window.current == before
        if not self.touched and before is not None:
            first = max(0, self.list.index(before.id) - above)
            shown = self.window.rows[max(0, top + shift) : max(0, top + shift) + height - above]
            assert shown == self.list.rows[first:][: len(shown)]

    @rule(height=st.integers(1, 8))
    def read_ahead(self, height: int) -> None:
        before = self.window.current
        self.window.read_ahead(height)
        assert self.window.current == before

    @rule(data=st.data())
    @precondition(lambda self: self.window.rows)
    def decide(self, data: st.DataObject) -> None:
        """Rows leave the list by the clerk's own act: those in sight, or marked ones far away."""
        near = [row.id for row in self.window.rows]
        far = [row.id for row in self.list.rows]
        there = [one for one in near if self.list.holds(one)]
        chosen = data.draw(st.sets(st.sampled_from([*there, *far] or near), min_size=1))
        before = self.window.current
        assert before is not None
        self.list.drop(chosen)
        self.lasting -= chosen
        self.window.remove(chosen)
        if before.id not in chosen and self.list.holds(before.id):
            assert self.window.current == before
        elif not self.touched:
            assert self.window.current == self.list.at_or_behind(before)

    @rule(by=steps)
    @precondition(lambda self: self.list.rows)
    def decide_on_all_in_memory(self, by: int) -> None:
        self.window.move(by)
        self.read_anew()
        last = self.window.rows[-1]
        self.list.drop(row.id for row in self.window.rows)
        self.lasting -= {row.id for row in self.window.rows}
        self.window.remove({row.id for row in self.window.rows})
        if not self.touched:
            assert self.window.current == self.list.at_or_behind(last)

    @rule()
    def read_anew(self) -> None:
        before = self.window.current
        self.window.load(before)
        self._loaded()
        if before is None:
            assert self.window.current == next(iter(self.list.rows), None)
        else:
            assert self.window.current == self.list.at_or_behind(before)

    @rule(odd=st.booleans())
    def filter(self, odd: bool) -> None:
        before = self.window.current
        self.list = self.list.narrowed(lambda row: row.place % 20 == (10 if odd else 0))
        self.window.source = self.list
        self.window.load(before)
        self._loaded()
        assert before is None or self.window.current == self.list.at_or_behind(before)

    # What others do: nothing moves until it is asked for

    @rule(place=places)
    def others_add(self, place: int) -> None:
        seen, at = list(self.window.rows), self.window.cursor
        self.list.add(place)
        self.touched = True
        assert (self.window.rows, self.window.cursor) == (seen, at)

    @rule(data=st.data())
    @precondition(lambda self: self.list.rows)
    def others_drop(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.list.rows)).id
        self.list.drop([gone])
        self.lasting -= {gone}
        self.touched = True

    @rule(data=st.data(), text=st.text(max_size=3))
    @precondition(lambda self: self.window.rows)
    def change(self, data: st.DataObject, text: str) -> None:
        row = data.draw(st.sampled_from(self.window.rows))
        if self.list.holds(row.id):
            new = self.list.change(row.id, text)
            at = self.window.rows.index(row)
            self.window.replace({row.id: new})
            assert self.window.rows[at] == new

    # What always holds

    @invariant()
    def nothing_twice_and_in_order(self) -> None:
        keys = [row.key for row in self.window.rows]
        assert keys == sorted(set(keys), key=_sortable)

    @invariant()
    def nothing_is_skipped(self) -> None:
        shown = self.window.rows
        ids = {row.id for row in shown}
        lasting = [row for row in self.list.rows if row.id in self.lasting]
        if not shown:
            assert not lasting
            return
        low, high = _sortable(shown[0].key), _sortable(shown[-1].key)
        for row in lasting:
            inside = low <= _sortable(row.key) <= high
            assert row.id in ids or not inside
            assert (
                inside
                or (_sortable(row.key) < low and not self.window._at_start)
                or (_sortable(row.key) > high and not self.window._at_end)
            )

    @invariant()
    def memory_is_bounded(self) -> None:
        assert len(self.window.rows) <= MOST

    @invariant()
    def the_cursor_is_on_a_row(self) -> None:
        assert 0 <= self.window.cursor < max(1, len(self.window.rows))

    @invariant()
    def figures_are_true_or_unknown(self) -> None:
        assert self.window.newer(100) >= 0
        if self.touched:
            return
        assert self.window.total in (None, len(self.list.rows))
        if self.window.current is not None and self.window.position is not None:
            assert self.list.rows[self.window.position] == self.window.current
        assert self.window.newer(100) == 0
        assert self.window.ids(7) == [row.id for row in self.list.rows[:7]]


def _sortable(key: tuple[str | int | None, ...]) -> tuple[int, str]:
    place, row_id = key
    assert isinstance(place, int)
    assert isinstance(row_id, str)
    return (place, row_id)


TestWindow = WindowMachine.TestCase
TestWindow.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
