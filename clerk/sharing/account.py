"""The login of this workstation at its shared store: where it is, who, and the password.

The password lies in the computer's keyring; where there is none to be trusted it lies in the
replica, which is encrypted by the store's own key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clerk.i18n import _
from clerk.refusal import refuse
from storage.store import Store

if TYPE_CHECKING:
    from psycopg import Connection

    from storage.hub.connect import Address

URL, ACCOUNT, SECRET = "hub_url", "hub_account", "hub_secret"
SHARED = "shared"
"""Local values of a joined replica."""


@dataclass(frozen=True, slots=True)
class Account:
    """``role`` is the PostgreSQL role of the clerk."""

    url: str
    role: str


def account_of(store: Store) -> Account:
    """The login of a joined replica. Refused ``sync.alone`` where it is joined to nothing."""
    url, role = store.local(URL), store.local(ACCOUNT)
    if not url or not role:
        raise refuse(
            "sync.alone", _("This store stands alone; clerk join joins it to a shared one.")
        )
    return Account(url, role)


def keep(store: Store, account: Account, password: str) -> None:
    """Keep login and password of this workstation."""
    from storage.keyring import write_secret

    store.set_local(URL, account.url)
    store.set_local(ACCOUNT, account.role)
    in_keyring = write_secret(secret_name(account), password) == ""
    store.set_local(SECRET, "" if in_keyring else password)


def password_of(store: Store, account: Account) -> str:
    """The kept password. Refused ``hub.no_password`` where it is not to be had any more."""
    if kept := store.local(SECRET):
        return kept
    from storage.keyring import kept_secret

    found = kept_secret(secret_name(account))
    if found is None:
        raise refuse(
            "hub.no_password",
            _("The password of the shared store is not to be had; clerk join it once more."),
        )
    return found


def connector(account: Account, password: str, *, plain: bool) -> "Callable[[], Connection]":
    """Opens connections as this clerk. Raises StoreError ``hub.plain`` and those of ``parse``."""
    from storage.hub.connect import connect

    address = address_of(account, plain=plain)
    return lambda: connect(address, password)


def address_of(account: Account, *, plain: bool) -> "Address":
    """Where the shared store is, as this clerk."""
    from storage.hub.connect import parse

    return parse(account.url, plain=plain).as_user(account.role)


def secret_name(account: Account) -> str:
    """Under which name the keyring has the password."""
    return f"{account.role}@{account.url.partition('://')[2]}"
