"""``clerk fine catalogue``: the offences of an office: import, export, list."""

from pathlib import Path
from typing import Annotated

import typer

from clerk import clock
from clerk.catalogue.entry import Entry
from clerk.catalogue.read import SHIPPED
from clerk.catalogue.write import EXCEL, as_csv
from clerk.cli import find
from clerk.cli.dates import past_day_of
from clerk.cli.globals import note_act
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Column, Json, emit, line, table, text
from clerk.desks import catalogue as desk
from clerk.i18n import _, ngettext
from clerk.money import euros
from clerk.refusal import refuse
from clerk.session import Session
from storage.pages import offences

app = noun_app(_("The catalogue of offences of an office."))

OfOffice = Annotated[
    str,
    typer.Option("--office", metavar="OFFICE", help=_("The office: its id, number or name.")),
]


@app.command("import", help=_("Bring in a CSV file, all of it or nothing; without one, ours."))
def bring_in(
    office: OfOffice,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    as_json: AsJson = False,
) -> None:
    path = file or SHIPPED
    data = path.read_bytes()
    with opened() as session:
        office_id = find.office_id(session.store.db, office)
        done = desk.import_catalogue(session.store, session.actor, office_id, path, data)
    said = ngettext(
        "{seen} offence: {added} new, {changed} changed, {unchanged} as they were",
        "{seen} offences: {added} new, {changed} changed, {unchanged} as they were",
        done.seen,
    )
    document: dict[str, Json] = {
        "office": office_id,
        "seen": done.seen,
        "added": done.added,
        "changed": done.changed,
        "unchanged": done.unchanged,
    }
    emit(as_json, document, lambda: line(said.format(**document)))


@app.command("export", help=_("Write the catalogue as CSV, to a file or to stdout."))
def write(
    office: OfOffice,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help=_("As a German Excel opens it by a double click."))
    ] = False,
) -> None:
    with opened() as session:
        entries = desk.entries_of(session.store.db, find.office_id(session.store.db, office))
    encoding = EXCEL if excel else "utf-8"
    try:
        data = as_csv(entries, encoding)
    except UnicodeEncodeError as error:
        raise refuse(
            "catalogue.encoding",
            _("“{what}” cannot be written for Excel; leave --excel away.").format(
                what=error.object[error.start : error.end]
            ),
        ) from None
    if file is None:
        text(data.decode(encoding).rstrip())
        return
    file.write_bytes(data)
    note_act("file")


@app.command("list", help=_("The offences in force, those first that fit the words best."))
def show(
    office: OfOffice,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS]", help=_("A code, or parts of words."))
    ] = None,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("In force on this day; today otherwise."))
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help=_("How many rows at most."))] = 1000,
    as_json: AsJson = False,
) -> None:
    day = past_day_of(on) if on else clock.today()
    with opened() as session:
        found = _find(session, office, " ".join(words or ()), day.isoformat(), limit)
    emit(
        as_json,
        {"on": day.isoformat(), "offences": [_document(one) for one in found]},
        lambda: table(
            [
                Column(_("Number"), keep=True),
                Column(_("Subject area")),
                Column(_("Title")),
                Column(_("Rate"), "right", keep=True),
                Column(_("Repeated"), "right"),
            ],
            [
                (
                    one.code,
                    one.subject,
                    one.title,
                    euros(one.rate),
                    "" if one.rate_repeat is None else euros(one.rate_repeat),
                )
                for one in found
            ],
        ),
    )


def _find(session: Session, office: str, words: str, day: str, limit: int) -> list[Entry]:
    db = session.store.db
    there = offences.in_force(db, find.office_id(db, office), day)
    return [desk.entry_of(one) for one in offences.Finder(there).find(words, limit)]


def _document(one: Entry) -> Json:
    return {
        "code": one.code,
        "area": one.area,
        "subject": one.subject,
        "title": one.title,
        "charge": one.charge,
        "provisions": one.provisions,
        "rate": one.rate / 100,
        "rate_repeat": _in_euros(one.rate_repeat),
        "rate_intent": _in_euros(one.rate_intent),
        "maximum": one.maximum / 100,
        "limitation": one.limitation,
        "words": one.words,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
    }


def _in_euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
