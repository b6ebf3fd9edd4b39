"""``clerk letters``: write, sign and send the letters of cases."""

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from clerk import clock, dates
from clerk.cli import find
from clerk.cli.documents import letter_document
from clerk.cli.globals import UsageError
from clerk.cli.opening import opened
from clerk.cli.options import After, AsJson, Limit, noun_app, written
from clerk.cli.output import Column, Json, emit, fields, line, table
from clerk.cli.progress import progress
from clerk.cli.reading import ReadReason, log
from clerk.cli.said import say
from clerk.cli.streams import read_stdin
from clerk.desks import letters as desk
from clerk.desks import outbox, people, signing
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.names import symbol, word
from clerk.refusal import Refusal, Refused, refuse
from clerk.session import Session
from clerk.settings import load_settings
from storage import counters
from storage.actor import Actor
from storage.pages import letters
from storage.pages.ids import shortened
from storage.pages.letters import LetterRow
from storage.pages.names import Names
from storage.records import Letter
from storage.store import Store
from storage.terms import LetterState, Way

if TYPE_CHECKING:
    from clerk.letters.details import Details
    from clerk.letters.printing import Printer

Act = Callable[[Store, Actor, Sequence[str]], Outcome]
_PAGE = 500

app = noun_app(_("Letters: write, sign, print."))

LetterIds = Annotated[
    list[str], typer.Argument(metavar="ID...", help=_("Ids of letters, or their first characters."))
]
LetterId = Annotated[
    str, typer.Argument(metavar="ID", help=_("The letter's id, or its first characters."))
]
CaseOption = Annotated[
    str, typer.Option("--case", metavar="CASE", help=_("The case's number, or its id."))
]
DetailsFile = Annotated[
    str | None,
    typer.Option("--details", metavar="FILE", help=_("JSON that fills the template; “-”: stdin.")),
]
Target = Annotated[
    str, typer.Option("--to", metavar="FILE", help=_("Where the PDF goes; “-”: stdout."))
]


class Split(StrEnum):
    """Which letters a list shows."""

    DRAFTS = "drafts"
    SIGN = "sign"
    PRINT = "print"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


STATES: dict[Split, tuple[LetterState, ...]] = {
    Split.DRAFTS: (LetterState.DRAFT,),
    Split.SIGN: (LetterState.SIGNED,),
    Split.PRINT: (LetterState.FINAL, LetterState.QUEUED),
    Split.SENT: (LetterState.SENT,),
    Split.WITHDRAWN: (LetterState.WITHDRAWN,),
}


