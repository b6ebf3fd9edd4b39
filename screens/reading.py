"""Before a record is shown that a search or its number led to: the read is logged, with the reason
where the settings ask for one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from clerk.desks import reading
from clerk.desks.reading import Way
from clerk.i18n import _

if TYPE_CHECKING:
    from screens.app import Workstation


def read_first(
    app: "Workstation", record: tuple[str, str], way: Way, then: Callable[[], None]
) -> None:
    """Log the read of a record (table, id), then show it; after Esc on the question nothing."""
    session, (table, row_id) = app.session, record

    def show(reason: str) -> None:
        reading.log(session.actor, session.store, table, row_id, way=way, reason=reason)
        then()

    ask_reason(app, show)


def ask_reason(app: "Workstation", then: Callable[[str], None]) -> None:
    """Ask why, where the settings want it: else the reason is ''. After Esc nothing happens."""
    settings = app.settings
    if settings is None or not settings.sync.ask_reason:
        then("")
        return
    from widgets.prompt import PromptScreen

    def check(text: str) -> str | None:
        return None if text.strip() else _("A reason is needed; it goes into the log of reads.")

    def done(text: str | None) -> None:
        if text is not None and (screen := app.work):
            screen.attempt(lambda: then(text))

    app.push_screen(
        PromptScreen(_("Why is this record opened?"), label=_("Reason"), check=check), done
    )
