"""What stands in the tabs of a fine, and beside it in the list, as lines."""

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from clerk import clock, dates
from clerk.actions import action
from clerk.desks.fine_course import limits_as_stored
from clerk.desks.office_settings import settings_of
from clerk.desks.persons import shown_address
from clerk.i18n import _
from clerk.money import euros
from clerk.names import symbol, word
from clerk.rules.fine_asks import ASKS
from clerk.rules.fine_guards import is_young
from clerk.text import display_lines
from storage.pages import absences, cases, documents, fines, follow_ups, payments
from storage.pages.cases import CaseRow
from storage.pages.names import Names
from storage.records import Dog, Fine, FineStep, Participant, Person
from storage.terms import FollowUpState, LetterState, ParticipantRole
from widgets.wrapping import Line

if TYPE_CHECKING:
    from sqlite3 import Connection

_NEWEST = 4
_LABEL = 19


def glance(db: "Connection", names: Names, case_id: str) -> list[Line]:
    """What somebody who finds it half done wants to know: what was done, what is next, until when,
    and in whose absence."""
    fine = fines.of_case(db, case_id)
    found = cases.by_ids(db, [case_id])
    if fine is None or not found:
        return []
    case = found[0]
    steps = fines.steps(db, case_id)
    return [
        ((case.subject, "strong"),),
        *_restriction(fine),
        (),
        _fact(_("State"), f"{symbol('fine', fine.state)} {word('fine', fine.state)}", "accent"),
        *_limitation(db, fine),
        *_desk(db, names, case),
        (),
        ((_("Next"), "title"),),
        *_next(db, names, case_id),
        (),
        ((_("Done"), "title"),),
        *(line for step in reversed(steps[-_NEWEST:]) for line in _step(step, names)[:1]),
        (),
        *_money_in_short(db, fine),
        *_who(db, fine),
    ]


