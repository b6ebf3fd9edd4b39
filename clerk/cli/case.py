"""``clerk case``: cases and their follow-ups."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from clerk import clock, dates
from clerk.cli import find
from clerk.cli.attached import attached
from clerk.cli.beyond import case_to_show
from clerk.cli.dates import day_of
from clerk.cli.documents import (
    attachment_document,
    case_document,
    follow_up_document,
    item_document,
    note_document,
)
from clerk.cli.history import show_history
from clerk.cli.opening import opened
from clerk.cli.options import (
    After,
    AsJson,
    CaseId,
    Limit,
    OnDate,
    OptionalText,
    Text,
    ToOffice,
    noun_app,
    written,
)
from clerk.cli.output import Column, emit, fields, line, table
from clerk.cli.reading import ReadReason
from clerk.cli.said import say
from clerk.desks import cases as desk
from clerk.desks import follow_ups as follow_up_desk
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.names import symbol, word
from clerk.session import Session
from storage import counters
from storage.pages import cases, documents, follow_ups, items
from storage.pages.cases import CaseRow
from storage.pages.follow_ups import FollowUpRow
from storage.pages.ids import shortened
from storage.pages.keyset import Keyset
from storage.pages.names import Names
from storage.terms import CaseState

app = noun_app(_("Cases and their follow-ups."))


class Split(StrEnum):
    """Which cases a list shows."""

    MINE = "mine"
    OFFICE = "office"
    ALL = "all"


@app.command("list", help=_("List cases, newest first."))
def list_cases(
    split: Annotated[Split, typer.Option("--split", help=_("Whose cases."))] = Split.OFFICE,
    state: Annotated[CaseState, typer.Option("--state", help=_("In which state."))] = (
        CaseState.OPEN
    ),
    limit: Limit = 50,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db = session.store.db
        names = Names(db)
        keyset, total = _list(session, split, state, names)
        edge = find.case(db, after).key if after else None
        rows = keyset.page(db, after=edge, limit=limit + 1)
        shown, more = rows[:limit], len(rows) > limit
        emit(
            as_json,
            {
                "split": split,
                "state": state,
                "total": total,
                "cases": [case_document(row, names) for row in shown],
                "more": more,
                "after": shown[-1].number if more else None,
            },
            lambda: _show_list(shown, names, total, more),
        )


def _list(
    session: Session, split: Split, state: CaseState, names: Names
) -> tuple[Keyset[CaseRow], int]:
    """The list of a split and how many it holds."""
    db, actor = session.store.db, session.actor
    if split is Split.MINE:
        n = counters.count(db, "cases", state, clerks=actor.desks)
        return cases.of_clerks(actor.desks, state), n
    offices = actor.offices if split is Split.OFFICE else tuple(names.offices)
    n = counters.count(db, "cases", state, offices=offices)
    return cases.of_offices(offices, state), n


def _show_list(rows: list[CaseRow], names: Names, total: int, more: bool) -> None:
    now, today = clock.now(), clock.today()
    table(
        [
            Column(_("Number"), keep=True),
            Column(_("Opened"), keep=True),
            Column(_("Subject")),
            Column(_("Service")),
            Column(_("With")),
            Column(_("Due")),
        ],
        [
            (
                row.number,
                dates.moment(row.opened_at, now),
                row.subject,
                names.service(row.service_id),
                names.clerk(row.assignee_id),
                _due(row, today),
            )
            for row in rows
        ],
    )
    said = _("{n} of {total}").format(n=len(rows), total=total)
    if more:
        said += "  " + _("more with --after {id}").format(id=rows[-1].number)
    line(said)


def _due(row: CaseRow, today: date) -> str:
    due = min((day for day in (row.target_on, row.legal_on) if day), default=None)
    return dates.relative(date.fromisoformat(due), today, due=True) if due else ""


@app.command("show", help=_("Show a case with its items, documents, notes and follow-ups."))
def show(case_id: CaseId, reason: ReadReason = "", as_json: AsJson = False) -> None:
    with opened() as session:
        db = session.store.db
        row = case_to_show(session, case_id, reason)
        names = Names(db)
        filed = items.of_case(db, row.id)
        papers = documents.of_case(db, row.id)
        notes = cases.notes(db, case_id=row.id)
        due = follow_ups.about(db, case_id=row.id)

        def for_people() -> None:
            now = clock.now()
            fields(
                [
                    (_("Number"), row.number),
                    (_("Subject"), row.subject),
                    (_("State"), f"{symbol('case', row.state)} {word('case', row.state)}"),
                    (_("Service"), names.service(row.service_id)),
                    (_("Office"), names.office(row.office_id)),
                    (_("With"), names.clerk(row.assignee_id)),
                    (_("Person"), row.person),
                    (_("Opened"), dates.full(row.opened_at)),
                    (_("Target"), row.target_on or ""),
                    (_("Legal limit"), row.legal_on or ""),
                    *(
                        (
                            _("Item"),
                            f"{dates.moment(one.received_at, now)}"
                            f" {one.sender_name}: {one.subject}",
                        )
                        for one in filed
                    ),
                    *attached(papers, due, notes, names),
                ]
            )

        document = {
            **case_document(row, names),
            "items": [item_document(one, names) for one in filed],
            "documents": [attachment_document(one) for one in papers],
            "notes": [note_document(one, names) for one in notes],
            "follow_ups": [follow_up_document(one, names) for one in due],
        }
        emit(as_json, document, for_people)


@app.command("new", help=_("Open a case for someone at the counter or on the phone."))
def new(
    subject: Annotated[str, typer.Option("--subject", help=_("What it is about."))],
    service: Annotated[
        str | None, typer.Option("--service", help=_("The service: its id or title."))
    ] = None,
    office: Annotated[
        str | None, typer.Option("--office", help=_("The office; the service's goes before it."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db = session.store.db
        made = desk.create(
            session.store,
            session.actor,
            subject=written(subject),
            service_id=find.service_id(db, service) if service else None,
            office_id=find.office_id(db, office) if office else None,
        )
        if not as_json:
            line(made.number)
        outcome = Outcome("case.open", (made.id,))
        say(as_json, outcome, {"case_id": made.id, "number": made.number})


@app.command("take", help=_("You work on this case from now on."))
def take(case_id: CaseId, as_json: AsJson = False) -> None:
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        say(as_json, desk.take(session.store, session.actor, found))


@app.command("hand-over", help=_("Hand the case over to another office."))
def hand_over(case_id: CaseId, to: ToOffice, as_json: AsJson = False) -> None:
    with opened() as session:
        db = session.store.db
        found, office = find.case(db, case_id).id, find.office_id(db, to)
        say(as_json, desk.hand_over(session.store, session.actor, found, office))


@app.command("note", help=_("Write an internal note on the case."))
def note(case_id: CaseId, content: Text, as_json: AsJson = False) -> None:
    said = written(content)
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        say(as_json, desk.note(session.store, session.actor, found, said))


@app.command("follow-up", help=_("Look at the case again on a date."))
def follow_up(
    case_id: CaseId, on: OnDate, content: OptionalText = "", as_json: AsJson = False
) -> None:
    due, said = day_of(on), written(content, needed=False)
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        outcome = desk.follow_up(session.store, session.actor, found, due, said)
        say(as_json, outcome, {"due_on": due.isoformat()})


@app.command("follow-ups", help=_("List your open follow-ups, the earliest due first."))
def list_follow_ups(limit: Limit = 50, as_json: AsJson = False) -> None:
    with opened() as session:
        db, actor = session.store.db, session.actor
        rows = follow_ups.of_clerks(actor.desks, actor.offices).page(db, limit=limit + 1)
        shown, more = rows[:limit], len(rows) > limit
        names = Names(db)
        emit(
            as_json,
            {
                "follow_ups": [follow_up_document(row, names) for row in shown],
                "more": more,
            },
            lambda: _show_follow_ups(session, shown, more),
        )


def _show_follow_ups(session: Session, rows: list[FollowUpRow], more: bool) -> None:
    today = clock.today()
    ids = shortened(session.store.db, "follow_ups", [row.id for row in rows])
    table(
        [Column(_("Id"), keep=True), Column(_("Due"), keep=True), Column(_("About")), Column("")],
        [
            (
                short,
                dates.relative(date.fromisoformat(row.due_on), today, due=True),
                row.about,
                row.text,
            )
            for short, row in zip(ids, rows, strict=True)
        ],
    )
    if more:
        line(_("There are more; --limit shows them."))


@app.command("follow-up-done", help=_("Follow-ups are done."))
def follow_up_done(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help=_("Ids of follow-ups."))],
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db = session.store.db
        found = list(dict.fromkeys(find.record_id(db, "follow_ups", one) for one in ids))
        say(as_json, follow_up_desk.finish(session.store, session.actor, found))


@app.command("wait", help=_("The case waits for something, until a date at the latest."))
def wait(
    case_id: CaseId,
    reason: Annotated[str, typer.Argument(metavar="REASON", help=_("What the case waits for."))],
    until: Annotated[
        str,
        typer.Option("--until", metavar="DATE", help=_("When to look: 3t, 2w, mo, 15.3.")),
    ],
    as_json: AsJson = False,
) -> None:
    due, said = day_of(until), written(reason)
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        outcome = desk.wait(session.store, session.actor, found, said, due)
        say(as_json, outcome, {"due_on": due.isoformat()})


@app.command("go-on", help=_("The case waits no longer."))
def go_on(case_id: CaseId, as_json: AsJson = False) -> None:
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        say(as_json, desk.go_on(session.store, session.actor, found))


@app.command("close", help=_("Close the case with its result."))
def close(
    case_id: CaseId,
    result: Annotated[str, typer.Option("--result", help=_("How it ended."))],
    as_json: AsJson = False,
) -> None:
    said = written(result)
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        say(as_json, desk.close(session.store, session.actor, found, said))


@app.command("reopen", help=_("Open a closed case again."))
def reopen(case_id: CaseId, as_json: AsJson = False) -> None:
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        say(as_json, desk.reopen(session.store, session.actor, found))


@app.command("history", help=_("What was done to the case, newest first."))
def history(case_id: CaseId, limit: Limit = 50, as_json: AsJson = False) -> None:
    with opened() as session:
        found = find.case(session.store.db, case_id).id
        show_history(session, "cases", found, limit, as_json)
