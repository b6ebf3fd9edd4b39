"""HTML as readable text. Nothing remote is fetched and nothing is run.

A mail's tags are turned into marks for line ends and cells before it is parsed, and only those stay
that the parser is needed for: links, and what is not for reading. Its tree is then a tenth as large
(walking the whole one in Python takes ten times as long), and cannot outgrow its source: by HTML's
rules each paragraph opens anew every formatting element that is still open, so that 40 kB of
``<p><font>`` ask for gigabytes.
"""

import html
import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from clerk.intake.limits import MAX_HTML

# A line end, a cell's begin, a space to keep, and "this line stays even if it is blank".
_LINE, _CELL, _SPACE, _KEEP = "\x01", "\x02", "\x03", "\x04"
_BLANK = _LINE + _KEEP + _LINE
_CONTROLS: Final = re.compile("[\x01-\x04]")
_TAG: Final = re.compile(r"(<(/?[a-zA-Z][a-zA-Z0-9]*+)(?:[^<>]*+>)?)")


def _names(names: str) -> frozenset[str]:
    """The tags that open and close these elements."""
    return frozenset(names.split()) | {f"/{name}" for name in names.split()}


_HIDDEN: Final = _names(
    "head script style template noscript title object svg math iframe noframes noembed"
)
_KEPT: Final = _HIDDEN | _names("a pre textarea xmp plaintext")
_MARKS: Final = (
    dict.fromkeys(_names("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote table hr"), _BLANK)
    | dict.fromkeys(
        _names(
            "div dt dd address article section header footer main form fieldset center figure"
            " select option caption"
        ),
        _LINE,
    )
    | {"br": _KEEP + _LINE, "li": _LINE + "- ", "td": _CELL, "th": _CELL}
)
_MAX_NESTED: Final = 200
_MAX_LINKS: Final = 10_000
_MAX_LINK: Final = 1_000
_SHOWN_LINKS: Final = ("http://", "https://", "mailto:", "tel:")

_STRIPPED: Final = re.compile(r"<[/!?a-zA-Z][^<>]*+>?")
_UNSEEN: Final = re.compile(r"(?s:<(script|style|head)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z))", re.I)


def readable(source: str, defects: set[str]) -> str:
    """The text of an HTML document: blocks as lines, links followed by their address."""
    if len(source) > MAX_HTML:
        defects.add("text.cut")
        source = source[:MAX_HTML]
    if any(mark in source for mark in (_LINE, _CELL, _SPACE, _KEEP)):
        source = _CONTROLS.sub(" ", source)
    pieces = _TAG.split(source)
    kept = _mark(pieces)
    if kept is None:
        defects.add("html.hostile")
        return _lines(_without_tags(source))
    hidden = [name for name in sorted(_HIDDEN & kept) if name[0] != "/"]
    try:
        return _lines(_text(LexborHTMLParser("".join(pieces)), hidden))
    except (SelectolaxError, ValueError, RuntimeError):
        defects.add("html.broken")
        return _lines(_without_tags(source))


def _mark(pieces: list[str]) -> set[str] | None:
    """Replace tags by marks in a source that was split into text, tag, name, text and so on.

    Returns the names of the tags that stay, None where these would nest without bounds.
    """
    kept: set[str] = set()
    nested = links = 0
    row = False
    for at in range(1, len(pieces), 3):
        name = pieces[at + 1].lower()
        pieces[at + 1] = ""
        if name in _KEPT or pieces[at][-1] != ">":
            kept.add(name)
            if name == "pre":
                pieces[at] = _BLANK + pieces[at]
            elif name == "/pre":
                pieces[at] += _BLANK
            if name == "a":
                links += 1
            else:
                nested += name[0] != "/"
        elif name == "tr":
            pieces[at] = ""
            row = True
        else:
            mark = _MARKS.get(name, "")
            if row and mark == _CELL:
                row, mark = False, _LINE
            pieces[at] = mark
    return None if nested > _MAX_NESTED or links > _MAX_LINKS else kept


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
    address = _CONTROLS.sub("", node.attributes.get("href") or "").strip()
    if not address.lower().startswith(_SHOWN_LINKS):
        return
    bare = address.partition(":")[2].strip("/")
    shown = node.text()
    if bare and bare not in shown:
        address = bare if address[:7].lower() == "mailto:" else address
        gap = " " if _CONTROLS.sub("", shown).strip() else ""
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
    text = html.unescape(_STRIPPED.sub(" ", _UNSEEN.sub(" ", source)))
    return text.replace("\r\n", "\n").replace("\n", _KEEP + _LINE)
