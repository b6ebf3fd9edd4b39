"""Who wrote: name, address and number read from a sender and the end of a text. Pure.

What cannot be read stays empty; a clerk sees and corrects it before it is kept.
"""

import re
from dataclasses import dataclass

_SALUTATIONS = {
    "herr", "frau", "familie", "fam", "mr", "mrs", "ms", "dr", "prof", "dipl-ing", "mag",
}  # fmt: skip
_PARTICLES = {
    "von", "vom", "van", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le",
    "zu", "zum", "zur", "af", "al", "el", "bin", "ben", "ibn", "ter",
}  # fmt: skip
_FIRM = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|se|e\.\s?v|e\.\s?k|e\.\s?g|inc|ltd|verein|verband|stiftung"
    r"|kanzlei|praxis|apotheke|schule|kita|gemeinde)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]*\)")  # "Sabine Groß (privat)"
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{4,}")
_PLACE = re.compile(r"(?:D-)?(?P<postcode>[0-9]{5}) (?P<city>[^\W\d_][^\d,;:|]{1,60})")
_STREET = re.compile(r"[^\W\d_][^,;:|@]{2,60} [0-9]{1,4} ?[a-zA-Z]?(?:[-/][0-9]{1,4} ?[a-z]?)?")
_LAST_LINES = 60
_LONGEST_LINE = 200
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as far as they are known; ``family_name`` alone is a firm's name."""

    family_name: str = ""
    given_name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""


def contact(name: str, address: str, text: str = "") -> Contact:
    """Who a sender is. ``address`` is a mail address or a telephone number; the postal address is
    looked for in the last lines of ``text``."""
    address = address.strip()
    email = address if _MAIL.fullmatch(address) else ""
    phone = address if not email and _NUMBER.fullmatch(address) else ""
    given, family = split_name(name if not _MAIL.fullmatch(name.strip()) else "")
    if not family:
        given, family = _of_local_part(email)
    street, postcode, city = postal_address(text)
    return Contact(family, given, street, postcode, city, email, phone)


def split_name(name: str) -> tuple[str, str]:
    """Given and family name: ``Müller, Hans``, ``Dr. Hans von der Aue``, ``Bäckerei Groß GmbH``."""
    name = " ".join(_ASIDE.sub(" ", name[:_LONGEST_NAME]).strip(" \"'").split())
    if _FIRM.search(name):
        return "", name
    if name.count(",") == 1:
        family, given = (part.strip() for part in name.split(","))
        if family and given:
            return _without_salutation(given), family
    words = _without_salutation(name).split()
    if not words:
        return "", ""
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    if start == 1 and words[0].lower() in _PARTICLES:
        start = 0
    return " ".join(words[:start]), " ".join(words[start:])


def postal_address(text: str) -> tuple[str, str, str]:
    """Street, postcode and city of the last address in the text that is not quoted; '' each."""
    lines = [line.strip() for line in text.splitlines() if not line.lstrip().startswith(">")]
    lines = [line for line in lines if line and len(line) <= _LONGEST_LINE][-_LAST_LINES:]
    for n in range(len(lines) - 1, -1, -1):
        before, _comma, last = lines[n].rpartition(",")
        place = _PLACE.fullmatch(last.strip())
        street = before.strip() if before else lines[n - 1] if n else ""
        if place and _STREET.fullmatch(street):
            return street, place["postcode"], place["city"].strip()
    return "", "", ""


def _without_salutation(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[0].lower().rstrip(".") in _SALUTATIONS:
        del words[0]
    return " ".join(words)


def _of_local_part(email: str) -> tuple[str, str]:
    """``erika.beispiel@…`` -> Erika Beispiel; '' where it does not look like a name."""
    parts = re.split(r"[._]", email.partition("@")[0])
    if len(parts) != 2 or not all(part.isalpha() and len(part) > 1 for part in parts):
        return "", ""
    return parts[0].capitalize(), parts[1].capitalize()
