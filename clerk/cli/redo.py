"""``clerk redo``: do again what was taken back last."""

from clerk.cli.opening import opened
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit, line
from clerk.desks.undoing import take_back, title_of
from clerk.i18n import _

app = verb_app()


@app.command(help=_("Do again what you took back last."))
def redo(as_json: AsJson = False) -> None:
    with opened() as session:
        done = take_back(session.store, session.actor, again=True)
        emit(
            as_json,
            {
                "redone": done.action,
                "entry": done.entry_id,
                "records": [{"table": name, "id": row_id} for name, row_id in done.rows],
            },
            lambda: line(_("Done again: {action}").format(action=title_of(done.action))),
        )
