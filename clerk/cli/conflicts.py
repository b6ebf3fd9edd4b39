"""Conflicts as JSON and as lines for people, for ``clerk sync``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clerk import dates
from clerk.cli.documents import iso
from clerk.cli.output import Column, Json, line, table
from clerk.desks.conflicts import Settled
from clerk.desks.returned import Point, Returned
from clerk.desks.undoing import title_of
from clerk.fields import field_word, record_word, value_text
from clerk.i18n import _, ngettext
from clerk.refusal import refuse
from clerk.text import clip, display
from storage import refusals
from storage.pages.names import Names

if TYPE_CHECKING:
    from sqlite3 import Connection

_SHORTEST = 4
_SHOWN = 13  # characters of an entry's id: more than its time
_MOST = 60


def entry_id_of(db: "Connection", typed: str) -> str:
    """The entry whose id begins so. Refused ``id.unknown``, ``id.short``, ``id.ambiguous``."""
    wanted = typed.strip().lower()
    found = refusals.beginning_with(db, wanted) if wanted else []
    if wanted in found:
        return wanted
    if len(found) == 1 and len(wanted) >= _SHORTEST:
        return found[0]
    if found:
        raise refuse("id.ambiguous", _("Type more of the entry's id."))
    raise refuse(
        "id.unknown",
        _("There is nothing to decide about an entry “{id}”.").format(id=display(typed)),
    )


def conflict_document(one: Returned, names: Names) -> dict[str, Json]:
    """One of them, with both versions of each field."""
    return {
        "entry": one.entry_id,
        "at": iso(one.at),
        "clerk_id": one.clerk_id,
        "clerk": names.clerk(one.clerk_id),
        "action": one.action,
        "outcome": one.outcome,
        "code": one.code,
        "about": one.about,
        "sentence": one.sentence,
        "fields": [_point_document(point, names) for point in one.points],
    }


def _point_document(point: Point, names: Names) -> dict[str, Json]:
    return {
        "name": point.key,
        "table": point.table,
        "id": point.row_id,
        "before": point.before,
        "mine": point.mine,
        "theirs": point.theirs,
        "by": point.who,
        "by_name": names.clerk(point.who) or None,
        "at": iso(point.when),
        "preset": point.preset,
        "fixed": point.fixed,
    }


def show_conflicts(found: Sequence[Returned], names: Names) -> None:
    """A row for each, and below it what there is to decide."""
    rows: list[tuple[str, ...]] = []
    for one in found:
        rows.append(
            (
                one.entry_id[:_SHOWN],
                dates.full(one.at),
                title_of(one.action),
                one.about,
                one.sentence,
            )
        )
        rows += [("", "", point.key, *_sides(one, point, names)) for point in one.points]
    if rows:
        table(
            [
                Column(_("Entry"), keep=True),
                Column(_("When")),
                Column(_("What")),
                Column(_("Mine")),
                Column(_("Theirs")),
            ],
            rows,
        )
    n = len(found)
    line(ngettext("{n} to decide", "{n} to decide", n).format(n=n))


def _sides(one: Returned, point: Point, names: Names) -> tuple[str, str]:
    def text(side: str) -> str:
        value = point.mine if side == "mine" else point.theirs
        if not point.field and value is None:
            return "–"
        return clip(value_text(point.table, point.field, value, names), _MOST)

    word = field_word(point.field) if point.field else record_word(point.table)
    if not one.is_conflict:
        return f"{word}: {text('mine')}", ""
    who = names.clerk(point.who)
    theirs = text("theirs") + (f" ({who}, {dates.full(point.when)})" if point.when else "")
    return f"{word}: {text('mine')}", theirs


def told(outcome: Settled) -> str:
    """What was decided, in a line."""
    if outcome.action == "conflict.let_go":
        return _("Left as it is.")
    if outcome.action == "conflict.take_up":
        return _("To be decided again.")
    if not outcome.changed:
        return _("Decided; nothing had to be changed.")
    return _("Done: {action}").format(action=title_of(outcome.action))
