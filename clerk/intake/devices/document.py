"""XML that nobody vouches for: the right encoding, no entities, no end without a limit.

A vendor's own sample declares ISO-8859-1 and is UTF-8 with a byte order mark, so what a file says
of its encoding is only the last thing looked at."""

import codecs
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Protocol

from clerk.i18n import _
from clerk.intake.devices.record import WrongRecord

_DECLARATION = re.compile(r"""\A\s*<\?xml\b[^>]*?\?>""")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_OLD = {  # what is declared and not UTF-8 is one of these
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
    "utf-8": "cp1252", "utf8": "cp1252", "iso-8859-15": "iso-8859-15",
}  # fmt: skip
_LAST_COUNTED = 65_535
_FORBIDDEN = ("<!DOCTYPE", "<!ENTITY")


class Element(Protocol):
    """What is used of an element of lxml, which says nothing of its types."""

    @property
    def tag(self) -> str: ...
    @property
    def text(self) -> str | None: ...
    @property
    def sourceline(self) -> int | None: ...
    @property
    def attrib(self) -> Mapping[str, str]: ...
    def __len__(self) -> int: ...
    def get(self, name: str) -> str | None: ...
    def find(self, path: str) -> "Element | None": ...
    def findall(self, path: str) -> "list[Element]": ...
    def findtext(self, path: str) -> str | None: ...
    def iter(self, tag: str) -> "Iterator[Element]": ...
    def iterchildren(self, tag: str) -> "Iterator[Element]": ...
    def getparent(self) -> "Element | None": ...
    def clear(self) -> None: ...


def root_of(element: Element) -> Element:
    """The outermost element that an element lies in."""
    while (parent := element.getparent()) is not None:
        element = parent
    return element


def line_of(element: Element) -> int:
    """The line on which an element begins. Behind line 65,535 lxml tells where its text ends."""
    line = element.sourceline or 0
    return line - (element.text or "").count("\n") if line >= _LAST_COUNTED else line


def text_of(data: bytes) -> str:
    """The file as text. WrongRecord where it is in no encoding that a device writes."""
    if data.startswith(codecs.BOM_UTF8):
        return _decoded(data, "utf-8-sig")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    try:
        return data.decode()
    except UnicodeDecodeError:
        declared = _ENCODING.match(data[:200].lstrip())
        name = declared[1].decode().lower() if declared else "utf-8"
        if name not in _OLD:
            raise WrongRecord(
                1, _("The encoding {name} is not known here.").format(name=name)
            ) from None
        return _decoded(data, _OLD[name])


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WrongRecord(line, _("The text is not in the encoding it claims.")) from None


def elements(data: bytes, wanted: tuple[str, ...]) -> Iterator[Element]:
    """The elements with one of these local names, each freed once the next is asked for.

    The root is told by its own name among ``wanted`` at its end. Whatever stands before an error is
    given; then WrongRecord says where it is. A document type or an entity is one: no device writes
    any, and they are how XML bombs and readers of other files are made.
    """
    from lxml import etree

    text = text_of(data)
    for sign in _FORBIDDEN:
        if sign in text:
            line = text.count("\n", 0, text.index(sign)) + 1
            raise WrongRecord(line, _("A document type or entities are not allowed."))
    source = BytesIO(_DECLARATION.sub("", text, count=1).encode())
    found: Iterator[tuple[str, Element]] = etree.iterparse(
        source,
        events=("end",),
        tag=[f"{{*}}{name}" for name in wanted],
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _event, element in found:
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise WrongRecord(
            line, _("The XML is broken here: {why}.").format(why=_short(error.msg))
        ) from None


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _short(message: str | None) -> str:
    return (message or "").split(", line")[0].rstrip(".")
