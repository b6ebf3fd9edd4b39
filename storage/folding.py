"""German folding for search: what people type alike is found alike.

ä = ae = a, ö = oe = o, ü = ue = u, ß = ss, other diacritics off, case off. Both the index and the
query are folded by this one function, so a false friend ("Poet" folds to "pot") costs at most one
hit too many. An ue after a, e or q never stands for an ü ("neue", "bauen", "Quelle") and stays, so
that parts of words are found behind it: "Erteilung" in "Neuerteilung". A part is missed only where
the seam itself looks like an umlaut: "Einrichtung" in "Büroeinrichtung".
"""

import re
import unicodedata
from functools import lru_cache

_UMLAUTS = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"))
_WORD = re.compile(r"[^\W_]+")
_FAR = re.compile(r"[^\x00-\x7f]+")
# What parts words: no letter, digit or space; and vowel signs of two scripts that are letters only
# since Unicode 8, so that FTS5 would take a word with one for a phrase.
_NEITHER = re.compile(r"[^\w\s]|[\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]")
_SIGNS = bytes(n if chr(n).isalnum() else 32 for n in range(128)) + bytes(128)
_MOST_WORDS = 300_000
_KEPT = "\x01"  # stands for the e of an ue that stays


def fold(text: str) -> str:
    """The folded text. Words stay apart; nothing is dropped but diacritics.

    NUL becomes a space, because a text ends there for the functions of SQLite.
    """
    return _joined(_base(text))


def _base(text: str) -> str:
    """The text in base letters."""
    text = text.lower().replace("\x00", " ")
    if not text.isascii():
        for umlaut, plain in _UMLAUTS:  # four times faster than str.translate
            text = text.replace(umlaut, plain)
        if not text.isascii():
            text = _FAR.sub(_plain, text)
    return text


def _joined(text: str) -> str:
    """The text with ae, oe and ue as one letter."""
    for pair, vowel in (("ae", "a"), ("oe", "o")):
        while pair in text:  # until none is left: "Böen", "Boeen" and "Boen" are one
            text = text.replace(pair, vowel)
    if "ue" not in text:
        return text
    text = text.replace(_KEPT, " ")
    for stays in ("au", "eu", "qu"):
        text = text.replace(stays + "e", stays + _KEPT)
    while "ue" in text:
        text = text.replace("ue", "u")
    return text.replace(_KEPT, "e")


def _plain(run: re.Match[str]) -> str:
    return _plain_run(run[0])


@lru_cache(maxsize=2048)
def _plain_run(run: str) -> str:
    """A run beyond ASCII in base letters: mostly one of a few dozen quotes, dashes and letters.

    FTS5's tables end at Unicode 6.1: what it does not know (isolates, emoji) it takes for letters,
    and would glue to the word beside it; so whatever is no letter here becomes a space.
    """
    text = unicodedata.normalize("NFKD", run)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return _NEITHER.sub(" ", text)


def distinct(text: str) -> set[str]:
    """The distinct words of a folded text."""
    return set(_parted(text))


def _parted(text: str) -> list[str]:
    if text.isascii():  # a third faster
        return text.encode().translate(_SIGNS).decode().split()
    return _WORD.findall(text)


def words(text: str) -> list[str]:
    """The folded words of a text, in order, letters and digits only."""
    return _WORD.findall(fold(text))


class Words(dict[str, str]):
    """Folds the words of many texts, each of them once: what they become, by what they were."""

    def __init__(self) -> None:
        """It knows none yet."""
        super().__init__()
        self._new: list[str] = []

    def of(self, text: str) -> set[str]:
        """The distinct words of a text, folded: ``distinct(fold(text))`` in half the time."""
        if len(self) > _MOST_WORDS:
            self.clear()
        return set(map(self.__getitem__, set(_parted(_base(text)))))

    def __missing__(self, word: str) -> str:
        folded = self[word] = _joined(word)
        self._new.append(folded)
        return folded

    def new(self) -> list[str]:
        """The folded words that came up since this was asked last, and not long before."""
        new, self._new = self._new, []
        return new
