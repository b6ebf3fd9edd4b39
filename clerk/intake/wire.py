"""How messages travel to a worker process and back: frames of plain values.

``marshal`` holds numbers, bytes and text only and is three times as fast as ``pickle``; what has
parsed hostile mails cannot send back objects that run code when they are read.
"""

import marshal
import os
import struct
from collections.abc import Sequence
from typing import BinaryIO, Final, cast

from clerk.intake.message import Attachment, ParsedMail, Quarantine, Ready, quarantine
from clerk.intake.sources.source import Raw
from storage.indexing import Texts

_LENGTH: Final = struct.Struct("<Q")

_Task = tuple[bytes | None, bytes | None, str]
_Result = tuple[
    tuple[object, ...], list[tuple[object, ...]] | None, bytes, int, Texts | None, tuple[str, ...]
]
"""The fields of the mail or quarantine; those of each attachment, None for a quarantine; the rest
of what is ready."""


def send(pipe: BinaryIO, frame: bytes) -> None:
    """Write one frame."""
    pipe.write(_LENGTH.pack(len(frame)))
    pipe.write(frame)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes | None:
    """Read one frame; None where the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    frame = pipe.read(length)
    return frame if len(frame) == length else None


def pack_tasks(messages: Sequence[Raw]) -> bytes:
    """The frame that asks for these messages."""
    return marshal.dumps(
        [(os.fsencode(m.path) if m.path else None, m.data, m.code) for m in messages]
    )


def unpack_tasks(frame: bytes) -> list[tuple[str | None, bytes | None, str]]:
    """What :func:`pack_tasks` packed."""
    tasks = cast("list[_Task]", marshal.loads(frame))  # noqa: S302 - from our own process
    return [(os.fsdecode(path) if path else None, data, code) for path, data, code in tasks]


def pack_results(results: Sequence[Ready | None]) -> bytes:
    """The frame that answers, in the order of the tasks."""
    return marshal.dumps([_flat(result) if result else None for result in results])


def unpack_results(frame: bytes) -> list[Ready | None]:
    """What :func:`pack_results` packed; sentences are in this process's language."""
    results = cast("list[_Result | None]", marshal.loads(frame))  # noqa: S302 - from our own process
    return [_round(result) if result else None for result in results]


def _flat(result: Ready) -> _Result:
    mail, packed, size, texts, words = result
    if isinstance(mail, Quarantine):
        return (mail.raw_sha256, mail.code), None, packed, size, texts, words
    attachments = [tuple(attachment) for attachment in mail.attachments]
    return tuple(mail._replace(attachments=())), attachments, packed, size, texts, words


def _round(result: _Result) -> Ready:
    fields, attachments, packed, size, texts, words = result
    if attachments is None:
        digest, code = map(str, fields)
        return Ready(quarantine(digest, code), packed, size, texts, words)
    mail = ParsedMail._make(fields)
    if attachments:
        mail = mail._replace(attachments=tuple(map(Attachment._make, attachments)))
    return Ready(mail, packed, size, texts, words)
