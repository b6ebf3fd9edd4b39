"""How messages travel to a worker process and back: frames of plain values.

``marshal`` holds numbers, bytes and text only and is three times as fast as ``pickle``; what has
parsed hostile mails cannot send back objects that run code when they are read.
"""

import marshal
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final, cast

from clerk.intake.message import Attachment, ParsedMail, Quarantine, quarantine
from clerk.intake.ready import Ready
from clerk.intake.sources.source import Raw

_LENGTH: Final = struct.Struct("<Q")

_Task = tuple[bytes | None, bytes | None, str]
_Attachments = tuple[tuple[str, str, bytes, str, int, bool], ...]
_Mail = tuple[
    str,
    str,
    tuple[str, ...],
    str,
    str,
    str,
    str,
    tuple[str, ...],
    str,
    int | None,
    str,
    _Attachments,
    tuple[str, ...],
]
_Result = tuple[_Mail | None, str, str, bytes, int, str, str]


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


def unpack_tasks(frame: bytes) -> list[tuple[Path | None, bytes | None, str]]:
    """What :func:`pack_tasks` packed."""
    tasks = cast("list[_Task]", marshal.loads(frame))  # noqa: S302 - from our own process
    return [(Path(os.fsdecode(path)) if path else None, data, code) for path, data, code in tasks]


def pack_results(results: Sequence[Ready | None]) -> bytes:
    """The frame that answers, in the order of the tasks."""
    return marshal.dumps([_flat(result) if result else None for result in results])


def unpack_results(frame: bytes) -> list[Ready | None]:
    """What :func:`pack_results` packed; sentences are in this process's language."""
    results = cast("list[_Result | None]", marshal.loads(frame))  # noqa: S302 - from our own process
    return [_round(result) if result else None for result in results]


def _flat(result: Ready) -> _Result:
    mail, packed, size, folded, words = result
    if isinstance(mail, Quarantine):
        return None, mail.raw_sha256, mail.code, packed, size, folded, words
    attachments = tuple(
        (a.name, a.media_type, a.data, a.sha256, a.size, a.packed) for a in mail.attachments
    )
    fields = (
        mail.raw_sha256,
        mail.message_id,
        mail.references,
        mail.in_reply_to,
        mail.thread_key,
        mail.sender_name,
        mail.sender_address,
        mail.recipients,
        mail.subject,
        mail.sent_at,
        mail.text,
        attachments,
        mail.defects,
    )
    return fields, "", "", packed, size, folded, words


def _round(result: _Result) -> Ready:
    fields, digest, code, packed, size, folded, words = result
    if fields is None:
        return Ready(quarantine(digest, code), packed, size, folded, words)
    attachments = tuple(Attachment(*a) for a in fields[11])
    return Ready(ParsedMail(*fields[:11], attachments, fields[12]), packed, size, folded, words)
