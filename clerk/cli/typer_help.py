"""typer's help in the language of the user: its headings and set phrases are English."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from clerk.i18n import N_, _

if TYPE_CHECKING:
    from typer import Typer

# What typer writes of its own accord, each where it can stand.
_PHRASES = (
    (r"(?m)^(Usage:)", N_("Usage:")),
    (r"(?m)^(Options:)$", N_("Options:")),
    (r"(?m)^(Arguments:)$", N_("Arguments:")),
    (r"(?m)^(Commands:)$", N_("Commands:")),
    (r"(?m)(\[OPTIONS\])", N_("[OPTIONS]")),
    (r"(?m)(COMMAND \[ARGS\]\.\.\.)$", N_("COMMAND [ARGS] …")),
    (r"(?m)(Show this message and exit\.)$", N_("Show this help.")),
    (r"\[(default):\s", N_("default")),
    (r"\[(required)\]", N_("required")),
)


class _Command(Protocol):
    get_help: Callable[[object], str]


def run(app: "Typer", words: Sequence[str], name: str) -> object:
    """Do what the words say; returns typer's answer. ``name`` is the program's in its help."""
    from typer.main import get_command

    command = get_command(app)
    for one in (command, *getattr(command, "commands", {}).values()):
        _translate(one)
    return command(args=words, prog_name=name, standalone_mode=False)


def _translate(command: _Command) -> None:
    english = command.get_help
    vars(command)["get_help"] = lambda context: translated(english(context))


def translated(text: str) -> str:
    """The help with typer's own words in the language of the user."""
    for pattern, message in _PHRASES:
        text = re.sub(pattern, partial(_instead, _(message)), text)
    return text


def _instead(words: str, found: re.Match[str]) -> str:
    return found[0].replace(found[1], words)
