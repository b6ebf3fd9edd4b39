"""Opening the workstation's store: key, replica, clerk."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from clerk import clock, paths
from clerk.i18n import _
from clerk.locks import workstation_lock as workstation_lock  # noqa: PLC0414 - known from here
from clerk.refusal import refuse
from storage import keys
from storage.actor import Actor
from storage.store import Store, exists, make_home, open_store

DEMO_PASSPHRASE_FILE = "demo.passphrase"  # noqa: S105 - a name, not a secret
DEMO_FOLDER = "demo.building"  # where a demo stands until it is whole

Ask = Callable[[bool, str], str]
"""Asks for the passphrase; told whether it is a new one, and why one is needed (English)."""


class Session(NamedTuple):
    """An opened store and who acts in it."""

    store: Store
    actor: Actor
    home: Path


def passphrase_source(home: Path, given: str | None = None) -> Ask:
    """Where the passphrase comes from: a file (``--passphrase-file``, CLERK_PASSPHRASE_FILE, the
    demo's own), else the terminal. Refused ``key.no_terminal`` where there is neither."""
    file = _passphrase_file(home, given)

    def ask(new: bool, why: str) -> str:
        if file is not None:
            return _read(Path(file))
        return ask_terminal(new, why)

    return ask


def is_silent(home: Path, given: str | None = None) -> bool:
    """Whether the key of an existing store can be had without asking anybody."""
    if not exists(home):
        return False
    found = keys.read_key_file(home)
    by_keyring = found is not None and found.kind == "keyring"
    return by_keyring or _passphrase_file(home, given) is not None


def _passphrase_file(home: Path, given: str | None) -> str | None:
    file = given or os.environ.get(paths.PASSPHRASE_VARIABLE)
    demo = home / DEMO_PASSPHRASE_FILE
    return str(demo) if file is None and demo.exists() else file


def _read(file: Path) -> str:
    try:
        # utf-8-sig: editors of Windows put a mark before the text, and it is no part of it.
        return file.read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(
            "key.file", _("The passphrase file {path} cannot be read.").format(path=file)
        ) from error


def ask_terminal(new: bool, why: str) -> str:
    """The passphrase from the terminal; a new one is asked for twice."""
    from getpass import getpass

    if not sys.stdin.isatty():
        raise refuse(
            "key.no_terminal",
            _("A passphrase is needed; name a file with --passphrase-file.")
            + (f" {_(why)}" if why else ""),
        )
    if why:
        sys.stderr.write(_(why) + "\n")
    if not new:
        return getpass(_("Passphrase: "))
    sys.stderr.write(
        _("Choose a passphrase for this store. Without it nobody can read it again.") + "\n"
    )
    first = getpass(_("New passphrase: "))
    if getpass(_("Once more: ")) != first:
        raise refuse("key.differs", _("The two passphrases differ. Nothing was made."))
    return first


def key_for(home: Path, ask: Ask, *, create: bool) -> bytes:
    """The raw key of a home; with ``create`` a home without a store gets a new one.

    Refused ``demo.unfinished`` where that would make a real store beside a demo's open key.
    """
    if exists(home) or not create:
        return keys.unlock(home, ask)
    if (home / DEMO_FOLDER).exists() or (home / DEMO_PASSPHRASE_FILE).exists():
        raise refuse(
            "demo.unfinished",
            _(
                "The demo town in {home} was not finished. `clerk demo` builds it anew; for a store"
                " of your own name another folder with --home."
            ).format(home=home),
        )
    make_home(home)
    if keys.read_key_file(home) is not None:  # an earlier start was cut off before the store was
        return keys.unlock(home, ask)
    return keys.create_key(home, ask)


def open_session(
    home: Path, *, ask: Ask, create: bool = False, who: str | None = None, town: str = ""
) -> Session:
    """Open the store in ``home`` for the clerk of this workstation (or ``who``).

    With ``create`` an empty home becomes a store with the offices and services of the library.
    Raises Refused or StoreError.
    """
    if not exists(home) and not create:
        open_store(home, b"", create=False)  # says that there is none, and what makes one
    key = key_for(home, ask, create=create)
    return open_with(home, key, create=create, who=who, town=town)


def open_with(
    home: Path, key: bytes, *, create: bool = False, who: str | None = None, town: str = ""
) -> Session:
    """Like :func:`open_session`, with the key at hand."""
    from clerk.desks.people import actor_of, found

    store = open_store(home, key, create=create, clock=clock.now)
    try:
        if create and store.local("clerk") is None:
            return Session(store, found(store, town=town), home)
        return Session(store, actor_of(store, who), home)
    except BaseException:
        store.close()
        raise
