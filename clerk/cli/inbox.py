"""``clerk inbox``: what came in."""

from enum import StrEnum
from typing import Annotated

import typer

from clerk import clock, dates
from clerk.cli import find
from clerk.cli.attached import attached
from clerk.cli.dates import day_of
from clerk.cli.documents import (
    attachment_document,
    follow_up_document,
    item_document,
    note_document,
)
from clerk.cli.globals import UsageError
from clerk.cli.opening import opened
from clerk.cli.options import (
    After,
    AsJson,
    ItemId,
    ItemIds,
    Limit,
    OnDate,
    OptionalText,
    Reason,
    Text,
    ToOffice,
    noun_app,
    written,
)
from clerk.cli.output import Column, emit, fields, line, table, text
from clerk.cli.reading import ReadReason, log
from clerk.cli.said import say
from clerk.desks import inbox as desk
from clerk.i18n import _
from clerk.names import symbol, word
from clerk.session import Session
from storage import counters
from storage.content import get_text
from storage.pages import cases, documents, follow_ups, items
from storage.pages.ids import shortened
from storage.pages.items import ItemRow
from storage.pages.keyset import Keyset
from storage.pages.names import Names
from storage.terms import ItemState

app = noun_app(_("What came in."))


class Split(StrEnum):
    """Which items a list shows."""

    MINE = "mine"
    OFFICE = "office"
    UNASSIGNED = "unassigned"
    ALL = "all"


SplitOption = Annotated[
    Split | None,
    typer.Option("--split", help=_("Whose items; your offices' if they are open, else all.")),
]
StateOption = Annotated[ItemState, typer.Option("--state", help=_("In which state."))]


