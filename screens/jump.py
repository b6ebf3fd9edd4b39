"""``:`` jumps to a number or an area."""

from typing import TYPE_CHECKING

from clerk.actions import ACTIONS
from clerk.i18n import _
from screens.work import WorkScreen
from storage.folding import fold
from storage.pages import cases
from widgets.prompt import PromptScreen

if TYPE_CHECKING:
    from screens.app import Workstation


def ask_jump(app: "Workstation", screen: WorkScreen) -> None:
    """Ask where to; what cannot be found is said beside the field, which keeps what was typed."""
    db = app.session.store.db

    def check(text: str) -> str | None:
        wanted = text.strip()
        if not wanted or area_of(wanted) or cases.by_number(db, wanted):
            return None
        return _("There is no case and no area of this name.")

    def done(text: str | None) -> None:
        wanted = (text or "").strip()
        if area := area_of(wanted):
            screen.action_do(area)
        elif case := cases.by_number(db, wanted):
            app.open_case(case.id)

    app.push_screen(
        PromptScreen(
            _("Jump"),
            label=_("Number or area"),
            placeholder=_("32.1-2026-000001, inbox, cases"),
            check=check,
        ),
        done,
    )


def area_of(text: str) -> str | None:
    """The action that goes to the area whose name begins with this (``eing``, ``inb``)."""
    wanted = fold(text.strip())
    if len(wanted) < 2:
        return None
    for one in ACTIONS:
        names = (fold(one.title), fold(one.label))
        if one.id.startswith("go.") and any(name.startswith(wanted) for name in names):
            return one.id
    return None
