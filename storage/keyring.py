"""The OS keyring, and which of its backends can be trusted.

With ``keyrings.alt`` installed the keyring package silently stores plain text, so a backend is
trusted by name or not at all.
"""

import os
import sys
from typing import TYPE_CHECKING

from storage.errors import N_, StoreError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "clerk"

_TRUSTED = {
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
}
# Where none of these is set there is no session bus, over which a Linux keyring is reached; to load
# the package in order to be told so takes 0.2 s of a start. The last one names a backend outright.
_DESKTOP = (
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "PYTHON_KEYRING_BACKEND",
)
_CHAIN = "keyring.backends.chainer.ChainerBackend"


_NONE = N_("This machine has no keyring that could hold the key.")
_UNSAFE = N_("The keyring of this machine does not keep secrets safely (plain text or unknown).")
_FAILED = N_("The keyring of this machine is locked or does not answer.")


def untrusted_reason() -> str:
    """Why the keyring of this machine cannot hold the key, an English sentence; '' if it can."""
    return _backend()[1]


def described() -> tuple[str, str, bool]:
    """The name of the backend ('' if there is none), why it cannot be trusted, an English sentence
    ('' if it can), and whether it is one that would keep secrets badly."""
    backend, reason = _backend()
    if backend is not None:
        return _name(backend), "", False
    return _found_name() if reason == _UNSAFE else "", reason, reason == _UNSAFE


def _found_name() -> str:
    import keyring

    return _name(keyring.get_keyring())


def read_secret(name: str) -> str | None:
    """The secret of this name, None if the keyring has none.

    Raises StoreError ``key.missing`` if the keyring cannot be trusted or is locked.
    """
    backend, _reason = _backend()
    if backend is None:
        raise _missing()
    from keyring.errors import KeyringError

    try:
        return backend.get_password(SERVICE, name)
    except KeyringError as error:
        raise _missing() from error


def kept_secret(name: str) -> str | None:
    """Like :func:`read_secret`, but None also where the keyring cannot be trusted or is locked."""
    try:
        return read_secret(name)
    except StoreError:
        return None


def write_secret(name: str, secret: str) -> str:
    """Keep a secret under this name; returns why that was not possible, '' if it was.

    It is read back: a keyring that swallows what it is given would lock everybody out.
    """
    backend, reason = _backend()
    if backend is None:
        return reason
    from keyring.errors import KeyringError

    try:
        backend.set_password(SERVICE, name, secret)
        kept = backend.get_password(SERVICE, name) == secret
    except KeyringError:
        kept = False
    return "" if kept else _FAILED


def _missing() -> StoreError:
    return StoreError(
        "key.missing",
        N_("The keyring does not hold the key of this store. Unlock the keyring, try again."),
    )


def _backend() -> "tuple[KeyringBackend | None, str]":
    """The backend that can be trusted, or None and why there is none.

    Of a chain it is the first member, to which the chain would write; it is asked by itself, so
    that a secret can neither go to nor come from another member.
    """
    if sys.platform == "linux" and not any(map(os.environ.get, _DESKTOP)):
        return None, _NONE
    try:
        import keyring

        backend: KeyringBackend | None = keyring.get_keyring()
        if _name(backend) == _CHAIN:
            backend = next(iter(getattr(backend, "backends", ())), None)
    except Exception:  # a backend that cannot even be loaded, or is named wrongly in its settings
        return None, _FAILED
    name = _name(backend)
    if backend is None or name.startswith(("keyring.backends.fail", "keyring.backends.null")):
        return None, _NONE
    return (backend, "") if name in _TRUSTED else (None, _UNSAFE)


def _name(backend: object) -> str:
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"
