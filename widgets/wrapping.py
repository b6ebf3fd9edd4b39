"""Lines of styled text cut into rows that fit a width in cells. Pure; knows no widget.

A line is a tuple of runs ``(text, style name)``; ``""`` is the style of the widget itself. Foreign
text becomes printable here (:func:`clerk.text.display`), so nothing else can reach a row.
"""

from collections.abc import Iterator

from rich.cells import cell_len, get_character_cell_size

from clerk.text import display

Run = tuple[str, str]
Line = tuple[Run, ...]
Row = tuple[list[Run], int]  # the runs and how many cells they take

# A run with this text takes what is left of the row, in its style. It cannot be displayed text.
FILL = "\0fill"
ELLIPSIS = "…"

_EMOJI_SELECTOR = "\ufe0f"
# Combining marks take no cell; a pile of them must not make a row endless.
_CHARACTERS_PER_CELL = 4
# Characters of one cell each: nearly all a German office reads; a set test runs at C speed.
_PLAIN_RANGES = (
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x2FF), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x20AC, 0x20AC), (0x2190, 0x2193), (0x2500, 0x257F), (0xFFFD, 0xFFFD),
)  # fmt: skip
_PLAIN = frozenset(chr(c) for first, last in _PLAIN_RANGES for c in range(first, last + 1))
_is_plain = _PLAIN.issuperset


def fit(text: str, start: int, width: int) -> tuple[int, int]:
    """How much of ``text[start:]`` fits into ``width`` cells: ``(end, cells)``.

    Takes at least one character, keeps combining marks with the character before them and never
    cuts a wide character in two.
    """
    window = text[start : start + max(1, width)]
    end = start + len(window)
    if _is_plain(window) and (end >= len(text) or text[end] in _PLAIN):
        return end, len(window)
    cells = 0
    limit = min(len(text), start + _CHARACTERS_PER_CELL * max(1, width))
    for end in range(start, limit):
        character = text[end]
        if character == _EMOJI_SELECTOR and end > start:
            base = text[end - 1]
            step = cell_len(base + character) - get_character_cell_size(base)
            if cells + step > width and end - 1 > start:
                return end - 1, cells - get_character_cell_size(base)
        else:
            step = get_character_cell_size(character)
            if cells + step > width and end > start:
                return end, cells
        cells += step
    return limit, cells


def wrap(line: Line, width: int) -> Iterator[Row]:
    """The rows of a line, broken at spaces where there are any; one empty row for an empty line.

    Lazy: a line of 100,000 characters costs only the rows that are asked for.
    """
    text = display(line[0][0] if len(line) == 1 else "".join([run[0] for run in line]))
    size = len(text)
    if not size:
        yield [], 0
        return
    start = 0
    while start < size:
        end, cells = fit(text, start, width)
        following = end
        if end < size:
            if text[end] != " ":
                space = text.rfind(" ", start, end)
                if space > start and not text[start:space].isspace():
                    end, cells = space, cell_len(text[start:space])
            following = end
            while following < size and text[following] == " ":
                following += 1
        yield _cut_out(line, text, start, end), cells
        start = following


def clip(line: Line, width: int) -> Row:
    """The line as one row of at most ``width`` cells; a cut is shown by an ellipsis.

    A :data:`FILL` run takes what is left; where the row is too narrow, what stands before the
    first one is cut and what stands behind it is kept.
    """
    shown: list[Run] = []
    for text, style in line:
        if text == FILL:
            shown.append((text, style))
        elif text:
            shown.append((display(text[: _CHARACTERS_PER_CELL * (width + 1)]), style))
    fill = next((i for i, run in enumerate(shown) if run[0] == FILL), None)
    if fill is None:
        return _shorten(shown, width)
    right, right_cells = _shorten([run for run in shown[fill + 1 :] if run[0] != FILL], width)
    left, left_cells = _shorten(shown[:fill], width - right_cells)
    rest = width - left_cells - right_cells
    if rest > 0:
        left.append((" " * rest, shown[fill][1]))
    return left + right, left_cells + max(0, rest) + right_cells


def _cut_out(line: Line, text: str, start: int, end: int) -> list[Run]:
    """The runs of ``text[start:end]``, ``text`` being the whole line."""
    if len(line) == 1:
        return [(text[start:end], line[0][1])]
    runs: list[Run] = []
    at = 0
    for source, style in line:
        until = at + len(source)
        if until > start and at < end:
            runs.append((text[max(at, start) : min(until, end)], style))
        if until >= end:
            break
        at = until
    return runs


def _shorten(runs: list[Run], width: int) -> Row:
    cells = sum([cell_len(text) for text, _ in runs])
    if cells <= width:
        return list(runs), cells
    if width <= 0:
        return [], 0
    kept: list[Run] = []
    room = width - 1
    for text, style in runs:
        length = cell_len(text)
        if length > room:
            end, used = fit(text, 0, room) if room else (0, 0)
            if used > room:
                end, used = 0, 0
            kept.append((text[:end] + ELLIPSIS, style))
            return kept, width - room + used
        kept.append((text, style))
        room -= length
    return kept, width
