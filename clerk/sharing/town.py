"""The town that a workstation with work of its own is about to join: does it have what that needs?

Looked at before anything happens; what stands in the way is said with what to do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clerk import clock
from clerk.fields import record_word
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import refuse
from clerk.rules.shared import ACTIONS
from clerk.sharing.needs import RESTED_ON, Needs, needs_of
from storage.pages.offices import offices
from storage.pages.people import clerks
from storage.store import Store
from storage.sync.bringing import offence_there
from storage.sync.carry import own_works
from storage.terms import Role

if TYPE_CHECKING:
    from storage.hub.bringing import Rows
    from storage.sync.link import Link

CLERK: Final = "clerk"
"""The local value that says who sits here."""
PATIENCE_S: Final = 60.0
_TABLES: Final = ("clerks", "memberships", *RESTED_ON)
_LADDER: Final = (Role.CLERK, Role.OFFICER, Role.SUPERVISOR)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Town:
    """The shared store as it concerns this one. ``me``: who joins, by the id there; ``seat``: the
    clerk of this store who is the same person; ``offices``: by id of this store, the id there;
    ``missing``: offices of this store that are not there, by name; ``roles``: by id there."""

    me: str
    seat: str
    rows: Mapping[str, "Rows"]
    offices: Mapping[str, str]
    missing: Mapping[str, str]
    roles: Mapping[str, str]


def look(store: Store, link: "Link", login: str) -> tuple[Town, Needs]:
    """Whether the work of this store can be brought; changes nothing anywhere.

    Refused ``join.offices``, ``join.services`` (something is missing there), ``join.roles``,
    ``join.letters`` and ``join.taken`` (something is there that only one store can have).
    """
    from storage.hub import bringing as hub

    with link.watched(PATIENCE_S) as db:
        me = hub.me(db)
        rows = hub.town(db, _TABLES)
    town = _town(store, me, rows)
    needs = needs_of(own_works(store.db))
    _refuse_offices(town, needs)
    _refuse_library(town, needs)
    _refuse_roles(town, needs, login)
    _refuse_letters(store, town, needs)
    _refuse_taken(link, needs)
    return town, needs


def _town(store: Store, me: str, rows: Mapping[str, "Rows"]) -> Town:
    there = rows["offices"]
    by_name = {str(row["name"]).casefold(): office_id for office_id, row in there.items()}
    same: dict[str, str] = {}
    missing: dict[str, str] = {}
    for office in offices(store.db):
        found = office.id if office.id in there else by_name.get(office.name.casefold())
        if found is None:
            missing[office.id] = office.name
        else:
            same[office.id] = found
    today = clock.local(store.clock()).date().isoformat()
    roles = {
        str(row["office_id"]): str(row["role"])
        for row in rows["memberships"].values()
        if row["clerk_id"] == me
        and str(row.get("since", today)) <= today <= str(row.get("until", today))
    }
    logins = {row_id: str(row["login"]) for row_id, row in rows["clerks"].items()}
    same_login = (one.id for one in clerks(store.db) if one.login == logins.get(me))
    seat = next(same_login, store.local(CLERK) or "")
    return Town(me, seat, rows, same, missing, roles)


def _refuse_offices(town: Town, needs: Needs) -> None:
    if lacking := sorted(
        town.missing[one] for one in needs.library.get("offices", set()) & town.missing.keys()
    ):
        raise refuse(
            "join.offices",
            _(
                "Matters of this store lie in offices that the shared store does not have: {names}."
                " Its administrator adds them: clerk hub add-office. Nothing was changed."
            ).format(names=_some(lacking)),
        )


def _refuse_library(town: Town, needs: Needs) -> None:
    lacking: set[str] = set()
    for table in ("services", "service_versions"):
        lacking |= needs.library.get(table, set()) - town.rows[table].keys()
    wanted = {offence_there(one, town.offices) for one in needs.library.get("offences", ())}
    lacking |= wanted - town.rows["offences"].keys()
    if lacking:
        raise refuse(
            "join.services",
            _(
                "Cases of this store rest on services or offences that the shared store does not"
                " have: {names}. A supervisor or administrator who has joined brings them in: clerk"
                " services import, clerk fine catalogue import. Nothing was changed."
            ).format(names=_some(sorted(lacking))),
        )


def _refuse_roles(town: Town, needs: Needs, login: str) -> None:
    """Bringing is no way around a role: what was done must be theirs to do there as well."""
    lacking = [
        f"{town.rows['offices'][office]['name']} ({office}): {word('role', role)}"
        for place, acts in sorted(needs.acts.items(), key=lambda one: one[0] or "")
        for office, role in _role_for(town, place, acts)
    ]
    if lacking:
        raise refuse(
            "join.roles",
            _(
                "For the matters of this store {login} needs another role in the shared store:"
                " {roles}. Its administrator gives it: clerk hub grant. Nothing was changed."
            ).format(login=login, roles=_some(lacking)),
        )
    if not any(role in _LADDER for role in town.roles.values()):
        raise refuse(
            "join.roles",
            _(
                "In the shared store {login} works in no office yet. Its administrator gives a"
                " role: clerk hub grant. Nothing was changed."
            ).format(login=login),
        )


def _refuse_letters(store: Store, town: Town, needs: Needs) -> None:
    """Nobody brings another's signature."""
    if others := needs.signers - {town.seat}:
        names = {one.id: one.name for one in clerks(store.db)}
        raise refuse(
            "join.letters",
            _(
                "Letters of this store were written or signed by others as well: {names}. Nobody"
                " can bring those in their place. Nothing was changed; ask your IT."
            ).format(names=_some(sorted(names.get(one, one) for one in others))),
        )


def _refuse_taken(link: "Link", needs: Needs) -> None:
    """Cases get other numbers and mails another place, but a payment is the bank's."""
    from storage.hub.bringing import taken

    for table in needs.sole.keys() - {"cases", "items"}:
        with link.watched(PATIENCE_S) as db:
            found = taken(db, table, sorted(needs.sole[table]))
        if found:
            raise refuse(
                "join.taken",
                _(
                    "What this store holds is in the shared store already ({table}): {names}."
                    " Nothing was changed; ask your IT."
                ).format(table=record_word(table), names=_some(sorted(found))),
            )


def _role_for(town: Town, place: str | None, acts: set[str]) -> Iterator[tuple[str, Role]]:
    """The role that is missing for what was done in an office of this store; in none, any of
    theirs counts."""
    wanted = [ACTIONS[act][0] for act in acts if act in ACTIONS]
    if place is None:
        office, roles = next(iter(town.roles), ""), set(town.roles.values())
    else:
        office = town.offices[place]
        roles = {town.roles.get(office, "")}
    if office and not all(roles & allowed for allowed in wanted):
        yield office, next(role for role in _LADDER if all(role in one for one in wanted))


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
