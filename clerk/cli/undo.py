"""``clerk undo``: take back your last action on this workstation."""

from clerk.cli.opening import opened
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit, line
from clerk.desks.undoing import take_back, title_of
from clerk.i18n import _
from storage.undo import Done

app = verb_app()


@app.command(help=_("Take back your last action."))
def undo(as_json: AsJson = False) -> None:
    with opened() as session:
        done = take_back(session.store, session.actor, again=False)
        emit(
            as_json,
            {
                "undone": done.action,
                "entry": done.entry_id,
                "records": [{"table": name, "id": row_id} for name, row_id in done.rows],
                "promised": done.promised,
            },
            lambda: line(_said(done)),
        )


def _said(done: Done) -> str:
    said = _("Taken back: {action}").format(action=title_of(done.action))
    more = _("it comes back if nobody there has worked on it")
    return f"{said}; {more}" if done.promised else said
