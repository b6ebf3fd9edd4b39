"""``clerk demo``: an invented town to try the program on."""

from typing import Annotated

import typer

from clerk.cli.globals import current, note_act
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit, line
from clerk.cli.progress import progress
from clerk.i18n import _
from clerk.session import passphrase_source

app = verb_app()
MOST = 5_000_000


@app.command(help=_("Build an invented German town, once, and open the workstation on it."))
def demo(
    *,
    size: Annotated[
        int, typer.Option("--size", min=1, max=MOST, help=_("How many items."))
    ] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help=_("Another town."))] = 1,
    open_: Annotated[
        bool, typer.Option("--open/--no-open", help=_("Open the workstation afterwards."))
    ] = True,
    as_json: AsJson = False,
) -> None:
    from clerk.demo.build import build

    home = current().home
    ask = passphrase_source(home, current().passphrase_file)
    with progress() as paint:
        built = build(
            home, ask, size=size, seed=seed, progress=lambda n, of: paint(_("Demo town"), n, of)
        )
    if built:
        note_act("demo")
    said = _("The demo town is in {home}.") if built else _("The demo town in {home} is there.")
    if as_json or not open_:
        emit(as_json, {"home": str(home), "built": built}, lambda: line(said.format(home=home)))
        return
    from screens.start import run_workstation

    raise typer.Exit(run_workstation(home, passphrase_file=current().passphrase_file))
