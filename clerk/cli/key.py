"""``clerk key``: how the store is locked, and another passphrase for it."""

from pathlib import Path
from typing import Annotated

import typer

from clerk.cli.globals import current, note_act
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import emit, fields, line
from clerk.i18n import _
from clerk.session import DEMO_PASSPHRASE_FILE, ask_terminal, passphrase_source
from storage import keys
from storage.store import exists, open_store

app = noun_app(_("How the store is locked; never shows the key."))


@app.command("show", help=_("Where the key of the store comes from, and why from there."))
def show(as_json: AsJson = False) -> None:
    found = _key_file()
    by = _("the keyring of this computer") if found.kind == "keyring" else _("a passphrase")
    stretched = f"Argon2id, {found.memory_kib // 1024} MiB, t={found.time_cost}, p={found.lanes}"
    emit(
        as_json,
        {
            "home": str(current().home),
            "kind": found.kind,
            "why": found.why or None,
            "memory_kib": found.memory_kib if found.kind == "passphrase" else None,
            "time_cost": found.time_cost if found.kind == "passphrase" else None,
            "changed": bool(found.wrapped),
        },
        lambda: fields(
            [
                (_("Store"), str(current().home)),
                (_("Opened by"), by),
                (_("Because"), _(found.why) if found.why else ""),
                (_("Stretched by"), stretched if found.kind == "passphrase" else ""),
            ]
        ),
    )


@app.command(
    "change",
    help=_(
        "Give the store another passphrase. Copies of the old key file still open with the old"
        " one; destroy them."
    ),
)
def change(
    new: Annotated[
        Path | None,
        typer.Option(
            "--new-passphrase-file", metavar="FILE", help=_("A file with the new passphrase.")
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    home = current().home
    _key_file()
    key = keys.unlock(home, passphrase_source(home, current().passphrase_file))
    keys.change_passphrase(home, key, _ask_new(home, new))
    note_act("key")
    (home / DEMO_PASSPHRASE_FILE).unlink(missing_ok=True)  # it would give the old one
    emit(
        as_json,
        {"changed": True},
        lambda: line(_("From now on the new passphrase opens this store.")),
    )


def _ask_new(home: Path, file: Path | None) -> keys.PassphraseSource:
    """A file, else the terminal; never the file that holds the old one."""
    return passphrase_source(home, str(file)) if file is not None else ask_terminal


def _key_file() -> keys.KeyFile:
    home = current().home
    if not exists(home):
        open_store(home, b"", create=False)  # says that there is none, and what makes one
    found = keys.read_key_file(home)
    if found is None:
        keys.unlock(home, lambda _new, _why: "")  # says that there is none
        raise AssertionError
    return found
