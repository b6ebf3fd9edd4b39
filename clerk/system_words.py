"""What the operating system says about a file, in the language in use."""

from collections.abc import Sequence
from typing import Final

from clerk.i18n import N_, _

_SAID: Final[Sequence[str]] = (
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File exists"),
    N_("File name too long"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("Device or resource busy"),
    N_("Stale file handle"),
    N_("Too many open files"),
)
"""The words of strerror(3) as the C locale has them, which Python keeps; others stay English."""


def in_our_words(said: str | None) -> str:
    """``error.strerror`` translated; ``?`` where there is none."""
    if not said:
        return "?"
    return _(said) if said in _SAID else said
