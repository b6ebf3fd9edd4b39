"""Bytes to text, whatever their label says, and text without what hides or reorders it."""

import codecs
import re
from functools import lru_cache
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_BIDI = "\u061c\u202a-\u202e\u2066-\u2069"
_UNSAFE: Final = re.compile(f"[\0-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\ud800-\udfff]")
_UNSAFE_LINE: Final = re.compile(f"[\0-\x1f\x7f-\x9f\u2028\u2029{_BIDI}\ud800-\udfff]")
_CONTROLS: Final = bytes(range(9)) + bytes(range(11, 32)) + b"\x7f"
# WHATWG Encoding: what mails label so is written in Windows' superset of it.
_SUPERSETS: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}
# No text of a mail, and some take quadratic time.
_NEVER: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
# ASCII bytes mean something else in these.
_STATEFUL: Final = re.compile(r"utf-?7|utf.?16|utf.?32|iso-?2022|hz|cp037|cp500|cp1140|ebcdic")


@lru_cache(maxsize=256)
def _codec(label: str) -> str | None:
    """Python's codec for a charset label, or None where none serves."""
    try:
        name = codecs.lookup(label.strip(" \"'")).name
        b"".decode(name)
    except (LookupError, ValueError, TypeError):
        return None
    return None if name in _NEVER else _SUPERSETS.get(name, name)


def decode(data: bytes, label: str, defects: set[str]) -> str:
    """Text of bytes labelled ``label`` ("" for none): as declared, else UTF-8, else Windows-1252.

    Never raises. Adds ``charset.unknown`` or ``charset.wrong`` to ``defects``.
    """
    if not label and data.isascii():
        return data.decode("ascii")
    label = label.lower()[:40]
    if data.isascii() and not _STATEFUL.search(label):
        if label and _codec(label) is None:
            defects.add("charset.unknown")
        return data.decode("ascii")
    codec = _codec(label) if label else "utf-8"
    if codec is None:
        defects.add("charset.unknown")
    elif codec == "cp1252":
        # UTF-8 under a Latin-1 label is common, real Latin-1 that is valid UTF-8 is not.
        codec = None
    if codec is not None:
        try:
            return data.decode(codec)
        except (ValueError, LookupError):
            defects.add("charset.wrong")
    try:
        return data.decode("utf-8")
    except ValueError:
        return data.decode("cp1252", "replace")


def clean_text(text: str) -> str:
    """Many lines, ended by line feeds; other controls and bidi overrides become U+FFFD."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        data = text.encode("ascii")
        if len(data.translate(None, _CONTROLS)) == len(data):
            return text
    return _UNSAFE.sub(REPLACEMENT, text)


def clean_line(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters; a cut ends in an ellipsis."""
    if not text.isprintable():
        text = _UNSAFE_LINE.sub(REPLACEMENT, text[: limit * 4])
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
