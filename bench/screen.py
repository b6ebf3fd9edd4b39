"""The screen of the pseudo terminal: what a person would see of what a program wrote.

It knows what Textual sends and what plain output needs; a sequence it does not know is an error,
because a screen that guesses would make figures up.
"""

import re
import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

CURSOR_SHOWN, AUTOWRAP, SYNCHRONIZED, ALTERNATE = 25, 7, 2026, 1049

_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<private>[<=>?]?)(?P<numbers>[0-9:;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b[\]PX^_].*?(?:\x1b\\|\x07)"  # titles, colours, device control: nothing to see
    r"|\x1b[ -/].|\x1b[=>]"  # character sets, keypad modes
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(\[[<=>?]?[0-9:;]*[ -/]*|[\]PX^_].*|[ -/])?\Z", re.DOTALL)
_WITHOUT_EFFECT = "cnqtugI"  # queries, cursor shape, window, keyboard protocol, tab stops, focus


class Style(NamedTuple):
    """Colours as they were sent, and flags (bold 1, italic 3, underline 4, reverse 7, ...)."""

    foreground: str = ""
    background: str = ""
    flags: frozenset[int] = frozenset()


class Cell(NamedTuple):
    """One column of one row; the second half of a wide character is empty."""

    character: str = " "
    style: Style = Style()


class View(NamedTuple):
    """All that is visible at a moment: rows of cells, and the cursor (x, y) where it is shown."""

    rows: tuple[tuple[Cell, ...], ...]
    cursor: tuple[int, int] | None

    def text(self) -> str:
        return "\n".join("".join(cell.character for cell in row).rstrip() for row in self.rows)


class UnknownSequenceError(Exception):
    """The program sent a sequence whose effect this screen does not know."""


class Screen:
    """Rows of cells, changed by ``feed``; ``view`` is what a person sees of them."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.height = columns, rows
        self.x = self.y = 0
        self._style = Style()
        self._modes = {CURSOR_SHOWN, AUTOWRAP}
        self._held: View | None = None
        self._rest = ""
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._clear()

    def view(self) -> View:
        """What is visible; during a synchronized update that is what was visible before it."""
        if self._held is not None:
            return self._held
        cursor = (min(self.x, self.columns - 1), self.y) if CURSOR_SHOWN in self._modes else None
        return View(tuple(map(tuple, self._rows)), cursor)

    def feed(self, data: bytes) -> None:
        """Take in output. A sequence that is cut off at the end waits for the next call."""
        text, at = self._rest + self._decode(data), 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                if _UNFINISHED.match(text, at):
                    break
                raise UnknownSequenceError(repr(text[at : at + 20]))
            at = token.end()
            if (written := token["text"]) is not None:
                self._write(written)
            elif (control := token["control"]) is not None:
                self._control(control)
            elif (final := token["final"]) is not None:
                self._sequence(token["private"], token["numbers"], token["between"], final)
        self._rest = text[at:]

    def _clear(self) -> None:
        self._rows = [[Cell()] * self.columns for _ in range(self.height)]

    def _write(self, text: str) -> None:
        for character in text:
            width = 1 if character.isascii() else _width(character)
            if width == 0:
                continue
            if self.x + width > self.columns:
                if AUTOWRAP in self._modes:
                    self.x = 0
                    self._line_feed()
                else:
                    self.x = self.columns - width
            row = self._rows[self.y]
            row[self.x] = Cell(character, self._style)
            if width == 2:
                row[self.x + 1] = Cell("", self._style)
            self.x += width

    def _control(self, control: str) -> None:
        if control == "\r":
            self.x = 0
        elif control in "\n\x0b\x0c":
            self._line_feed()
        elif control == "\b":
            self.x = max(0, min(self.x, self.columns - 1) - 1)
        elif control == "\t":
            self.x = min(self.columns - 1, self.x // 8 * 8 + 8)

    def _line_feed(self) -> None:
        if self.y < self.height - 1:
            self.y += 1
        else:
            self._rows = [*self._rows[1:], [Cell()] * self.columns]

    def _sequence(self, private: str, numbers: str, between: str, final: str) -> None:
        if between or final in _WITHOUT_EFFECT:
            return
        if final == "m":
            if not private:
                self._style = _restyled(self._style, numbers)
            return
        values = [int(number or 0) for number in numbers.split(";")]
        if final in "hl":
            for mode in values if private == "?" else ():
                self._switch(mode, final == "h")
        elif not private and final in "Hf":
            self._go(values[1] - 1 if len(values) > 1 else 0, values[0] - 1)
        elif not private and final in "ABCDEFGd":
            self._move(final, values[0])
        elif not private and final in "JKX":
            self._erase(final, values[0])
        else:
            raise UnknownSequenceError(f"CSI {private}{numbers}{between}{final}")

    def _switch(self, mode: int, on: bool) -> None:
        if mode == SYNCHRONIZED:
            self._held = self.view() if on else None
        elif mode == ALTERNATE:
            self._clear()
        (self._modes.add if on else self._modes.discard)(mode)

    def _go(self, x: int, y: int) -> None:
        self.x = max(0, min(self.columns - 1, x))
        self.y = max(0, min(self.height - 1, y))

    def _move(self, final: str, value: int) -> None:
        step, x = max(1, value), min(self.x, self.columns - 1)
        targets = {
            "A": (x, self.y - step),
            "B": (x, self.y + step),
            "C": (x + step, self.y),
            "D": (x - step, self.y),
            "E": (0, self.y + step),
            "F": (0, self.y - step),
            "G": (step - 1, self.y),
            "d": (x, step - 1),
        }
        self._go(*targets[final])

    def _erase(self, final: str, value: int) -> None:
        here = self.y * self.columns + min(self.x, self.columns - 1)
        row_start, end = self.y * self.columns, self.height * self.columns
        if final == "X":
            first, last = here, min(here + max(1, value), row_start + self.columns)
        else:
            start, stop = (0, end) if final == "J" else (row_start, row_start + self.columns)
            first = here if value == 0 else start
            last = here + 1 if value == 1 else stop
        blank = Cell(" ", Style(background=self._style.background))
        for place in range(first, last):
            self._rows[place // self.columns][place % self.columns] = blank


@cache
def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


@cache
def _restyled(style: Style, numbers: str) -> Style:
    """The style after ``CSI numbers m``."""
    foreground, background, flags = style
    words = iter(numbers.split(";"))
    for word in words:
        code, _, variant = word.partition(":")
        number = int(code or 0)
        if number in (38, 48):
            colour = variant or _colour(next(words, ""), words)
            foreground, background = (colour, background) if number == 38 else (foreground, colour)
        elif number == 0:
            foreground, background, flags = Style()
        elif number < 10:
            flags = flags - {number} if variant == "0" else flags | {number}
        elif number < 30:
            flags -= {1, 2} if number == 22 else {number - 20}
        elif number in (39, 49):
            foreground, background = ("", background) if number == 39 else (foreground, "")
        elif number // 10 in (3, 9):
            foreground = word
        elif number // 10 in (4, 10):
            background = word
    return Style(foreground, background, flags)


def _colour(kind: str, words: Iterator[str]) -> str:
    parts = 3 if kind == "2" else 1
    return ";".join([kind, *(next(words, "") for _ in range(parts))])
