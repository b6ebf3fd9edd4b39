"""What became of an action, said in one line and in the exit code."""

import sys
from collections.abc import Mapping

import typer

from clerk.cli.documents import outcome_document
from clerk.cli.output import Json, emit, line
from clerk.desks.outcome import Outcome
from clerk.desks.undoing import title_of
from clerk.i18n import ngettext
from clerk.text import display


def say(as_json: bool, outcome: Outcome, more: Mapping[str, Json] | None = None) -> None:
    """Print the outcome. Where some of several records were refused, each is named on stderr and
    the exit code is 1 although the others are done."""
    emit(as_json, {**outcome_document(outcome), **(more or {})}, lambda: line(_done(outcome)))
    for row_id, refusal in outcome.refused:
        sys.stderr.write(f"clerk: {row_id}: {display(refusal.sentence)} [{refusal.code}]\n")
    if outcome.refused:
        raise typer.Exit(1)


def _done(outcome: Outcome) -> str:
    n = len(outcome.done)
    return f"{title_of(outcome.action)}: " + ngettext("{n} record", "{n} records", n).format(n=n)
