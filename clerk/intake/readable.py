"""HTML as readable text. Nothing remote is fetched and nothing is run.

Marks for line ends and cells are put into the source before it is parsed: walking the tree in
Python instead takes ten times as long.
"""

import html
import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from clerk.intake.limits import MAX_HTML

# A line end, a cell's begin, a space to keep, and "this line stays even if it is blank".
_LINE, _CELL, _SPACE, _KEEP = "\x01", "\x02", "\x03", "\x04"
_BLANK = _LINE + _KEEP + _LINE
_MARKS: Final = re.compile("[\x01-\x04]")
_TAG: Final = re.compile(r"(<(/?[a-zA-Z][a-zA-Z0-9]*+)(?:[^<>]*+>)?)")


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_DROPPED: Final = _names("head script style template noscript title object svg")
_PARAGRAPHS: Final = _names("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table hr")
_SECTIONS: Final = _names(
    "div dt dd address article section header footer main form fieldset center figure textarea"
    " select option"
)
_FORMATTING: Final = _names("a b big code em font i nobr s small strike strong tt u")
# Elements that end by themselves before their like.
_UNNESTED: Final = _names(
    "area base br col dd dt hr img input li link meta option p param tbody td th thead tr wbr"
    " body html head"
)
_BEFORE: Final = dict.fromkeys(_PARAGRAPHS, _BLANK) | dict.fromkeys(_SECTIONS, _LINE)
_AFTER: Final = {f"/{name}": mark for name, mark in _BEFORE.items()} | {
    "br": _KEEP + _LINE,
    "li": _LINE + "- ",
    "tr": _LINE,
    "td": _CELL,
    "th": _CELL,
}
_MAX_OPEN: Final = 1_000
_MAX_WORK: Final = 400_000

_STRIPPED: Final = re.compile(r"<[/!?a-zA-Z][^<>]*+>?")
_HIDDEN: Final = re.compile(r"(?s:<(script|style|head)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z))", re.I)
_SHOWN_LINKS: Final = ("http://", "https://", "mailto:", "tel:")
_MAX_LINK: Final = 1_000


def readable(source: str, defects: set[str]) -> str:
    """The text of an HTML document: blocks as lines, links followed by their address."""
    if len(source) > MAX_HTML:
        defects.add("text.cut")
        source = source[:MAX_HTML]
    source = _MARKS.sub(" ", source)
    pieces = _TAG.split(source)
    names = [name.lower() for name in pieces[2::3]]
    if not _is_tame(names):
        defects.add("html.hostile")
        return _lines(_without_tags(source))
    dropped = _DROPPED.intersection(names)
    try:
        return _lines(_text(LexborHTMLParser(_marked(pieces, names)), sorted(dropped)))
    except (SelectolaxError, ValueError, RuntimeError):
        defects.add("html.broken")
        return _lines(_without_tags(source))


def _marked(pieces: list[str], names: list[str]) -> str:
    """The source with marks where a reader sees a line end or a new cell.

    ``pieces`` is the source split at its tags: text, tag, the tag's name, text, and so on.
    """
    row = False
    for at, name in zip(range(1, len(pieces), 3), names, strict=True):
        mark = _AFTER.get(name, "")
        if mark:
            if name == "tr":
                row, mark = True, ""
            elif mark == _CELL and row:
                row, mark = False, _LINE
            if pieces[at][-1] != ">":
                mark = ""
        elif name in _BEFORE:
            pieces[at] = _BEFORE[name] + pieces[at]
        pieces[at + 1] = mark
    return "".join(pieces)


def _is_tame(names: list[str]) -> bool:
    """Whether a document with these tags gives a tree near the size of its source.

    HTML's rules open every open formatting element anew in each paragraph and look through all
    open elements at each block, so that 40 kB can ask for gigabytes or minutes.
    """
    counts = Counter(names)
    formats = sum(counts[name] for name in _FORMATTING)
    others = sum(n for name, n in counts.items() if name[0] != "/" and name not in _UNNESTED)
    if formats * len(names) <= _MAX_WORK and others <= _MAX_OPEN:
        return True
    formats = others = work = 0
    for name in names:
        if name in _FORMATTING:
            formats += 1
        elif name[0] != "/":
            others += name not in _UNNESTED
        elif name[1:] in _FORMATTING:
            formats -= formats > 0
        else:
            others -= others > 0 and name[1:] not in _UNNESTED
        work += formats
        if others > _MAX_OPEN or work > _MAX_WORK:
            return False
    return True


def _text(document: LexborHTMLParser, dropped: list[str]) -> str:
    """The document's text, still with its marks."""
    root = document.body or document.root
    if root is None:
        return ""
    if dropped:
        root.strip_tags(dropped, recursive=True)
    for node in root.css("a[href]"):
        _show_address(node)
    for node in reversed(root.css("pre")):
        lines = node.text().replace("\r\n", "\n").split("\n")
        kept = (line.replace(" ", _SPACE).replace("\t", _SPACE * 4) for line in lines)
        node.replace_with((_KEEP + _LINE).join(kept))
    return root.text()


def _show_address(node: LexborNode) -> None:
    """Put a link's address behind its text, unless the text is the address."""
    address = _MARKS.sub("", node.attributes.get("href") or "").strip()
    if not address.lower().startswith(_SHOWN_LINKS):
        return
    bare = address.partition(":")[2].strip("/")
    shown = node.text()
    if bare and bare not in shown:
        address = bare if address[:7].lower() == "mailto:" else address
        gap = " " if _MARKS.sub("", shown).strip() else ""
        node.insert_after(f"{gap}({address[:_MAX_LINK]}) ")


def _lines(marked: str) -> str:
    """Lines with space collapsed, at most one blank line in a row."""
    found: list[str] = []
    for piece in marked.split(_LINE):
        if _CELL in piece:
            cells = (" ".join(cell.split()) for cell in piece.replace(_KEEP, "").split(_CELL))
            line = "\t".join(cell for cell in cells if cell)
        else:
            line = " ".join(piece.replace(_KEEP, "").split())
        if line and line != "-":
            found.append(line.replace(_SPACE, " ").rstrip())
        elif _KEEP in piece and found and found[-1]:
            found.append("")
    return "\n".join(found).strip("\n")


def _without_tags(source: str) -> str:
    """The text without anything that looks like a tag: for what no parser should be given."""
    text = html.unescape(_STRIPPED.sub(" ", _HIDDEN.sub(" ", source)))
    return text.replace("\r\n", "\n").replace("\n", _KEEP + _LINE)
