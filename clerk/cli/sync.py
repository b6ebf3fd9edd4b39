"""``clerk sync``: synchronising, what the shared store did not take, and deciding about it."""

from typing import Annotated

import typer

from clerk.cli import synchronise
from clerk.cli.conflicts import conflict_document, entry_id_of, show_conflicts, told
from clerk.cli.globals import UsageError
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import emit, line
from clerk.desks import conflicts as desk
from clerk.desks import returned
from clerk.desks.conflicts import Choice, Typed
from clerk.i18n import _
from storage.pages.names import Names

app = noun_app(_("Working with the shared store: synchronising, conflicts, what was rejected."))

Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="NAME=VALUE",
        help=_("A field of a conflict: NAME=mine, NAME=theirs, or a value of its own."),
    ),
]


@app.callback(invoke_without_command=True)
def sync(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help=_("Send and fetch, then end."))] = False,
    watch: Annotated[bool, typer.Option("--watch", help=_("Go on until stopped."))] = False,
    by_workstation: Annotated[bool, typer.Option("--by-workstation", hidden=True)] = False,
    as_json: AsJson = False,
) -> None:
    if context.invoked_subcommand is not None:
        if once or watch:
            raise UsageError(_("--once and --watch go without a verb."))
        return
    if once == watch:
        raise UsageError(_("What shall be done: --once, --watch, or a verb?"))
    if once:
        synchronise.once(as_json)
    else:
        synchronise.watch(by_workstation=by_workstation)


@app.command("status", help=_("How this store stands to the shared one."))
def status(as_json: AsJson = False) -> None:
    synchronise.status(as_json)


@app.command("conflicts", help=_("What the shared store did not take and nobody has decided."))
def list_conflicts(as_json: AsJson = False) -> None:
    with opened() as session:
        names = Names(session.store.db)
        found = returned.open_ones(session.store, names)
        emit(
            as_json,
            {"conflicts": [conflict_document(one, names) for one in found]},
            lambda: show_conflicts(found, names),
        )


@app.command("resolve", help=_("Decide: field by field, do it again, or let it go."))
def resolve(
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help=_("The entry's id, or its beginning."))
    ],
    *,
    field: Fields = None,
    again: Annotated[bool, typer.Option("--again", help=_("Do the same once more."))] = False,
    let_go: Annotated[bool, typer.Option("--let-go", help=_("Leave it as it is."))] = False,
    take_up: Annotated[
        bool, typer.Option("--take-up", help=_("Open again what was let go."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    if again + let_go + take_up + bool(field) > 1:
        raise UsageError(_("Only one of --field, --again, --let-go and --take-up."))
    choices = _choices(field or [])
    with opened() as session:
        store, actor = session.store, session.actor
        entry_id = entry_id_of(store.db, entry)
        if again:
            outcome = desk.again(store, actor, entry_id)
        elif let_go:
            outcome = desk.let_go(store, actor, entry_id)
        elif take_up:
            outcome = desk.take_up(store, actor, entry_id)
        else:
            outcome = desk.resolve(store, actor, entry_id, choices)
        emit(
            as_json,
            {"entry": entry_id, "action": outcome.action, "changed": outcome.changed},
            lambda: line(told(outcome)),
        )


def _choices(typed: list[str]) -> dict[str, Choice]:
    """``subject=mine`` and the like. UsageError for anything else."""
    found: dict[str, Choice] = {}
    for one in typed:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise UsageError(_("--field wants NAME=mine, NAME=theirs or NAME=VALUE."))
        found[name] = "mine" if value == "mine" else "theirs" if value == "theirs" else Typed(value)
    return found
