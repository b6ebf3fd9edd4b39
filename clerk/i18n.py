"""Language: English in the source, German on the counter.

``_`` translates now, ``N_`` only marks a string for the catalogue (tables, enums). The language is
German unless ``--lang``, the settings or ``LANG`` say English.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LANGUAGES = ("de", "en")
LOCALE_DIR = Path(__file__).with_name("locale")
_chosen: list[str] = []


def choose(language: str | None) -> str:
    """Set the language of this process; ``None`` takes it from the environment. Returns it."""
    if language not in LANGUAGES:
        language = _from_environment()
    _chosen[:] = [language]
    _catalogue.cache_clear()
    return language


def language() -> str:
    """The language in use, ``de`` or ``en``."""
    return _chosen[0] if _chosen else choose(None)


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Within the block this language, for what is not shown but written once and for all."""
    before = language()
    choose(wanted)
    try:
        yield
    finally:
        choose(before)


def _from_environment() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "de"
    return "de"


@cache
def _catalogue() -> NullTranslations:
    if language() == "en":
        return NullTranslations()
    return translation("clerk", LOCALE_DIR, ["de"], fallback=True)


def _(message: str) -> str:
    """The message in the language in use."""
    return _catalogue().gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The form of the message that fits ``n``."""
    return _catalogue().ngettext(one, many, n)


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Mark a message for the catalogue without translating it here."""
    return message
