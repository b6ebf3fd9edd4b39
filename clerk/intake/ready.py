"""One message from its source to what the store takes: read, parsed, packed and folded."""

import hashlib
import os
from io import FileIO
from typing import Final

from isal import isal_zlib

from clerk.intake.limits import MAX_RAW
from clerk.intake.message import (
    TOO_LARGE,
    UNREADABLE,
    Attachment,
    Quarantine,
    Ready,
    quarantine,
)
from clerk.intake.parse import parse
from clerk.intake.sources.maildir import moved
from storage.folding import Words, fold
from storage.indexing import of_vocabulary

_LEVEL: Final = 1
_SAMPLE: Final = 16 * 1024
_CHUNK: Final = 1024 * 1024
_NOTHING: Final = hashlib.sha256(b"").hexdigest()


def ready(path: str | None, data: bytes | None, code: str, words: Words) -> Ready | None:
    """Read and parse one message; None where its file is gone. Never raises on any content.

    ``words``: those that were handed on before; what is new is added.
    """
    if code:
        return Ready(quarantine(_NOTHING, code), b"", 0)
    if data is None and path is not None:
        found = _read(path)
        if not isinstance(found, bytes):
            return found
        data = found
    data = data or b""
    mail = parse(data)
    if isinstance(mail, Quarantine):
        kept = b"" if mail.code == TOO_LARGE else pack(data)
        return Ready(mail, kept, len(data))
    if mail.attachments:
        mail = mail._replace(attachments=tuple(map(_packed, mail.attachments)))
    sender = f"{mail.sender_name} {mail.sender_address}"
    words.of(f"{mail.subject} {sender}")
    texts = (fold(mail.subject), fold(sender), " ".join(words.of(mail.text)))
    return Ready(mail, pack(data), len(data), texts, tuple(of_vocabulary(words.new())))


def whole(path: str | None, data: bytes | None, code: str) -> Ready | None:
    """The message kept as it is, with a reason, without looking into it."""
    if data is None and path is not None:
        found = _read(path)
        if not isinstance(found, bytes):
            return found
        data = found
    data = data or b""
    return Ready(quarantine(hashlib.sha256(data).hexdigest(), code), pack(data), len(data))


def pack(data: bytes) -> bytes:
    """The bytes compressed, for ``zlib.decompress``; four times as fast as by zlib itself."""
    packed: bytes = isal_zlib.compress(data, _LEVEL)
    return packed


def _packed(attachment: Attachment) -> Attachment:
    """The attachment packed if that makes it smaller; a sample tells for most that it will not."""
    data = attachment.data
    sample = data[:_SAMPLE]
    if len(pack(sample)) > len(sample) * 0.95:
        return attachment
    packed = pack(data)
    if len(packed) >= len(data):
        return attachment
    return attachment._replace(data=packed, packed=True)


def _read(path: str) -> bytes | Ready | None:
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
        return Ready(quarantine(_NOTHING, UNREADABLE), b"", 0)


def _bytes(path: str) -> bytes | Ready:
    with FileIO(path) as file:
        if os.fstat(file.fileno()).st_size <= MAX_RAW:
            return file.readall()
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return Ready(quarantine(digest.hexdigest(), TOO_LARGE), b"", 0)
