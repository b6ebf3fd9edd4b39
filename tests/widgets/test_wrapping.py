"""Lines cut into rows: by cells, at spaces, and never with anything but printable text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from clerk.text import display
from widgets import wrapping
from widgets.wrapping import FILL, Line, clip, fit, wrap


def rows(line: Line, width: int) -> list[str]:
    return ["".join(text for text, _ in runs) for runs, _ in wrap(line, width)]


def clipped(line: Line, width: int) -> str:
    return "".join(text for text, _ in clip(line, width)[0])


def test_characters_taken_for_one_cell_are_one_cell_wide() -> None:
    assert [c for c in wrapping._PLAIN if get_character_cell_size(c) != 1] == []


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("kurz", 10, ["kurz"]),
        ("genau zehn", 10, ["genau zehn"]),
        ("an Leerzeichen brechen", 10, ["an", "Leerzeiche", "n brechen"]),
        ("Straße und Laterne", 7, ["Straße", "und", "Laterne"]),
        ("zu lang fürs Wort", 3, ["zu", "lan", "g", "für", "s", "Wor", "t"]),
        ("   eingerückt", 12, ["   eingerück", "t"]),
        ("a     b", 3, ["a  ", "b"]),
        ("日本語", 4, ["日本", "語"]),
        ("日本語", 3, ["日", "本", "語"]),
        ("日", 1, ["日"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("ab\u0301", 2, ["ab\u0301"]),
        ("a\x1bb\u202ec", 10, ["a\ufffdb\ufffdc"]),
    ],
)
def test_rows(text: str, width: int, expected: list[str]) -> None:
    assert rows(((text, ""),), width) == expected


def test_styles_stay_with_their_text_over_rows() -> None:
    line = (("Von: ", "muted"), ("Müller Straße", "strong"))
    assert [runs for runs, _ in wrap(line, 11)] == [
        [("Von: ", "muted"), ("Müller", "strong")],
        [("Straße", "strong")],
    ]


def test_an_emoji_selector_widens_its_character_and_stays_with_it() -> None:
    assert rows((("❤️❤️", ""),), 2) == ["❤️", "❤️"]
    assert rows((("a❤️", ""),), 2) == ["a", "❤️"]


@given(st.text(max_size=200), st.integers(2, 40))
def test_every_row_fits_and_no_word_is_lost(text: str, width: int) -> None:
    line = ((text[:50], "a"), (text[50:], "b"))
    found = list(wrap(line, width))
    shown = "".join(run for runs, _ in found for run, _ in runs)
    assert all(cells <= width for _, cells in found)
    assert all(cells == cell_len("".join(t for t, _ in runs)) for runs, cells in found)
    assert shown.isprintable()
    assert shown.replace(" ", "") == display(text).replace(" ", "")


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 50))
def test_a_clipped_row_never_exceeds_its_width(left: str, right: str, width: int) -> None:
    runs, cells = clip(((left, ""), (FILL, ""), (right, "muted")), width)
    assert cells == sum(cell_len(text) for text, _ in runs)
    assert cells <= width
    assert all(text.isprintable() for text, _ in runs)


def test_a_cut_shows_an_ellipsis() -> None:
    assert clipped((("abcdef", ""),), 6) == "abcdef"
    assert clipped((("abcdefg", ""),), 6) == "abcde…"
    assert clipped((("日本語", ""),), 4) == "日…"


def test_fill_pushes_to_the_right_edge_and_the_left_part_yields() -> None:
    line = (("links", ""), (FILL, ""), ("rechts", "muted"))
    assert clipped(line, 15) == "links    rechts"
    assert clipped(line, 9) == "li…rechts"
    assert clipped(line, 4) == "rec…"


def test_a_long_text_costs_only_the_rows_asked_for() -> None:
    lazily = wrap((("x" * 100_000, ""),), 80)
    assert next(lazily)[0] == [("x" * 80, "")]
    assert fit("e" + "\u0301" * 100_000, 0, 10)[0] <= 40
