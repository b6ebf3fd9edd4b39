"""Tell whoever took an item that somebody else was faster, at the next look at what is new."""

from typing import TYPE_CHECKING

from clerk.desks import returned
from clerk.i18n import _

if TYPE_CHECKING:
    from screens.app import Workstation


def tell(app: "Workstation", told: set[str]) -> None:
    """A message for each that was not ``told`` yet. One that was about a single record needs no
    decision and is settled by that; of several, the others can be taken again."""
    screen = app.work
    if screen is None or screen is not app.screen:
        return  # behind a question or a lock nobody reads it
    store = app.session.store
    for lost in returned.lost_claims(store, app.names):
        if lost.entry_id in told:
            continue
        told.add(lost.entry_id)
        text = _("Taken already by {name}: {subject}").format(name=lost.name, subject=lost.subject)
        if lost.others:
            text += " · " + _("the others were not taken either: {key} decides").format(
                key=screen.shortcut("go.conflicts")
            )
        else:
            returned.heard(store, lost)
        screen.toast.say("refused", text, whole=True)
        screen.others_changed(lost.rows)
        screen.show_bars()
