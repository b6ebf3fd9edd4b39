"""``clerk history``: what the journal says was done to a record."""

from typing import Annotated

import typer

from clerk import dates
from clerk.cli import find
from clerk.cli.documents import history_document
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, Limit, verb_app
from clerk.cli.output import Column, emit, table
from clerk.desks.undoing import title_of
from clerk.i18n import _
from clerk.names import doer
from clerk.session import Session
from clerk.text import clip
from storage import history as journal
from storage.history import HistoryEntry
from storage.pages.names import Names
from storage.patches import Patch
from storage.record import Value

app = verb_app()
_MOST = 40  # characters of a value


@app.command(help=_("What was done to a record, newest first; without one, to everything."))
def history(
    record: Annotated[
        str | None,
        typer.Argument(metavar="[ID|NUMBER]", help=_("An id, its beginning, or a case's number.")),
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        if record is None:
            _show(session, journal.latest(session.store.db, limit=limit), {}, as_json)
            return
        table_name, row_id = find.any_record(session.store.db, record)
        show_history(session, table_name, row_id, limit, as_json)


def show_history(session: Session, table_name: str, row_id: str, limit: int, as_json: bool) -> None:
    """The history of one record and what hangs on it."""
    entries = journal.history(session.store.db, table_name, row_id, limit=limit)
    _show(session, entries, {"table": table_name, "id": row_id}, as_json)


def _show(
    session: Session, entries: list[HistoryEntry], about: dict[str, str], as_json: bool
) -> None:
    names = Names(session.store.db)
    emit(
        as_json,
        {**about, "entries": [history_document(entry) for entry in entries]},
        lambda: table(
            [
                Column(_("When"), keep=True),
                Column(_("Who")),
                Column(_("What")),
                Column(_("Changes")),
            ],
            [
                (
                    dates.full(entry.at),
                    doer(entry, names),
                    _what(entry),
                    "; ".join(_change(patch) for patch in entry.patches),
                )
                for entry in entries
            ],
        ),
    )


def _what(entry: HistoryEntry) -> str:
    title = title_of(entry.action)
    if entry.kind == "undo":
        return _("Undo: {action}").format(action=title)
    if entry.kind == "redo":
        return _("Redo: {action}").format(action=title)
    return _("{action} (taken back)").format(action=title) if entry.taken_back else title


def _change(patch: Patch) -> str:
    """``claimed_by – → 0193…`` for a change; the table's name for what came or went."""
    if patch.op == "add":
        return f"+ {patch.table}"
    if patch.op == "drop":
        return f"- {patch.table}"
    return ", ".join(
        f"{name} {_value(old)} → {_value(new)}" for name, (old, new) in patch.fields.items()
    )


def _value(value: Value) -> str:
    return "–" if value is None else clip(str(value), _MOST)
