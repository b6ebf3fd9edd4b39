"""``clerk fine new`` and ``edit``: record a fine, change its facts."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from clerk import clock
from clerk.cli import find, fine_said
from clerk.cli.fine_said import Said
from clerk.cli.globals import UsageError
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, CaseId
from clerk.cli.output import Json, emit, line
from clerk.cli.said import say
from clerk.cli.streams import read_stdin
from clerk.desks import fine_acts, fine_edit, fines
from clerk.desks.fine_report import Finding, Report, examine
from clerk.desks.fine_typed import TypedCharge, TypedParty
from clerk.desks.outcome import Outcome
from clerk.i18n import _, ngettext
from clerk.refusal import Refused, refuse
from clerk.session import Session
from clerk.text import display
from storage.terms import ParticipantRole

_MOST_BYTES = 1_000_000

From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="FILE", help=_("A JSON document with the same names; “-”: stdin.")
    ),
]
Check = Annotated[bool, typer.Option("--check", help=_("Only say what is wrong; write nothing."))]


def new(  # noqa: PLR0917 - typer makes options of them
    offence: Annotated[
        list[str] | None,
        typer.Option(
            "--offence", metavar="CODE", help=_("What is charged; several times for more.")
        ),
    ] = None,
    detail: Annotated[
        list[str] | None,
        typer.Option(
            "--detail", metavar="NAME=VALUE", help=_("Fills a placeholder of the offence.")
        ),
    ] = None,
    words: Annotated[
        str, typer.Option("--words", help=_("An offence in your own words instead."))
    ] = "",
    provisions: Annotated[str, typer.Option("--provisions", help=_("What --words rests on."))] = "",
    maximum: Annotated[
        str, typer.Option("--maximum", metavar="EUROS", help=_("What the law threatens for it."))
    ] = "",
    place: Annotated[str | None, typer.Option("--place", help=_("Where it was."))] = None,
    day: Annotated[
        str | None,
        typer.Option("--day", metavar="DATE", help=_("When: gestern, mo, 4.7.; else today.")),
    ] = None,
    time: Annotated[
        str | None, typer.Option("--time", metavar="TIME", help=_("1430 or 1430-1510."))
    ] = None,
    plate: Annotated[str | None, typer.Option("--plate", help=_("The vehicle's plate."))] = None,
    vehicle: Annotated[str | None, typer.Option("--vehicle", help=_("Make and colour."))] = None,
    offender: Annotated[
        str | None, typer.Option("--offender", metavar="NAME", help=_("Who is charged."))
    ] = None,
    address: Annotated[
        str, typer.Option("--address", help=_("Where the offender lives: Am Markt 3, 12345 Ort."))
    ] = "",
    born: Annotated[
        str, typer.Option("--born", metavar="DATE", help=_("The offender's day of birth."))
    ] = "",
    offender_id: Annotated[
        str | None, typer.Option("--offender-id", metavar="ID", help=_("A person known here."))
    ] = None,
    further: Annotated[
        list[str] | None,
        typer.Option(
            "--further", metavar="ROLE=NAME", help=_("Somebody else, such as witness=NAME.")
        ),
    ] = None,
    evidence: Annotated[str | None, typer.Option("--evidence", help=_("What proves it."))] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="EUROS", help=_("Else the catalogue's."))
    ] = None,
    officer: Annotated[str | None, typer.Option("--officer", help=_("Who saw it."))] = None,
    intent: Annotated[bool, typer.Option("--intent", help=_("With intent."))] = False,
    repeated: Annotated[
        bool, typer.Option("--repeated", help=_("Not for the first time."))
    ] = False,
    several: Annotated[bool, typer.Option("--several", help=_("Several acts, not one."))] = False,
    dog: Annotated[
        list[str] | None,
        typer.Option("--dog", metavar="NAME=VALUE", help=_("The dog: name, breed, chip, tag …")),
    ] = None,
    photo: Annotated[
        list[str] | None, typer.Option("--photo", metavar="FILE", help=_("A photo or a folder."))
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help=_("An internal note with it."))] = None,
    source: From = None,
    office: Annotated[
        str | None, typer.Option("--office", metavar="OFFICE", help=_("Whose fine it becomes."))
    ] = None,
    check: Check = False,
    as_json: AsJson = False,
) -> None:
    texts = {
        "place": place, "day": day, "time": time, "plate": plate, "vehicle": vehicle,
        "evidence": evidence, "amount": amount, "officer": officer, "note": note,
        "intent": "j" if intent else None, "repeated": "j" if repeated else None,
        "several": "j" if several else None,
    }  # fmt: skip
    details = _pairs(detail, "--detail")
    charges = [TypedCharge(code, details) for code in offence or ()]
    if words:
        charges.append(TypedCharge("", {}, words, provisions, maximum))
    people = [_further(one) for one in further or ()]
    if offender or offender_id:
        role = ParticipantRole.OFFENDER
        people.insert(
            0,
            TypedParty(role, role, offender_id or "", offender or "", address, born),
        )
    said = Said(
        {name: text for name, text in texts.items() if text is not None},
        tuple(charges) or None,
        tuple(people) or None,
        fine_said.dog_of(_pairs(dog, "--dog")) if dog else None,
        tuple(photo or ()),
    )
    if source is not None:
        said = fine_said.joined(_document(source), said)
    with opened() as session:
        _record(session, said, office, check=check, as_json=as_json)


def _record(
    session: Session, said: Said, office: str | None, *, check: bool, as_json: bool
) -> None:
    store, actor, db = session.store, session.actor, session.store.db
    wanted = find.office_id(db, office) if office else None
    home = fines.office_of(store, actor, wanted)
    report, unread = fine_said.report_of(db, home, said, clock.today())
    found = examine(db, home, report, store.clock())
    _stop(unread or found.errors)
    if check:
        emit(as_json, {"warnings": _documents(found.warnings)}, lambda: _tell(found.warnings))
        return
    made = fines.record(store, actor, report, office_id=home)
    document: dict[str, Json] = {
        "case_id": made.case.id,
        "number": made.case.number,
        "reference": made.fine.reference,
        "amount": made.fine.amount,
        "limitation_on": made.fine.limitation_on,
        "warnings": _documents(made.warnings),
    }

    def for_people() -> None:
        line(made.case.number)
        _tell(made.warnings)

    emit(as_json, document, for_people)


def edit(case_id: CaseId, source: From = "-", as_json: AsJson = False) -> None:
    """Only what the document names changes."""
    said = _document(source or "-")
    with opened() as session:
        db = session.store.db
        row = find.case(db, case_id)
        fine = fine_acts.fine_of(db, row.id)
        base = fine_edit.facts(db, row.id)
        report, unread = fine_said.upon(db, fine.office_id, base, said, clock.today())
        _stop(unread or _errors(session, fine.office_id, report, row.id))
        warnings = fine_edit.edit(session.store, session.actor, row.id, report)
        more: dict[str, Json] = {"number": row.number, "warnings": _documents(warnings)}
        say(as_json, Outcome(fine_edit.ACTION, (row.id,)), more)
        if not as_json:
            _tell(warnings)


def _errors(session: Session, office_id: str, report: Report, but: str) -> tuple[Finding, ...]:
    db, now = session.store.db, session.store.clock()
    return examine(db, office_id, report, now, but=but).errors


def _stop(errors: tuple[Finding, ...]) -> None:
    """Refused with the one thing that is wrong; of several each is said on stderr."""
    if not errors:
        return
    if len(errors) == 1:
        raise Refused(errors[0].said)
    for one in errors:
        sys.stderr.write(f"{one.field}: {display(one.said.sentence)} [{one.said.code}]\n")
    n = len(errors)
    sentence = ngettext(
        "{n} problem; nothing was recorded.", "{n} problems; nothing was recorded.", n
    )
    raise refuse("fine.report", sentence.format(n=n))


def _tell(warnings: tuple[Finding, ...]) -> None:
    for one in warnings:
        line(f"! {one.said.sentence}")


def _documents(findings: tuple[Finding, ...]) -> list[Json]:
    return [
        {"field": one.field, "code": one.said.code, "sentence": one.said.sentence}
        for one in findings
    ]


def _document(source: str) -> Said:
    if source == "-":
        return fine_said.of_document(read_stdin())
    try:
        with Path(source).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UsageError(
            _("The file {name} cannot be read.").format(name=display(source))
        ) from error
    if len(data) > _MOST_BYTES:
        raise UsageError(_("The file {name} is too large.").format(name=display(source)))
    return fine_said.of_document(data.decode("utf-8-sig", "replace"))


def _pairs(typed: list[str] | None, option: str) -> dict[str, str]:
    pairs = [one.partition("=") for one in typed or ()]
    if any(not sign for _name, sign, _value in pairs):
        raise UsageError(_("{option} takes NAME=VALUE.").format(option=option))
    return {name.strip(): value for name, _sign, value in pairs}


def _further(typed: str) -> TypedParty:
    role, sign, name = typed.partition("=")
    if not sign:
        raise UsageError(_("{option} takes ROLE=NAME.").format(option="--further"))
    return fine_said.party(role.strip(), name=name)
