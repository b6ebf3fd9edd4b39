"""The command palette: every action of a work area, its key, and why it is dimmed."""

from typing import TYPE_CHECKING

from clerk.i18n import _
from screens.work import WorkScreen
from storage.folding import fold
from widgets.choices import Choice
from widgets.picker import PickerScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screens.app import Workstation


def open_palette(app: "Workstation", screen: WorkScreen) -> None:
    """Ask which action; it acts on what was under the cursor when the palette was opened."""

    def done(action_id: str | None) -> None:
        if action_id is not None:
            screen.action_do(action_id)

    app.push_screen(
        PickerScreen(
            _("Commands"),
            choices(screen),
            match=with_all_words,
            placeholder=_("What shall be done?"),
        ),
        done,
    )


def choices(screen: WorkScreen) -> list[Choice[str]]:
    """The actions of a work area, its own first; what cannot be done now says why."""
    found = []
    for place in reversed(screen.PLACES):
        for one in screen.actions_here():
            if one.place != place or one.id == "app.palette":
                continue
            refusal = screen.refusal(one.id)
            why = refusal.sentence if refusal else None
            found.append(
                Choice(one.id, one.title, why or one.description, screen.shortcut(one.id), why)
            )
    return found


def with_all_words(query: str, among: "Sequence[Choice[str]]") -> "Sequence[Choice[str]]":
    """The actions whose title or sentence holds each word, umlauts folded; titles first."""
    words = fold(query).split()
    hits = [one for one in among if all(word in fold(f"{one.text} {one.detail}") for word in words)]
    return sorted(hits, key=lambda one: not all(word in fold(one.text) for word in words))