@app.command("list", help=_("List items, newest first."))
def list_items(
    split: SplitOption = None,
    state: StateOption = ItemState.OPEN,
    limit: Limit = 50,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    which = split or (Split.OFFICE if state == ItemState.OPEN else Split.ALL)
    with opened() as session:
        db = session.store.db
        keyset, total = _list(session, which, state)
        edge = find.item(db, after).key if after else None
        rows = keyset.page(db, after=edge, limit=limit + 1)
        shown, more = rows[:limit], len(rows) > limit
        names = Names(db)
        emit(
            as_json,
            {
                "split": which,
                "state": state,
                "total": total,
                "items": [item_document(row, names) for row in shown],
                "more": more,
                "after": shown[-1].id if more else None,
            },
            lambda: _show_list(session, shown, names, total, more),
        )


def _list(session: Session, split: Split, state: ItemState) -> tuple[Keyset[ItemRow], int]:
    """The list of a split and how many it holds."""
    db, actor = session.store.db, session.actor
    if split is Split.MINE:
        n = counters.count(db, "items", state, clerks=actor.desks)
        return items.of_clerks(actor.desks, state), n
    if split is Split.OFFICE:
        n = counters.count(db, "items", state, offices=actor.offices)
        return items.of_offices(actor.offices, state), n
    if split is Split.UNASSIGNED:
        n = counters.count(db, "items", state, offices=[counters.NOBODY])
        return items.unassigned(state), n
    return items.everywhere(state), counters.count(db, "items", state)


def _show_list(session: Session, rows: list[ItemRow], names: Names, total: int, more: bool) -> None:
    db, now = session.store.db, clock.now()
    ids = shortened(db, "items", [row.id for row in rows])
    table(
        [
            Column(_("Id"), keep=True),
            Column(_("Received"), keep=True),
            Column(_("From")),
            Column(_("Subject")),
            Column(_("Office")),
            Column(_("With")),
        ],
        [
            (
                short,
                dates.moment(row.received_at, now),
                row.sender_name or row.sender_address,
                row.subject or _("(no subject)"),
                names.office(row.office_id),
                names.clerk(row.claimed_by),
            )
            for short, row in zip(ids, rows, strict=True)
        ],
    )
    said = _("{n} of {total}").format(n=len(rows), total=total)
    if more:
        said += "  " + _("more with --after {id}").format(id=ids[-1])
    line(said)


@app.command("show", help=_("Show an item with its text, attachments, notes and follow-ups."))
def show(item_id: ItemId, reason: ReadReason = "", as_json: AsJson = False) -> None:
    with opened() as session:
        db = session.store.db
        row = find.item(db, item_id)
        log(session, [("items", row.id)], "number", reason)
        names = Names(db)
        body = get_text(db, row.text_sha256)
        papers = documents.of_item(db, row.id)
        notes = cases.notes(db, item_id=row.id)
        due = follow_ups.about(db, item_id=row.id)

        def for_people() -> None:
            fields(
                [
                    (_("Id"), row.id),
                    (_("From"), f"{row.sender_name} <{row.sender_address}>".strip()),
                    (_("Subject"), row.subject or _("(no subject)")),
                    (_("Received"), dates.full(row.received_at)),
                    (_("State"), f"{symbol('item', row.state)} {word('item', row.state)}"),
                    (_("Reason"), row.reason or ""),
                    (_("Office"), names.office(row.office_id)),
                    (_("With"), names.clerk(row.claimed_by)),
                    (_("Case"), _number(session, row.case_id)),
                    *attached(papers, due, notes, names),
                ]
            )
            line("")
            text(body)

        document = {
            **item_document(row, names),
            "text": body,
            "documents": [attachment_document(one) for one in papers],
            "notes": [note_document(one, names) for one in notes],
            "follow_ups": [follow_up_document(one, names) for one in due],
        }
        emit(as_json, document, for_people)


def _number(session: Session, case_id: str | None) -> str:
    found = cases.by_ids(session.store.db, [case_id]) if case_id else []
    return found[0].number if found else ""


@app.command("suggest", help=_("Suggest offices for an item, with the words that spoke for them."))
def suggest(
    item_id: ItemId,
    limit: Annotated[int, typer.Option("--limit", min=1, max=99)] = 9,
    as_json: AsJson = False,
) -> None:
    from clerk.desks.finding import finder

    with opened() as session:
        db = session.store.db
        row = find.item(db, item_id)
        body = get_text(db, row.text_sha256, 20_000)
        found = finder(session.store).suggest(row.subject, body, limit)
        names = Names(db)
        emit(
            as_json,
            {
                "id": row.id,
                "suggestions": [
                    {
                        "office_id": one.office_id,
                        "office": one.office_name,
                        "service_id": one.service_id,
                        "score": one.score,
                        "words": list(one.spoke),
                    }
                    for one in found
                ],
            },
            lambda: table(
                [
                    Column("#", "right"),
                    Column(_("Office")),
                    Column(_("Service")),
                    Column(_("Words")),
                ],
                [
                    (str(n), one.office_name, names.service(one.service_id), ", ".join(one.spoke))
                    for n, one in enumerate(found, 1)
                ],
            ),
        )


@app.command("take", help=_("Take items: you see to them."))
def take(ids: ItemIds, as_json: AsJson = False) -> None:
    with opened() as session:
        found = find.item_ids(session.store.db, ids)
        say(as_json, desk.take(session.store, session.actor, found))


@app.command("release", help=_("Put items back for the others."))
def release(ids: ItemIds, as_json: AsJson = False) -> None:
    with opened() as session:
        found = find.item_ids(session.store.db, ids)
        say(as_json, desk.release(session.store, session.actor, found))


@app.command("hand-over", help=_("Hand items over to another office."))
def hand_over(ids: ItemIds, to: ToOffice, as_json: AsJson = False) -> None:
    with opened() as session:
        db = session.store.db
        found, office = find.item_ids(db, ids), find.office_id(db, to)
        say(as_json, desk.hand_over(session.store, session.actor, found, office))


@app.command("file", help=_("File items into a case, an existing one or a new one."))
def file(
    ids: ItemIds,
    *,
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help=_("The case: number or id."))
    ] = None,
    new: Annotated[bool, typer.Option("--new", help=_("Into a new case."))] = False,
    service: Annotated[
        str | None, typer.Option("--service", help=_("The new case's service."))
    ] = None,
    office: Annotated[
        str | None, typer.Option("--office", help=_("The new case's office."))
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", help=_("The new case's subject; else the item's."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    if new == (case is not None):
        raise UsageError(_("Say either --case CASE or --new."))
    if case is not None and (service or office or subject):
        raise UsageError(_("--service, --office and --subject are for a new case."))
    with opened() as session:
        db = session.store.db
        found = find.item_ids(db, ids)
        if case is not None:
            row = find.case(db, case)
            outcome = desk.file_into(session.store, session.actor, found, row.id)
        else:
            outcome, case_id = desk.file_into_new(
                session.store,
                session.actor,
                found,
                service_id=find.service_id(db, service) if service else None,
                office_id=find.office_id(db, office) if office else None,
                subject=subject,
            )
            row = cases.by_ids(db, [case_id])[0]
        if not as_json:
            line(row.number)
        say(as_json, outcome, {"case_id": row.id, "number": row.number})


def _finish(action: str, ids: list[str], reason: str | None, as_json: bool) -> None:
    with opened() as session:
        found = find.item_ids(session.store.db, ids)
        say(as_json, desk.finish(session.store, session.actor, action, found, reason))


@app.command("done", help=_("Nothing more to do."))
def done(ids: ItemIds, reason: Reason = None, as_json: AsJson = False) -> None:
    _finish("item.done", ids, reason, as_json)


@app.command("aside", help=_("Lay aside without an answer."))
def aside(ids: ItemIds, reason: Reason = None, as_json: AsJson = False) -> None:
    _finish("item.aside", ids, reason, as_json)


@app.command("spam", help=_("Unwanted mail."))
def spam(ids: ItemIds, reason: Reason = None, as_json: AsJson = False) -> None:
    _finish("item.spam", ids, reason, as_json)


@app.command("duplicate", help=_("The same as another item."))
def duplicate(ids: ItemIds, reason: Reason = None, as_json: AsJson = False) -> None:
    _finish("item.duplicate", ids, reason, as_json)


@app.command("reopen", help=_("Back to the open items."))
def reopen(ids: ItemIds, as_json: AsJson = False) -> None:
    with opened() as session:
        found = find.item_ids(session.store.db, ids)
        say(as_json, desk.reopen(session.store, session.actor, found))


@app.command("note", help=_("Write an internal note on an item."))
def note(item_id: ItemId, content: Text, as_json: AsJson = False) -> None:
    said = written(content)
    with opened() as session:
        found = find.record_id(session.store.db, "items", item_id)
        say(as_json, desk.note(session.store, session.actor, found, said))


@app.command("follow-up", help=_("Look at items again on a date."))
def follow_up(
    ids: ItemIds, on: OnDate, content: OptionalText = "", as_json: AsJson = False
) -> None:
    due, said = day_of(on), written(content, needed=False)
    with opened() as session:
        found = find.item_ids(session.store.db, ids)
        outcome = desk.follow_up(session.store, session.actor, found, due, said)
        say(as_json, outcome, {"due_on": due.isoformat()})


@app.command("priority", help=_("Make items one step more or less urgent."))
def priority(
    ids: ItemIds,
    up: Annotated[bool, typer.Option("--up/--down", help=_("More urgent, or less."))],
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        found = find.item_ids(session.store.db, ids)
        say(as_json, desk.prioritise(session.store, session.actor, found, 1 if up else -1))
