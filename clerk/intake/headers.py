"""The header block of a mail or of one of its parts, read leniently and fast.

The stdlib's parser takes four times as long for the same block (0.86 s against 0.2 s per 10,000
mails), and that is half of an intake. What is hard in a header (RFC 2047, RFC 2231) is left to it.
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import decode_params, unquote
from functools import lru_cache
from typing import Final

from clerk.intake.charset import decode
from clerk.intake.limits import MAX_ENCODED, MAX_HEADER_VALUE, MAX_HEADERS

Headers = dict[bytes, bytes]
"""Lower-case name to raw value, folds included; of a repeated header the first one stands."""

_FIELD = rb"[!-9;-~]++[ \t]*+:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z)"
# Mailbox tools leave their "From " line at the top, or further down when a header was put before.
_BLOCK: Final = re.compile(rb"(?:" + _FIELD + rb"|>?From [^\n]*+\n)*+")
_TOP: Final = re.compile(rb"\s*+" + _BLOCK.pattern)
_PART: Final = re.compile(rb"^([!-9;-~]++)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.MULTILINE)
_FOLD: Final = re.compile(r"\r?\n[ \t]|[\t\r\n]")
_PARAMETER: Final = re.compile(
    r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))', re.DOTALL
)
# Only these two: many a name is a Windows path whose backslashes were never doubled.
_ESCAPE: Final = re.compile(r'\\(["\\])')
_COMMON: Final = 60
"""Bytes of a value that is worth remembering; longer ones hold a boundary or a file name."""
_WORD: Final = re.compile(r"=\?[^?\s]*\?[bBqQ]\?")


def read_headers(raw: bytes, start: int, end: int, defects: set[str]) -> tuple[Headers, int]:
    """Headers in ``raw[start:end]`` and where the body begins."""
    block = _BLOCK.match(raw, start, end) if start else _TOP.match(raw, start, end)
    stop = block.end() if block else start
    fields: list[tuple[bytes, bytes]] = _PART.findall(raw, start, stop)
    if len(fields) > MAX_HEADERS:
        defects.add("header.too_many")
        del fields[MAX_HEADERS:]
    headers = {name.lower(): value for name, value in reversed(fields)}
    if raw.startswith(b"\n", stop, end):
        return headers, stop + 1
    if raw.startswith(b"\r\n", stop, end):
        return headers, stop + 2
    if stop < end:
        defects.add("header.broken")
    return headers, stop


def text_of(value: bytes, defects: set[str]) -> str:
    """A header's value as one line of text, encoded words decoded. Never raises."""
    return words_of(unfolded(value, defects), defects)


def unfolded(value: bytes, defects: set[str]) -> str:
    """A header's value as one line, its encoded words still standing."""
    text = decode(value[:MAX_HEADER_VALUE], "", defects).strip()
    # Whitespace inside is all plain spaces for most, and asking is cheaper than replacing.
    return text if text.isprintable() else _FOLD.sub(" ", text)


def words_of(text: str, defects: set[str]) -> str:
    """Text with its encoded words (RFC 2047) decoded, whatever their state."""
    if "=?" not in text or not _WORD.search(text):
        return text
    try:
        pieces = decode_header(text[:MAX_ENCODED])
    except (HeaderParseError, ValueError):
        defects.add("header.encoding")
        return text
    found = []
    for piece, label in pieces:
        if isinstance(piece, str):
            found.append(piece)
        elif label is None:
            # decode_header hands plain pieces back as raw-unicode-escape bytes.
            found.append(piece.decode("raw-unicode-escape", "replace"))
        else:
            found.append(decode(piece, label.partition("*")[0], defects))
    return "".join(found)


def parameters(value: bytes, defects: set[str]) -> tuple[str, dict[str, str]]:
    """The lower-case main value and the parameters of Content-Type or Content-Disposition."""
    if not value:
        return "", {}
    if len(value) > _COMMON:
        return _parameters(value, defects)
    main, params, found = _common_parameters(value)
    defects |= found
    return main, dict(params)


@lru_cache(maxsize=512)
def _common_parameters(value: bytes) -> tuple[str, dict[str, str], frozenset[str]]:
    """Most mails share a handful of types: plain text in one of three charsets."""
    defects: set[str] = set()
    main, params = _parameters(value, defects)
    return main, params, frozenset(defects)


def _parameters(value: bytes, defects: set[str]) -> tuple[str, dict[str, str]]:
    main, semicolon, rest = unfolded(value, defects).partition(";")
    main = main.strip().lower()
    if not semicolon:
        return main, {}
    pairs = []
    for match in _PARAMETER.finditer(semicolon + rest):
        quoted = match[2]
        plain = match[3].strip() if quoted is None else _ESCAPE.sub(r"\1", quoted)
        pairs.append((match[1].lower(), plain))
    if any("*" in name for name, _plain in pairs):
        pairs = _continued(main, pairs, defects)
    found: dict[str, str] = {}
    for name, plain in pairs:
        found.setdefault(name, plain)
    return main, found


def _continued(main: str, pairs: list[tuple[str, str]], defects: set[str]) -> list[tuple[str, str]]:
    """Parameters with RFC 2231 continuations and charsets put together."""
    result = []
    try:
        for name, value in decode_params([("", main), *pairs])[1:]:
            if isinstance(value, tuple):
                label, _language, octets = value
                text = decode(unquote(octets).encode("latin-1", "replace"), label or "", defects)
            else:
                text = unquote(value)
            result.append((name.lower(), text))
    except (ValueError, LookupError, TypeError):
        defects.add("header.encoding")
        return pairs
    return result
