"""``clerk join``: make this workstation one of a shared store."""

from typing import TYPE_CHECKING, Annotated

import typer

from clerk.cli.globals import current, note_act
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import Column, Json, emit, fields, line, table
from clerk.cli.progress import progress
from clerk.cli.secrets import Secrets
from clerk.i18n import _, ngettext
from clerk.session import passphrase_source
from clerk.settings import load_settings

if TYPE_CHECKING:
    from clerk.sharing.bringing import Brought
    from clerk.sharing.joining import Joined

app = verb_app()


@app.command(help=_("Join a shared store: fills this workstation and brings what was done alone."))
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
    from clerk.locks import intake_lock, sync_lock, workstation_lock
    from clerk.sharing.joining import join as join_shared
    from clerk.sharing.joining import role_of

    chosen = current()
    settings = load_settings(chosen.home).sync
    role = role_of(url, login)  # an address that is none is told before anybody is asked
    password = Secrets(from_stdin=password_stdin).own(f"{role}@{url}")
    ask = passphrase_source(chosen.home, chosen.passphrase_file)
    # Whoever works in the store meanwhile would go on in a name that is no longer there.
    with (
        workstation_lock(chosen.home),
        intake_lock(chosen.home, 0, lambda: None),
        sync_lock(chosen.home),
        progress() as paint,
    ):
        joined = join_shared(
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
        {"clerk": joined.clerk_id, "login": login, "url": url, **_document(joined)},
        lambda: _tell(joined),
    )


def _document(joined: "Joined") -> dict[str, Json]:
    brought = joined.brought
    return {
        "brought": None
        if brought is None
        else {
            "items": brought.items,
            "cases": brought.cases,
            "there": brought.there,
            "twice": brought.twice,
            "numbers": [{"old": old, "new": new} for old, new in sorted(brought.numbers.items())],
        },
        "refused": joined.refused,
    }


def _tell(joined: "Joined") -> None:
    line(_("Joined. `clerk` opens the workstation."))
    brought = joined.brought
    if brought is None:
        return
    fields(
        [
            (_("Brought along"), _amounts(brought)),
            (_("Mails that were there already"), str(brought.there or "")),
            (_("Of these worked on here, so kept twice"), str(brought.twice or "")),
            (_("Not taken: see clerk sync conflicts"), str(joined.refused or "")),
        ]
    )
    if brought.numbers:
        line("")
        line(_("These case numbers were given to others as well. The old one stands in a note."))
        table([Column(_("Old"), keep=True), Column(_("New"), keep=True)],
              sorted(brought.numbers.items()))  # fmt: skip


def _amounts(brought: "Brought") -> str:
    items = ngettext("{n} item", "{n} items", brought.items).format(n=brought.items)
    cases = ngettext("{n} case", "{n} cases", brought.cases).format(n=brought.cases)
    return f"{items}, {cases}"