def overview(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """The glance, and the facts of the act."""
    fine = fines.of_case(db, case.id)
    return [*glance(db, names, case.id), (), *(_act(db, fine) if fine else [])]


def _restriction(fine: Fine) -> list[Line]:
    """Processing is restricted in place of erasure (BDSG 58): said where nobody can miss it."""
    if not fine.restricted:
        return []
    return [((_("! Restricted: to be used for control and proof only (BDSG 58)."), "error"),)]


def _limitation(db: "Connection", fine: Fine) -> list[Line]:
    if fine.limitation_on is None:
        return []
    today = clock.today()
    last = date.fromisoformat(fine.limitation_on)
    days = settings_of(db, fine.office_id).fines.limitation_warning_days
    left = (last - today).days
    style, mark = ("error", "× ") if left < 0 else ("warning", "! ") if left <= days else ("", "")
    lines = [_fact(_("Runs out"), f"{mark}{dates.relative(last, today, due=True)}", style)]
    why = limits_as_stored(db, fine).words
    lines.append(_fact("", why, "muted"))
    if fine.absolute_on and fine.absolute_on != fine.limitation_on:
        absolute = dates.short_date(date.fromisoformat(fine.absolute_on), today)
        lines.append(_fact("", _("at the latest {day}").format(day=absolute), "muted"))
    return lines


def _desk(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """Whose it is, and who stands in while they are away."""
    lines = [_fact(_("With"), names.clerk(case.assignee_id) or _("nobody yet"))]
    today = clock.today()
    for one in absences.on_day(db, today.isoformat()):
        if one.clerk_id == case.assignee_id:
            until = dates.relative(date.fromisoformat(one.ends_on), today)
            text = _("away until {day}").format(day=until)
            if one.deputy:
                text = _("away until {day}, {deputy} stands in").format(
                    day=until, deputy=one.deputy
                )
            lines.append(_fact("", text, "warning"))
    return lines


def _next(db: "Connection", names: Names, case_id: str) -> list[Line]:
    today = clock.today()
    lines: list[Line] = []
    for one in follow_ups.about(db, case_id=case_id):
        if one.state == FollowUpState.OPEN:
            when = dates.relative(date.fromisoformat(one.due_on), today, due=True)
            style = "warning" if one.due_on <= today.isoformat() else "accent"
            who = names.clerk(one.clerk_id)
            lines.append(((f"  {when:<17}", style), (one.text, ""), (f"  {who}", "muted")))
    return lines or [((_("  nothing is set"), "muted"),)]


def _step(step: FineStep, names: Names) -> list[Line]:
    """Day, what was done, by whom; below it what was said."""
    on = dates.short_date(date.fromisoformat(step.on_date), clock.today())
    said = json.loads(step.details)
    who = names.clerk(step.clerk_id)
    if said.get("for"):
        who = _("{name} for {other}").format(name=who, other=names.clerk(said["for"]))
    title = action(step.action).said
    head: Line = ((f"  {on:<17}", "muted"), (title, ""), (f"  {who}", "muted"))
    if said.get("late"):
        head = (*head, ("  ", ""), (_("late"), "error"))
    more = [f"{label}: {value}" for label, value in _said(step.action, said)]
    more += [line for line in display_lines(step.text) if line]
    return [head, *(((" " * _LABEL + text, "muted"),) for text in more)]


def _said(action_id: str, said: dict[str, object]) -> list[tuple[str, str]]:
    """What was said with a step, in words."""
    found: list[tuple[str, str]] = []
    for datum in ASKS.get(action_id, ()):
        value = said.get(datum.name)
        if value is None or datum.kind == "person":
            continue
        text = str(value)
        if datum.kind == "cents" and isinstance(value, int):
            text = euros(value)
        elif datum.kind == "choice":
            text = next((_(words) for code, words in datum.choices if code == value), text)
        elif datum.kind == "flag":
            text = _("yes")
        elif isinstance(value, list):
            text = " · ".join(
                f"{dates.numbers(date.fromisoformat(d))} {euros(c)}" for d, c in value
            )
        found.append((_(datum.label), text))
    return found


def _money_in_short(db: "Connection", fine: Fine) -> list[Line]:
    lines = [_fact(_("Amount"), euros(fine.amount))]
    owed = sum(one.amount - one.paid for one in payments.claims(db, fine.case_id))
    if owed:
        lines.append(_fact(_("Still owed"), euros(owed), "accent"))
    if fine.reference:
        lines.append(_fact(_("Reference"), fine.reference))
    return lines


def _who(db: "Connection", fine: Fine) -> list[Line]:
    acted_on = date.fromisoformat(fine.acted_from[:10])
    lines: list[Line] = []
    for part, person in fines.participants(db, fine.case_id):
        if part.role != ParticipantRole.OFFENDER:
            continue
        lines.append(_fact(_("Offender"), _name(person)))
        born = date.fromisoformat(person.born_on) if person.born_on else None
        if is_young(born, acted_on):
            lines.append(_fact("", _("! under 21 at the time of the act"), "warning"))
    if fine.plate_shown:
        lines.append(_fact(_("Plate"), fine.plate_shown))
    return lines


def _act(db: "Connection", fine: Fine) -> list[Line]:
    """What is charged, when and where it was, and what proves it."""
    when = _moment(fine.acted_from)
    if fine.acted_to:
        when += f" – {_moment(fine.acted_to)}"
    place = ", ".join(one for one in (fine.place, fine.place_more, fine.district) if one)
    facts = [
        (_("When"), when),
        (_("Where"), place),
        (_("Seen by"), fine.officer),
        (_("Vehicle"), fine.vehicle),
        (_("Evidence"), fine.evidence),
        (_("Guilt"), word("guilt", fine.guilt)),
    ]
    lines: list[Line] = [((_("The act"), "title"),)]
    lines += [_fact(label, value) for label, value in facts if value]
    for one in fines.offences(db, fine.case_id):
        lines += [
            (),
            ((f"{one.code} " if one.code else "", "accent"), (one.charge, "")),
            ((one.provisions, "muted"), (f"  {euros(one.amount)}", "")),
        ]
    return lines


def steps(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """All steps, the newest first, below what is due."""
    done = [line for step in reversed(fines.steps(db, case.id)) for line in _step(step, names)]
    return [((_("Next"), "title"),), *_next(db, names, case.id), (),
            ((_("Steps"), "title"),), *done]  # fmt: skip


def letters_and_money(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """Letters with where they stand; what is owed, what came, and the plan."""
    lines: list[Line] = [((_("Letters"), "title"),)]
    for one in reversed(fines.letters(db, case.id)):
        style = "muted" if one.state == LetterState.WITHDRAWN else ""
        state = f"{symbol('letter', one.state)} {word('letter', one.state)}"
        signed = names.clerk(one.signed_by)
        if one.signed_for:
            signed = _("{name} for {other}").format(name=signed, other=names.clerk(one.signed_for))
        lines.append(
            ((f"  {dates.moment(one.created_at, clock.now()):<12}", "muted"), (one.subject, style),
             (f"  {state}", "accent"), (f"  {word('way', one.way)}  {signed}", "muted"))
        )  # fmt: skip
    if len(lines) == 1:
        lines.append(((_("  none yet"), "muted"),))
    lines += [(), ((_("Owed"), "title"),)]
    claims = fines.claims(db, case.id)
    if not claims:
        lines.append(((_("  nothing yet"), "muted"),))
    for claim in claims:
        due = (
            dates.short_date(date.fromisoformat(claim.due_on), clock.today())
            if (claim.due_on)
            else ""
        )
        lines.append(
            ((f"  {word('claim_kind', claim.kind):<20}", ""), (f"{euros(claim.amount):>14}", ""),
             (f"  {word('claim', claim.state):<10}", "accent"), (due, "muted"))
        )  # fmt: skip
    came = payments.of_case(db, case.id)
    lines += [(), ((_("Payments"), "title"),)] if came else []
    for row in came:
        day = dates.short_date(date.fromisoformat(row.booked_on), clock.today())
        lines.append(
            ((f"  {day:<20}", "muted"), (f"{euros(row.amount):>14}", ""),
             (f"  {word('payment', row.state)}", "accent"), (f"  {row.payer}", "muted"))
        )  # fmt: skip
    plan = payments.instalments(db, case.id)
    lines += [(), ((_("Instalments"), "title"),)] if plan else []
    for part in plan:
        day = dates.short_date(date.fromisoformat(part.due_on), clock.today())
        lines.append(
            ((f"  {day:<20}", "muted"), (f"{euros(part.amount):>14}", ""),
             (f"  {word('instalment', part.state)}", "accent"))
        )  # fmt: skip
    return lines


def people(db: "Connection", names: Names, case: CaseRow) -> list[Line]:
    """Who has a part in it, the dog, and the photos."""
    lines: list[Line] = []
    for part, person in fines.participants(db, case.id):
        lines += [*_participant(part, person), ()]
    fine = fines.of_case(db, case.id)
    if fine is not None and fine.evidence:
        lines += [_fact(_("Evidence"), fine.evidence), ()]
    for dog in fines.dogs(db, case.id):
        lines += [((_("Dog"), "title"),), *_dog(dog), ()]
    photos = [one for one in documents.of_case(db, case.id) if one.kind]
    if photos:
        lines.append(((_("Photos"), "title"), (f"  {len(photos)}", "muted")))
    for one in photos:
        size = f"{max(1, one.size // 1024)} kB"
        about = f"  {one.media_type} · {size} · {one.content_sha256[:12]}"
        lines.append((("@ ", "accent"), (one.name, ""), (about, "muted")))
    return lines or [((_("Nobody is known yet."), "muted"),)]


def _participant(part: Participant, person: Person) -> Sequence[Line]:
    born = ""
    if person.born_on:
        born = _("born {day}").format(day=dates.numbers(date.fromisoformat(person.born_on)))
    died = ""
    if person.died_on:
        died = _("died {day}").format(day=dates.numbers(date.fromisoformat(person.died_on)))
    details = [
        " · ".join(
            one for one in (born, person.birth_place or "", person.nationality or "") if one
        ),
        shown_address(person),
        " · ".join(one for one in (person.email, person.phone) if one),
        part.note,
    ]
    head: Line = ((word("participant", part.role), "title"), (f"  {_name(person)}", "strong"))
    if died:
        head = (*head, (f"  {died}", "error"))
    return [head, *(((f"  {text}", ""),) for text in details if text)]


def _dog(dog: Dog) -> list[Line]:
    flag = {0: _("no"), 1: _("yes")}
    facts = [
        (_("Name"), dog.name),
        (_("Breed"), dog.breed),
        (_("Chip"), dog.chip),
        (_("Dog tag"), dog.tag),
        (_("On a leash"), flag.get(dog.on_leash if dog.on_leash is not None else -1, "")),
        (_("Muzzled"), flag.get(dog.muzzled if dog.muzzled is not None else -1, "")),
        (_("Incident"), dog.incident),
        (_("Injured"), dog.injured),
    ]
    return [_fact(f"  {label}", value) for label, value in facts if value]


def _moment(text: str) -> str:
    """A day or a minute of the act."""
    day, _t, at = text.partition("T")
    shown = dates.short_date(date.fromisoformat(day), clock.today())
    return f"{shown}, {at}" if at else shown


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip()


def _fact(label: str, value: str, style: str = "") -> Line:
    return ((f"{label:<{_LABEL}}", "muted"), (value, style))
