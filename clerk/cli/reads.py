"""``clerk reads``: who looked at whose record by search or number."""

from clerk import dates
from clerk.cli.documents import iso
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, Limit, verb_app
from clerk.cli.output import Column, emit, table
from clerk.desks import reading
from clerk.fields import record_word
from clerk.i18n import N_, _
from storage.pages.names import Names

app = verb_app()
_WAYS = {"search": N_("search"), "number": N_("number"), "list": N_("list")}


@app.command(help=_("Who looked at whose record by search or number, newest first."))
def reads(limit: Limit = 50, as_json: AsJson = False) -> None:
    with opened() as session:
        rows = reading.listed(session.store, session.actor, limit)
        names = Names(session.store.db)
        emit(
            as_json,
            {
                "reads": [
                    {
                        "id": row.id,
                        "at": iso(row.at),
                        "clerk_id": row.clerk_id,
                        "clerk": names.clerk(row.clerk_id),
                        "way": row.way,
                        "table": row.table,
                        "record": row.row_id,
                        "reason": row.reason,
                    }
                    for row in rows
                ]
            },
            lambda: table(
                [
                    Column(_("When"), keep=True),
                    Column(_("Who")),
                    Column(_("What")),
                    Column(_("Record")),
                    Column(_("Way")),
                    Column(_("Reason")),
                ],
                [
                    (
                        dates.full(row.at),
                        names.clerk(row.clerk_id),
                        record_word(row.table),
                        names.case(row.row_id) if row.table == "cases" else row.row_id,
                        _(_WAYS.get(row.way, row.way)),
                        row.reason,
                    )
                    for row in rows
                ],
            ),
        )
