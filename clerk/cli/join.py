"""``clerk join``: make this workstation one of a shared store."""

from typing import Annotated

import typer

from clerk.cli.globals import current, note_act
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit, line
from clerk.cli.progress import progress
from clerk.cli.secrets import Secrets
from clerk.i18n import _
from clerk.session import passphrase_source
from clerk.settings import load_settings

app = verb_app()


@app.command(help=_("Join a shared store: fills this workstation with what is the clerk's to see."))
def join(
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help=_("postgresql://HOST[:PORT]/NAME, without password.")),
    ],
    *,
    login: Annotated[str, typer.Option("--clerk", metavar="LOGIN", help=_("The clerk's login."))],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=_("The clerk's password comes from stdin."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    from clerk.locks import sync_lock
    from clerk.sharing.joining import join as join_shared
    from clerk.sharing.joining import role_of

    chosen = current()
    settings = load_settings(chosen.home).sync
    role = role_of(url, login)  # an address that is none is told before anybody is asked
    password = Secrets(from_stdin=password_stdin).own(f"{role}@{url}")
    ask = passphrase_source(chosen.home, chosen.passphrase_file)
    with sync_lock(chosen.home), progress() as paint:
        clerk_id = join_shared(
            chosen.home,
            ask,
            url=url,
            login=login,
            password=password,
            settings=settings,
            progress=lambda table, rows: paint(table, rows, None),
        )
    note_act("store")
    emit(
        as_json,
        {"clerk": clerk_id, "login": login, "url": url},
        lambda: line(_("Joined. `clerk` opens the workstation.")),
    )
