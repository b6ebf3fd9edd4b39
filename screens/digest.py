"""What a deputy did in one's name: offered when one is back, shown as a page."""

from datetime import date
from typing import TYPE_CHECKING

from clerk import clock, dates
from clerk.desks import absences as desk
from clerk.desks.undoing import title_of
from clerk.i18n import _, ngettext
from clerk.text import display
from screens.help import HelpScreen
from widgets.wrapping import Line

if TYPE_CHECKING:
    from screens.app import Workstation
    from storage.pages.absences import AbsenceRow


def offer(station: "Workstation") -> None:
    """Back from an absence: say that there is a digest."""
    session = station.session
    absence = desk.returned_from(session.store, session.actor)
    screen = station.work
    if absence is None or screen is None:
        return
    digest = desk.digest_of(session.store.db, absence)
    text = ngettext(
        "While you were away {n} matter was worked on in your name.",
        "While you were away {n} matters were worked on in your name.",
        len(digest.done),
    ).format(n=len(digest.done))
    key = screen.shortcut("go.absences")
    screen.toast.say("done", text, _("{key}, Tab, Enter shows them").format(key=key), stay=True)


def show(station: "Workstation", absence: "AbsenceRow") -> None:
    """The page; it counts as seen."""
    station.push_screen(HelpScreen(_lines(station, absence)))
    if absence.clerk_id == station.session.actor.clerk_id:
        desk.was_shown(station.session.store, absence)


def _lines(station: "Workstation", absence: "AbsenceRow") -> list[Line]:
    digest = desk.digest_of(station.session.store.db, absence)
    today = clock.today()
    starts, ends = (
        dates.short_date(date.fromisoformat(one), today)
        for one in (absence.starts_on, absence.ends_on)
    )
    heading = _("{name}, away from {starts} to {ends}").format(
        name=absence.name, starts=starts, ends=ends
    )
    lines: list[Line] = [
        ((display(heading), "title"), ("   " + _("Esc closes"), "muted")),
        ((_("{n} of the own follow-ups are due.").format(n=digest.waiting), ""),),
        (),
    ]
    if not digest.done:
        lines.append(((_("Nothing was done in this name."), "muted"),))
    for one in digest.done:
        lines.append(
            (
                (f"{dates.full(one.at)}  ", "muted"),
                (display(f"{one.deputy}: "), "strong"),
                (f"{title_of(one.action)}  ", "accent"),
                (display(one.about), ""),
            )
        )
    return lines
