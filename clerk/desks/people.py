"""Who sits at this workstation, and the town it was set up for."""

from typing import TYPE_CHECKING

from clerk import clock
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.rules.absences import stood_in_for
from clerk.rules.permissions import wider
from storage.actor import Actor, StandIn
from storage.pages import absences, people
from storage.store import Store
from storage.terms import Role

if TYPE_CHECKING:
    from sqlite3 import Connection

_CLERK = "clerk"  # names of local values
_TOWN = "town"


def actor_of(store: Store, who: str | None = None) -> Actor:
    """The clerk of this workstation, or another one by id or login (``--as``).

    Refused ``clerk.unknown`` where there is no such clerk.
    """
    wanted = who or store.local(_CLERK)
    found = people.clerk(store.db, wanted) if wanted else None
    if found is None or not found.active:
        raise refuse("clerk.unknown", _("There is no clerk {who} here.").format(who=wanted or "?"))
    return acting(store.db, found.id, found.name, clock.local(store.clock()).date().isoformat())


def acting(db: "Connection", clerk_id: str, name: str, day: str) -> Actor:
    """A clerk with what they may do on a day: their own roles, and those of absent colleagues for
    whom they stand in. Administrators lend nothing: who runs the program does not work on matters.
    """
    own = people.roles(db, clerk_id, day)
    found = absences.on_day(db, day)
    if not found:
        return Actor(clerk_id, name, own)
    stand_ins = [
        StandIn(other, people.name_of(db, other), may, until)
        for other, (may, until) in stood_in_for(clerk_id, found, day).items()
    ]
    stand_ins.sort(key=lambda one: (one.name, one.clerk_id))
    roles, lent, reads = dict(own), dict[str, str](), set[str]()
    for one in stand_ins:
        for office, role in people.roles(db, one.clerk_id, day).items():
            if role == Role.ADMIN:
                continue
            if not one.acts:
                reads.add(office)
            elif office not in roles or wider(role, roles[office]):
                roles[office], lent[office] = role, one.clerk_id
    return Actor(clerk_id, name, roles, tuple(stand_ins), lent, tuple(sorted(reads - roles.keys())))


def town_of(store: Store) -> str:
    """The town's name for the status bar."""
    return store.local(_TOWN) or ""


def found(store: Store, *, town: str, login: str | None = None, name: str | None = None) -> Actor:
    """Set up an empty store: offices and services of the library, one clerk leading everywhere.

    One action of the clerk who is founded by it; it cannot be undone.
    """
    from clerk.desks.services import import_services
    from clerk.library.load import load_offices, load_services
    from storage.records import Clerk, Membership, Office

    login = login or _user()
    founder = Clerk(login=login, name=name or login)
    offices = load_offices()
    actor = Actor(founder.id, founder.name, {office.id: Role.SUPERVISOR for office in offices})
    with store.group():
        with store.change(actor, "town.found", undoable=False) as change:
            change.add(founder)
            for office in offices:
                change.add(
                    Office(
                        id=office.id,
                        name=office.name,
                        prefix=office.prefix,
                        is_intake=int(office.intake),
                    )
                )
                change.add(
                    Membership(clerk_id=founder.id, office_id=office.id, role=Role.SUPERVISOR)
                )
        import_services(store, actor, load_services())
        store.set_local(_CLERK, founder.id)
        store.set_local(_TOWN, town)
    return actor


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as containers have them
        return "clerk"


def sit_down(store: Store, clerk_id: str) -> None:
    """From now on this workstation is this clerk's."""
    store.set_local(_CLERK, clerk_id)
