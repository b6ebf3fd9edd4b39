"""``clerk clerks``: who works here, and who sits at this workstation."""

from typing import Annotated

import typer

from clerk import clock
from clerk.cli.opening import opened, refuse_in_shared
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Column, Json, emit, line, table
from clerk.desks.people import actor_of, sit_down
from clerk.i18n import _
from clerk.names import word
from storage.pages import people
from storage.pages.names import Names

app = noun_app(_("The clerks, and who sits at this workstation."))


@app.command("list", help=_("List the clerks and their roles."))
def list_clerks(as_json: AsJson = False) -> None:
    with opened() as session:
        db = session.store.db
        here = actor_of(session.store).clerk_id
        today = clock.today().isoformat()
        names = Names(db)
        rows = [(clerk, people.roles(db, clerk.id, today)) for clerk in people.clerks(db)]
        documents: list[Json] = [
            {
                "id": clerk.id,
                "login": clerk.login,
                "name": clerk.name,
                "active": bool(clerk.active),
                "here": clerk.id == here,
                "roles": roles,
            }
            for clerk, roles in rows
        ]
        emit(
            as_json,
            {"clerks": documents},
            lambda: table(
                [Column(""), Column(_("Login"), keep=True), Column(_("Name")), Column(_("Roles"))],
                [
                    (
                        "*" if clerk.id == here else "",
                        clerk.login,
                        clerk.name,
                        _roles(roles, names) if clerk.active else _("no longer here"),
                    )
                    for clerk, roles in rows
                ],
            ),
        )


def _roles(roles: dict[str, str], names: Names) -> str:
    """``supervisor everywhere``, else each office with its role."""
    kinds = set(roles.values())
    if len(kinds) == 1 and roles.keys() == names.offices.keys():
        return _("{role} everywhere").format(role=word("role", kinds.pop()))
    return ", ".join(f"{names.office(one)}: {word('role', role)}" for one, role in roles.items())


@app.command("sit", help=_("From now on this workstation is this clerk's."))
def sit(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help=_("The clerk's login."))],
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        refuse_in_shared(session.store)
        actor = actor_of(session.store, login)
        sit_down(session.store, actor.clerk_id)
        emit(
            as_json,
            {"clerk_id": actor.clerk_id, "login": login, "name": actor.name},
            lambda: line(_("This workstation is now {name}'s.").format(name=actor.name)),
        )
