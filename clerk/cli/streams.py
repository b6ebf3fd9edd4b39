"""The standard streams: output never fails on a character, input is text whatever its encoding."""

import codecs
import sys
import unicodedata
from io import TextIOWrapper
from typing import TextIO

MOST_STDIN = 10_000_000
_READABLE = {
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS",
    "“": '"', "”": '"', "„": '"', "‚": "'", "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...",
    "·": ".", "→": "->", "✓": "x", "×": "x", "€": "EUR", "§": "Par.",
}  # fmt: skip


def prepare() -> None:
    """Let stdout and stderr write what their encoding can hold, and something readable for the
    rest: ``Straße`` becomes ``Strasse`` on a terminal that knows ASCII only."""
    codecs.register_error("clerk.readable", _readable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a test's own stream takes every character
            stream.reconfigure(errors="clerk.readable")


def holds_unicode(stream: TextIO) -> bool:
    """Whether every character can be written to the stream."""
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("_", "-")
    return encoding.startswith("utf")


def read_stdin() -> str:
    """All of stdin as text: UTF-8, else the old German code page; a BOM and the last line end are
    dropped. At most :data:`MOST_STDIN` bytes."""
    buffer = getattr(sys.stdin, "buffer", None)
    if buffer is None:
        return sys.stdin.read(MOST_STDIN).rstrip("\r\n")
    data: bytes = buffer.read(MOST_STDIN)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.rstrip("\r\n")


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    """The codec's handler: a spelling the encoding has, else the bare letter, else ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spelled, error.object[error.start : error.end])), error.end


def _spelled(character: str) -> str:
    if known := _READABLE.get(character):
        return known
    bare = unicodedata.normalize("NFKD", character)
    return "".join(c for c in bare if c.isascii() and c.isprintable()) or "?"
