"""``clerk fine retention``: what is due to be erased or reviewed, and what becomes of it."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from clerk.cli import find
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Column, Json, emit, table
from clerk.cli.said import say
from clerk.desks import fine_retention as desk
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.names import word
from storage.actor import Actor
from storage.store import Store

app = noun_app(_("Ended fines: what is to be erased or reviewed, and what becomes of it."))

Numbers = Annotated[list[str], typer.Argument(metavar="CASE...", help=_("Numbers of cases."))]
Reason = Annotated[str, typer.Option("--reason", help=_("Why; it is logged."))]
Act = Callable[[Store, Actor, Sequence[str], str], Outcome]


@app.command("list", help=_("Ended fines whose day has come, the longest overdue first."))
def list_due(as_json: AsJson = False) -> None:
    with opened() as session:
        rows = desk.due(session.store, session.actor)
    found: list[Json] = [
        {
            "case": row.number,
            "state": row.state,
            "kept_until": row.retain_until,
            "due": "review" if row.review_on else "erase",
            "restricted": bool(row.restricted),
        }
        for row in rows
    ]
    columns = [
        Column(_("Number")),
        Column(_("Kept until")),
        Column(_("Due")),
        Column(_("State")),
    ]

    def for_people() -> None:
        table(
            columns,
            [
                [
                    row.number,
                    row.retain_until,
                    _("review") if row.review_on else _("erasure"),
                    word("fine", row.state) + (", " + _("restricted") if row.restricted else ""),
                ]
                for row in rows
            ],
        )

    emit(as_json, {"due": found, "total": len(found)}, for_people)


@app.command("restrict", help=_("Restrict processing in place of erasure (BDSG 58)."))
def restrict(cases: Numbers, reason: Reason, as_json: AsJson = False) -> None:
    _act(desk.restrict, cases, reason, as_json)


@app.command("lift", help=_("The reason for a restriction has ended."))
def lift(cases: Numbers, reason: Reason, as_json: AsJson = False) -> None:
    _act(desk.lift, cases, reason, as_json)


@app.command("keep", help=_("Reviewed and still needed: review again after the same term."))
def keep(cases: Numbers, reason: Reason, as_json: AsJson = False) -> None:
    _act(desk.keep, cases, reason, as_json)


@app.command("erase", help=_("Erase fines with their people, letters, photos and history."))
def erase(cases: Numbers, reason: Reason, as_json: AsJson = False) -> None:
    _act(desk.erase, cases, reason, as_json)


def _act(act: Act, typed: list[str], reason: str, as_json: bool) -> None:
    with opened() as session:
        ids = [find.case(session.store.db, one).id for one in typed]
        say(as_json, act(session.store, session.actor, ids, reason))
