"""How tests build demo towns cheaply, and open them."""

from datetime import date
from pathlib import Path

from clerk.demo.build import build
from clerk.session import key_for, passphrase_source
from storage.store import Store, open_store
from tests import support

UNTIL = date(2026, 11, 20)
SIZE = 2_000


def cheap_home(home: Path) -> Path:
    """A home whose key costs nothing to derive; no store in it yet."""
    support.make_key(home)
    return home


def build_town(home: Path, *, size: int = SIZE, seed: int = 1) -> bool:
    """A demo up to a fixed day, by the passphrase of the tests."""
    ask = passphrase_source(home, str(home / support.PASSPHRASE_FILE))
    return build(home, ask, size=size, seed=seed, until=UNTIL)


def open_town(home: Path) -> Store:
    """The store of a demo that :func:`build_town` built."""
    ask = passphrase_source(home, str(home / support.PASSPHRASE_FILE))
    return open_store(home, key_for(home, ask, create=False))
