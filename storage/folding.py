"""German folding for search: what people type alike is found alike.

ä = ae = a, ö = oe = o, ü = ue = u, ß = ss, other diacritics off, case off. Both the index and the
query are folded by this one function, so a false friend ("neue" folds to "neu") costs at most one
hit too many, never one too few.
"""

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The folded text. Words stay apart; nothing is dropped but diacritics."""
    text = text.lower().translate(_UMLAUTS)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def words(text: str) -> list[str]:
    """The folded words of a text, in order, letters and digits only."""
    return _WORD.findall(fold(text))
