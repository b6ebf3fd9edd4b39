"""``clerk intake``: bring in mail from a folder, an archive or a mailbox."""

from typing import Annotated

import typer

from clerk.cli.options import AsJson, noun_app
from clerk.i18n import _

app = noun_app(_("Bring in mail."))


@app.command(
    "mail",
    help=_(
        "Bring in mail from a maildir, an mbox, a folder or tar of .eml, or"
        " imaps://user@host/folder."
        " Without --once it goes on looking for new mail."
    ),
)
def mail(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=_("Where the mail lies."))],
    *,
    once: Annotated[bool, typer.Option("--once", help=_("End when all is in."))] = False,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help=_("The mailbox's password comes from stdin.")),
    ] = False,
    keep_password: Annotated[
        bool,
        typer.Option("--keep-password", help=_("Keep the password in this computer's keyring.")),
    ] = False,
    wait: Annotated[
        int,
        typer.Option("--wait", min=0, help=_("With --once: seconds to wait for another intake.")),
    ] = 60,
    as_json: AsJson = False,
) -> None:
    from clerk.cli.bring_in import Order, bring_in

    bring_in(Order(source, once, password_stdin, keep_password, wait, as_json))
