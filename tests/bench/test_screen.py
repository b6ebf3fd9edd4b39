"""The screen model: what stands where after which output."""

import pytest

from bench.screen import Screen, UnknownSequenceError


def shown(output: str, columns: int = 10, rows: int = 3) -> str:
    """The screen's text after the output, fed byte by byte: cuts must not matter."""
    screen = Screen(columns, rows)
    for byte in output.encode():
        screen.feed(bytes([byte]))
    return screen.view().text()


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("a\r\nb", "a\nb\n"),
        ("0123456789x", "0123456789\nx\n"),
        ("0123456789\r\nx", "0123456789\nx\n"),
        ("a\r\nb\r\nc\r\nd", "b\nc\nd"),
        ("\x1b[?7l0123456789xy", "012345678y\n\n"),
        ("abc\x1b[2;4Hx\x1b[Hy", "ybc\n   x\n"),
        ("abc\x1b[2Dx\x1b[By", "axc\n  y\n"),
        ("abcdef\x1b[3G\x1b[K", "ab\n\n"),
        ("abcdef\x1b[3G\x1b[1K", "   def\n\n"),
        ("abcdef\x1b[3G\x1b[2X", "ab  ef\n\n"),
        ("ab\r\ncd\x1b[1;2H\x1b[J", "a\n\n"),
        ("ab\r\ncd\x1b[2J", "\n\n"),
        ("a\tb", "a       b\n\n"),
        ("ab\bc", "ac\n\n"),
        ("Büro 日本", "Büro 日本\n\n"),
        ("e\u0301x", "ex\n\n"),
        ("012345678日", "012345678\n日\n"),
        ("\x1b]0;title\x07a\x1bP+q544e\x1b\\b", "ab\n\n"),
        ("before\x1b[?1049hafter", "      afte\nr\n"),
        ("\x1b[?2026hab", "\n\n"),
        ("\x1b[?2026hab\x1b[?2026l", "ab\n\n"),
    ],
)
def test_text(output: str, text: str) -> None:
    assert shown(output) == text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("\x1b[1;31ma", "\x1b[31m\x1b[1ma", True),
        ("\x1b[38;2;1;2;3ma", "\x1b[38;2;1;2;4ma", False),
        ("\x1b[48;5;7ma", "\x1b[38;5;7ma", False),
        ("\x1b[7ma", "\x1b[7m\x1b[27ma", False),
        ("\x1b[1;2m\x1b[22ma", "a", True),
        ("\x1b[4;44m\x1b[0ma", "a", True),
        ("\x1b[91m\x1b[39ma", "a", True),
        ("a\x1b[?25l", "a", False),
        ("a\x1b[?25l\x1b[H", "a\x1b[?25l", True),
    ],
)
def test_looks(one: str, other: str, same: bool) -> None:
    screens = Screen(4, 2), Screen(4, 2)
    for screen, output in zip(screens, (one, other), strict=True):
        screen.feed(output.encode())
    assert (screens[0].view() == screens[1].view()) is same


@pytest.mark.parametrize("output", ["\x1b[3S", "\x1bM", "\x1b[\x01"])
def test_what_it_does_not_know_is_an_error(output: str) -> None:
    with pytest.raises(UnknownSequenceError):
        Screen(4, 2).feed(output.encode())
