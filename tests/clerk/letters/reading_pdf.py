"""What stands in a PDF: its text, its structure, its picture."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, cast

import pikepdf
import pypdfium2
import zxingcpp

if TYPE_CHECKING:
    from PIL.Image import Image


def words_of(pdf: bytes) -> str:
    """The text of all pages, blanks and line ends as one blank."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\xad", "").split())


def place_of(pdf: bytes, words: str) -> tuple[float, float]:
    """Where words begin on the first page: mm from its left and from its upper edge."""
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found is not None, words
    left, _bottom, _right, top = text.get_charbox(found[0], loose=True)
    return left / 72 * 25.4, (page.get_height() - top) / 72 * 25.4


def pictures_of(pdf: bytes, scale: float = 3.0) -> "list[Image]":
    """Each page as it is printed."""
    return [page.render(scale=scale).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def codes_of(pdf: bytes) -> list[str]:
    """What the QR codes on its pages say, as a banking app reads them from paper."""
    return [code.text for page in pictures_of(pdf) for code in zxingcpp.read_barcodes(page)]


def tags_of(pdf: bytes) -> list[str]:
    """The types of its structure elements, in the order of reading."""
    found: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for one in cast("list[pikepdf.Object]", node):
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    with pikepdf.open(BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


_PAINTS = frozenset(
    ("Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh")
)


@dataclass
class Painted:
    """What a page paints: how many operators do, which of them stand in no marked content, and the
    ids (MCID) of the marked content that has one."""

    painted: int = 0
    loose: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)


def painted_of(page: pikepdf.Page) -> Painted:
    """Walk through the content of a page."""
    found, depth = Painted(), 0
    for one in pikepdf.parse_content_stream(page):
        name, operands = str(one.operator), list(one.operands)
        if name in ("BDC", "BMC"):
            depth += 1
            if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary):
                ids = operands[1].get("/MCID")
                found.ids += [] if ids is None else [int(ids)]
        elif name == "EMC":
            depth -= 1
        elif name in _PAINTS:
            found.painted += 1
            if depth == 0:
                found.loose.append(name)
    return found


def contents_of(tree: pikepdf.Object) -> list[int]:
    """The ids of the marked content that the structure names."""
    found: list[int] = []

    def walk(node: pikepdf.Object | int) -> None:
        if isinstance(node, int):
            found.append(node)
        elif isinstance(node, pikepdf.Array):
            for one in cast("list[pikepdf.Object]", node):
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/MCID" in node:
                found.append(int(node["/MCID"]))
            elif "/K" in node:
                walk(node["/K"])

    walk(tree["/K"])
    return found
