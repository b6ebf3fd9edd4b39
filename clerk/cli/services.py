"""``clerk services``: what the store's library holds, and bringing files into it."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, cast

import typer

from clerk import clock, dates
from clerk.cli import output
from clerk.cli.options import AsJson, noun_app
from clerk.i18n import _, language, ngettext
from clerk.library.definition import Binds, ServiceDefinition, TermKind, Title, in_force
from clerk.library.load import load_offices, load_services, read_services, service_files
from clerk.library.packed import as_values, unpack
from clerk.library.problems import LibraryError
from clerk.library.table import near
from clerk.names import word
from clerk.refusal import refuse

Keep = Callable[[Sequence[ServiceDefinition]], Sequence[str]]
"""Stores the versions as one action and names those that are new (``id@version``)."""

app = noun_app(_("The process library: services as data."))


@app.command("list", help=_("The services of the library, in all their versions."))
def _list(as_json: AsJson = False) -> None:
    list_services(known_services(), as_json=as_json, today=clock.today())


@app.command("show", help=_("One service: steps, terms, form, results, fees, words."))
def _show(
    service_id: Annotated[str, typer.Argument(metavar="ID", help=_("Such as “parkausweis”."))],
    version: Annotated[
        int | None, typer.Option(help=_("A version; otherwise the one in force."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    show_service(
        known_services(), service_id, as_json=as_json, today=clock.today(), version=version
    )


@app.command("import", help=_("Check a TOML file or a folder of them and store what is new."))
def _import(path: Annotated[Path, typer.Argument(metavar="PATH")], as_json: AsJson = False) -> None:
    from clerk.cli.opening import opened
    from clerk.desks.services import import_services
    from storage.pages.offices import offices

    with opened() as session:
        import_files(
            path,
            offices={office.id for office in offices(session.store.db)},
            keep=lambda found: import_services(session.store, session.actor, found),
            as_json=as_json,
        )


def known_services() -> tuple[ServiceDefinition, ...]:
    """What the store has; where there is no store yet, what the program brings along."""
    from clerk.cli.globals import current
    from clerk.cli.opening import opened_store
    from storage.pages.services import versions
    from storage.store import exists

    if not exists(current().home):
        return load_services()
    with opened_store() as store:
        found = [unpack(version.definition) for version in versions(store.db)]
    return tuple(sorted(found, key=lambda one: (one.id, one.version)))


def list_services(services: tuple[ServiceDefinition, ...], *, as_json: bool, today: date) -> None:
    """Print one row, or one JSON object, for each version of each service."""
    valid = in_force(services, today)
    columns = [
        output.Column(_("Id"), keep=True),
        output.Column(_("Version"), "right"),
        output.Column(_("Valid")),
        output.Column(_("Office")),
        output.Column(_("Title")),
    ]
    output.emit(
        as_json,
        [
            {
                "id": service.id,
                "version": service.version,
                "state": service.state.value,
                "in_force": service in valid,
                "valid_from": service.valid_from.isoformat(),
                "valid_to": service.valid_to.isoformat() if service.valid_to else None,
                "title": {"de": service.title.de, "en": service.title.en},
                "office": service.office,
                "slots": service.slots,
                "quantity": service.quantity,
            }
            for service in services
        ],
        lambda: output.table(
            columns,
            [(s.id, str(s.version), _validity(s), s.office, _title(s.title)) for s in services],
        ),
    )


def show_service(
    services: tuple[ServiceDefinition, ...],
    service_id: str,
    *,
    as_json: bool,
    today: date,
    version: int | None = None,
) -> None:
    """Print a version: the one asked for, else the one in force, else the newest.

    Refused ``service.unknown`` where there is none.
    """
    versions = [service for service in services if service.id == service_id]
    wanted = tuple(one for one in versions if version is None or one.version == version)
    if not versions:
        reason = _("There is no service “{id}”").format(id=service_id)
        hint = near(service_id, {service.id for service in services})
        raise refuse("service.unknown", reason + (hint or "."))
    if not wanted:
        reason = _("“{id}” has no version {version}.")
        raise refuse("service.unknown", reason.format(id=service_id, version=version))
    current = in_force(wanted, today)
    service = current[0] if current else wanted[-1]
    document = cast("output.Json", as_values(service))
    output.emit(as_json, document, lambda: _print_service(service))


def import_files(path: Path, *, offices: Collection[str], keep: Keep, as_json: bool) -> None:
    """Check a file or a folder and hand its services to ``keep``.

    ``offices`` are the ids of the store's offices. Of a lot with a problem nothing is kept: each
    problem is a line ``file:line: reason`` on stderr, then it is refused ``library.file``.
    """
    try:
        services = read_services(service_files(path), offices)
    except LibraryError as error:
        raise output.refused_file(error) from error
    new = list(keep(services))

    def show() -> None:
        for name in new:
            output.line(name)
        output.line(_("{read} read, {new} new.").format(read=len(services), new=len(new)))

    output.emit(as_json, {"read": len(services), "new": new}, show)


def _print_service(service: ServiceDefinition) -> None:
    names = {office.id: office.name for office in load_offices()}
    appointment = _("none needed")
    if service.slots:
        appointment = ngettext("{n} slot of 5 minutes", "{n} slots of 5 minutes", service.slots)
    output.line(_title(service.title))
    output.line("")
    output.fields(
        [
            (_("Id"), f"{service.id}@{service.version}"),
            (_("State"), word("service", service.state)),
            (_("Valid"), _validity(service)),
            (_("Office"), f"{names.get(service.office, service.office)} ({service.office})"),
            (_("Appointment"), appointment.format(n=service.slots)),
            (_("At most per visit"), str(service.quantity)),
            (_("Letters"), ", ".join(service.letters)),
        ]
    )
    kinds = {TermKind.SERVICE: _("service"), TermKind.LEGAL: _("legal")}
    binds = {Binds.OFFICE: _("office"), Binds.PERSON: _("citizen")}
    minutes = _("{n} min")
    sections: list[tuple[str, list[tuple[str, ...]]]] = [
        (
            _("Steps"),
            [(minutes.format(n=s.norm_minutes), s.title, *s.checklist) for s in service.steps],
        ),
        (
            _("Terms"),
            [
                (f"{dates.period(t.period)}, {kinds[t.kind]}, {binds[t.binds]}", t.rule, t.source)
                for t in service.terms
            ],
        ),
        (
            _("Form"),
            [(f"{f.kind}{' *' if f.required else ''}", f.label, *f.choices) for f in service.form],
        ),
        (_("Results"), [(dates.period(r.retention), r.title, r.source) for r in service.results]),
        (_("Fees"), [(_euro(f.cents), f.title, f.source) for f in service.fees]),
    ]
    for name, rows in sections:
        _print_section(name, rows)
    output.line("")
    output.line(_("Words"))
    output.line("  " + ", ".join(one.text for one in service.words))


def _print_section(name: str, rows: Sequence[tuple[str, ...]]) -> None:
    """A heading; each row is a short text, what it says, and lines that belong below it."""
    if not rows:
        return
    output.line("")
    output.line(name)
    width = max(len(row[0]) for row in rows)
    for short, text, *below in rows:
        output.line(f"  {short:<{width}}  {text}")
        for line in below:
            output.line(f"  {'':<{width}}  · {line}")


def _title(title: Title) -> str:
    return title.en if language() == "en" else title.de


def _validity(service: ServiceDefinition) -> str:
    return f"{service.valid_from} – {service.valid_to or ''}".rstrip()


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02} €" if language() == "de" else f"€ {cents / 100:.2f}"
