"""Synchronisation of a joined store as this program wants it: with its settings and its numbers."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.people import actor_of
from clerk.i18n import _
from clerk.refusal import Refused, refuse
from clerk.rules.numbers import range_of
from clerk.rules.permissions import may
from clerk.settings import SyncSettings
from clerk.sharing.account import SHARED, account_of, address_of, connector, password_of
from storage.pages.offences import has_catalogue
from storage.pages.offices import offices
from storage.store import Store

if TYPE_CHECKING:
    from storage.sync.bringing import Bringing
    from storage.sync.loop import Sync

_DECEMBER = 12
PLAIN = "hub_plain"
"""The local value that says that others in the network can read along."""


def number_ranges(store: Store) -> Iterable[str]:
    """The ranges from which this workstation's clerk takes numbers: case numbers of each of their
    offices for this year, in December for the next one as well; payment references where an office
    has a catalogue of offences."""
    try:
        actor = actor_of(store, store.local("hub_clerk"))
    except Refused:  # a clerk who has no role any more
        return ()
    today = clock.local(store.clock()).date()
    years = (today.year, today.year + 1) if today.month == _DECEMBER else (today.year,)
    known = offices(store.db)
    cases = (
        range_of(office.prefix, year)
        for office in known
        if may("case.open", actor.roles, office.id)
        for year in years
    )
    fines = (
        f"fine:{office.id}"
        for office in known
        if may("fine.new", actor.roles, office.id) and has_catalogue(store.db, office.id)
    )
    return (*cases, *fines)


def synchronisation(
    store: Store,
    settings: SyncSettings,
    *,
    changed: Callable[[], None] = lambda: None,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
    joining: bool = False,
    bringing: "Bringing | None" = None,
) -> "Sync":
    """Ready to run. Refused ``sync.alone`` where the store is joined to nothing, unless it is
    ``joining`` just now; ``bringing``: the work that it takes along."""
    from clerk.crash import version
    from storage.sync.loop import Sync, Wishes

    account = account_of(store)
    if not (joining or store.local(SHARED)):
        raise refuse("sync.alone", _("Joining was cut off; clerk join goes on with it."))
    address = address_of(account, plain=settings.plain)
    exposed = "" if address.is_encrypted or address.is_local else "1"
    if (store.local(PLAIN) or "") != exposed:
        store.set_local(PLAIN, exposed)
    connect = connector(account, password_of(store, account), plain=settings.plain)
    wishes = Wishes(
        keep_days=settings.closed_days,
        numbers=lambda: number_ranges(store),
        bringing=bringing,
        progress=progress,
        program=f"clerk {version()}",
    )
    return Sync(store, connect, wishes, changed)
