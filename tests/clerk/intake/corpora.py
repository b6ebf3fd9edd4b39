"""Real and broken mails beside the repository, and mails made by hand."""

import tarfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from clerk.intake.message import ParsedMail
from clerk.intake.parse import parse

DATA = Path(__file__).parents[4] / "shared" / "data"
BROKEN = DATA / "mail-broken.tar.xz"
REAL = DATA / "mail-real.tar.xz"


def corpus(path: Path) -> Iterator[tuple[str, bytes]]:
    """The mails of one of the archives; skips the test where it is not there."""
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with tarfile.open(path) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                yield member.name, content.read()


def mail(body: str | bytes = "Guten Tag", **headers: str) -> bytes:
    """A raw mail; ``content_type="…"`` stands for the header Content-Type, and so on."""
    fields = {"from": "Erika <erika@example.org>", "date": "Mon, 02 Mar 2026 09:30:00 +0100"}
    lines = [f"{name.replace('_', '-')}: {value}\n" for name, value in (fields | headers).items()]
    content = body.encode() if isinstance(body, str) else body
    return "".join(lines).encode("utf-8", "surrogateescape") + b"\n" + content


def read(raw: bytes) -> ParsedMail:
    """The mail parsed, which it must be."""
    found = parse(raw)
    assert isinstance(found, ParsedMail), found
    return found


def part(content: bytes, **headers: str) -> bytes:
    """One part for :func:`multipart`."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return lines.encode() + b"\n" + content


def multipart(parts: list[bytes], subtype: str = "mixed", **headers: str) -> bytes:
    """A raw mail of these parts."""
    body = b"".join(b"--limit\n" + one + b"\n" for one in parts) + b"--limit--\n"
    return mail(body, content_type=f'multipart/{subtype}; boundary="limit"', **headers)


def by_stdlib(raw: bytes) -> Message:
    """The stdlib's reading, to compare with."""
    from email import message_from_bytes

    return message_from_bytes(raw)


def storable(found: ParsedMail) -> bool:
    """Whether every text can be written as UTF-8, and one-line fields are one clean line."""
    lines = [
        found.message_id,
        found.in_reply_to,
        found.thread_key,
        found.sender_name,
        found.sender_address,
        found.subject,
        *found.references,
        *found.recipients,
        *(one.name for one in found.attachments),
        *(one.media_type for one in found.attachments),
    ]
    for text in (*lines, found.text):
        text.encode()
    hidden = set(map(chr, [*range(32), *range(127, 160), *range(0x202A, 0x202F)]))
    clean = not any(hidden & set(line) for line in lines)
    return clean and not (hidden - {"\n", "\t"}) & set(found.text)
