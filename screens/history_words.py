"""The history of a case in sentences: what was done, with the names of things."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from clerk import clock, dates
from clerk.actions import ACTIONS
from clerk.desks.undoing import title_of
from clerk.i18n import _
from clerk.names import doer
from clerk.text import clip
from storage.history import HistoryEntry, history
from storage.pages import items
from storage.pages.items import ItemRow
from storage.pages.names import Names
from storage.patches import Patch
from storage.record import Value
from widgets.wrapping import Line

if TYPE_CHECKING:
    from sqlite3 import Connection

_LONGEST = 120  # characters of a text that somebody wrote
_SAID = {one.id: one for one in ACTIONS if one.done}
_INDENT = " " * 6


def history_lines(db: "Connection", names: Names, case_id: str) -> list[Line]:
    """What the journal says of a case, the newest first."""
    entries = history(db, "cases", case_id)
    ids = {patch.row_id for one in entries for patch in one.patches if patch.table == "items"}
    known = {row.id: row for row in items.by_ids(db, list(ids))}
    lines: list[Line] = []
    for entry in entries:
        lines += _entry(entry, names, known)
    return lines


def _entry(entry: HistoryEntry, names: Names, known: Mapping[str, ItemRow]) -> list[Line]:
    kind = {"undo": _("taken back: "), "redo": _("done again: ")}.get(entry.kind, "")
    said = _SAID[entry.action].said if entry.action in _SAID else title_of(entry.action)
    first, *further = [thing for thing in _things(entry, names, known) if thing] or [""]
    said = kind + said + (f": {first}" if first else "")
    if entry.taken_back:
        said = _("{action} (taken back)").format(action=said)
    head: Line = (
        (f"{dates.full(entry.at)}  ", "muted"),
        (said, "muted" if entry.taken_back else "strong"),
        (f"  {doer(entry, names)}", "muted"),
    )
    more: list[Line] = [((_INDENT + thing, ""),) for thing in further]
    facts: list[Line] = [
        ((f"{_INDENT}{label}: ", "muted"), (value, "")) for label, value in _facts(entry, names)
    ]
    return [head, *more, *facts]


def _things(entry: HistoryEntry, names: Names, known: Mapping[str, ItemRow]) -> Iterator[str]:
    """What it was done to or with: letters by their subjects, offices, texts, days."""
    for patch in entry.patches:
        if patch.table == "items" and (row := known.get(patch.row_id)):
            subject = clip(row.subject or _("(no subject)"), _LONGEST)
            sender = row.sender_name or row.sender_address
            quoted = _("“{subject}” from {sender}") if sender else _("“{subject}”")
            yield quoted.format(subject=subject, sender=sender)
        elif patch.table == "notes":
            yield clip(_text(patch, "text"), _LONGEST)
        elif patch.table == "follow_ups" and entry.action != "item.file":
            yield _follow_up(patch)
        elif patch.table == "cases" and patch.op == "set":
            yield from _of_case(patch, names)


def _of_case(patch: Patch, names: Names) -> Iterator[str]:
    old, new = patch.fields.get("office_id", [None, None])
    if old and new:
        yield _("to {new}, before: {old}").format(
            new=names.office(str(new)), old=names.office(str(old))
        )
    else:
        old, new = patch.fields.get("assignee_id", [None, None])
        if old and new:
            yield _("by {new}, before: {old}").format(
                new=names.clerk(str(new)), old=names.clerk(str(old))
            )
    if result := _text(patch, "result"):
        yield clip(result, _LONGEST)


def _follow_up(patch: Patch) -> str:
    """Day and remark, where the patch holds them: one that is only done says neither."""
    due = _text(patch, "due_on")
    day = dates.short_date(date.fromisoformat(due), clock.today()) if due else ""
    return " · ".join(part for part in (day, clip(_text(patch, "text"), _LONGEST)) if part)


def _facts(entry: HistoryEntry, names: Names) -> Iterator[tuple[str, str]]:
    """What became of the case's own fields, and how urgent a letter is."""
    for patch in entry.patches:
        for name, (old, new) in patch.fields.items():
            label = {
                "service_id": _("Service"),
                "person_id": _("Person"),
                "subject": _("Subject"),
                "target_on": _("Target date"),
                "legal_on": _("Legal due date"),
                "priority": _("Priority"),
            }.get(name)
            if label is None or patch.table not in ("cases", "items"):
                continue
            known = patch.op != "set" and (patch.table == "items" or name == "subject")
            if known or (patch.table == "items" and name != "priority"):
                continue
            before, after = (_value(name, value, names) for value in (old, new))
            yield label, f"{before} → {after}" if patch.op == "set" else after or before


def _value(name: str, value: Value, names: Names) -> str:
    if value is None:
        return ""
    text = str(value)
    if name == "service_id":
        return names.service(text)
    if name == "person_id":
        return names.person(text)
    if name.endswith("_on"):
        return dates.short_date(date.fromisoformat(text), clock.today())
    return clip(text, _LONGEST)


def _text(patch: Patch, name: str) -> str:
    """A field as it became, or as it was where it went."""
    old, new = patch.fields.get(name, [None, None])
    return str(old if new is None else new) if (old or new) is not None else ""
