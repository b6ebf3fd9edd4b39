"""``clerk absence``: who is away, who stands in, and what was done meanwhile."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from clerk import clock, dates
from clerk.cli import find
from clerk.cli.dates import day_of
from clerk.cli.documents import iso
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Column, Json, emit, line, table
from clerk.desks import absences as desk
from clerk.desks.undoing import title_of
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import refuse
from clerk.text import display
from storage.pages import absences, people
from storage.pages.absences import AbsenceRow
from storage.terms import DeputyMay

if TYPE_CHECKING:
    from sqlite3 import Connection

app = noun_app(_("Who is away, who stands in, and what was done meanwhile."))

Id = Annotated[str, typer.Argument(metavar="ID", help=_("The absence's id, or its beginning."))]


def _clerk_id(db: "Connection", login: str) -> str:
    found = people.clerk(db, login)
    if found is None:
        raise refuse(
            "clerk.unknown",
            _("There is no clerk {who} here.").format(who=display(login)),
        )
    return found.id


def _document(row: AbsenceRow) -> dict[str, Json]:
    return {
        "id": row.id,
        "clerk_id": row.clerk_id,
        "clerk": row.name,
        "from": row.starts_on,
        "to": row.ends_on,
        "deputy_id": row.deputy_id,
        "deputy": row.deputy or None,
        "may": row.may,
    }


@app.command("list", help=_("Absences that are not over; --all lists every one."))
def list_absences(
    everything: Annotated[bool, typer.Option("--all", help=_("Those that are over too."))] = False,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db, today = session.store.db, clock.today()
        rows = absences.everybodys(db) if everything else absences.from_day(db, today.isoformat())
        emit(
            as_json,
            {"absences": [_document(row) for row in rows]},
            lambda: table(
                [
                    Column(_("Id"), keep=True),
                    Column(_("Who")),
                    Column(_("From")),
                    Column(_("To")),
                    Column(_("Deputy")),
                    Column(_("May")),
                ],
                [
                    (
                        row.id[:13],
                        row.name,
                        dates.short_date(date.fromisoformat(row.starts_on), today),
                        dates.short_date(date.fromisoformat(row.ends_on), today),
                        row.deputy or _("nobody"),
                        word("may", row.may) if row.deputy_id else "",
                    )
                    for row in rows
                ],
            ),
        )


@app.command("set", help=_("Set an absence, your own or, as supervisor, a colleague's."))
def set_absence(  # noqa: PLR0917 - typer makes options of them
    starts: Annotated[str, typer.Option("--from", metavar="DATE", help=_("The first day."))],
    ends: Annotated[str, typer.Option("--to", metavar="DATE", help=_("The last day."))],
    deputy: Annotated[
        str | None, typer.Option("--deputy", metavar="LOGIN", help=_("Who stands in."))
    ] = None,
    may: Annotated[
        DeputyMay, typer.Option("--may", help=_("How far the deputy's rights go."))
    ] = DeputyMay.ACT,
    who: Annotated[
        str | None, typer.Option("--clerk", metavar="LOGIN", help=_("Who is away; else you."))
    ] = None,
    change: Annotated[
        str | None, typer.Option("--change", metavar="ID", help=_("Change this absence instead."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db = session.store.db
        absence_id = find.record_id(db, "absences", change) if change else None
        outcome = desk.set_absence(
            session.store,
            session.actor,
            clerk_id=_clerk_id(db, who) if who else session.actor.clerk_id,
            starts=day_of(starts),
            ends=day_of(ends),
            deputy_id=_clerk_id(db, deputy) if deputy else None,
            may_do=may,
            absence_id=absence_id,
        )
        row = next(one for one in absences.everybodys(db) if one.id == outcome.done[0])
        emit(as_json, _document(row), lambda: line(_said(row)))


def _said(row: AbsenceRow) -> str:
    if not row.deputy:
        return _("{name} is away; nobody stands in.").format(name=row.name)
    return _("{name} is away; {deputy} stands in.").format(name=row.name, deputy=row.deputy)


@app.command("end", help=_("Back at work from today on."))
def end(absence: Id, as_json: AsJson = False) -> None:
    with opened() as session:
        absence_id = find.record_id(session.store.db, "absences", absence)
        desk.come_back(session.store, session.actor, absence_id)
        emit(as_json, {"ended": absence_id}, lambda: line(_("Ended.")))


@app.command("digest", help=_("What was done in your name during your last or running absence."))
def digest(
    absence: Annotated[
        str | None, typer.Option("--absence", metavar="ID", help=_("Of this absence."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db, today = session.store.db, clock.today().isoformat()
        wanted = find.record_id(db, "absences", absence) if absence else None
        me = session.actor.clerk_id
        own = [
            row
            for row in absences.everybodys(db)
            if row.id == wanted
            or (wanted is None and row.clerk_id == me and row.starts_on <= today)
        ]
        if not own:
            raise refuse("absence.none", _("You were not away."))
        if refusal := desk.can_set(db, session.actor, own[-1].clerk_id):
            raise refuse(refusal.code, refusal.sentence)
        found = desk.digest_of(db, own[-1])
        emit(
            as_json,
            {
                "absence": _document(found.absence),
                "waiting": found.waiting,
                "done": [
                    {
                        "at": iso(one.at),
                        "deputy": one.deputy,
                        "action": one.action,
                        "table": one.table,
                        "record": one.row_id,
                        "about": one.about,
                    }
                    for one in found.done
                ],
            },
            lambda: table(
                [
                    Column(_("When"), keep=True),
                    Column(_("Who")),
                    Column(_("What")),
                    Column(_("About")),
                ],
                [
                    (dates.full(one.at), one.deputy, title_of(one.action), one.about)
                    for one in found.done
                ],
            ),
        )
