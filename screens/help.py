"""F1: the keys that work here, from the live bindings."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from clerk.actions import ACTIONS
from clerk.i18n import N_, _
from screens.dialog_help import KEY_CELLS
from screens.keys import key_name
from widgets.lines import LinesView
from widgets.wrapping import Line

if TYPE_CHECKING:
    from screens.work import WorkScreen

_PLACES = {
    "everywhere": N_("Everywhere"),
    "list": N_("In every list"),
    "inbox": N_("Inbox"),
    "case": N_("Case"),
    "cases": N_("Cases"),
    "follow_ups": N_("Follow-ups"),
    "letters": N_("Letters"),
    "fines": N_("Fines"),
    "fine": N_("Fine"),
    "absences": N_("Absences"),
    "payments": N_("Payments"),
    "conflicts": N_("Conflicts"),
}


class HelpScreen(ModalScreen[None]):
    """What each key does here, and why a dimmed one cannot work now."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & #help { width: 86; max-width: 100%; height: 90%; border: round $primary;
                  background: $surface; padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,f1,question_mark,q,enter", "leave", N_("Back"), show=False, id="help.leave"
        ),
    ]

    def __init__(self, lines: list[Line]) -> None:
        super().__init__()
        self._lines = lines
        self.ready = asyncio.Event()
        """Set when it takes keys: those typed before wait for it."""

    def on_screen_resume(self) -> None:
        """The focus is set behind this; then keys may come."""
        self.call_later(self.ready.set)

    def compose(self) -> ComposeResult:
        """The lines."""
        yield LinesView(self._lines, scroll=True, id="help")

    def on_mount(self) -> None:
        """Scrolling keys go to the text."""
        self.query_one(LinesView).focus()

    def action_leave(self) -> None:
        """Back to work."""
        self.dismiss()


def lines_for(screen: "WorkScreen") -> list[Line]:
    """The help of a work area: its actions by place, then how one moves in the focused part."""
    lines: list[Line] = [
        (
            (_("Help: {area}").format(area=screen.title_text()), "title"),
            ("   " + _("Esc closes"), "muted"),
        ),
    ]
    for place in (*reversed(screen.PLACES),):
        lines += [(), ((_(_PLACES[place]), "strong"),)]
        for one in ACTIONS:
            if one.place != place or not screen.can_do(one.id):
                continue
            keys = " ".join(screen.keys_of(one.id))
            refusal = screen.refusal(one.id)
            line: Line = (
                (f"{keys:<{KEY_CELLS}}", "muted" if refusal else "accent"),
                (f"{one.title}: ", "muted" if refusal else "strong"),
                (one.description, "muted" if refusal else ""),
            )
            lines.append((*line, (f" – {refusal.sentence}", "warning")) if refusal else line)
    moving = _moving(screen)
    return [*lines, (), ((_("Moving here"), "strong"),), *moving] if moving else lines


def _moving(screen: "WorkScreen") -> list[Line]:
    focused = screen.focused
    if focused is None:
        return []
    lines: dict[str, list[str]] = {}
    for binding in focused._bindings.key_to_bindings.values():
        for one in binding:
            lines.setdefault(_(one.description), []).append(key_name(one.key))
    return [
        ((f"{' '.join(keys):<{KEY_CELLS}}", "accent"), (what, "")) for what, keys in lines.items()
    ]
