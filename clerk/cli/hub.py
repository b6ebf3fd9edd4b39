"""``clerk hub``: the shared database, for the IT and the administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from clerk.cli.globals import UsageError, current, note_act
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import emit, fields, line
from clerk.cli.secrets import Secrets
from clerk.i18n import _
from clerk.settings import load_settings
from storage.terms import Role

if TYPE_CHECKING:
    from psycopg import Connection

    from storage.hub.rules import Rules

app = noun_app(_("The shared database: make it, let clerks in, give and take roles."))

Url = Annotated[
    str,
    typer.Argument(
        metavar="URL", help=_("postgresql://[USER@]HOST[:PORT]/NAME, without password.")
    ),
]
PasswordStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help=_(
            "Passwords come from stdin, a line each: your own, then a new one where one is made."
        ),
    ),
]
Login = Annotated[str, typer.Argument(metavar="CLERK", help=_("The clerk's login."))]
OfficeId = Annotated[str, typer.Argument(metavar="OFFICE", help=_("The office's id."))]


@contextmanager
def _connected(url: str, secrets: Secrets) -> "Iterator[Connection]":
    from storage.hub.connect import connect, parse

    address = parse(url, plain=load_settings(current().home).sync.plain)
    password = secrets.own(f"{address.user}@{address.shown}", optional=True)
    with connect(address, password or None) as db:
        yield db


def _rules() -> "Rules":
    from clerk.rules.shared import ACTIONS, ALSO, STATES
    from storage.hub.rules import Rules

    return Rules(ACTIONS, STATES, ALSO)


@app.command("init", help=_("Make schema, roles, rules and the first administrator in a database."))
def init(
    url: Url,
    *,
    admin_login: Annotated[
        str,
        typer.Option(
            "--admin",
            metavar="LOGIN",
            show_default=False,
            help=_("The first administrator's login."),
        ),
    ] = "admin",
    admin_name: Annotated[
        str,
        typer.Option(
            "--admin-name",
            metavar="NAME",
            show_default=False,
            help=_("The first administrator's name."),
        ),
    ] = "Administration",
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    from storage.hub import admin

    secrets = Secrets(from_stdin=password_stdin)
    with _connected(url, secrets) as db:
        admin.init(db, _rules())
        note_act("hub")
        known = admin.clerk_logins(db)
        if not known:
            admin.add_office(db, _IT_OFFICE, _("Main office"), "10", intake=False)
            admin.add_clerk(db, admin_login, admin_name, secrets.new(admin_login))
            admin.grant(db, admin_login, _IT_OFFICE, Role.ADMIN)
        status = admin.status(db)
    emit(
        as_json,
        {"revision": status.revision, "epoch": status.epoch, "admin": admin_login},
        lambda: line(_("The shared database is ready (revision {n}).").format(n=status.revision)),
    )


_IT_OFFICE = "hauptamt"


@app.command("migrate", help=_("Bring schema and rules to this program's; older clients go on."))
def migrate(url: Url, *, password_stdin: PasswordStdin = False, as_json: AsJson = False) -> None:
    from storage.hub import admin

    with _connected(url, Secrets(from_stdin=password_stdin)) as db:
        before = admin.status(db).revision
        admin.migrate(db, _rules())
        note_act("hub")
        after = admin.status(db).revision
    emit(
        as_json,
        {"before": before, "after": after},
        lambda: line(_("From revision {before} to {after}.").format(before=before, after=after)),
    )


@app.command("status", help=_("Versions, counts and what was refused."))
def status(url: Url, *, password_stdin: PasswordStdin = False, as_json: AsJson = False) -> None:
    from dataclasses import asdict

    from storage.hub import admin

    with _connected(url, Secrets(from_stdin=password_stdin)) as db:
        found = admin.status(db)
    emit(
        as_json,
        asdict(found),
        lambda: fields(
            [
                (_("Server"), found.server),
                (_("Revision"), f"{found.revision} / {found.newest}"),
                (_("Clients"), f"{found.schema_min}-{found.schema_max}"),
                (_("Offices"), str(found.offices)),
                (_("Clerks"), str(found.clerks)),
                (_("Workstations"), str(found.devices)),
                (_("Records"), str(found.records)),
                (_("Entries"), str(found.entries)),
                (_("Refused"), str(found.refusals)),
                (_("Incidents"), str(found.incidents)),
                (_("Size"), f"{found.bytes / 1_000_000:.0f} MB"),
            ]
        ),
    )


@app.command("add-office", help=_("A new office."))
def add_office(
    url: Url,
    office_id: Annotated[str, typer.Argument(metavar="ID", help=_("Its id, in ASCII."))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Its name."))],
    *,
    prefix: Annotated[
        str, typer.Option("--prefix", help=_("First part of its case numbers, such as 32.1."))
    ] = "",
    intake: Annotated[
        bool, typer.Option("--intake", help=_("What nobody could assign arrives there."))
    ] = False,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    from storage.hub import admin

    with _connected(url, Secrets(from_stdin=password_stdin)) as db:
        admin.add_office(db, office_id, name, prefix or office_id, intake=intake)
        note_act("hub")
    emit(as_json, {"office": office_id}, lambda: line(_("Office {id}.").format(id=office_id)))


@app.command("add-clerk", help=_("A new clerk with a login of their own."))
def add_clerk(
    url: Url,
    login: Login,
    *,
    name: Annotated[str, typer.Option("--name", help=_("The clerk's name."))] = "",
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    from storage.hub import admin

    secrets = Secrets(from_stdin=password_stdin)
    with _connected(url, secrets) as db:
        clerk_id = admin.add_clerk(db, login, name or login, secrets.new(login))
        note_act("hub")
    emit(
        as_json,
        {"clerk": clerk_id, "login": login},
        lambda: line(_("Clerk {login}.").format(login=login)),
    )


@app.command(
    "grant", help=_("Give a clerk a role in an office: clerk, officer, supervisor, admin.")
)
def grant(
    url: Url,
    login: Login,
    office: OfficeId,
    role: Annotated[str, typer.Argument(metavar="ROLE", help=_("The role."))],
    *,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    from storage.hub import admin

    if role not in list(Role):
        raise UsageError(
            _("There is no role “{word}”: {roles}.").format(word=role, roles=", ".join(Role))
        )
    with _connected(url, Secrets(from_stdin=password_stdin)) as db:
        admin.grant(db, login, office, role)
        note_act("hub")
    emit(
        as_json,
        {"clerk": login, "office": office, "role": role},
        lambda: line(f"{login}: {role} · {office}"),
    )


@app.command("revoke", help=_("Take a clerk's role in an office; their workstations forget it."))
def revoke(
    url: Url,
    login: Login,
    office: OfficeId,
    *,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    from storage.hub import admin

    with _connected(url, Secrets(from_stdin=password_stdin)) as db:
        admin.revoke(db, login, office)
        note_act("hub")
    emit(
        as_json,
        {"clerk": login, "office": office, "role": None},
        lambda: line(
            _("{login} has no role in {office} any more.").format(login=login, office=office)
        ),
    )


@app.command(
    "backup-check",
    help=_("After a backup was restored: prove it whole, and have every workstation compare."),
)
def backup_check(
    url: Url,
    *,
    restored: Annotated[
        bool,
        typer.Option("--restored", help=_("It was restored: workstations send what is missing.")),
    ] = False,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    from clerk.refusal import refuse
    from storage.hub import admin

    with _connected(url, Secrets(from_stdin=password_stdin)) as db:
        faults = admin.faults(db)
        epoch = admin.restored(db) if restored and not faults else None
        note_act("hub")
    emit(
        as_json,
        {"ok": not faults, "faults": list(faults), "epoch": epoch},
        lambda: line(_("Streams, journal and records agree.") if not faults else "; ".join(faults)),
    )
    if faults:
        raise refuse(
            "hub.damaged", _("The shared database is not whole: {what}").format(what=faults[0])
        )
