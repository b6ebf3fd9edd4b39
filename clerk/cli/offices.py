"""``clerk offices``: the offices of the town, and what each has set for itself."""

from pathlib import Path
from typing import Annotated, cast

import typer

from clerk.cli import find
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Column, Json, emit, refused_file, table, text
from clerk.desks import office_settings as desk
from clerk.i18n import _
from clerk.library.problems import LibraryError
from clerk.names import word
from clerk.office_settings import as_toml, as_values
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


@app.command("settings", help=_("What an office has set for itself; --import sets it from TOML."))
def settings(
    office: Annotated[str, typer.Argument(metavar="OFFICE", help=_("Its id, number or name."))],
    file: Annotated[
        Path | None,
        typer.Option("--import", metavar="FILE", help=_("Set all of it from this TOML file.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        office_id = find.office_id(session.store.db, office)
        if file is not None:
            data = file.read_bytes()
            try:
                desk.set_settings(session.store, session.actor, office_id, file, data)
            except LibraryError as error:
                raise refused_file(error) from error
        found = desk.settings_of(session.store.db, office_id)
        written = desk.text_of(session.store.db, office_id) or as_toml(found)
        document = cast("Json", as_values(found))
        emit(
            as_json, {"office": office_id, "settings": document}, lambda: text(written.rstrip("\n"))
        )
