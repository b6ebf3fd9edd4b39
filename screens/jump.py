"""``:`` jumps to a number or an area."""

from typing import TYPE_CHECKING

from clerk.actions import ACTIONS, action
from clerk.desks import beyond
from clerk.i18n import _
from clerk.names import symbol
from screens.beyond import ask_beyond
from screens.reading import read_first
from screens.work import WorkScreen
from storage.folding import fold
from storage.pages import cases, items
from storage.pages.ids import SHORTEST, beginning_with
from widgets.choices import Choice
from widgets.picker import PickerScreen

if TYPE_CHECKING:
    from screens.app import Workstation

_MOST = 50
_LEAST_LETTERS = 2  # of an area's name
_LONGEST_ID = 40


def ask_jump(app: "Workstation", screen: WorkScreen) -> None:
    """Ask where to; the rows show what the text stands for, Enter goes to the first."""

    def done(target: str | None) -> None:
        kind, _colon, name = (target or "").partition(":")
        if kind == "area":
            screen.action_do(name)
        elif kind == "case":
            read_first(app, ("cases", name), "number", lambda: app.open_case(name))
        elif kind == "item":
            read_first(app, ("items", name), "number", lambda: app.open_item(name))
        elif kind == "beyond":
            screen.attempt(lambda: ask_beyond(app, name))

    app.push_screen(
        PickerScreen(
            _("Jump"),
            search=lambda typed: targets(app, typed.strip()),
            limit=_MOST,
            placeholder=_("42, 32.1-2026-000042, an id, inbox, cases"),
            digits=False,
            nothing=_("There is no case, no item and no area of this name."),
        ),
        done,
    )


def targets(app: "Workstation", typed: str) -> list[Choice[str]]:
    """Where a text may lead: areas by name, cases by number, items and cases by id."""
    areas = [
        Choice(f"area:{one.id}", one.title, one.description, screen_keys(app, one.id))
        for one in ACTIONS
        if one.id.startswith("go.") and _begins(typed, one.title, one.label)
    ]
    db = app.session.store.db
    named = cases.by_number(db, typed)
    found = [named] if named else []
    found += cases.by_numbers(db, beyond.numbers_of(typed, app.session.store, app.session.actor))
    prefix = typed.lower()
    by_id: list[Choice[str]] = []
    if SHORTEST <= len(prefix) <= _LONGEST_ID:
        found += cases.by_ids(db, beginning_with(db, "cases", prefix, _MOST))
        by_id = [
            Choice(
                f"item:{row.id}",
                " ".join((symbol("item", row.state), row.subject or _("(no subject)"))),
                row.sender_name or row.sender_address,
                app.names.office(row.office_id),
            )
            for row in items.by_ids(db, beginning_with(db, "items", prefix, _MOST))
        ]
    rows = [
        Choice(
            f"case:{row.id}",
            f"{symbol('case', row.state)} {row.number} {row.subject}",
            row.person,
            app.names.office(row.office_id),
        )
        for row in {row.id: row for row in found}.values()
    ]
    found_here = (areas + rows + by_id)[:_MOST]
    return found_here + _beyond(app, typed, bool(found_here), exact=named is not None)


def _beyond(app: "Workstation", typed: str, found: bool, *, exact: bool) -> list[Choice[str]]:
    """A number may be that of a case that is not here any more; so may what is found nowhere."""
    session = app.session
    if not typed or exact or beyond.can_ask(session.store) is not None:
        return []
    if found and not beyond.numbers_of(typed, session.store, session.actor):
        return []
    title = action("app.beyond").title
    return [Choice(f"beyond:{typed}", title, typed, screen_keys(app, "app.beyond"))]


def screen_keys(app: "Workstation", action_id: str) -> str:
    """The key that goes there too."""
    work = app.work
    return work.shortcut(action_id) if work is not None else ""


def _begins(typed: str, *names: str) -> bool:
    """Whether an area's name begins with this; nothing typed shows them all."""
    wanted = fold(typed)
    if not wanted:
        return True
    return len(wanted) >= _LEAST_LETTERS and any(fold(name).startswith(wanted) for name in names)