@app.command("list", help=_("List letters: drafts, to sign once more, to print, sent, withdrawn."))
def list_letters(
    split: Annotated[Split, typer.Option("--split", help=_("Which letters."))] = Split.DRAFTS,
    limit: Limit = 50,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db, offices, states = session.store.db, session.actor.offices, STATES[split]
        keyset = letters.of_offices(
            offices, *states, newest_first=split in (Split.SENT, Split.WITHDRAWN)
        )
        edge = _row(session, after).key if after else None
        rows = keyset.page(db, after=edge, limit=limit + 1)
        shown, more = rows[:limit], len(rows) > limit
        total = sum(counters.count(db, "letters", state, offices=offices) for state in states)
        names = Names(db)
        emit(
            as_json,
            {
                "split": split,
                "total": total,
                "letters": [_document(session, row, names) for row in shown],
                "more": more,
                "after": shown[-1].id if more else None,
            },
            lambda: _show_list(session, shown, total, more),
        )


def _show_list(session: Session, rows: list[LetterRow], total: int, more: bool) -> None:
    now = clock.now()
    ids = shortened(session.store.db, "letters", [row.id for row in rows])
    table(
        [
            Column(_("Id"), keep=True),
            Column(_("Written"), keep=True),
            Column(_("Letter")),
            Column(_("Case"), keep=True),
            Column(_("To")),
            Column(_("State")),
        ],
        [
            (
                short,
                dates.moment(row.created_at, now),
                row.subject,
                row.number,
                row.person,
                f"{symbol('letter', row.state)} {word('letter', row.state)}",
            )
            for short, row in zip(ids, rows, strict=True)
        ],
    )
    said = _("{n} of {total}").format(n=len(rows), total=total)
    if more:
        said += "  " + _("more with --after {id}").format(id=ids[-1])
    line(said)


@app.command("show", help=_("Show a letter and what it says."))
def show(letter_id: LetterId, reason: ReadReason = "", as_json: AsJson = False) -> None:
    from clerk.desks.letter_text import text_of

    with opened() as session:
        db = session.store.db
        row, letter = _row(session, letter_id), _letter(session, letter_id)
        log(session, [("cases", row.case_id)], "number", reason)
        names = Names(db)
        text = ["".join(run[0] for run in one) for one in text_of(db, letter)]

        def for_people() -> None:
            fields(
                [
                    (_("Letter"), row.subject),
                    (_("Case"), row.number),
                    (_("State"), f"{symbol('letter', row.state)} {word('letter', row.state)}"),
                    (_("Way"), word("way", row.way)),
                    (_("Written by"), names.clerk(row.drafted_by)),
                    *signed_fields(row, names),
                    (_("Sent"), dates.full(row.sent_at) if row.sent_at else ""),
                    (_("Not printed"), outbox.problem_of(session.store, row.id)),
                ]
            )
            line("")
            for one in text:
                line(one)

        document = _document(session, row, names) | {"details": letter.details, "text": text}
        emit(as_json, document, for_people)


@app.command("pdf", help=_("The PDF of a letter: the signed one, or a draft marked so."))
def pdf(letter_id: LetterId, to: Target, reason: ReadReason = "", as_json: AsJson = False) -> None:
    from clerk.desks.letter_text import pdf_of

    if to == "-" and as_json:
        raise UsageError(_("Standard output takes either the PDF or --json."))
    with opened() as session:
        letter = _letter(session, letter_id)
        log(session, [("cases", letter.case_id)], "number", reason)
        made = pdf_of(session.store.db, letter)
        _write(to, made)
        if to != "-":
            said: dict[str, Json] = {
                "id": letter.id,
                "to": to,
                "bytes": len(made),
                "state": str(letter.state),
            }
            emit(as_json, said, lambda: line(_("{file}: {n} bytes.").format(file=to, n=len(made))))


def signed_fields(row: LetterRow, names: Names) -> list[tuple[str, str]]:
    """Who has signed, with whom they stood in for; and what is missing."""
    given = ((row.signed_by, row.signed_for), (row.second_by, row.second_for))
    found = []
    for by, absent in given:
        if by:
            name = names.clerk(by)
            if absent:
                name = _("{name} for {absent}").format(name=name, absent=names.clerk(absent))
            found.append((_("Signed by"), name))
    if row.signatures > 1 and len(found) < row.signatures and row.state != LetterState.WITHDRAWN:
        found.append((_("Four eyes"), _("two signatures, none of them the author's")))
    return found


@app.command("draft", help=_("Write a letter in a case: in your own words, or by a template."))
def draft(
    *,
    case: CaseOption,
    subject: Annotated[str, typer.Option("--subject", help=_("What it is about."))] = "",
    text: Annotated[str, typer.Option("--text", help=_("The text; “-” reads it from stdin."))] = "",
    template: Annotated[
        str, typer.Option("--template", help=_("A template, filled from the case."))
    ] = "plain",
    details: DetailsFile = None,
    way: Annotated[
        Way | None, typer.Option("--way", help=_("How it leaves; without it the template's way."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    from clerk.desks.letter_details import details_for, plain

    with opened() as session:
        found = find.case(session.store.db, case).id
        if details is not None:
            filled = _read(template, details)
        elif template == "plain":
            said = written(text)
            filled = plain(session.store.db, session.actor, found, subject=subject, text=said)
        else:
            filled = details_for(session.store, session.actor, found, template)
        made = desk.draft(session.store, session.actor, found, template, filled, way=way)
        if not as_json:
            line(made.id)
        say(as_json, Outcome("letter.draft", (made.id,)), {"letter_id": made.id})


@app.command("change", help=_("Other details for a draft."))
def change(
    letter_id: LetterId,
    details: Annotated[
        str, typer.Option("--details", metavar="FILE", help=_("JSON; “-” reads stdin."))
    ],
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        letter = _letter(session, letter_id)
        filled = _read(letter.template, details)
        say(as_json, desk.revise(session.store, session.actor, letter.id, filled))


@app.command("render", help=_("A template filled from a case, as PDF; nothing is kept of it."))
def render(
    *,
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help=_("Such as notice."))],
    case: CaseOption,
    to: Target = "",
    details: DetailsFile = None,
    reason: ReadReason = "",
    as_json: AsJson = False,
) -> None:
    from clerk.desks.letter_details import details_for
    from clerk.desks.letter_text import preview
    from clerk.letters.details import as_values
    from clerk.letters.templates import template as template_of

    found = template_of(template)
    if not to and not as_json:
        raise UsageError(_("Say with --to FILE where the PDF goes, or ask for --json."))
    if to == "-" and as_json:
        raise UsageError(_("Standard output takes either the PDF or --json."))
    with opened() as session:
        row = find.case(session.store.db, case)
        log(session, [("cases", row.id)], "number", reason)
        filled = (
            _read(template, details)
            if details is not None
            else details_for(session.store, session.actor, row.id, template)
        )
        pdf, lacking = preview(session.store.db, row.office_id, found, filled)
        if to:
            _write(to, pdf)
        document: dict[str, Json] = {
            "template": template,
            "case": row.number,
            "to": to or None,
            "bytes": len(pdf),
            "details": cast("Json", as_values(filled)),
            "missing": [
                {"id": one.id, "paragraph": one.paragraph, "name": one.title} for one in lacking
            ],
        }

        def for_people() -> None:
            if to != "-":
                line(_("{file}: {n} bytes, a draft.").format(file=to, n=len(pdf)))

        emit(as_json, document, for_people)
        for one in lacking:
            sys.stderr.write(f"clerk: {one.title} ({one.paragraph}) [letter.incomplete]\n")


def _write(to: str, pdf: bytes) -> None:
    if to == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(pdf)
        sys.stdout.buffer.flush()
        return
    target = Path(to)
    if target.exists():
        raise refuse("file.exists", _("{file} is there already.").format(file=to))
    with open(target, "xb", opener=_private) as file:
        file.write(pdf)


def _private(path: str, flags: int) -> int:
    import os

    return os.open(path, flags, 0o600)


@app.command("sign", help=_("Sign letters; with the last signature their words are fixed."))
def sign(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]")] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("Every draft that you may sign."))] = False,
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar="LOGIN", help=_("In the place of an absent colleague.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        store = session.store
        absent = people.actor_of(store, for_).clerk_id if for_ else None
        states = (LetterState.SIGNED, LetterState.DRAFT)
        wanted = _chosen(session, ids, all_, *states)
        if all_:
            rows = letters.by_ids(store.db, wanted)
            wanted = [
                row.id
                for row in rows
                if signing.can_sign(store.db, session.actor, row, on_behalf_of=absent) is None
            ]
        work = signing.Signing(store, session.actor, wanted, on_behalf_of=absent)
        with progress() as paint:
            while work.step():
                paint(_("Signing"), work.done, work.total)
        say(as_json, work.finish())


@app.command("print", help=_("Print final letters now; nothing calls them back."))
def print_(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]")] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("Every final letter."))] = False,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FOLDER", help=_("A folder instead of the settings' way.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from clerk.letters.printing import into_folder
    from clerk.outreach.mail import refuse_unready, ways_out

    with opened() as session:
        store, actor = session.store, session.actor
        wanted = _chosen(session, ids, all_, LetterState.QUEUED, LetterState.FINAL)
        settings = load_settings(session.home)
        way = ways_out(store, settings)
        if to is None:
            refuse_unready(settings, letters.by_ids(store.db, wanted))
        final = [r.id for r in letters.by_ids(store.db, wanted) if r.state != LetterState.QUEUED]
        refused: list[tuple[str, Refusal]] = []
        if final:
            refused += outbox.send(store, actor, final).refused
        done: list[str] = []
        here = [r for r in letters.by_ids(store.db, wanted) if outbox.is_here(store, r)]
        with progress() as paint:
            for n, row in enumerate(here):
                paint(_("Printing"), n, len(here))
                why = _leaves(session, row, into_folder(to) if to else None, way)
                if why is None:
                    done.append(row.id)
                else:
                    refused.append((row.id, why))
        say(as_json, Outcome("letter.sent", tuple(done), tuple(refused)))


def _leaves(
    session: Session,
    row: LetterRow,
    printer: "Printer | None",
    way: "Callable[[LetterRow], Printer]",
) -> Refusal | None:
    """By the printer that was named, else by its own way; or why it stays."""
    try:
        return outbox.print_now(session.store, session.actor, row, printer or way(row))
    except Refused as refused:  # its way is not set up
        outbox.failed(session.store, row, refused.refusal)
        return refused.refusal


@app.command("mailbox", help=_("Try the mail server of the settings; keep its password."))
def mailbox(
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=_("The password is the first line of stdin."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    from clerk.cli.secrets import Secrets
    from clerk.outreach import mail, mail_password

    with opened() as session:
        settings = load_settings(session.home).mail
        mail.set_up(settings)
        password = ""
        if settings.login:
            own = f"{settings.login}@{settings.host}"
            password = Secrets(from_stdin=password_stdin).own(own)
        mail.try_out(settings, password)
        if settings.login:
            mail_password.keep(session.store, settings, password)
        said = _("{host} takes mail from {sender}.")
        emit(
            as_json,
            {"host": settings.host, "sender": settings.sender},
            lambda: line(said.format(host=settings.host, sender=settings.sender)),
        )


@app.command("recall", help=_("Back from the outbox, not sent."))
def recall(ids: LetterIds, as_json: AsJson = False) -> None:
    _act(ids, as_json, outbox.recall)


@app.command("give-back", help=_("Back to the author instead of a second signature."))
def give_back(ids: LetterIds, as_json: AsJson = False) -> None:
    _act(ids, as_json, signing.give_back)


@app.command("withdraw", help=_("These letters are not sent."))
def withdraw(ids: LetterIds, as_json: AsJson = False) -> None:
    _act(ids, as_json, desk.withdraw)


def _act(ids: list[str], as_json: bool, use_case: Act) -> None:
    with opened() as session:
        wanted = _chosen(session, ids, False)
        say(as_json, use_case(session.store, session.actor, wanted))


def _chosen(
    session: Session, ids: list[str] | None, every: bool, *states: LetterState
) -> list[str]:
    """The letters that were named, or every one of the actor's offices in these states, the oldest
    first. UsageError where neither was asked for."""
    db = session.store.db
    if not every:
        if not ids:
            raise UsageError(_("Name letters, or all of them with --all."))
        return list(dict.fromkeys(find.record_id(db, "letters", one) for one in ids))
    if ids:
        raise UsageError(_("Name letters or all of them, not both."))
    found: list[str] = []
    for state in states:
        keyset, edge = letters.of_offices(session.actor.offices, state), None
        while page := keyset.page(db, after=edge, limit=_PAGE):
            found += [row.id for row in page]
            edge = page[-1].key
    return found


def _row(session: Session, typed: str) -> LetterRow:
    db = session.store.db
    return letters.by_ids(db, [find.record_id(db, "letters", typed)])[0]


def _letter(session: Session, typed: str) -> Letter:
    found = letters.record(session.store.db, find.record_id(session.store.db, "letters", typed))
    if found is None:  # gone since its id was found
        raise refuse("record.gone", _("This record no longer exists."))
    return found


def _read(template_id: str, file: str) -> "Details":
    """Details from a file. Refused ``letter.wrong_details`` with the place of what is wrong."""
    from clerk.letters.details import from_json
    from clerk.letters.templates import template

    text = read_stdin() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    try:
        return from_json(text, template(template_id).details)
    except ValueError as error:
        raise refuse(
            "letter.wrong_details",
            _("These details do not fill {template}: {reason}").format(
                template=template_id, reason=error
            ),
        ) from error


def _document(session: Session, row: LetterRow, names: Names) -> dict[str, Json]:
    problem = outbox.problem_of(session.store, row.id)
    return {**letter_document(row, names), "problem": problem or None}
