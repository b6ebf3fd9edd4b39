"""The keyring: which one there is, and whether secrets may lie in it."""

from collections.abc import Iterator
from pathlib import Path

from clerk.doctor.finding import Finding, fault, good, warning
from clerk.i18n import _
from storage.errors import StoreError


def look(home: Path) -> Iterator[Finding]:
    """The keyring of this session, against what the store's key file wants of it."""
    from storage.keyring import described
    from storage.keys import read_key_file

    backend, reason, unsafe = described()
    try:
        found = read_key_file(home)
    except StoreError:
        found = None  # the replica's check says so
    if not reason:
        yield good("keyring.backend", _("The keyring is trusted: {name}.").format(name=backend))
        return
    said = _(reason) + (f" ({backend})" if backend else "")
    if found is not None and found.kind == "keyring":
        yield fault(
            "keyring.backend",
            said,
            _("The store's key lies in a keyring. Log in to the desktop and unlock it."),
        )
    elif unsafe:
        yield warning(
            "keyring.backend",
            said,
            _("Nothing is kept in it. Uninstall keyrings.alt, or use a desktop's keyring."),
        )
    else:
        yield good("keyring.backend", said, _("A passphrase opens the store instead."))
