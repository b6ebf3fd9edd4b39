"""The table of nouns. Only the module of the noun that is asked for is imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from clerk.i18n import N_, _

if TYPE_CHECKING:
    from typer import Typer


@dataclass(frozen=True, slots=True)
class Noun:
    """``module`` holds the typer ``app``; ``help`` is one English sentence."""

    module: str
    help: str


NOUNS: Mapping[str, Noun] = {
    "inbox": Noun("inbox", N_("What came in: list, read, take, hand over, file, finish")),
    "case": Noun("case", N_("Cases: list, read, open, take, hand over, close")),
    "fine": Noun("fine", N_("Fines: from the record to the end")),
    "deadline": Noun("deadline", N_("The last day of a term, as the law counts it")),
    "calendar": Noun("calendar", N_("Appointments: free times")),
    "letters": Noun("letters", N_("Letters: list, write, sign, print")),
    "search": Noun("search", N_("Search items, cases, notes and persons")),
    "history": Noun("history", N_("What was done to a record, by whom and when")),
    "reads": Noun("reads", N_("Who looked at whose record by search or number")),
    "undo": Noun("undo", N_("Take back your last action")),
    "redo": Noun("redo", N_("Do again what you took back")),
    "services": Noun("services", N_("The process library: import, list, show")),
    "offices": Noun("offices", N_("The offices of the town")),
    "clerks": Noun("clerks", N_("The clerks, and who sits at this workstation")),
    "payments": Noun("payments", N_("Bank statements, what is to be clarified, refunds")),
    "absence": Noun("absence", N_("Who is away, who stands in, and what was done meanwhile")),
    "intake": Noun("intake", N_("Bring in mail")),
    "demo": Noun("demo", N_("Build an invented town to try the program on")),
    "verify": Noun("verify", N_("Prove that the store is what its journal says")),
    "doctor": Noun("doctor", N_("What is wrong with this workstation, and what to do")),
    "settings": Noun("settings", N_("The settings file: show, check, change")),
    "hub": Noun("hub", N_("The shared database, for the IT")),
    "sync": Noun("sync", N_("The shared store: synchronise, and decide about conflicts")),
    "join": Noun("join", N_("Join a shared store")),
    "key": Noun("key", N_("How the store is locked; change its passphrase")),
}


def app_of(noun: str) -> "Typer":
    """The commands of a noun; KeyError for an unknown one."""
    app: Typer = import_module(f"clerk.cli.{NOUNS[noun].module}").app
    return app


def overview() -> str:
    """The program's own help."""
    width = max(map(len, NOUNS)) + 2
    lines = [
        _("clerk: the counter workstation of a town hall."),
        "",
        "  " + _("clerk [OPTIONS]                    opens the workstation"),
        "  " + _("clerk NOUN [VERB] … [OPTIONS]      does one thing and ends"),
        "  " + _("clerk NOUN --help                  says what a noun can do"),
        "",
        *(f"  {name:<{width}}{_(noun.help)}" for name, noun in NOUNS.items()),
        "",
        _("Options of every command:"),
        "  --home DIR               " + _("the folder of the store (or CLERK_HOME)"),
        "  --lang de|en             " + _("the language"),
        "  --passphrase-file FILE   " + _("a file with the passphrase (or CLERK_PASSPHRASE_FILE)"),
        "  --as LOGIN               " + _("act as another clerk of this store"),
        "  --version                " + _("the version"),
        "",
        _("Exit codes: 0 done, 1 refused, 2 not understood, 3 not reachable."),
    ]
    return "\n".join(lines)
