"""Which office an item may belong to: the library's words over the offices of this store."""

from datetime import date

from clerk.library.definition import in_force
from clerk.library.load import load_offices
from clerk.library.packed import unpack
from clerk.rules.finder import Finder
from storage.pages import offices, services
from storage.store import Store


def finder(store: Store, today: date | None = None) -> Finder:
    """The finder over the services in force; offices this store has not got are left out."""
    from clerk import clock

    here = {office.id for office in offices.offices(store.db)}
    known = tuple(one for one in load_offices() if one.id in here)
    definitions = tuple(
        one
        for version in services.versions(store.db)
        if (one := unpack(version.definition)).office in here
    )
    day = today or clock.local(store.clock()).date()
    return Finder(known, in_force(definitions, day))
