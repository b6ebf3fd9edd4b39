"""``clerk deadline``: the last day of a term, as the law counts it. Needs no store."""

from datetime import date
from typing import Annotated

import typer

from clerk import dates
from clerk.cli.globals import UsageError
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit, line
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.rules.deadlines import Deadline, Rule, deadline
from clerk.rules.holidays import FIRST, LAST, Land, Seat
from clerk.rules.periods import Period

app = verb_app()


@app.command(help=_("The last day of a term: how it is counted, from when, how long, where."))
def show(  # noqa: PLR0917 - the options of a line
    rule: Annotated[
        Rule,
        typer.Argument(
            metavar="RULE",
            help=_(
                "excl-roll: objection, payment; excl-noroll: deemed delivery;"
                " incl-noroll: limitation."
            ),
        ),
    ],
    begin: Annotated[
        str, typer.Option("--from", metavar="DATE", help=_("The day of the event: 2026-03-15."))
    ],
    period: Annotated[str, typer.Option("--period", help=_("How long: 4D, 2W, 3M, 1Y."))],
    land: Annotated[Land, typer.Option("--land", help=_("The Land in which the authority sits."))],
    catholic: Annotated[
        bool, typer.Option("--catholic", help=_("Holidays of mostly Catholic municipalities too."))
    ] = False,
    municipality: Annotated[
        str,
        typer.Option("--municipality", metavar="KEY", help=_("Its key, for holidays of its own.")),
    ] = "",
    as_json: AsJson = False,
) -> None:
    try:
        found = deadline(rule, _day(begin), _period(period), Seat(land, catholic, (), municipality))
    except (ValueError, OverflowError):
        raise refuse(
            "deadline.out_of_range",
            _("Holidays are known from {first} to {last} only; the term ends outside.").format(
                first=FIRST.year, last=LAST.year
            ),
        ) from None
    emit(
        as_json,
        {
            "rule": rule,
            "from": begin,
            "period": period,
            "land": land,
            "catholic": catholic,
            "end": found.end.isoformat(),
            "raw": found.raw.isoformat(),
            "shift": found.shift,
            "holidays": [{"date": day.isoformat(), "name": name} for day, name in found.holidays],
        },
        lambda: _show(found),
    )


def _show(found: Deadline) -> None:
    line(found.end.isoformat())
    for day, name in found.holidays:
        line(f"  {dates.short_date(day, found.end)} {name}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(_("--from needs a date such as 2026-03-15.")) from None


def _period(text: str) -> Period:
    try:
        return Period.parse(text.upper())
    except ValueError:
        raise UsageError(_("--period needs a length such as 4D, 2W, 3M or 1Y.")) from None
