"""The standard streams: output never fails on a character, input is text whatever its encoding.

What cannot be written to stdout is told apart from every other fault (:class:`OutputLostError`):
when a command writes what became of it, the work is done already.
"""

import codecs
import errno
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TextIO, cast

MOST_STDIN = 10_000_000
_READABLE = {
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS",
    "“": '"', "”": '"', "„": '"', "‚": "'", "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...",
    "·": ".", "→": "->", "✓": "x", "×": "x", "€": "EUR", "§": "Par.",
}  # fmt: skip


class OutputLostError(Exception):
    """stdout takes nothing: the disk behind it is full, it is closed, nobody reads any more."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.nobody_reads = error.errno == errno.EPIPE
        self.reason = error.strerror or "?"


class _Guarded:
    """stdout whose faults are OutputLostError, or stderr whose faults nobody is left to be told."""

    def __init__(self, stream: TextIO, *, silent: bool) -> None:
        self._stream = stream
        self._silent = silent

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError as error:
            return self._failed(error)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)

    def _failed(self, error: OSError) -> int:
        if not self._silent:
            raise OutputLostError(error) from error
        return 0

    def __getattr__(self, name: str) -> object:
        if name == "buffer":  # whoever found it would write past this guard
            raise AttributeError(name)
        return getattr(self._stream, name)


@contextmanager
def prepared() -> Iterator[None]:
    """Guarded streams while the block runs: they write what their encoding can hold, and something
    readable for the rest (``Straße`` becomes ``Strasse`` on a terminal that knows ASCII only)."""
    _open_closed()
    codecs.register_error("clerk.readable", _readable)
    real = sys.stdout, sys.stderr
    for stream in real:
        if isinstance(stream, TextIOWrapper):  # a test's own stream takes every character
            stream.reconfigure(errors="clerk.readable")
    guarded = _Guarded(sys.stdout, silent=False), _Guarded(sys.stderr, silent=True)
    sys.stdout, sys.stderr = (cast("TextIO", one) for one in guarded)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = real
        _drop_rest()


def _drop_rest() -> None:
    """What cannot be written goes nowhere, so that the interpreter does not complain at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


def _open_closed() -> None:
    """Streams that were closed (``>&-``) are opened again: else the next file that is opened would
    get their number and what is written into them. Writing to such a stdout fails, as it should."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            how = os.O_WRONLY if name == "stderr" else os.O_RDONLY
            nowhere = os.open(os.devnull, how)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            stream = os.fdopen(number, mode, encoding="utf-8", closefd=False)
            setattr(sys, name, stream)


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
