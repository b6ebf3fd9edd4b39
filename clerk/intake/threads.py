"""Which mails belong together, told from each mail alone.

A mail's thread key is the id of the mail that its thread began with: the first of References, else
In-Reply-To, else its own id. A reply that names only a middle mail gets that mail's id as key; the
storing side finds the parent by ``message_id`` and takes over its key.
"""

import hashlib
import re
from typing import Final

from clerk.intake.charset import clean_line
from clerk.intake.limits import MAX_ID, MAX_REFERENCES

_ANGLED: Final = re.compile(r"<([^<>]+)>")
_REPLY: Final = re.compile(
    r"\s*(?:(?:re|aw|antw|antwort|wg|fw|fwd|sv|vs|tr|rif|r|i)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:)+",
    re.IGNORECASE,
)


def ids(text: str) -> tuple[str, ...]:
    """The message ids of a header, without angle brackets and inner space, in order, distinct.

    Beyond the limit the first (the root) and the last are kept.
    """
    found = _ANGLED.findall(text) or [word for word in text.split() if "@" in word]
    known = tuple(dict.fromkeys(i for i in map(_normal, found) if i))
    if len(known) > MAX_REFERENCES:
        return known[:1] + known[1 - MAX_REFERENCES :]
    return known


def own_id(text: str) -> str:
    """A Message-ID, normalised as in References, or ""."""
    found = ids(text)
    return found[0] if found else _normal(text)


def _normal(text: str) -> str:
    text = "".join(text.split())
    if len(text) <= MAX_ID:
        return clean_line(text, MAX_ID)
    # A plain cut would let two long ids fall together.
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return clean_line(text[: MAX_ID - 65], MAX_ID) + "~" + digest


def bare_subject(subject: str) -> str:
    """The subject without reply and forward marks, case and space folded."""
    match = _REPLY.match(subject)
    while match:
        subject = subject[match.end() :]
        match = _REPLY.match(subject)
    return " ".join(subject.lower().split())


def thread_key(
    message_id: str, references: tuple[str, ...], in_reply_to: str, subject: str, sender: str
) -> str:
    """The id of the thread's first mail, or ``~`` and a hash of subject and sender."""
    root = references[0] if references else in_reply_to or message_id
    if root:
        return root
    seed = f"{bare_subject(subject)}\0{sender}"
    return "~" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:32]
