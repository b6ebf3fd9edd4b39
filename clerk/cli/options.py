"""Arguments and options that several verbs share, and the app of a noun."""

from typing import Annotated

import typer

from clerk.cli.globals import UsageError
from clerk.cli.streams import read_stdin
from clerk.i18n import _

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document instead of a table."))]
ItemId = Annotated[
    str, typer.Argument(metavar="ID", help=_("The item's id, or its first characters."))
]
ItemIds = Annotated[
    list[str], typer.Argument(metavar="ID...", help=_("Ids of items, or their first characters."))
]
CaseId = Annotated[
    str, typer.Argument(metavar="CASE", help=_("The case's number, or its id or its beginning."))
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help=_("How many rows at most."))]
After = Annotated[
    str | None, typer.Option("--after", metavar="ID", help=_("Go on behind this row."))
]
Text = Annotated[str, typer.Argument(metavar="TEXT", help=_("The text; “-” reads it from stdin."))]
OptionalText = Annotated[
    str, typer.Option("--text", help=_("A text with it; “-” reads it from stdin."))
]
Reason = Annotated[str | None, typer.Option("--reason", help=_("Why, for the history."))]
ToOffice = Annotated[
    str, typer.Option("--to", metavar="OFFICE", help=_("The office: its id, number or name."))
]
OnDate = Annotated[
    str, typer.Option("--on", metavar="DATE", help=_("When: 3t, 2w, mo, 15.3. or 2026-03-15."))
]


def noun_app(help: str) -> typer.Typer:
    """The app of a noun with several verbs; nothing in it is markup."""
    app = typer.Typer(help=help, add_completion=False, rich_markup_mode=None, no_args_is_help=True)
    app.callback()(_group)
    return app


def verb_app() -> typer.Typer:
    """The app of a noun that is its own verb."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def _group() -> None:
    pass  # keeps typer from making a noun with one verb a verb


def written(text: str, *, needed: bool = True) -> str:
    """A text as it was typed, or stdin for ``-``. UsageError where a needed one is empty."""
    content = read_stdin() if text == "-" else text
    if needed and not content.strip():
        raise UsageError(_("The text is empty."))
    return content
