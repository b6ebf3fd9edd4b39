"""Amounts of money: cents within, euros as people write them. Pure."""

import re

from clerk.i18n import language

_WHOLE = r"(?P<whole>[0-9]{1,12}|[0-9]{1,3}(?:%s[0-9]{3}){1,3})"
_GERMAN = re.compile(_WHOLE % r"\." + r"(?:,(?P<part>[0-9]{1,2}|-{1,2}))?")
_ENGLISH = re.compile(_WHOLE % "," + r"\.(?P<part>[0-9]{1,2})")
_UNIT = re.compile(r"\s*(?:€|EUR|Euro)\s*", re.IGNORECASE)
_LONGEST = 40


def parse_euros(text: str) -> int | None:
    """Cents of ``88``, ``88,50``, ``88.50``, ``1.200``, ``1.200,00`` or ``1,200.00``, with or
    without a unit; None for what is no amount, or a negative one.

    A dot before exactly three digits parts thousands, as it does in Germany; a comma there is no
    amount, since nobody could say which one.
    """
    if len(text) > _LONGEST:
        return None
    text = _UNIT.sub("", text).strip()
    match = _GERMAN.fullmatch(text) or _ENGLISH.fullmatch(text)
    if match is None:
        return None
    whole = int(re.sub(r"[.,]", "", match["whole"]))
    part = (match["part"] or "").strip("-")
    return whole * 100 + int(part.ljust(2, "0") or 0)


def euros(cents: int) -> str:
    """``1.200,00 €`` in German, ``€ 1,200.00`` in English."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    written = f"{sign}{cents // 100:,}.{cents % 100:02}"
    if language() == "en":
        return f"€ {written}"
    return written.translate(str.maketrans(",.", ".,")) + " €"


def in_currency(cents: int, currency: str) -> str:
    """Like :func:`euros`; another currency (ISO 4217) by its code: ``88,50 CHF``."""
    written = euros(cents)
    return written if currency == "EUR" else f"{written.strip('€ ')} {currency}"
