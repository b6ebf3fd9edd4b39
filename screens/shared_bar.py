"""The status bar of a workstation with a shared store: in step, sending, offline, to be decided."""

from clerk import clock, dates
from clerk.i18n import _, ngettext
from storage.shared import MOST_COUNTED, Shared
from widgets.wrapping import Run


def runs_of(state: Shared) -> list[Run]:
    """State of the connection, then what is wrong with it, then what waits for a decision."""
    runs = _connection(state)
    if state.plain:
        runs += [("  ! ", "error"), (_("not encrypted"), "error")]
    if state.refused:
        n = state.refused
        text = ngettext("{n} conflict", "{n} conflicts", n).format(n=n)
        runs += [("  ⚠ ", "warning"), (text, "warning")]
    return runs


def _connection(state: Shared) -> list[Run]:
    n = state.waiting
    count = f"{MOST_COUNTED}+" if n > MOST_COUNTED else str(n)
    if not state.online:
        text = _("offline")
        if state.since is not None:
            text = _("offline since {when}").format(when=dates.moment(state.since, clock.now()))
        if n:
            text += ", " + ngettext("{n} waits", "{n} wait", n).format(n=count)
        return [(" ○ ", "warning"), (text, "warning")]
    if n:
        return [(" ↑ ", "accent"), (_("sending {n}").format(n=count), "accent")]
    return [(" ● ", "good"), (_("in step"), "muted")]
