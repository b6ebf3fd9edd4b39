"""One message from its source to what the store takes: read, parsed, packed and folded."""

import hashlib
import os
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from clerk.intake.limits import MAX_RAW
from clerk.intake.message import (
    TOO_LARGE,
    UNREADABLE,
    Attachment,
    ParsedMail,
    Quarantine,
    quarantine,
)
from clerk.intake.parse import parse
from clerk.intake.sources.maildir import moved
from storage.folding import fold
from storage.indexing import words_in

_LEVEL: Final = 1
# A window of 16 kB: for mails of some kilobytes the default's set-up takes as long as the work.
_WINDOW: Final = 14
_SAMPLE: Final = 16 * 1024
_CHUNK: Final = 1024 * 1024
_NOTHING: Final = hashlib.sha256(b"").hexdigest()


class Ready(NamedTuple):
    """A message made ready. ``packed`` is the raw mail for ``zlib.decompress``; it is empty where
    no bytes came (``clerk.intake.message.NOT_READ``). ``size`` is that of the raw mail in bytes,
    ``folded`` the text for the index and ``words`` its distinct words, separated by spaces.
    """

    outcome: ParsedMail | Quarantine
    packed: bytes
    size: int
    folded: str
    words: str


def ready(path: Path | None, data: bytes | None, code: str = "") -> Ready | None:
    """Read and parse one message; None where its file is gone. Never raises on any content."""
    if code:
        return Ready(quarantine(_NOTHING, code), b"", 0, "", "")
    if data is None and path is not None:
        found = _read(path)
        if not isinstance(found, bytes):
            return found
        data = found
    data = data or b""
    mail = parse(data)
    if isinstance(mail, Quarantine):
        kept = b"" if mail.code == TOO_LARGE else pack(data)
        return Ready(mail, kept, len(data), "", "")
    if mail.attachments:
        mail = replace(mail, attachments=tuple(map(_packed, mail.attachments)))
    folded = fold(mail.text)
    return Ready(mail, pack(data), len(data), folded, " ".join(words_in(folded)))


def whole(path: Path | None, data: bytes | None, code: str) -> Ready | None:
    """The message kept as it is, with a reason, without looking into it."""
    if data is None and path is not None:
        found = _read(path)
        if not isinstance(found, bytes):
            return found
        data = found
    data = data or b""
    return Ready(quarantine(hashlib.sha256(data).hexdigest(), code), pack(data), len(data), "", "")


def pack(data: bytes) -> bytes:
    """The bytes compressed, for ``zlib.decompress``."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW)
    return packer.compress(data) + packer.flush()


def _packed(attachment: Attachment) -> Attachment:
    """The attachment packed if that makes it smaller; a sample tells for most that it will not."""
    data = attachment.data
    sample = data[:_SAMPLE]
    if len(pack(sample)) > len(sample) * 0.95:
        return attachment
    packed = pack(data)
    if len(packed) >= len(data):
        return attachment
    return replace(attachment, data=packed, packed=True)


def _read(path: Path) -> bytes | Ready | None:
    """A file's bytes; a quarantine where it cannot be read; None where it is gone."""
    try:
        try:
            return _bytes(path)
        except FileNotFoundError:
            elsewhere = moved(path)
            return _bytes(elsewhere) if elsewhere else None
    except FileNotFoundError:
        return None
    except OSError:
        return Ready(quarantine(_NOTHING, UNREADABLE), b"", 0, "", "")


def _bytes(path: Path) -> bytes | Ready:
    with path.open("rb", buffering=0) as file:
        if os.fstat(file.fileno()).st_size <= MAX_RAW:
            return file.readall()
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return Ready(quarantine(digest.hexdigest(), TOO_LARGE), b"", 0, "", "")
