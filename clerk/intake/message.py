"""What becomes of a raw mail: a parsed mail, or a quarantine with its reason."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from clerk.i18n import N_, _
from storage.indexing import Texts


class Attachment(NamedTuple):
    """One attachment. ``name`` is display text, never a path. Archives are not unpacked.

    ``data`` are the decoded bytes; with ``packed`` they are zlib-compressed. ``size`` (bytes) and
    ``sha256`` (hex) are always those of the decoded, unpacked bytes.
    """

    name: str
    media_type: str
    data: bytes
    sha256: str
    size: int
    packed: bool = False


class ParsedMail(NamedTuple):
    """A mail as the office reads it.

    Every text is storable as UTF-8. One-line fields hold no control character and no bidi
    override (U+FFFD stands in their place) and are cut at ``clerk.intake.limits``; ``text`` also
    keeps line feeds and tabs. Ids stand without angle brackets. ``sent_at`` is in milliseconds
    since the epoch (UTC). ``defects`` are stable ASCII codes, sorted.
    """

    raw_sha256: str
    message_id: str
    references: tuple[str, ...]
    in_reply_to: str
    thread_key: str
    sender_name: str
    sender_address: str
    recipients: tuple[str, ...]
    subject: str
    sent_at: int | None
    text: str
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]


class Quarantine(NamedTuple):
    """Something that is no readable mail, with a stable code and a translated sentence."""

    raw_sha256: str
    code: str
    sentence: str


class Ready(NamedTuple):
    """A message made ready. ``packed`` is the raw mail for ``zlib.decompress``; it is empty where
    no bytes came (:data:`NOT_READ`). ``size`` is that of the raw mail in bytes,
    ``texts`` its row of the search index (none for a quarantine), and ``words`` those of it that
    were not sent before.
    """

    outcome: ParsedMail | Quarantine
    packed: bytes
    size: int
    texts: Texts | None = None
    words: tuple[str, ...] = ()


EMPTY: Final = "mail.empty"
NO_HEADER: Final = "mail.no_header"
TOO_LARGE: Final = "mail.too_large"
UNREADABLE: Final = "mail.unreadable"
FAILED: Final = "mail.failed"
PARSER_ENDED: Final = "mail.parser_ended"

SENTENCES: Final[Mapping[str, str]] = {
    EMPTY: N_("The mail is empty."),
    NO_HEADER: N_("This is not a mail: it has no header at all."),
    TOO_LARGE: N_("The mail is larger than 256 MB and was left where it is."),
    UNREADABLE: N_("The mail could not be read from its source."),
    FAILED: N_("The mail could not be understood; it is kept as it came."),
    PARSER_ENDED: N_("The mail made its reader stop; it is kept as it came."),
}
NOT_READ: Final = frozenset({TOO_LARGE, UNREADABLE})
"""Codes where no bytes came with the quarantine: they stay in the source."""


def quarantine(raw_sha256: str, code: str) -> Quarantine:
    """The quarantine of this code, its sentence in the language in use."""
    return Quarantine(raw_sha256, code, _(SENTENCES[code]))
