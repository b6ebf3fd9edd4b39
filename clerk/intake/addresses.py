"""Who wrote a mail and to whom, from headers of any quality. Never raises."""

import re
from typing import Final

from clerk.intake.charset import clean_line
from clerk.intake.headers import words_of
from clerk.intake.limits import MAX_ADDRESS, MAX_NAME, MAX_RECIPIENTS, MAX_SENDER

# Both begin only where nothing of theirs stands before, and an open quote ends with the text:
# otherwise a long header takes quadratic time.
_ADDRESS: Final = re.compile(r"(?<![^\s<>(),;:\"@\[\]])[^\s<>(),;:\"@\[\]]++@[^\s<>(),;:\"@]++")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)')
_COMMENT: Final = re.compile(r"\(([^()]*+)\)")
_END: Final = MAX_SENDER // 2
_ESCAPE: Final = re.compile(r"\\(.)")


def sender(value: str, defects: set[str]) -> tuple[str, str]:
    """Name and address of a From header, either "" where missing.

    ``value`` is unfolded text with its encoded words still standing: only the name may hold
    some, so an encoded ``<`` cannot forge the address.
    """
    name, opening, rest = _split(value)
    address = _COMMENT.sub("", rest.partition(">")[0]).strip() if opening else ""
    if not opening or "@" not in address:
        # Open quotes by the thousand take quadratic time: an address stands near one of the ends.
        ends = value if len(value) <= MAX_SENDER else value[:_END] + " " + value[-_END:]
        bare = _ADDRESS.search(_QUOTED.sub(" ", ends))
        if bare:
            address = bare[0]
            comment = _COMMENT.search(value)
            name = comment[1] if comment else name if opening else ""
        elif not opening:
            name, address = "", value
    name = name.strip()
    if len(name) > 1 and name[0] == '"':
        name = _ESCAPE.sub(r"\1", name.strip('"'))
    name = clean_line(words_of(name.strip("\"' "), defects), MAX_NAME)
    return name, _address(address)


def _split(value: str) -> tuple[str, str, str]:
    """Split before the first ``<`` that stands outside quotes."""
    quoted = _QUOTED.match(value)
    rest = value[quoted.end() :] if quoted else ""
    if not quoted or "<" not in rest:
        return value.partition("<")
    before, opening, after = rest.partition("<")
    return quoted[0] + before, opening, after


def recipients(values: list[str]) -> tuple[str, ...]:
    """The distinct addresses of To and Cc headers, in order."""
    found: dict[str, None] = {}
    for value in values:
        for chunk in _QUOTED.sub(" ", value).split(","):
            inner = chunk.partition("<")[2].partition(">")[0].strip()
            if "@" not in inner:
                bare = _ADDRESS.search(chunk)
                inner = bare[0] if bare else ""
            if inner:
                found[_address(inner)] = None
            if len(found) == MAX_RECIPIENTS:
                return tuple(found)
    return tuple(found)


def _address(text: str) -> str:
    return clean_line("".join(text.split()).lower(), MAX_ADDRESS)
