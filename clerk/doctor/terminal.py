"""The terminal: its size, its characters, its colours."""

import os
from collections.abc import Iterator, Mapping

from clerk.doctor.finding import Finding, good, warning
from clerk.i18n import _

LEAST = (80, 24)
_BARE = ("", "dumb", "unknown")


def look(environment: Mapping[str, str], size: tuple[int, int] | None) -> Iterator[Finding]:
    """``size``: columns and lines of the terminal; None where there is none."""
    yield _size(size)
    yield _characters(environment)
    yield _kind(environment, there=size is not None)
    yield _colours(environment)


def size_here() -> tuple[int, int] | None:
    """The size of the terminal behind any of the standard streams."""
    for stream in (1, 2, 0):
        try:
            found = os.get_terminal_size(stream)
        except OSError:
            continue
        return found.columns, found.lines
    return None


def _size(size: tuple[int, int] | None) -> Finding:
    if size is None:
        return good("terminal.size", _("There is no terminal here, so none was looked at."))
    columns, lines = size
    shown = _("The terminal has {columns} × {lines} characters.").format(
        columns=columns, lines=lines
    )
    if columns < LEAST[0] or lines < LEAST[1]:
        return warning(
            "terminal.size",
            shown,
            _("The workstation needs {columns} × {lines}: enlarge the window.").format(
                columns=LEAST[0], lines=LEAST[1]
            ),
        )
    return good("terminal.size", shown)


def _characters(environment: Mapping[str, str]) -> Finding:
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((value for name in names if (value := environment.get(name))), "")
    if "utf8" in locale.lower().replace("-", ""):
        return good("terminal.utf8", _("Characters are UTF-8."))
    return warning(
        "terminal.utf8",
        _("The locale “{name}” is not UTF-8: umlauts may be painted wrongly.").format(
            name=locale or "C"
        ),
        _("Set LANG=de_DE.UTF-8, or LANG=C.UTF-8 where that is not installed."),
    )


def _kind(environment: Mapping[str, str], *, there: bool) -> Finding:
    kind = environment.get("TERM", "")
    if there and kind in _BARE:
        return warning(
            "terminal.kind",
            _("TERM says nothing about this terminal."),
            _("Set TERM to what it is, mostly xterm-256color."),
        )
    return good("terminal.kind", _("TERM is “{name}”.").format(name=kind))


def _colours(environment: Mapping[str, str]) -> Finding:
    if environment.get("NO_COLOR"):
        return good("terminal.colours", _("No colours are used: NO_COLOR is set."))
    if environment.get("COLORTERM") in ("truecolor", "24bit"):
        return good("terminal.colours", _("16 million colours."))
    kind = environment.get("TERM", "")
    if "256" in kind or "direct" in kind:
        return good("terminal.colours", _("256 colours."))
    return good(
        "terminal.colours",
        _("Perhaps only 16 colours."),
        _("If colours are wrong: set the theme to terminal, or COLORTERM=truecolor."),
    )
