"""``clerk fine list`` and ``show``: what runs out first; one fine, and what is next until when."""

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from clerk import clock, dates
from clerk.actions import action
from clerk.cli import find
from clerk.cli.beyond import case_to_show
from clerk.cli.dates import past_day_of
from clerk.cli.documents import Fields, iso
from clerk.cli.globals import UsageError
from clerk.cli.opening import opened
from clerk.cli.options import After, AsJson, CaseId, Limit
from clerk.cli.output import Column, Json, emit, fields, line, table
from clerk.cli.reading import ReadReason, log
from clerk.desks import fine_acts, fine_facts
from clerk.desks.fine_course import limits_as_stored
from clerk.i18n import _
from clerk.money import euros
from clerk.names import symbol, word
from clerk.rules import plates
from clerk.rules.fine_states import ACTIONS
from clerk.rules.retention import is_closed_warning
from clerk.rules.shielding import is_shielded
from clerk.session import Session
from storage.pages import cases, documents, fines, follow_ups, payments
from storage.pages.fines import FineRow
from storage.pages.names import Names
from storage.record import values_of
from storage.records import Fine, FineStep, Participant, Person
from storage.terms import FineState, FollowUpState

if TYPE_CHECKING:
    from sqlite3 import Connection

_MOST_OF_PLATE = 1_000


def list_fines(  # noqa: PLR0917 - typer makes options of them
    state: Annotated[
        list[FineState] | None, typer.Option("--state", help=_("Only in these states."))
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help=_("Those whose cases you work on."))] = False,
    due: Annotated[
        bool, typer.Option("--due", help=_("Those of which something is to be done by today."))
    ] = False,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=_("What runs out by this day."))
    ] = None,
    plate: Annotated[str | None, typer.Option("--plate", help=_("Those of this plate."))] = None,
    office: Annotated[
        str | None, typer.Option("--office", metavar="OFFICE", help=_("Of this office alone."))
    ] = None,
    limit: Limit = 50,
    after: After = None,
    reason: ReadReason = "",
    as_json: AsJson = False,
) -> None:
    if sum((bool(state), mine, due, until is not None, plate is not None)) > 1:
        raise UsageError(_("Choose one of --state, --mine, --due, --until and --plate."))
    with opened() as session:
        db, names = session.store.db, Names(session.store.db)
        offices = (find.office_id(db, office),) if office else session.actor.offices
        edge = _row(db, after) if after else None
        if plate is not None:
            found = fines.by_plate(db, plates.folded(plate), _MOST_OF_PLATE)
            rows = [
                one
                for one in found
                if one.office_id in offices and not is_closed_warning(one.area, one.state)
            ]
            rows = rows[_behind(rows, edge) :][: limit + 1]
        elif due:
            rows = fines.due(db, offices, clock.today().isoformat(), _MOST_OF_PLATE)
            rows = rows[_behind(rows, edge) :][: limit + 1]
        else:
            keyset = fines.running_out(offices)
            at: str | int | None = edge.limitation_on if edge else None
            if mine:
                keyset, at = fines.of_clerks(session.actor.desks), _opened(db, edge)
            elif state:
                keyset, at = fines.in_states(offices, state), edge.acted_from if edge else None
            key = (at, edge.id) if edge else None
            rows = keyset.page(db, after=key, limit=limit + 1)
            if until is not None:
                day = past_day_of(until).isoformat()
                rows = [one for one in rows if (one.limitation_on or "") <= day]
        shown, more = rows[:limit], len(rows) > limit
        if plate is not None:  # whose it is, is what one asks for with a plate
            log(session, [("cases", one.case_id) for one in shown], "search", reason)
        document: Fields = {
            "fines": [_in_list(row, names) for row in shown],
            "more": more,
            "after": shown[-1].number if more else None,
        }
        emit(as_json, document, lambda: _show_list(shown, names, more))


def _row(db: "Connection", typed: str) -> FineRow:
    """The fine with this number or id. Refused ``fine.none``."""
    case = find.case(db, typed)
    fine_acts.fine_of(db, case.id)
    return fines.by_cases(db, [case.id])[0]


def _opened(db: "Connection", row: FineRow | None) -> int | None:
    return cases.by_ids(db, [row.case_id])[0].opened_at if row else None


def _behind(rows: list[FineRow], edge: FineRow | None) -> int:
    places = [n for n, one in enumerate(rows, 1) if edge is not None and one.id == edge.id]
    return places[0] if places else 0


def _in_list(row: FineRow, names: Names) -> Fields:
    return {
        "case_id": row.case_id,
        "number": row.number,
        "state": row.state,
        "limitation_on": row.limitation_on,
        "acted_from": row.acted_from,
        "subject": row.title,
        "place": row.place,
        "person": row.person or None,
        "plate": row.plate or None,
        "amount": row.amount,
        "reference": row.reference,
        "office_id": row.office_id,
        "assignee": names.clerk(row.assignee_id) or None,
        "restricted": bool(row.restricted),
    }


def _show_list(rows: list[FineRow], names: Names, more: bool) -> None:
    today = clock.today()
    table(
        [
            Column(_("Number"), keep=True),
            Column(_("Until"), keep=True),
            Column(_("Matter")),
            Column(_("Whom")),
            Column(_("State")),
            Column(_("With")),
        ],
        [
            (
                row.number,
                _day(row.limitation_on, today, due=True),
                row.title,
                " · ".join(part for part in (row.person, row.plate) if part),
                word("fine", row.state),
                names.clerk(row.assignee_id),
            )
            for row in rows
        ],
    )
    if more:
        line(_("more with --after {id}").format(id=rows[-1].number))


