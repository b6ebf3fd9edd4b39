"""Options that hold for every command, wherever they stand in the line.

Read by hand before typer sees the line, so that the workstation starts without typer.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from clerk import paths
from clerk.i18n import LANGUAGES, _


class UsageError(Exception):
    """The line cannot be understood: exit code 2. The message is a translated sentence."""


class Globals(NamedTuple):
    """``as_login``: another clerk to act as; ``language``: only if the line names one."""

    home: Path
    language: str | None = None
    passphrase_file: str | None = None
    as_login: str | None = None
    version: bool = False


_VALUED = {
    "--home": "home",
    "--lang": "language",
    "--passphrase-file": "passphrase_file",
    "--as": "as_login",
}
_current: list[Globals] = []
_acts: list[str] = []


def hoist(argv: Sequence[str]) -> tuple[Globals, list[str]]:
    """The global options of a line, and the rest of it. What follows ``--`` is left alone.

    Raises UsageError for a missing or an unknown value.
    """
    found: dict[str, str] = {}
    version = False
    rest: list[str] = []
    words = iter([_readable(word) for word in argv])
    for word in words:
        if word == "--":
            rest += [word, *words]
            break
        name, equals, value = word.partition("=")
        if word == "--version":
            version = True
        elif name in _VALUED:
            if not equals:
                value = next(words, "")
            if not value:
                raise UsageError(_("{option} needs a value.").format(option=name))
            found[_VALUED[name]] = value
        else:
            rest.append(word)
    language = found.get("language")
    if language is not None and language not in LANGUAGES:
        raise UsageError(_("--lang is “de” or “en”."))
    globals_ = Globals(
        home=paths.home(found.get("home")),
        language=language,
        passphrase_file=found.get("passphrase_file"),
        as_login=found.get("as_login"),
        version=version,
    )
    return globals_, rest


def use(globals_: Globals) -> None:
    """Let the commands of this process know them."""
    _current[:] = [globals_]
    _acts.clear()


def current() -> Globals:
    """The global options of the running command."""
    return _current[0]


def note_act(what: str) -> None:
    """Remember that the running command has changed something (a store, a file)."""
    _acts.append(what)


def has_acted() -> bool:
    """Whether the running command has changed something: then it must not be done again only
    because its output did not arrive."""
    return bool(_acts)


def _readable(word: str) -> str:
    """A word in the terminal's own encoding as text: bytes that are not UTF-8 are the old German
    code page, and nothing that the store could not keep is let through."""
    try:
        word.encode()
    except UnicodeEncodeError:
        data = os.fsencode(word)
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")
    return word
