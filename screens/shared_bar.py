"""The status bar of a workstation with a shared store: in step, sending, offline, to be decided,
and what somebody has to put right."""

from clerk import clock, dates
from clerk.i18n import N_, _, ngettext
from storage.shared import MOST_COUNTED, Shared
from widgets.wrapping import Run

_WHY = {
    "hub.login": N_("login refused"),
    "hub.no_password": N_("no password"),
    "hub.certificate": N_("certificate not valid"),
    "hub.plain": N_("not encrypted"),
    "hub.database": N_("no database"),
    "hub.client_old": N_("program too old"),
    "hub.client_new": N_("server too old"),
    "hub.device": N_("store of another clerk"),
    "hub.crowded": N_("server crowded"),
    "hub.full": N_("server's disk full"),
    "store.full": N_("disk full"),
    "sync.fault": N_("fault, call IT"),
}
"""Why it is not reached, in two or three words; the sentence is told by ``clerk sync status``."""
_ODD = _WHY["sync.fault"]  # what has no words here and does not heal by itself


def runs_of(state: Shared) -> list[Run]:
    """State of the connection, then what is wrong with it, then what waits for a decision."""
    runs = _connection(state)
    if state.plain:
        runs += [("  ! ", "error"), (_("not encrypted"), "error")]
    if state.clock_off:
        runs += [("  ! ", "warning"), (_clock(state.clock_off), "warning")]
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
        if why := _WHY.get(state.reason, _ODD if state.given_up else ""):
            text += f": {_(why)}"
        if n:
            text += ", " + ngettext("{n} waits", "{n} wait", n).format(n=count)
        mark, style = (" ✗ ", "error") if state.given_up else (" ○ ", "warning")
        return [(mark, style), (text, style)]
    if n:
        return [(" ↑ ", "accent"), (_("sending {n}").format(n=count), "accent")]
    return [(" ● ", "good"), (_("in step"), "muted")]


def _clock(off: int) -> str:
    """By how much the clock here is off, in its largest unit."""
    minutes = round(abs(off) / 60_000)
    if minutes < 2 * 60:
        by = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    elif minutes < 2 * 24 * 60:
        by = ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    else:
        days = minutes // (24 * 60)
        by = ngettext("{n} day", "{n} days", days).format(n=days)
    return (_("clock {by} fast") if off > 0 else _("clock {by} slow")).format(by=by)
