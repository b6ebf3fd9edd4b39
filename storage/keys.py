"""The replica's key: from the OS keyring where one can be trusted, else from a passphrase.

``key.json`` in the home says how the key is found; it holds no secret. The key of a passphrase is
Argon2id (RFC 9106) with 12 MiB, t = 6, p = 1: twice what OWASP asks at least (t = 3), little enough
memory that a start stays within its bounds (docs/decisions/0010).

A changed passphrase wraps the same key: only the key file is replaced, by one rename, so there is
no moment at which file and replica disagree. Whoever has the old key file and the old passphrase
can still open copies of the replica; only a new store has a new key.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from storage.errors import N_, StoreError
from storage.keyring import read_secret, write_secret

KEY_BYTES = 32
FILE_NAME = "key.json"
_TIME_COST, _MEMORY_KIB, _LANES = 6, 12 * 1024, 1
_MOST_MEMORY_KIB = 4 * 1024 * 1024
_SHORTEST = 8

PassphraseSource = Callable[[bool, str], str]
"""Gives the passphrase; told whether it is a new one, and why a passphrase is needed."""


class KeyFile(NamedTuple):
    """How the key of a home is found. ``check`` recognises a wrong key without the replica."""

    kind: str  # "keyring" or "passphrase"
    check: str
    name: str = ""  # keyring: the entry's name
    salt: str = ""  # passphrase: base64
    wrapped: str = ""  # passphrase, once changed: base64 of the key XOR what is derived from it
    time_cost: int = _TIME_COST
    memory_kib: int = _MEMORY_KIB
    lanes: int = _LANES
    why: str = ""  # passphrase: why no keyring was used, an English sentence


def read_key_file(home: Path) -> KeyFile | None:
    """The key file of a home, None where there is none yet; StoreError ``key.file`` if damaged."""
    path = home / FILE_NAME
    try:
        found = KeyFile(**json.loads(path.read_text(encoding="utf-8")))
        _check_form(found)
        return found
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            "key.file",
            N_("{path} cannot be read: {reason}."),
            path=str(path),
            reason=error.strerror or "?",
        ) from error
    except (ValueError, TypeError) as error:
        raise StoreError(
            "key.file",
            N_(
                "{path} is damaged. Restore it from your backup;"
                " without it nobody can open the store."
            ),
            path=str(path),
        ) from error


def _check_form(found: KeyFile) -> None:
    """ValueError or TypeError for what no version of this program has written."""
    for name, kind in KeyFile.__annotations__.items():
        if type(getattr(found, name)) is not kind:
            raise TypeError(name)
    if found.kind not in ("keyring", "passphrase"):
        raise ValueError("kind")
    costs = (found.time_cost, found.memory_kib, found.lanes)
    if min(costs) < 1 or found.time_cost > 1_000 or found.memory_kib > _MOST_MEMORY_KIB:
        raise ValueError("cost")
    if found.kind == "passphrase" and len(base64.b64decode(found.salt, validate=True)) < 8:
        raise ValueError("salt")
    if found.wrapped and len(base64.b64decode(found.wrapped, validate=True)) != KEY_BYTES:
        raise ValueError("wrapped")


def unlock(home: Path, passphrase: PassphraseSource) -> bytes:
    """The raw 32-byte key of an existing home.

    Raises StoreError ``key.wrong``, ``key.missing`` (the keyring has lost it) or ``key.file``.
    """
    found = read_key_file(home)
    if found is None:
        raise StoreError("key.none", N_("There is no key file in {home}."), home=str(home))
    if found.kind == "keyring":
        secret = read_secret(found.name)
        if secret is None:
            raise StoreError(
                "key.missing",
                N_(
                    "The keyring does not hold the key of this store."
                    " Unlock the keyring, try again."
                ),
            )
        key = _decoded(secret)
        if not hmac.compare_digest(key_check(key), found.check):
            raise StoreError(
                "key.wrong",
                N_("The key in the keyring is not the one of this store. It was left untouched."),
            )
        return key
    key = _derive(passphrase(False, found.why), found)
    if found.wrapped:
        key = _xor(base64.b64decode(found.wrapped), key)
    if not hmac.compare_digest(key_check(key), found.check):
        raise StoreError("key.wrong", N_("The passphrase is wrong. The store was left untouched."))
    return key


def create_key(home: Path, passphrase: PassphraseSource, *, use_keyring: bool = True) -> bytes:
    """Make the key of a new home and its key file; returns the raw key.

    Raises StoreError ``key.short`` for a passphrase under 8 characters.
    """
    why = ""
    if use_keyring:
        key = secrets.token_bytes(KEY_BYTES)
        name = secrets.token_hex(8)
        why = write_secret(name, base64.b64encode(key).decode())
        if not why:
            _write(home, KeyFile("keyring", key_check(key), name=name))
            return key
    draft = KeyFile("passphrase", "", salt=_salt(), why=why)
    key = _derive(_new(passphrase, why), draft)
    _write(home, draft._replace(check=key_check(key)))
    return key


def change_passphrase(home: Path, key: bytes, passphrase: PassphraseSource) -> None:
    """From now on another passphrase opens the store; ``key`` is what :func:`unlock` gave.

    Raises StoreError ``key.keyring`` where the keyring holds the key, and ``key.short``.
    """
    found = read_key_file(home)
    if found is None or found.kind != "passphrase":
        raise StoreError(
            "key.keyring", N_("The keyring holds the key of this store; there is no passphrase.")
        )
    if not hmac.compare_digest(key_check(key), found.check):
        raise StoreError("key.wrong", N_("The passphrase is wrong. The store was left untouched."))
    # A fresh salt makes what is derived a fresh one-time pad for the 32 bytes of the key.
    draft = found._replace(salt=_salt(), wrapped="")
    pad = _derive(_new(passphrase, found.why), draft)
    _write(home, draft._replace(wrapped=base64.b64encode(_xor(key, pad)).decode()))


def _new(passphrase: PassphraseSource, why: str) -> str:
    phrase = passphrase(True, why)
    if len(_typed(phrase)) < _SHORTEST:
        raise StoreError(
            "key.short",
            N_("The passphrase needs at least {n} characters."),
            n=_SHORTEST,
        )
    return phrase


def _salt() -> str:
    return base64.b64encode(os.urandom(16)).decode()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _derive(phrase: str, how: KeyFile) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        _typed(phrase).encode("utf-8", "surrogateescape"),
        base64.b64decode(how.salt),
        time_cost=how.time_cost,
        memory_cost=how.memory_kib,
        parallelism=how.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _typed(phrase: str) -> str:
    """One form of a passphrase, whether its umlauts were typed as one character or as two."""
    return unicodedata.normalize("NFC", phrase)


def _decoded(secret: str) -> bytes:
    try:
        return base64.b64decode(secret, validate=True)
    except ValueError:
        return b""  # a key that fits no store


def key_check(key: bytes) -> str:
    """What a key file keeps to recognise its key: 64 bits that say nothing about the key."""
    return hmac.new(key, b"clerk key check", hashlib.sha256).hexdigest()[:16]


def _write(home: Path, content: KeyFile) -> None:
    """Whole or not at all: written beside, then renamed."""
    beside = home / (FILE_NAME + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump(content._asdict(), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(home / FILE_NAME)
    if os.name == "posix":
        folder = os.open(home, os.O_RDONLY)
        try:
            os.fsync(folder)  # if the power takes the file's name, it takes all data with it
        finally:
            os.close(folder)
