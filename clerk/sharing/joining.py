"""Joining a shared store: a workstation is filled from it and brings what was done alone.

What stands in the way is found before anything happens. Cut off at any point, the next ``clerk
join`` goes on: a replica is only exchanged for a filled one as a whole, with the work in it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clerk import clock
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.session import Ask, key_for
from clerk.settings import SyncSettings
from clerk.sharing.account import SHARED, Account, account_of, connector, keep
from clerk.sharing.bringing import REPORT, Brought, prepare
from clerk.sharing.synchronising import synchronisation
from clerk.sharing.town import CLERK, look
from storage.store import Store, open_store
from storage.sync.carry import has_worked

if TYPE_CHECKING:
    from storage.sync.bringing import Bringing
    from storage.sync.link import Connect

DEMO = "demo"
_PATIENCE_S = 600.0

Progress = Callable[[str, int], None]


class Joined(NamedTuple):
    """Who sits here now; what was brought along, None where there was nothing; how many of its
    entries the shared store did not take."""

    clerk_id: str
    brought: Brought | None
    refused: int


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
    progress: Progress = lambda _table, _rows: None,
) -> Joined:
    """Join the store in ``home`` to the shared one at ``url``.

    Refused ``join.other`` (it belongs to another shared store), ``join.demo``, what
    :func:`clerk.sharing.town.look` refuses, and what the shared store refuses.
    """
    store = open_store(home, key_for(home, ask, create=True), create=True, clock=clock.now)
    with closing(store), ExitStack() as stack:
        account = Account(url, role_of(url, login))
        _refuse(store, account)
        connect = connector(account, password, plain=settings.plain)
        with _bringing(store, login, connect, progress) as bringing:
            keep(store, account, password)
            sync = synchronisation(
                store, settings, progress=progress, joining=True, bringing=bringing
            )
            stack.callback(sync.close)
            sync.once()
        store.set_local(CLERK, store.local("hub_clerk") or "")
        sync.send_contents()
        return _report(store)


def _refuse(store: Store, account: Account) -> None:
    if store.local(SHARED):
        if account_of(store) != account:
            raise refuse(
                "join.other",
                _("This store belongs to another shared store, or to another clerk."),
            )
    elif store.local(DEMO):
        raise refuse("join.demo", _("A demo town does not join a shared store; take another home."))


@contextmanager
def _bringing(
    store: Store, login: str, connect: "Connect", progress: Progress
) -> "Iterator[Bringing | None]":
    """What this store brings along, None where nothing was done in it alone; meanwhile no other
    workstation brings anything."""
    from clerk.crash import version
    from storage.hub import bringing as hub
    from storage.hub import calls
    from storage.schema import SCHEMA
    from storage.sync.link import linked

    if store.local(SHARED) or not has_worked(store.db):
        yield None
        return
    with linked(connect) as link:
        look(store, link, login)
        with hub.alone(link, lambda: progress(_("waiting"), 0), _PATIENCE_S):
            town, needs = look(store, link, login)
            with link.watched() as db:
                hello = calls.hello(db, store.device, SCHEMA, f"clerk {version()}")
            yield prepare(store, link, hello, town, needs)


def _report(store: Store) -> Joined:
    """What came of it; told once."""
    from storage.sync.state import refusals_open

    told = store.local(REPORT)
    if told:
        store.set_local(REPORT, "")
    brought = Brought(**json.loads(told)) if told else None
    return Joined(store.local(CLERK) or "", brought, refusals_open(store.db) if brought else 0)
