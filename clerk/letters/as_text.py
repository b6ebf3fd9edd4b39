"""A letter's HTML as lines for a terminal: what the same template says, without its page."""

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

Run = tuple[str, str]
Lines = list[tuple[Run, ...]]
"""Lines of runs: a text, and its style: '', "strong" or "title"."""

_TITLES: Final = frozenset(f"h{n}" for n in range(1, 7))
_BLOCKS: Final = _TITLES | {"p", "div", "ul", "ol", "li", "table", "figure", "section"}
_GAP: Final = "  "


def lines_of(html: str) -> Lines:
    """The lines of a document, a blank one between its blocks."""
    body = LexborHTMLParser(html).body
    out = list(_blocks(body)) if body is not None else []
    while out and not out[-1]:
        out.pop()
    return out


def _blocks(parent: LexborNode) -> Iterator[tuple[Run, ...]]:
    loose: list[LexborNode] = []
    for node in parent.iter(include_text=True):
        if node.tag not in _BLOCKS:
            loose.append(node)
            continue
        yield from _paragraph(loose)
        loose = []
        if node.tag == "table":
            yield from _table(node)
            yield ()
        elif node.tag in _TITLES:
            yield from _lines(_runs(node, "title"))
            yield ()
        elif node.tag == "li":
            first = "– "
            for line in _blocks(node):
                if line:
                    yield ((first, ""), *line)
                    first = "  "
        else:
            yield from _blocks(node)
            if node.tag in ("ul", "ol"):
                yield ()
    yield from _paragraph(loose)


def _paragraph(nodes: list[LexborNode]) -> Iterator[tuple[Run, ...]]:
    found = [line for line in _lines(run for node in nodes for run in _inline(node, "")) if line]
    if found:
        yield from found
        yield ()


def _runs(node: LexborNode, style: str) -> Iterator[Run]:
    for child in node.iter(include_text=True):
        yield from _inline(child, style)


def _inline(node: LexborNode, style: str) -> Iterator[Run]:
    if node.tag == "-text":
        yield node.text_content or "", style
    elif node.tag == "br":
        yield "\n", style
    else:
        yield from _runs(node, style or ("strong" if node.tag in ("strong", "b") else ""))


def _lines(runs: Iterator[Run]) -> Iterator[tuple[Run, ...]]:
    """Runs broken at line ends."""
    line: list[Run] = []
    for words, style in runs:
        for n, part in enumerate(words.split("\n")):
            if n:
                yield tuple(line)
                line = []
            if part:
                line.append((part, style))
    yield tuple(line)


def _table(node: LexborNode) -> Iterator[tuple[Run, ...]]:
    """Rows in columns; the last column is as wide as it is."""
    rows = [
        [" ".join(words for words, _style in _runs(cell, "")).strip() for cell in row.css("td, th")]
        for row in node.css("tr")
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    for row in rows:
        *firsts, last = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield (*((cell + _GAP, "muted") for cell in firsts), (last.rstrip(), ""))
