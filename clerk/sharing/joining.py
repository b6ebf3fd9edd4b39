"""Joining a shared store: a fresh workstation is filled from it.

Cut off at any point, the next ``clerk join`` goes on: the login is kept first, and a replica is
only exchanged for a filled one as a whole.
"""

from collections.abc import Callable
from pathlib import Path

from clerk import clock
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.session import Ask, key_for
from clerk.settings import SyncSettings
from clerk.sharing.account import SHARED, Account, account_of, keep
from clerk.sharing.synchronising import synchronisation
from storage.counters import has_matters
from storage.store import Store, open_store

CLERK = "clerk"  # the local value that says who sits here
DEMO = "demo"


def role_of(url: str, login: str) -> str:
    """The PostgreSQL role of a clerk: roles are the server's, so the database's name is in it."""
    from storage.hub.connect import parse

    return f"{parse(url, plain=True).database}_{login}"


def join(
    home: Path,
    ask: Ask,
    *,
    url: str,
    login: str,
    password: str,
    settings: SyncSettings,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> str:
    """Join the store in ``home`` to the shared one at ``url``; returns the clerk's id.

    Refused ``join.other`` (it belongs to another shared store), ``join.work`` (it holds matters of
    its own) and what the shared store refuses.
    """
    store = open_store(home, key_for(home, ask, create=True), create=True, clock=clock.now)
    try:
        account = Account(url, role_of(url, login))
        _refuse(store, account)
        keep(store, account, password)
        sync = synchronisation(store, settings, progress=progress)
        try:
            sync.once()
        finally:
            sync.close()
        clerk_id = store.local("hub_clerk") or ""
        store.set_local(CLERK, clerk_id)
        return clerk_id
    finally:
        store.close()


def _refuse(store: Store, account: Account) -> None:
    if store.local(SHARED):
        if account_of(store) != account:
            raise refuse(
                "join.other",
                _("This store belongs to another shared store, or to another clerk."),
            )
        return
    if store.local(DEMO):
        raise refuse("join.demo", _("A demo town does not join a shared store; take another home."))
    if has_matters(store.db):
        raise refuse(
            "join.work",
            _("This store holds matters of its own. Join with an empty home, and keep this one."),
        )
