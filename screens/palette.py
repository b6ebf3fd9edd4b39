"""The command palette: every action, its key, and why it is dimmed."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from clerk.actions import Action
from clerk.i18n import _
from screens.work import WorkScreen
from storage.folding import fold

if TYPE_CHECKING:
    from screens.app import Workstation


def open_palette(app: "Workstation", screen: WorkScreen) -> None:
    """Ask which action; it acts on what was under the cursor when the palette was opened."""

    class ActionProvider(Provider):
        """The actions of this work area."""

        async def discover(self) -> Hits:
            """All of them, in the order of the table."""
            for one in screen.actions_here():
                yield DiscoveryHit(
                    Content(_text(screen, one)),
                    partial(screen.action_do, one.id),
                    text=one.title,
                    help=Content(_help(screen, one)).plain,
                )

        async def search(self, query: str) -> Hits:
            """Those whose words match, umlauts folded."""
            matcher = self.matcher(fold(query))
            for one in screen.actions_here():
                if (score := matcher.match(fold(f"{one.title} {one.description}"))) > 0:
                    yield Hit(
                        score,
                        Content(_text(screen, one)),
                        partial(screen.action_do, one.id),
                        text=one.title,
                        help=_help(screen, one),
                    )

    app.push_screen(
        CommandPalette(providers=[ActionProvider], placeholder=_("What shall be done?"))
    )


def _text(screen: WorkScreen, one: Action) -> str:
    key = screen.shortcut(one.id)
    return f"{one.title}  [{key}]" if key else one.title


def _help(screen: WorkScreen, one: Action) -> str:
    refusal = screen.refusal(one.id)
    return _("Not now: {why}").format(why=refusal.sentence) if refusal else one.description


def titles(screen: WorkScreen) -> Iterator[str]:
    """What the palette offers here, for tests and the help."""
    return (one.title for one in screen.actions_here())
