"""A terminal that is too small says so, and makes room by itself."""

import pytest
from rich.cells import cell_len
from textual.geometry import Size

from tests.widgets.asking import TINY, asking
from widgets.too_small import TooSmallScreen, size_lines, too_small


@pytest.mark.parametrize(
    ("size", "expected"),
    [((80, 24), False), ((120, 40), False), ((79, 24), True), ((80, 23), True), (TINY, True)],
)
def test_what_is_too_small(size: tuple[int, int], expected: bool) -> None:
    assert too_small(Size(*size)) is expected


def test_it_fits_the_smallest_window() -> None:
    lines = size_lines(Size(20, 5), Size(80, 24))
    assert len(lines) <= 5
    assert all(sum(cell_len(text) for text, _ in line) <= 20 for line in lines)


async def test_it_names_both_sizes_and_goes_when_there_is_room() -> None:
    async with asking(TooSmallScreen(), TINY) as asked:
        assert "20x5" in asked.text()
        assert "80x24" in asked.text()
        await asked.resize(60, 20)
        assert "60x20" in asked.text()
        assert asked.results == []
        await asked.resize(80, 24)
        assert asked.results == [None]


async def test_a_single_cell_is_no_crash() -> None:
    async with asking(TooSmallScreen(), (1, 1)) as asked:
        asked.assert_only_text()
