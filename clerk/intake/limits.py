"""How much of a mail is derived. Beyond a limit the rest stays in the raw mail, which is kept."""

from typing import Final

MAX_RAW: Final = 256 * 1024 * 1024
"""Bytes of one mail. A bigger one is quarantined unread; mail servers refuse far smaller ones."""
MAX_SUBJECT: Final = 500
MAX_NAME: Final = 200
MAX_ADDRESS: Final = 320
MAX_SENDER: Final = 4_000
"""64 characters, the @, and 255 characters: RFC 5321, 4.5.3.1."""
MAX_ID: Final = 250
MAX_REFERENCES: Final = 100
MAX_RECIPIENTS: Final = 500
MAX_ATTACHMENT_NAME: Final = 200
MAX_TEXT: Final = 2_000_000
"""Characters of readable text, about 700 printed pages."""
MAX_HEADER_VALUE: Final = 250_000
"""Bytes of one header that are looked at."""
MAX_ENCODED: Final = 8_000
"""Characters in which encoded words are decoded; the stdlib takes quadratic time over them."""
MAX_HEADERS: Final = 2_000
MAX_PARTS: Final = 5_000
MAX_DEPTH: Final = 100
"""Nested multiparts; each level costs one pass over its bytes."""
MAX_HTML: Final = 4_000_000
"""Characters of HTML given to the parser."""
