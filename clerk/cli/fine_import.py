"""``clerk fine import``: the records of field devices."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from clerk.cli import find
from clerk.cli.opening import opened
from clerk.cli.options import AsJson
from clerk.cli.output import Json, emit, line
from clerk.cli.progress import progress
from clerk.i18n import _
from clerk.text import display


def bring_in(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help=_("A folder, a ZIP or an XML file."))
    ],
    office: Annotated[
        str | None, typer.Option("--office", metavar="OFFICE", help=_("Whose fines they become."))
    ] = None,
    without_photos: Annotated[
        bool, typer.Option("--without-photos", help=_("Take records although photos are missing."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    from clerk.intake.devices.receive import import_records

    with opened() as session, progress() as paint:
        office_id = find.office_id(session.store.db, office) if office else None
        counts = import_records(
            session.store,
            session.actor,
            path,
            office_id=office_id,
            without_pictures=without_photos,
            progress=lambda seen: paint(_("Records"), seen, None),
        )
    refused: list[Json] = [
        {"file": one.file, "line": one.line, "number": one.number, "reason": one.reason}
        for one in counts.refused
    ]
    document: dict[str, Json] = {
        "seen": counts.seen,
        "imported": counts.imported,
        "duplicates": counts.duplicates,
        "refused": refused,
    }
    said = _("{seen} seen: {imported} imported, {duplicates} there already, {n} refused")
    words = said.format(
        seen=counts.seen,
        imported=counts.imported,
        duplicates=counts.duplicates,
        n=len(counts.refused),
    )
    emit(as_json, document, lambda: line(words))
    for one in counts.refused:
        where = display(f"{one.file}:{one.line}: {one.number} {one.reason}".replace(":  ", ": "))
        sys.stderr.write(f"clerk: {where} [fine.refused]\n")
    if counts.refused:
        raise typer.Exit(1)
