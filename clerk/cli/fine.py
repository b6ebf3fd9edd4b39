"""``clerk fine``: fines and what belongs to them."""

from typing import Annotated

import typer

from clerk.cli import (
    fine_act,
    fine_catalogue,
    fine_import,
    fine_new,
    fine_retention,
    fine_show,
)
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import emit, fields
from clerk.i18n import _
from clerk.money import euros, parse_euros
from clerk.refusal import refuse
from clerk.rules import fine_costs

app = noun_app(_("Fines, from the record to the end."))
app.add_typer(fine_catalogue.app, name="catalogue")
app.add_typer(fine_retention.app, name="retention")
app.command("import", help=_("Bring in records of field devices (WiNOWiG XMLMDE, owi21 xOWi)."))(
    fine_import.bring_in
)
app.command("new", help=_("Record a fine: by options, or by a JSON document."))(fine_new.new)
app.command("edit", help=_("Change the facts of a fine to what a JSON document says."))(
    fine_new.edit
)
app.command("list", help=_("List fines: what runs out first, or by state, due, yours."))(
    fine_show.list_fines
)
app.command("show", help=_("Show a fine: where it stands, what was done, what is next."))(
    fine_show.show
)
app.command("act", help=_("Take a step of the procedure, with what it asks for."))(fine_act.act)


@app.command("costs", help=_("Fee and expenses of a notice over a fine (OWiG 107)."))
def costs(
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help=_("The fine in euros: 88, 88,50 or 88.50."))
    ],
    as_json: AsJson = False,
) -> None:
    cents = parse_euros(amount)
    if cents is None:
        raise refuse("amount.unreadable", _("Not an amount. Try 88, 88,50 or 1.200,00."))
    if not fine_costs.MIN_FINE <= cents <= fine_costs.HIGHEST_FINE:
        raise refuse(
            "fine.amount",
            _("A fine lies between {least} and {most} (OWiG 17, 30).").format(
                least=euros(fine_costs.MIN_FINE), most=euros(fine_costs.HIGHEST_FINE)
            ),
        )
    found = fine_costs.costs(cents)
    emit(
        as_json,
        {
            "amount": cents / 100,
            "fee": found.fee / 100,
            "expenses": found.expenses / 100,
            "total": found.total / 100,
            "to_pay": (cents + found.total) / 100,
            "currency": "EUR",
        },
        lambda: fields(
            [
                (_("Fine"), euros(cents)),
                (_("Fee"), euros(found.fee)),
                (_("Expenses"), euros(found.expenses)),
                (_("To pay"), euros(cents + found.total)),
            ]
        ),
    )
