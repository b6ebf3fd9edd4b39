"""Numbers ahead of need: ranges that are leased while the shared store can be reached."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from storage.hub import calls
from storage.numbers import add_lease, numbers_left

if TYPE_CHECKING:
    from storage.store import Store
    from storage.sync.link import Link

LEASED = 50
FEW = 15


def lease_ahead(store: "Store", link: "Link", names: Iterable[str]) -> int:
    """Lease a range for each name of which few numbers are left; returns how many ranges.

    A range that is lost on its way (a cut connection) stays unused: numbers may have gaps.
    """
    leased = 0
    for name in names:
        if numbers_left(store.db, name) >= FEW:
            continue
        with link.watched() as db:
            first, last = calls.lease(db, store.device, name, LEASED)
        with store.beneath() as (local, _index):
            add_lease(local, name, first, last)
        leased += 1
    return leased
