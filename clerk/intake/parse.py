"""One raw mail to what the office reads. Pure: bytes in, a parsed mail or a quarantine out."""

import hashlib
import re
from typing import Final

from clerk.intake.addresses import recipients, sender
from clerk.intake.charset import clean_line, clean_text, decode
from clerk.intake.dates import moment
from clerk.intake.headers import Headers, read_headers, text_of, unfolded, words_of
from clerk.intake.limits import MAX_ATTACHMENT_NAME, MAX_NAME, MAX_RAW, MAX_SUBJECT, MAX_TEXT
from clerk.intake.message import (
    EMPTY,
    FAILED,
    NO_HEADER,
    TOO_LARGE,
    Attachment,
    ParsedMail,
    Quarantine,
    quarantine,
)
from clerk.intake.parts import Leaf, content, leaves
from clerk.intake.threads import ids, own_id, thread_key

_BOM: Final = b"\xef\xbb\xbf"
_TEXTS: Final = frozenset({"text/plain", "text/html"})
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")


def parse(raw: bytes) -> ParsedMail | Quarantine:
    """Parse a mail. Never raises, whatever the bytes are; fetches and unpacks nothing."""
    digest = hashlib.sha256(raw).hexdigest()
    if len(raw) > MAX_RAW:
        return quarantine(digest, TOO_LARGE)
    try:
        return _parse(raw, digest)
    except Exception:  # one mail that nobody foresaw must not end an intake of thousands
        return quarantine(digest, FAILED)


def _parse(raw: bytes, digest: str) -> ParsedMail | Quarantine:
    if not raw.strip():
        return quarantine(digest, EMPTY)
    raw = raw.removeprefix(_BOM)
    if b"\r" in raw[:1000] and b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    defects: set[str] = set()
    headers, body = read_headers(raw, 0, len(raw), defects)
    if not headers:
        return quarantine(digest, NO_HEADER)

    name, address = _sender(headers, defects)
    subject = text_of(headers.get(b"subject", b""), defects)
    if len(subject) > MAX_SUBJECT:
        defects.add("subject.cut")
    subject = clean_line(subject, MAX_SUBJECT)
    message_id = own_id(_plain(headers, b"message-id"))
    if not message_id:
        defects.add("message_id.missing")
    references = ids(_plain(headers, b"references"))
    in_reply_to = next(iter(ids(_plain(headers, b"in-reply-to"))), "")
    text, attachments = _contents(raw, headers, body, defects)
    return ParsedMail(
        raw_sha256=digest,
        message_id=message_id,
        references=references,
        in_reply_to=in_reply_to,
        thread_key=thread_key(message_id, references, in_reply_to, subject, address),
        sender_name=name,
        sender_address=address,
        recipients=recipients([_plain(headers, b"to"), _plain(headers, b"cc")]),
        subject=subject,
        sent_at=_sent_at(headers, defects),
        text=text,
        attachments=attachments,
        defects=tuple(sorted(defects)),
    )


def _plain(headers: Headers, name: bytes) -> str:
    """A header unfolded, its encoded words still standing, "" where missing."""
    value = headers.get(name)
    return unfolded(value, set()) if value else ""


def _sender(headers: Headers, defects: set[str]) -> tuple[str, str]:
    """Name and address of the first header that tells who wrote."""
    for header in (b"from", b"sender", b"reply-to", b"return-path"):
        if value := _plain(headers, header):
            name, address = sender(value, defects)
            if name or address:
                if len(name) == MAX_NAME:
                    defects.add("sender.cut")
                return name, address
    defects.add("sender.missing")
    return "", ""


def _sent_at(headers: Headers, defects: set[str]) -> int | None:
    """Milliseconds of the Date header; where it is of no use, of the newest Received header."""
    sent_at = moment(_plain(headers, b"date"))
    if sent_at is None:
        defects.add("date.invalid" if b"date" in headers else "date.missing")
        sent_at = moment(_plain(headers, b"received").rpartition(";")[2].strip())
    return sent_at


def _contents(
    raw: bytes, headers: Headers, body: int, defects: set[str]
) -> tuple[str, tuple[Attachment, ...]]:
    """The readable text and the attachments."""
    texts: list[tuple[Leaf, str]] = []
    attachments: list[Attachment] = []
    for number, leaf in enumerate(leaves(raw, headers, body, defects), 1):
        if _is_body(leaf, lone=leaf.start == body):
            texts.append((leaf, decode(content(raw, leaf, defects), leaf.charset, defects)))
        else:
            attachments.append(_attachment(content(raw, leaf, defects), leaf, number, defects))
    plain = {leaf.group for leaf, text in texts if leaf.media_type != "text/html" and text.strip()}
    shown: list[str] = []
    for leaf, text in texts:
        if leaf.media_type == "text/html":
            if leaf.group and leaf.group in plain:
                continue
            # Only a mail with HTML pays for loading its parser.
            from clerk.intake.readable import readable

            clean = clean_text(readable(text, defects)[: MAX_TEXT + 1])
        else:
            clean = clean_text(text[: MAX_TEXT + 1])
        if clean.strip():
            shown.append(clean.rstrip())
    whole = "\n\n".join(shown).lstrip("\n\ufeff")
    if len(whole) > MAX_TEXT:
        defects.add("text.cut")
        whole = whole[:MAX_TEXT]
    return whole, tuple(attachments)


def _is_body(leaf: Leaf, *, lone: bool) -> bool:
    """Whether a leaf is read as text; the only part of a mail is, even with a name."""
    if leaf.media_type not in _TEXTS or leaf.disposition == "attachment":
        return False
    return lone or not leaf.name


def _attachment(data: bytes, leaf: Leaf, number: int, defects: set[str]) -> Attachment:
    media_type = leaf.media_type
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    name = safe_name(words_of(leaf.name, defects))
    if not name:
        name = f"{number}.eml" if media_type == "message/rfc822" else str(number)
    return Attachment(name, media_type, data, hashlib.sha256(data).hexdigest(), len(data))


def safe_name(name: str) -> str:
    """The last component of a file name as display text, its extension kept when it is cut.

    Returns "" for what names no file (``..``, ``/``).
    """
    last = name.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    if len(last) > MAX_ATTACHMENT_NAME:
        stem, dot, extension = last.rpartition(".")
        if dot and len(extension) <= 10:
            last = f"{stem[: MAX_ATTACHMENT_NAME - len(extension) - 2]}…{dot}{extension}"
    last = clean_line(last, MAX_ATTACHMENT_NAME)
    return "" if last.strip(". ") == "" else last
