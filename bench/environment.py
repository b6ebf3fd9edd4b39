"""The environment of the programs under test: the caller's, without what would bend a figure."""

import os
from collections.abc import Mapping

_FIXED = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
# What describes the caller's own terminal or language, and clerk's own settings.
_FOREIGN = ("LINES", "COLUMNS", "NO_COLOR", "TERM_PROGRAM", "TMUX", "STY", "LANG")
# Switches of Python and Textual; without bytecode, for one, every start takes four times as long.
_SWITCHES = ("PYTHON", "TEXTUAL", "CLERK_")


def program_environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment to start a program in, with what is ``given`` for it alone."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _FOREIGN and not name.startswith(_SWITCHES)
    }
    return {**kept, **_FIXED, **given}
