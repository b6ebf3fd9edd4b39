"""What stands in the tabs of a case, as lines."""

from datetime import date
from typing import TYPE_CHECKING

from clerk import clock, dates
from clerk.desks.persons import shown_address
from clerk.i18n import _
from clerk.names import symbol, word
from clerk.text import clip, display_lines
from screens import history_words
from screens.preview import sender_of
from storage.content import get_text
from storage.pages import cases, documents, follow_ups, items, letters, persons
from storage.pages.cases import CaseRow
from storage.pages.letters import LetterRow
from storage.pages.names import Names
from storage.terms import CaseState
from widgets.wrapping import Line

if TYPE_CHECKING:
    from sqlite3 import Connection

_TEXT_BYTES = 20_000
_NEWEST = 3


def overview(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """What it is about, for whom, until when, and what comes next."""
    return [
        ((case.subject, "strong"),),
        (),
        *_waits(db, case),
        *_facts(db, names, case),
        *_due_dates(case),
        *_open_follow_ups(db, names, case),
        *_newest_items(db, case),
        *_newest_notes(db, names, case),
    ]


def _waits(db: "Connection", case: CaseRow) -> list[Line]:
    """What a waiting case waits for."""
    if case.state != CaseState.WAITING:
        return []
    lines: list[Line] = []
    for one in follow_ups.waits(db, case.id):
        day = dates.short_date(date.fromisoformat(one.due_on), clock.today())
        text = _("{what} (until {day})").format(what=one.text, day=day)
        lines.append(_fact(_("Waits for"), text, "warning"))
    return lines


def _facts(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    facts = [
        (_("Service"), names.service(case.service_id) or _("none")),
        (_("Office"), names.office(case.office_id)),
        (_("With"), names.clerk(case.assignee_id) or _("nobody yet")),
        (_("Opened"), dates.full(case.opened_at)),
        (_("Person"), case.person),
    ]
    lines = [_fact(label, value) for label, value in facts if value]
    person = persons.of_case(db, case.id)
    if person is not None:
        address = shown_address(person)
        contact = " · ".join(part for part in (person.email, person.phone) if part)
        lines += [_fact("", value) for value in (address, contact) if value]
    return lines


def _due_dates(case: CaseRow) -> list[Line]:
    lines: list[Line] = []
    for label, day in ((_("Target date"), case.target_on), (_("Legal due date"), case.legal_on)):
        if day:
            due = date.fromisoformat(day)
            late = due < clock.today() and case.state != CaseState.CLOSED
            text = dates.relative(due, clock.today(), due=late)
            lines.append(_fact(label, text, "error" if late else ""))
    return lines


def _open_follow_ups(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    found = [one for one in follow_ups.about(db, case_id=case.id) if one.state == "open"]
    lines: list[Line] = [(), ((_("Follow-ups"), "title"),)] if found else []
    for one in found:
        when = dates.relative(date.fromisoformat(one.due_on), clock.today(), due=True)
        who = names.clerk(one.clerk_id)
        lines.append(((f"  {when:<17}", "warning"), (one.text, ""), (f"  {who}", "muted")))
    return lines


def _newest_items(db: "Connection", case: CaseRow) -> list[Line]:
    now = clock.now()
    filed = items.of_case(db, case.id)
    lines: list[Line] = [(), ((_("Correspondence"), "title"), (f"  {len(filed)}", "muted"))]
    lines += [
        (
            (f"  {dates.moment(row.received_at, now):>10}  ", "muted"),
            (row.sender_name or row.sender_address, ""),
            (f"  {row.subject}", "muted"),
        )
        for row in reversed(filed[-_NEWEST:])
    ]
    return lines


def _newest_notes(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    written = cases.notes(db, case_id=case.id)
    lines: list[Line] = []
    if written:
        lines += [(), ((_("Notes"), "title"), (f"  {len(written)}", "muted"))]
    for note in written[:_NEWEST]:
        lines.append(((f"  {names.clerk(note.clerk_id)}: ", "muted"), (clip(note.text, 200), "")))
    return lines


def _fact(label: str, value: str, style: str = "") -> Line:
    return ((f"{label:<19}", "muted"), (value, style))


def correspondence(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """Everything filed into the case, the oldest first, with its text; and, between it, the letters
    that were written."""
    lines: list[Line] = []
    written = letters.of_case(db, case.id)
    for row in items.of_case(db, case.id):
        while written and written[0].created_at <= row.received_at:
            lines += _letter(names, written.pop(0))
        sender = sender_of(row)
        lines.append(((row.subject or _("(no subject)"), "title"),))
        lines.append(
            (
                (sender, "strong"),
                (f"  {dates.full(row.received_at)} · {word('channel', row.channel)}", "muted"),
            )
        )
        for document in documents.of_item(db, row.id):
            lines.append((("@ ", "accent"), (document.name, "")))
        text = get_text(db, row.text_sha256, _TEXT_BYTES)
        lines += [((f"  {line}", ""),) for line in display_lines(text)]
        if len(text.encode()) >= _TEXT_BYTES:
            lines.append(((_("… the text is longer; the whole of it is kept."), "muted"),))
        lines.append(())
    for one in written:
        lines += _letter(names, one)
    return lines or [((_("Nothing has been filed into this case yet."), "muted"),)]


def _letter(names: Names, row: LetterRow) -> list[Line]:
    """A letter of ours: what, to whom, where it stands."""
    state = f"{symbol('letter', row.state)} {word('letter', row.state)}"
    at = row.sent_at or row.second_at or row.signed_at or row.created_at
    by = names.clerk(row.second_by or row.signed_by or row.drafted_by)
    return [
        (("→ ", "accent"), (row.subject, "title")),
        (
            (row.person, "strong"),
            (f"  {dates.full(at)} · {by}", "muted"),
            (f" · {state}", "accent"),
        ),
        (),
    ]


def notes(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """The notes of the case and of its items, the newest first."""
    lines: list[Line] = []
    for note in cases.notes(db, case_id=case.id):
        lines.append(
            ((names.clerk(note.clerk_id), "strong"), (f"  {dates.full(note.at)}", "muted"))
        )
        lines += [((f"  {line}", ""),) for line in display_lines(note.text)]
        lines.append(())
    return lines or [((_("No notes yet."), "muted"),)]


def history_lines(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """What the journal says, the newest first."""
    return history_words.history_lines(db, names, case.id)
