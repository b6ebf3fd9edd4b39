"""The OS keyring, and which of its backends can be trusted.

With ``keyrings.alt`` installed the keyring package silently stores plain text, so a backend is
trusted by name or not at all.
"""

from storage.errors import N_, StoreError

SERVICE = "clerk"

_TRUSTED = {
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
}
_CHAIN = "keyring.backends.chainer.ChainerBackend"


def untrusted_reason() -> str:
    """Why the keyring of this machine cannot hold the key, an English sentence; '' if it can."""
    import keyring

    backend = keyring.get_keyring()
    name = _name(backend)
    if name == _CHAIN:
        # The chain writes into its first member, so that one has to be trusted.
        members = list(getattr(backend, "backends", []))
        name = _name(members[0]) if members else "keyring.backends.fail.Keyring"
    if name in _TRUSTED:
        return ""
    if name.startswith("keyring.backends.fail") or name.startswith("keyring.backends.null"):
        return N_("This machine has no keyring that could hold the key.")
    return N_("The keyring of this machine does not keep secrets safely (plain text or unknown).")


def read_secret(name: str) -> str | None:
    """The secret of this name, None if the keyring has none. StoreError if it cannot be trusted."""
    import keyring

    if untrusted_reason():
        raise StoreError(
            "key.missing",
            N_("The keyring does not hold the key of this store. Unlock the keyring, try again."),
        )
    return keyring.get_password(SERVICE, name)


def write_secret(name: str, secret: str) -> None:
    """Keep a secret under this name."""
    import keyring

    keyring.set_password(SERVICE, name, secret)


def _name(backend: object) -> str:
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"