def show(case_id: CaseId, reason: ReadReason = "", as_json: AsJson = False) -> None:
    with opened() as session:
        row = case_to_show(session, case_id, reason)
        fine = fine_acts.fine_of(session.store.db, row.id)
        names = Names(session.store.db)
        document: Fields = {
            "number": row.number,
            "subject": row.subject,
            "office": names.office(row.office_id),
            "assignee": names.clerk(row.assignee_id) or None,
            **_facts(session, fine, names),
        }
        emit(as_json, document, lambda: _show(session, fine, document, names))


def _facts(session: Session, fine: Fine, names: Names) -> Fields:
    """The fine with all that hangs on it, and what can be done next."""
    db, case_id = session.store.db, fine.case_id
    refused = {
        name: fine_facts.can(session.actor, name, fine_facts.matter(db, fine)) for name in ACTIONS
    }
    return {
        **{name: _plain(value) for name, value in values_of(fine).items() if name != "id"},
        "limitation_why": limits_as_stored(db, fine).words,
        "offences": [
            {name: _plain(value) for name, value in values_of(one).items()}
            for one in fines.offences(db, case_id)
        ],
        "people": [_party(part, person) for part, person in fines.participants(db, case_id)],
        "steps": [_step(one, names) for one in fines.steps(db, case_id)],
        "next": [
            {"due_on": one.due_on, "text": one.text, "clerk": names.clerk(one.clerk_id) or None}
            for one in follow_ups.about(db, case_id=case_id)
            if one.state == FollowUpState.OPEN
        ],
        "letters": [
            {"id": one.id, "subject": one.subject, "template": one.template, "state": one.state,
             "way": one.way, "created_at": iso(one.created_at), "sent_at": iso(one.sent_at)}
            for one in fines.letters(db, case_id)
        ],
        "claims": [
            {"kind": one.kind, "amount": one.amount, "paid": one.paid, "state": one.state,
             "due_on": one.due_on}
            for one in fines.claims(db, case_id)
        ],
        "payments": [
            {"booked_on": one.booked_on, "amount": one.amount, "state": one.state}
            for one in payments.of_case(db, case_id)
        ],
        "photos": [one.name for one in documents.of_case(db, case_id) if one.kind],
        "can": [name for name, why in refused.items() if why is None],
        "cannot": {name: why.sentence for name, why in refused.items() if why is not None},
    }  # fmt: skip


def _party(part: Participant, person: Person) -> Json:
    """Somebody with a part in it; the address of a shielded person is not given out."""
    shielded = is_shielded(person, clock.today())
    place = f"{person.postcode} {person.city}".strip()
    return {
        "id": part.id,
        "role": part.role,
        "name": f"{person.given_name} {person.family_name}".strip(),
        "born_on": person.born_on,
        "address": None if shielded else ", ".join(filter(None, (person.street, place))),
        "shielded": shielded,
    }


def _step(step: FineStep, names: Names) -> Json:
    said = json.loads(step.details)
    return {
        "on": step.on_date,
        "at": iso(step.at),
        "action": step.action,
        "state": step.state,
        "clerk": names.clerk(step.clerk_id),
        "for": names.clerk(said.pop("for", None)) or None,
        "said": said,
        "text": step.text,
    }


def _plain(value: object) -> Json:
    return value if isinstance(value, int | str) or value is None else str(value)


def _show(session: Session, fine: Fine, document: Fields, names: Names) -> None:
    db, today, case_id = session.store.db, clock.today(), fine.case_id
    open_ = [one for one in follow_ups.about(db, case_id=case_id) if one.state == "open"]
    fields(
        [
            (_("Number"), str(document["number"])),
            (_("Matter"), str(document["subject"])),
            (_("State"), f"{symbol('fine', fine.state)} {word('fine', fine.state)}"),
            (_("Runs out"), f"{_day(fine.limitation_on, today)} {document['limitation_why']}"),
            *((_("Next"), f"{_day(one.due_on, today, due=True)} {one.text}") for one in open_),
            *(
                (_("Done"), f"{_day(one.on_date, today)} {_done(one, names)}")
                for one in reversed(fines.steps(db, case_id))
            ),
            *(
                (word("participant", part.role), f"{person.given_name} {person.family_name}")
                for part, person in fines.participants(db, case_id)
            ),
            (_("Plate"), fine.plate_shown),
            (_("Amount"), euros(fine.amount)),
            (_("Reference"), fine.reference or ""),
            *(
                (_("Letter"), f"{one.subject}, {word('letter', one.state)}")
                for one in fines.letters(db, case_id)
            ),
            *(
                (word("claim_kind", one.kind), f"{euros(one.amount)} {word('claim', one.state)}")
                for one in fines.claims(db, case_id)
            ),
        ]
    )


def _done(step: FineStep, names: Names) -> str:
    who = names.clerk(step.clerk_id)
    if for_whom := json.loads(step.details).get("for"):
        who = _("{name} for {other}").format(name=who, other=names.clerk(for_whom))
    return f"{action(step.action).said}, {who}"


def _day(iso_day: str | None, today: date, *, due: bool = False) -> str:
    return dates.relative(date.fromisoformat(iso_day), today, due=due) if iso_day else ""
