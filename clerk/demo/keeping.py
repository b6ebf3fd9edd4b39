"""The key of a demo: the keyring's or a named file's, else a passphrase kept beside the store.

Nobody is ever asked (docs/decisions/0004): what a demo holds is invented.
"""

import io
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clerk.i18n import _
from clerk.refusal import Refused, refuse
from clerk.session import DEMO_PASSPHRASE_FILE, Ask
from storage import keys
from storage.errors import StoreError
from storage.store import make_home

_NOBODY = "key.no_terminal"


def demo_key(home: Path, ask: Ask) -> bytes:
    """The key of a home that has no store yet; one is made unless an earlier build made it."""
    make_home(home)
    if keys.read_key_file(home) is not None:
        return existing_key(home, ask)

    def passphrase(new: bool, why: str) -> str:
        try:
            return _quietly(ask, new, why)
        except Refused as error:
            if error.refusal.code != _NOBODY:
                raise
        return _own_passphrase(home)

    return keys.create_key(home, passphrase)


def existing_key(home: Path, ask: Ask) -> bytes:
    """The key of a home that has one. Refused ``demo.real_store`` where somebody would have to be
    asked for it: then it is nobody's demo."""

    def passphrase(new: bool, why: str) -> str:
        own = home / DEMO_PASSPHRASE_FILE
        try:
            return _quietly(ask, new, why)
        except Refused as error:
            if error.refusal.code != _NOBODY:
                raise
            if not own.exists():
                raise real_store(home) from error
        return own.read_text(encoding="utf-8").rstrip("\n")

    try:
        return keys.unlock(home, passphrase)
    except StoreError as error:
        if error.code == "key.none":
            raise real_store(home) from error
        raise


def _own_passphrase(home: Path) -> str:
    """A new random one, on the disk before the key that rests on it."""
    path = home / DEMO_PASSPHRASE_FILE
    path.unlink(missing_ok=True)
    phrase = secrets.token_urlsafe(24)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(phrase + "\n")
        file.flush()
        os.fsync(file.fileno())
    return phrase


def _quietly(ask: Ask, new: bool, why: str) -> str:
    with _nobody_there():
        return ask(new, why)


@contextmanager
def _nobody_there() -> Iterator[None]:
    """``ask`` asks a person only where stdin is a terminal; for a demo it must not."""
    stdin, sys.stdin = sys.stdin, io.StringIO()
    try:
        yield
    finally:
        sys.stdin = stdin


def real_store(home: Path) -> Refused:
    """The refusal of a home that holds something else than a demo."""
    return refuse(
        "demo.real_store",
        _("There is a store in {home} that is no demo. It was left untouched.").format(home=home),
    )
