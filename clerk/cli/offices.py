"""``clerk offices``: the offices of the town."""

from clerk.cli.opening import opened
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Column, emit, table
from clerk.i18n import _
from clerk.names import word
from storage import counters
from storage.pages import offices
from storage.terms import CaseState, ItemState

app = noun_app(_("The offices of the town."))


@app.command("list", help=_("List the offices with what lies there and your role in them."))
def list_offices(as_json: AsJson = False) -> None:
    with opened() as session:
        db, roles = session.store.db, session.actor.roles
        rows = [
            (
                office,
                counters.count(db, "items", ItemState.OPEN, offices=[office.id]),
                counters.count(db, "cases", CaseState.OPEN, offices=[office.id]),
            )
            for office in offices.offices(db)
        ]
        emit(
            as_json,
            {
                "offices": [
                    {
                        "id": office.id,
                        "name": office.name,
                        "prefix": office.prefix,
                        "intake": bool(office.is_intake),
                        "open_items": open_items,
                        "open_cases": open_cases,
                        "role": roles.get(office.id),
                    }
                    for office, open_items, open_cases in rows
                ]
            },
            lambda: table(
                [
                    Column(_("Number"), keep=True),
                    Column(_("Id"), keep=True),
                    Column(_("Name")),
                    Column(_("Items"), "right"),
                    Column(_("Cases"), "right"),
                    Column(_("Role")),
                ],
                [
                    (
                        office.prefix,
                        office.id,
                        office.name,
                        str(open_items),
                        str(open_cases),
                        word("role", roles[office.id]) if office.id in roles else "",
                    )
                    for office, open_items, open_cases in rows
                ],
            ),
        )
