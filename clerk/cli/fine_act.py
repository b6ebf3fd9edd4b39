"""``clerk fine act``: a step of the procedure, with what it asks for."""

from typing import TYPE_CHECKING, Annotated

import typer

from clerk import clock
from clerk.cli import find
from clerk.cli.globals import UsageError
from clerk.cli.opening import opened
from clerk.cli.options import AsJson
from clerk.cli.output import Json, line
from clerk.cli.said import say
from clerk.desks import fine_acts
from clerk.desks.fine_answers import answers
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import refuse
from clerk.rules.fine_states import ACTIONS
from clerk.text import display
from storage.pages import fines
from storage.pages.names import Names

if TYPE_CHECKING:
    from sqlite3 import Connection

_BY_ITSELF = "fine.become_final"
"""The step that only says that a period is over: it can be taken wherever it is due."""


def act(  # noqa: PLR0917 - typer makes options of them
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="CASE... ACTION", help=_("Numbers of cases, then the step, such as hear.")
        ),
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=_("The day that counts in law."))
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help=_("What is to be noted."))] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="CODE", help=_("Why it ends."))
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="EUROS", help=_("The fine, or warning money."))
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ROLE", help=_("To whom: a role, or an id."))
    ] = None,
    way: Annotated[
        str | None, typer.Option("--way", metavar="CODE", help=_("How the notice was served."))
    ] = None,
    form: Annotated[
        str | None, typer.Option("--form", metavar="CODE", help=_("How the objection came."))
    ] = None,
    instalments: Annotated[
        str | None, typer.Option("--instalments", metavar="PLAN", help=_("6x50 1.8., for example."))
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help=_("Against the sanction only."))
    ] = False,
    reinstated: Annotated[
        bool, typer.Option("--reinstated", help=_("Reinstated (OWiG 52)."))
    ] = False,
    file_access: Annotated[
        bool, typer.Option("--file-access", help=_("File access was decided about."))
    ] = False,
    waived: Annotated[bool, typer.Option("--waived", help=_("By waiver."))] = False,
    evasion: Annotated[bool, typer.Option("--evasion", help=_("Evasion is to be feared."))] = False,
    unable: Annotated[bool, typer.Option("--unable", help=_("Inability to pay is known."))] = False,
    due: Annotated[
        bool, typer.Option("--due", help=_("Wherever it is due, for become-final."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    *typed, last = words
    action = _action(last)
    flags = {
        "partial": partial, "reinstated": reinstated, "file_access": file_access,
        "waived": waived, "evasion": evasion, "unable": unable,
    }  # fmt: skip
    texts = {
        "on": on, "text": text, "reason": reason, "amount": amount, "person": person, "way": way,
        "form": form, "instalments": instalments,
    }  # fmt: skip
    said = {name: value for name, value in texts.items() if value is not None}
    said |= {name: "yes" for name, value in flags.items() if value}
    if due == bool(typed) or (due and action != _BY_ITSELF):
        raise UsageError(_("Name cases, or --due with become-final."))
    with opened() as session:
        store, actor, db = session.store, session.actor, session.store.db
        cases = (
            fine_acts.due_final(store, actor) if due else [find.case(db, one).id for one in typed]
        )
        if "person" in said:
            said["person"] = _person(db, cases, said["person"])
        outcome = fine_acts.act(store, actor, cases, action, answers(action, said, clock.today()))
        names = Names(db)
        states: list[Json] = []
        for case_id in outcome.done:
            fine = fine_acts.fine_of(db, case_id)
            states.append({"number": names.case(case_id), "state": fine.state})
            if not as_json:
                line(f"{names.case(case_id)}: {word('fine', fine.state)}")
        say(as_json, outcome, {"fines": states})


def _action(typed: str) -> str:
    """``become-final`` -> ``fine.become_final``; UsageError names those that there are."""
    name = "fine." + typed.removeprefix("fine.").replace("-", "_")
    if name not in ACTIONS or name == "fine.edit":
        known = ", ".join(one.removeprefix("fine.").replace("_", "-") for one in ACTIONS)
        raise UsageError(
            _("There is no step “{name}”, only: {known}.").format(name=display(typed), known=known)
        )
    return name


def _person(db: "Connection", cases: list[str], typed: str) -> str:
    """The participant who is meant: by role, where one alone has it, or by id."""
    if len(cases) != 1:
        raise UsageError(_("--person goes with one case."))
    parties = [part for part, _person in fines.participants(db, cases[0])]
    meant = [one.id for one in parties if typed in (one.role, one.id)]
    if len(meant) != 1:
        raise refuse(
            "fine.participant",
            _("There is not one person as “{name}” in this matter.").format(name=display(typed)),
        )
    return meant[0]
